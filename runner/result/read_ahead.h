/* SPDX-License-Identifier: GPL-2.0 */
/* Many result files, read by threads while those before are being looked at. */
#ifndef KB_READ_AHEAD_H
#define KB_READ_AHEAD_H

#include <jansson.h>
#include <stddef.h>

#include "error.h"

struct kb_read_ahead;

/** kb_read_result() - how much of a file is wanted: kb_result_read() or kb_result_read_lean() */
typedef json_t *kb_read_result(const char *path, struct kb_error *err);

/**
 * kb_read_ahead_begin() - begin to read @nr files, each by @read
 * As many at once as there are CPUs for this process, and no more than 4; so many are in memory
 * beside those that were taken.
 * @paths: have to live until kb_read_ahead_end()
 * Return: NULL with @err when out of memory
 */
struct kb_read_ahead *kb_read_ahead_begin(const char *const *paths, size_t nr,
					  kb_read_result *read, struct kb_error *err);

/**
 * kb_read_ahead_next() - the next of the files, in their order; waits for it
 * Return: the caller's result, or NULL with @err, as from the reader. Call it at most @nr
 * times; it goes on behind a file that was refused.
 */
json_t *kb_read_ahead_next(struct kb_read_ahead *ahead, struct kb_error *err);

/** kb_read_ahead_end() - stop, and forget what was not taken; @ahead may be NULL */
void kb_read_ahead_end(struct kb_read_ahead *ahead);

#endif
