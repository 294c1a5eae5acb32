/* SPDX-License-Identifier: GPL-2.0 */
/* The source files that modules are made of. */
#ifndef KB_SOURCES_H
#define KB_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "suite_file.h"

/**
 * struct kb_source - a file: where it lies and where it goes, relative to the build tree
 * @outside: a user's file: messages are to name it by @from
 */
struct kb_source {
	char	*from;
	char	*to;
	bool	outside;
};

/** struct kb_sources - sorted by @to */
struct kb_sources {
	struct kb_source	*files;
	size_t			nr;
};

/** kb_sources_find() - kbench/ and suites/ of the data directory, of these those that are wanted */
int kb_sources_find(struct kb_sources *sources, const struct kb_suite_files *suites,
		    struct kb_error *err);

/** kb_sources_outside() - @suites, and what of @tree (kb_sources_find()) they are built with */
int kb_sources_outside(struct kb_sources *sources, const struct kb_sources *tree,
		       const struct kb_suite_files *suites, struct kb_error *err);
void kb_sources_free(struct kb_sources *sources);

/**
 * kb_sources_manifest() - what a build of these files depends on, as text: a line each
 * @head: lines that come first
 * Return: malloc()ed: @head, then "file SHA-256 NAME" for each; NULL with @err
 */
char *kb_sources_manifest(const struct kb_sources *sources, const char *head,
			  struct kb_error *err);

/** kb_sources_copy() - lay them out in @dir, with @kbuild as the Kbuild file at the top */
int kb_sources_copy(const struct kb_sources *sources, const char *dir, const char *kbuild,
		    struct kb_error *err);

#endif
