// SPDX-License-Identifier: GPL-2.0
/* Suites' BPF objects: what benches they describe, and loading the one program of a case. */

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf.h"

/* Of what libbpf and the verifier say, the last bytes are kept. */
#define LOG_SIZE	16384

/* libbpf's callback has no context. Only the main thread loads. */
static char log_text[LOG_SIZE];
static size_t log_used;

/* Keeps the end: that is where the verifier says why. */
static int keep_log(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text, *from;
	size_t length, room;

	if (level != LIBBPF_WARN || vasprintf(&text, format, args) < 0)
		return 0;
	length = strlen(text);
	room = sizeof(log_text) - 1;
	from = length > room ? text + length - room : text;
	length = strlen(from);
	if (log_used + length > room) {
		size_t cut = log_used + length - room;

		memmove(log_text, log_text + cut, log_used - cut);
		log_used -= cut;
	}
	memcpy(log_text + log_used, from, length);
	log_used += length;
	log_text[log_used] = '\0';
	free(text);
	return 0;
}

/* The bytes of a section of a suite's object; NULL: it has none. */
static const void *section_of(const struct bpf_suite *suite, const char *name, size_t *size)
{
	const void *found = NULL;
	Elf_Scn *section = NULL;
	size_t names;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory((char *)(uintptr_t)suite->begin, (size_t)(suite->end - suite->begin));
	if (!elf)
		return NULL;
	if (elf_getshdrstrndx(elf, &names))
		names = 0;
	while (!found && (section = elf_nextscn(elf, section))) {
		const char *is;
		GElf_Shdr header;

		if (!gelf_getshdr(section, &header))
			continue;
		is = elf_strptr(elf, names, header.sh_name);
		if (is && !strcmp(is, name) && header.sh_type == SHT_PROGBITS) {
			found = suite->begin + header.sh_offset;
			*size = (size_t)header.sh_size;
		}
	}
	elf_end(elf);
	return found;
}

/* Description number @index of a suite. Return: false: there are not so many */
static bool describe(const struct bpf_suite *suite, size_t index, struct kb_bpf_bench_desc *desc)
{
	size_t suite_size = 0, size = 0;
	const struct kbench_suite_desc *head = section_of(suite, ".kbench.suite", &suite_size);
	const char *benches = section_of(suite, ".kbench.bench", &size);

	if (!head || !benches || suite_size < sizeof(*head) ||
	    head->bench_size < sizeof(*desc) || index >= size / head->bench_size)
		return false;
	memcpy(desc, benches + index * head->bench_size, sizeof(*desc));
	memcpy(desc->suite, head->name, sizeof(desc->suite));
	if (desc->context == KBENCH_CTX_DEFAULT)
		desc->context = KBENCH_CTX_PROCESS;
	return true;
}

int bpf_bench_find(const struct bpf_suite **suite, struct kb_bpf_bench_desc *desc,
		   const char *suite_name, const char *bench)
{
	for (*suite = bpf_suites; (*suite)->name; (*suite)++) {
		if (strcmp((*suite)->name, suite_name) != 0)
			continue;
		for (size_t i = 0; describe(*suite, i, desc); i++)
			if (!strcmp(desc->name, bench))
				return 0;
	}
	return -ENOENT;
}

/* Kernel functions that @desc needs; a program with one that is missing would be refused. */
static int check_needs(const struct kb_bpf_bench_desc *desc, char *reason)
{
	struct btf *btf;
	int err = 0;

	/* Reading them takes milliseconds. */
	if (!desc->needs[0][0])
		return 0;
	btf = btf__load_vmlinux_btf();
	if (!btf) {
		snprintf(reason, KBENCH_REASON_LEN, "this kernel has no BTF");
		return -EOPNOTSUPP;
	}
	for (size_t i = 0; i < KB_BPF_MAX_NEEDS && desc->needs[i][0] && !err; i++) {
		if (btf__find_by_name_kind(btf, desc->needs[i], BTF_KIND_FUNC) >= 0)
			continue;
		snprintf(reason, KBENCH_REASON_LEN, "this kernel has no %s()", desc->needs[i]);
		err = -EOPNOTSUPP;
	}
	btf__free(btf);
	return err;
}

/* Of the verifier's words, the line that says why: the one before its statistics. */
static void say_refused(char *reason, int err)
{
	char *end = strstr(log_text, "\nprocessed "), *line;

	/* It was not the verifier: libbpf's first line says what failed. */
	if (!end) {
		const char *first = strncmp(log_text, "libbpf: ", 8) ? log_text : log_text + 8;

		snprintf(reason, KBENCH_REASON_LEN, "the kernel refuses its program: %.*s",
			 *first ? (int)strcspn(first, "\n") : 40,
			 *first ? first : strerror(-err));
		return;
	}
	for (line = end; line > log_text && line[-1] != '\n'; line--)
		;
	snprintf(reason, KBENCH_REASON_LEN, "the kernel refuses its program: %.*s",
		 (int)(end - line), line);
}

