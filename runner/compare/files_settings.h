/* SPDX-License-Identifier: GPL-2.0 */
/* Whether two result files can be compared, and what differs between them beside the figures. */
#ifndef KB_FILES_SETTINGS_H
#define KB_FILES_SETTINGS_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

/** kb_files_unit() - "ns" or "insn", of the first case that was measured; else "" */
const char *kb_files_unit(const json_t *result);

/**
 * kb_files_kernel() - "6.12.117+deb12-cloud-amd64", of a kernel that its user built "6.12.0 of
 * linux-patched": of trees there are several of one release. malloc()ed
 */
char *kb_files_kernel(const json_t *result);

/**
 * kb_files_machine() - "QEMU TCG CPU version 2.5+ (57643e48)", or "unknown machine of PATH", which
 * is no other's: @path. malloc()ed
 */
char *kb_files_machine(const json_t *result, const char *path);

/**
 * kb_files_comparable() - the same fidelity, backend and unit
 * @force:    then a difference is only a warning
 * @warnings: array of strings that gets it
 * Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_files_comparable(const json_t *a, const json_t *b, bool force, json_t *warnings,
			struct kb_error *err);

/**
 * kb_files_bar() - "fidelity differs (tcg, native)": the first of these three that does; malloc()ed
 * NULL: they are the same
 */
char *kb_files_bar(const json_t *a, const json_t *b);

/**
 * kb_files_settings() - a line for each setting that differs, such as "kernel release: 6.1 6.12"
 * Return: 0, or -1: no memory
 */
int kb_files_settings(const json_t *a, const json_t *b, json_t *lines);

/**
 * kb_files_seeds() - a line where both count instructions and were not booted with the same seeds:
 * what depends on what lies where may differ for that alone. Not of pools, which have many.
 * Return: 0, or -1: no memory
 */
int kb_files_seeds(const json_t *a, const json_t *b, json_t *lines);

/**
 * kb_files_seeded() - boots[] with their seeds alone, [{ seed }, ...], for kb_files_seeds(); where
 * instructions are not counted, []. A new reference, or NULL: no memory
 */
json_t *kb_files_seeded(const json_t *result);

#endif
