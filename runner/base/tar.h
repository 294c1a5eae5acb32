/* SPDX-License-Identifier: GPL-2.0 */
/* Files as a tar archive, which is how they go to another machine and come back. */
#ifndef KB_TAR_H
#define KB_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "error.h"

/**
 * kb_tar_pack() - the regular files below a directory, their names relative to it
 * @end:   only those whose names end so; NULL: all
 * @bytes: out: malloc()ed, @length bytes
 * Return: 0 or -1 with KB_EXIT_ENVIRONMENT
 */
int kb_tar_pack(const char *dir, const char *end, char **bytes, size_t *length,
		struct kb_error *err);

/**
 * kb_tar_unpack() - put the regular files of an archive into @dir
 * @wanted: which names are taken, relative and without "./"; those with ".." never are
 * Files of others are left out silently. Return: 0, or -1 with KB_EXIT_TARGET: damaged, or
 * KB_EXIT_ENVIRONMENT
 */
int kb_tar_unpack(const char *bytes, size_t length, const char *dir,
		  bool (*wanted)(const char *name), struct kb_error *err);

/**
 * kb_tar_unpack_file() - the same from all of @file, for their owner alone
 * One that is too large, or cannot be written, is told on stderr and left out.
 */
int kb_tar_unpack_file(FILE *file, const char *dir, bool (*wanted)(const char *name),
		       struct kb_error *err);

#endif
