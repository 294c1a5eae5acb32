/* SPDX-License-Identifier: GPL-2.0 */
/* The source files that modules are made of. */
#ifndef KB_SOURCES_H
#define KB_SOURCES_H

#include <stddef.h>

#include "error.h"

/** struct kb_source - a file: where it lies and where it goes, relative to the build tree */
struct kb_source {
	char	*from;
	char	*to;
};

/** struct kb_sources - sorted by @to */
struct kb_sources {
	struct kb_source	*files;
	size_t			nr;
};

/** kb_sources_find() - kbench/ and suites/ of the data directory, and the @extra suites */
int kb_sources_find(struct kb_sources *sources, const char *const *extra, size_t nr_extra,
		    struct kb_error *err);
void kb_sources_free(struct kb_sources *sources);

/**
 * kb_sources_sum() - SHA-256 over @salt, names and contents
 * Return: malloc()ed, in hexadecimal; NULL with @err
 */
char *kb_sources_sum(const struct kb_sources *sources, const char *salt, struct kb_error *err);

/** kb_sources_copy() - lay them out in @dir, with a Kbuild file at the top */
int kb_sources_copy(const struct kb_sources *sources, const char *dir, struct kb_error *err);

#endif
