/* SPDX-License-Identifier: GPL-2.0 */
/* Independent pieces of work on several CPUs. */
#ifndef KB_PARALLEL_H
#define KB_PARALLEL_H

#include <stddef.h>

/** More threads than that wait for memory and for each other. */
#define KB_MOST_THREADS	4

/** kb_parallel_threads() - how many threads @nr pieces are worth: at most one a usable CPU */
size_t kb_parallel_threads(size_t nr);

/**
 * kb_parallel() - call @each for 0 to @nr - 1, in any order, some at the same time
 * @each: returns 0; other than 0: it failed, and no other call begins
 * Return: 0, or -1 when a call failed
 */
int kb_parallel(size_t nr, int (*each)(void *ctx, size_t i), void *ctx);

#endif
