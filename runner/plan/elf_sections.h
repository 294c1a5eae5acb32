/* SPDX-License-Identifier: GPL-2.0 */
/* Sections of a 64-bit ELF file, by name, from files that may be damaged. */
#ifndef KB_ELF_SECTIONS_H
#define KB_ELF_SECTIONS_H

#include <stddef.h>

#include "error.h"

/** struct kb_elf - a whole file in memory */
struct kb_elf {
	unsigned char	*data;
	size_t		size;
};

/**
 * kb_elf_read() - read @path and check its ELF header (64 bits, this machine's byte order)
 * Return: 0, or -1 with @err naming the file
 */
int kb_elf_read(struct kb_elf *elf, const char *path, struct kb_error *err);

/** kb_elf_copy() - the same of a file that is in memory already; 0, or -1 with @err */
int kb_elf_copy(struct kb_elf *elf, const void *data, size_t size, struct kb_error *err);
void kb_elf_free(struct kb_elf *elf);

/** kb_elf_section() - bytes of the first section called @name, inside @elf; NULL: there is none */
const void *kb_elf_section(const struct kb_elf *elf, const char *name, size_t *size);

#endif
