/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Checksums of what is in an entry of the cache. A file that has the size and the time that it had
 * is taken for what it was; one with another time is read.
 */
#ifndef KB_SUMS_H
#define KB_SUMS_H

#include <stdbool.h>

#include "error.h"

/**
 * kb_sums_write() - note down the files of @dir
 * @names: files and directories in it, those that are not there left out; ended by NULL
 * @skip:  files below these that are left out, ended by NULL; or NULL
 * @to:    the file in @dir to write: a line "SHA-256 SIZE NANOSECONDS NAME" for each
 */
int kb_sums_write(const char *dir, const char *const *names, const char *const *skip,
		  const char *to, struct kb_error *err);

/** enum kb_sums - KB_SUMS_NONE: nothing was noted down there */
enum kb_sums { KB_SUMS_SAME, KB_SUMS_DAMAGED, KB_SUMS_NONE };

/** kb_sums_check() - whether the files of @dir are what they were when @from in it was written */
enum kb_sums kb_sums_check(const char *dir, const char *from);

#endif
