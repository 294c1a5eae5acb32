/* SPDX-License-Identifier: GPL-2.0 */
/* A file that is there complete or not at all. */
#ifndef KB_OUTFILE_H
#define KB_OUTFILE_H

#include <stddef.h>

#include "error.h"

/**
 * struct kb_outfile - a file being written under a temporary name in its directory
 * @path: where it goes; symbolic links are followed
 * @temp: what it is called until then; empty once it is renamed or removed
 * @fd:   open for writing, -1 when closed
 */
struct kb_outfile {
	char	*path;
	char	*temp;
	int	fd;
};

/*
 * Errors of all of these: KB_EXIT_ENVIRONMENT, naming the file, the cause and what mends it.
 */

/** kb_outfile_check() - can a file of that name be written? Leaves nothing behind. 0 or -1 */
int kb_outfile_check(const char *path, struct kb_error *err);

/** kb_outfile_open() - begin a file. Call kb_outfile_close() whatever happens. 0 or -1 */
int kb_outfile_open(struct kb_outfile *file, const char *path, struct kb_error *err);

/** kb_outfile_write() - append @size bytes; 0 or -1 */
int kb_outfile_write(struct kb_outfile *file, const void *data, size_t size, struct kb_error *err);

/** kb_outfile_sync() - all that was written is on the disk; nothing more can be written. 0 or -1 */
int kb_outfile_sync(struct kb_outfile *file, struct kb_error *err);

/**
 * kb_outfile_rename() - give a synced file its name and sync the directory
 * Return: 0, or -1 with @err: it is not there; or it is (file->temp is empty), but its directory
 * could not be synced, so that it may not outlive a power failure
 */
int kb_outfile_rename(struct kb_outfile *file, struct kb_error *err);

/** kb_outfile_close() - remove what was not renamed, free everything; may be called twice */
void kb_outfile_close(struct kb_outfile *file);

#endif