static struct bpf_program *choose_program(const struct bpf_case *kase,
					  const struct kb_bpf_bench_desc *desc)
{
	char name[KBENCH_NAME_LEN + 16];
	struct bpf_program *program, *chosen = NULL;

	snprintf(name, sizeof(name), "kb_%s_%s",
		 kase->context == KBENCH_CTX_PROCESS ? "process" : "atomic", desc->name);
	bpf_object__for_each_program(program, kase->object) {
		bool is = !strcmp(bpf_program__name(program), name);

		bpf_program__set_autoload(program, is);
		if (is)
			chosen = program;
	}
	return chosen;
}

/* Offset of a variable in section .bss, from the object's BTF; -1: it has none of that name. */
static long bss_offset(const struct bpf_object *object, const char *name)
{
	const struct btf *btf = bpf_object__btf(object);
	int id = btf ? btf__find_by_name_kind(btf, ".bss", BTF_KIND_DATASEC) : -1;
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;

	for (unsigned int i = 0; section && i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *variable = btf_var_secinfos(section) + i;
		const struct btf_type *type = btf__type_by_id(btf, variable->type);

		if (!strcmp(btf__name_by_offset(btf, type->name_off), name))
			return (long)variable->offset;
	}
	return -1;
}

static int map_bss(struct bpf_case *kase)
{
	long workers = bss_offset(kase->object, "kb_workers");
	long stop = bss_offset(kase->object, "kb_stop");
	struct bpf_map *map;

	bpf_object__for_each_map(map, kase->object)
		if (strstr(bpf_map__name(map), ".bss"))
			break;
	if (!map || workers < 0 || stop < 0)
		return -EPROTO;
	kase->bss_size = bpf_map__value_size(map);
	kase->bss = mmap(NULL, kase->bss_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 bpf_map__fd(map), 0);
	if (kase->bss == MAP_FAILED) {
		kase->bss = NULL;
		return -errno;
	}
	kase->stop = (int *)((char *)kase->bss + stop);
	for (uint32_t i = 0; i < kase->nr_workers; i++)
		kase->workers[i].shared = (struct kb_bpf_worker *)((char *)kase->bss + workers) +
					  kase->workers[i].cpu;
	return 0;
}

static int skip_record(void *ctx, void *data, size_t size)
{
	(void)ctx;
	(void)data;
	(void)size;
	return 0;
}

/* Two batches of every worker take half of the ring at most. */
static int open_ring(struct bpf_case *kase, const struct kb_bpf_bench_desc *desc, char *reason)
{
	struct bpf_map *map;

	kase->max_iterations = KB_BPF_MAX_ITERATIONS;
	if (!desc->ring_bytes)
		return 0;
	bpf_object__for_each_map(map, kase->object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF)
			break;
	if (!map)
		return -EPROTO;
	kase->ring = ring_buffer__new(bpf_map__fd(map), skip_record, NULL, NULL);
	if (!kase->ring)
		return -errno;
	kase->max_iterations = bpf_map__max_entries(map) /
			       (desc->ring_bytes * KB_BPF_UNROLL * 4 * kase->nr_workers);
	if (kase->max_iterations >= 2)
		return 0;
	snprintf(reason, KBENCH_REASON_LEN, "so many workers do not share its ring buffer");
	return -EOPNOTSUPP;
}

int bpf_object_load(struct bpf_case *kase, const struct bpf_suite *suite,
		    const struct kb_bpf_bench_desc *desc, char reason[KBENCH_REASON_LEN],
		    char **log)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = suite->name);
	struct bpf_program *program;
	int err;

	*log = NULL;
	log_used = 0;
	log_text[0] = '\0';
	libbpf_set_print(keep_log);
	err = check_needs(desc, reason);
	if (err)
		return err;
	kase->object = bpf_object__open_mem(suite->begin, (size_t)(suite->end - suite->begin),
					    &options);
	if (!kase->object)
		return -errno;
	program = choose_program(kase, desc);
	if (!program)
		return -ENOENT;
	err = bpf_object__load(kase->object);
	/* A signal interrupts the verifier; it is what asks us to stop. */
	if (err == -EAGAIN || err == -EINTR)
		return -EINTR;
	if (err == -ENOMEM)
		return err;
	if (err) {
		say_refused(reason, err);
		*log = strdup(log_text);
		return -EOPNOTSUPP;
	}
	kase->program = bpf_program__fd(program);
	err = map_bss(kase);
	return err ? err : open_ring(kase, desc, reason);
}

void bpf_object_unload(struct bpf_case *kase)
{
	if (kase->bss)
		munmap(kase->bss, kase->bss_size);
	kase->bss = NULL;
	ring_buffer__free(kase->ring);
	kase->ring = NULL;
	bpf_object__close(kase->object);
	kase->object = NULL;
}
