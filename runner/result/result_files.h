/* SPDX-License-Identifier: GPL-2.0 */
/* Result files that were named one by one, or by the directories that hold them. */
#ifndef KB_RESULT_FILES_H
#define KB_RESULT_FILES_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

/**
 * kb_result_files() - read the results that @paths stand for, one after the other
 * @paths:   files, and directories of which every *.json counts that is a result, by name
 * @ignored: array of strings, gets those in directories that are none and why
 * @visit:   gets each as kb_result_read_lean() reads it, with the number of its argument; the
 *           result is the caller's, who may keep it with json_incref(). Other than 0 ends it.
 * Return: 0; what @visit returned; or -1 with KB_EXIT_USAGE: a file is damaged or of a later
 * kbench, or a directory holds no result
 */
int kb_result_files(char *const *paths, int nr, json_t *ignored,
		    int (*visit)(void *ctx, const char *path, int argument, json_t *result),
		    void *ctx, struct kb_error *err);

/** kb_result_files_whole() - the same, with all that kb_result_read() gives of each */
int kb_result_files_whole(char *const *paths, int nr, json_t *ignored,
			  int (*visit)(void *ctx, const char *path, int argument, json_t *result),
			  void *ctx, struct kb_error *err);

/** kb_result_files_once() - is any of these a pipe or the like, which can be read but once? */
bool kb_result_files_once(char *const *paths, int nr);

#endif
