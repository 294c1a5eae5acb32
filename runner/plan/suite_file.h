/* SPDX-License-Identifier: GPL-2.0 */
/* A suite that lies outside of the tree: one .c file of the user's, named with --suite. */
#ifndef KB_SUITE_FILE_H
#define KB_SUITE_FILE_H

#include <stddef.h>

#include "error.h"

/**
 * struct kb_suite_file - looked at, but not compiled yet
 * @path: absolute
 * @name: of its suite, from the KBENCH_SUITE() in it
 */
struct kb_suite_file {
	char	*path;
	char	*name;
};

/**
 * struct kb_suite_files - the suites to be built
 * @files: the user's, as given, each suite once
 * @own:   names of those of kbench's own that are wanted; none: all of them
 */
struct kb_suite_files {
	struct kb_suite_file	*files;
	size_t			nr;
	char			**own;
	size_t			nr_own;
};

/** kb_suite_files_want() - add @name to @own, once; 0, or -1 when out of memory */
int kb_suite_files_want(struct kb_suite_files *files, const char *name);

/**
 * kb_suite_files_add() - look into the file at @path and append it
 * Return: 0, or -1 with KB_EXIT_USAGE: it cannot be read, is no .c file, holds no KBENCH_SUITE(),
 * or its suite has the name of another one of @files or of kbench's own.
 */
int kb_suite_files_add(struct kb_suite_files *files, const char *path, struct kb_error *err);
void kb_suite_files_free(struct kb_suite_files *files);

/**
 * kb_suite_files_name() - what KBENCH_SUITE() or KBENCH_SUITE_EXIT() names in a C source
 * Comments and literals are passed over. Return: malloc()ed, or NULL when there is none
 */
char *kb_suite_files_name(const char *source);

#endif
