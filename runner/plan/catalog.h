/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The catalog: suites, benches and parameters, read from the ELF sections of suite modules, or of
 * the BPF objects that are linked into this program.
 */
#ifndef KB_CATALOG_H
#define KB_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "../../kbench/uapi/kbench.h"
#include "error.h"

/** struct kb_suite - one suite module, or BPF object */
struct kb_suite {
	char				name[KBENCH_NAME_LEN];
	char				help[KBENCH_HELP_LEN];
	char				*module;	/* file name of its .ko; NULL: BPF */
	struct kbench_bench_desc	*benches;	/* .suite filled in */
	size_t				nr_benches;
	bool				*in_bpf;	/* kb_catalog_add_bpf(): also a program */
};

/**
 * struct kb_catalog - all suites of one backend, sorted by name
 * @bpf: of BPF programs, not of modules
 */
struct kb_catalog {
	struct kb_suite	*suites;
	size_t		nr_suites;
	bool		bpf;
};

/** kb_catalog_read() - from every kbench_*.ko in @module_dir; 0 or -1 */
int kb_catalog_read(struct kb_catalog *catalog, const char *module_dir, struct kb_error *err);

/**
 * kb_catalog_add_bpf() - add to modules' suites those of BPF alone, and mark benches that have both
 * Return: 0 or -1
 */
int kb_catalog_add_bpf(struct kb_catalog *catalog, struct kb_error *err);

/** kb_suite_backends() - "lkm", "lkm,bpf" or "bpf": what a bench of @suite can be timed by */
const char *kb_suite_backends(const struct kb_suite *suite, const struct kbench_bench_desc *bench);

/** kb_catalog_read_bpf() - the suites of which there are BPF programs; 0 or -1 */
int kb_catalog_read_bpf(struct kb_catalog *catalog, struct kb_error *err);
void kb_catalog_free(struct kb_catalog *catalog);

/** Return: the suite or bench of that name, or NULL */
const struct kb_suite *kb_catalog_suite(const struct kb_catalog *catalog, const char *name);
const struct kbench_bench_desc *kb_suite_bench(const struct kb_suite *suite, const char *name);

/** kb_near() - the name in @names closest to @wanted by edit distance, or NULL when none is near */
const char *kb_near(const char *wanted, const char *const *names, size_t nr_names);

/** kb_context_name() - "process", "preempt-off", "bh-off", "irq-off", "default" */
const char *kb_context_name(unsigned int context);

/** kb_context_names() - those that @bench may run in, "process, preempt-off"; returns @text */
const char *kb_context_names(const struct kbench_bench_desc *bench, char *text, size_t size);

#endif
