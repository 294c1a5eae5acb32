/* SPDX-License-Identifier: GPL-2.0 */
/* The results that a page is made of. */
#ifndef KB_WRITEUP_FILES_H
#define KB_WRITEUP_FILES_H

#include "groups.h"

/**
 * struct kb_writeup_files
 * @results: paths and results are owned
 * @bytes:   of the files
 * @lean:    they are so large that the medians of boots alone were read, see result_lean.h; never
 *           where one is a pipe, which cannot be read again
 */
struct kb_writeup_files {
	struct kb_named_result	*results;
	size_t			nr;
	size_t			bytes;
	bool			lean;
	struct kb_error		*err;
};

/**
 * kb_writeup_files_read() - files, and directories of results
 * @ignored: array of strings: files of the directories that are no results
 * Return: 0, or -1 with KB_EXIT_USAGE: one cannot be read, is there twice, or none has a measured
 * case. kb_writeup_files_free() in any case
 */
int kb_writeup_files_read(struct kb_writeup_files *files, char *const *paths, int nr,
			  json_t *ignored, struct kb_error *err);
void kb_writeup_files_free(struct kb_writeup_files *files);

#endif
