/* SPDX-License-Identifier: GPL-2.0 */
/* Which of two benches is the cheaper one, and whether both sides of a comparison agree. */
#ifndef KB_RANK_H
#define KB_RANK_H

#include "comparison.h"

/**
 * kb_rankings() - "on arm64 locks/rwlock_read, 8 CPUs (process) costs less than mutex; on x86_64
 * more"
 * Of two benches of a suite, with the same parameters and CPUs, of which one is clearly cheaper on
 * one side and clearly dearer on the other: all its boots lie below all of the other's, and each
 * has at least three. Counted instructions are clear at once.
 * @a, @b: what the sides are called. Return: array of strings; NULL: no memory
 */
json_t *kb_rankings(const struct kb_comparison *comparison, const char *a, const char *b);

#endif
