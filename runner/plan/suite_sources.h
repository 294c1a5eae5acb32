/* SPDX-License-Identifier: GPL-2.0 */
/* The suites by their source files: known before any module is built. */
#ifndef KB_SUITE_SOURCES_H
#define KB_SUITE_SOURCES_H

#include <stddef.h>

#include "error.h"
#include "suite_file.h"

/**
 * kb_suite_sources_check() - does each of @selectors name a suite that there is a source of?
 * @suites: holds the user's own; gets the names of kbench's own that are to be built
 *
 * For mistypings to show before a kernel is fetched and modules are built. What is near no suite is
 * left to kb_select(), which knows the benches too.
 * Return: 0, or -1 with @err naming the near match.
 */
int kb_suite_sources_check(char *const *selectors, size_t nr_selectors,
			   struct kb_suite_files *suites, struct kb_error *err);

/** kb_suite_sources_each() - call @name with each of kbench's own suites; none: no sources here */
void kb_suite_sources_each(void (*name)(void *ctx, const char *suite), void *ctx);

#endif
