/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf's files on their way into NAME.perf, beside the result NAME.json: before the result is
 * written, which then names what is there, and back out again when it cannot be written.
 */
#ifndef KB_PERF_FILES_H
#define KB_PERF_FILES_H

#include <jansson.h>
#include <stdbool.h>

/**
 * struct kb_perf_files - between kb_perf_files_settle() and kb_perf_files_end()
 * @dir:   NAME.perf, and open as @fd; -1: there is none
 * @from:  where the run's files are, and open as @from_fd; -1: it has none
 * @made:  @dir is new
 * @error: why there is none (errno), or 0
 * @moved: how many of the run's files are in it
 * @removed: how many of the result in the way were
 * @old:   those that the result in the way names, as bare file names; NULL: it names none
 */
struct kb_perf_files {
	char	*dir;
	int	fd;
	int	from_fd;
	bool	made;
	int	error;
	size_t	moved;
	size_t	removed;
	json_t	*old;
};

/**
 * kb_perf_files_settle() - move the files that @result names from @from to beside @path
 * @path:   of the result file, which is not yet written; what it names now makes room
 * @from:   a directory of ours on the same file system; NULL: the run had no perf
 * @result: its cases[].perf.file become what they are beside it, or go where that failed
 */
void kb_perf_files_settle(struct kb_perf_files *files, const char *path, const char *from,
			  json_t *result);

/**
 * kb_perf_files_end() - @written: the result is there; otherwise all becomes as it was
 * Return: the path of NAME.perf, malloc()ed; NULL: this run has nothing there
 */
char *kb_perf_files_end(struct kb_perf_files *files, const json_t *result, bool written);

#endif
