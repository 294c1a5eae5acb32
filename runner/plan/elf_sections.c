// SPDX-License-Identifier: GPL-2.0
#include "elf_sections.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Modules with debug information have a few MB; this only keeps a wrong file out of memory. */
#define MAX_FILE	(256UL << 20)

static int read_file(struct kb_elf *elf, FILE *file, const char *path, struct kb_error *err)
{
	struct stat st;

	if (fstat(fileno(file), &st))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(Elf64_Ehdr) ||
	    (uint64_t)st.st_size > MAX_FILE)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: no kernel module", path);
	elf->size = (size_t)st.st_size;
	elf->data = malloc(elf->size);
	if (!elf->data)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: out of memory", path);
	if (fread(elf->data, 1, elf->size, file) != elf->size)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: cannot be read whole", path);
	return 0;
}

static bool header_ok(const struct kb_elf *elf)
{
	const unsigned char native = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
				     ELFDATA2LSB : ELFDATA2MSB;
	Elf64_Ehdr header;

	memcpy(&header, elf->data, sizeof(header));
	return !memcmp(header.e_ident, ELFMAG, SELFMAG) &&
	       header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == native &&
	       header.e_type == ET_REL && header.e_shentsize == sizeof(Elf64_Shdr);
}

int kb_elf_read(struct kb_elf *elf, const char *path, struct kb_error *err)
{
	FILE *file;
	int ret;

	memset(elf, 0, sizeof(*elf));
	file = fopen(path, "re");
	if (!file)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: %s", path, strerror(errno));
	ret = read_file(elf, file, path, err);
	if (!ret && !header_ok(elf))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: no kernel module for a 64-bit machine",
			      path);
	fclose(file);
	if (ret)
		kb_elf_free(elf);
	return ret;
}

int kb_elf_copy(struct kb_elf *elf, const void *data, size_t size, struct kb_error *err)
{
	elf->size = size;
	elf->data = malloc(size + !size);
	if (!elf->data)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	memcpy(elf->data, data, size);
	if (size >= sizeof(Elf64_Ehdr) && header_ok(elf))
		return 0;
	kb_elf_free(elf);
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "no ELF object for a 64-bit machine");
}

void kb_elf_free(struct kb_elf *elf)
{
	free(elf->data);
	memset(elf, 0, sizeof(*elf));
}

static bool inside(const struct kb_elf *elf, uint64_t offset, uint64_t size)
{
	return offset <= elf->size && size <= elf->size - offset;
}

/* Entry @index of the section header table; its section's bytes are inside the file. */
static bool section_header(const struct kb_elf *elf, uint64_t index, Elf64_Shdr *section)
{
	Elf64_Ehdr header;

	memcpy(&header, elf->data, sizeof(header));
	/* The file is far smaller than 2^58, so the product cannot overflow. */
	if (index >= elf->size / sizeof(*section) ||
	    !inside(elf, header.e_shoff, (index + 1) * sizeof(*section)))
		return false;
	memcpy(section, elf->data + header.e_shoff + index * sizeof(*section), sizeof(*section));
	return section->sh_type == SHT_NULL || section->sh_type == SHT_NOBITS ||
	       inside(elf, section->sh_offset, section->sh_size);
}

/* How many sections there are, and the one with their names: see "extended numbering", elf(5). */
static bool section_table(const struct kb_elf *elf, uint64_t *nr, Elf64_Shdr *names)
{
	Elf64_Ehdr header;
	Elf64_Shdr first;
	uint64_t index;

	memcpy(&header, elf->data, sizeof(header));
	if (!header.e_shoff || !section_header(elf, 0, &first))
		return false;
	*nr = header.e_shnum ? header.e_shnum : first.sh_size;
	index = header.e_shstrndx == SHN_XINDEX ? first.sh_link : header.e_shstrndx;
	return index < *nr && section_header(elf, index, names) && names->sh_type == SHT_STRTAB;
}

static bool has_name(const struct kb_elf *elf, const Elf64_Shdr *names, const Elf64_Shdr *section,
		     const char *name)
{
	size_t size = strlen(name) + 1;

	return section->sh_name < names->sh_size && size <= names->sh_size - section->sh_name &&
	       !memcmp(elf->data + names->sh_offset + section->sh_name, name, size);
}

const void *kb_elf_section(const struct kb_elf *elf, const char *name, size_t *size)
{
	Elf64_Shdr names, section;
	uint64_t nr;

	if (!section_table(elf, &nr, &names))
		return NULL;
	for (uint64_t i = 1; i < nr; i++) {
		if (!section_header(elf, i, &section))
			return NULL;
		if (section.sh_type != SHT_PROGBITS || !has_name(elf, &names, &section, name))
			continue;
		*size = (size_t)section.sh_size;
		return elf->data + section.sh_offset;
	}
	return NULL;
}
