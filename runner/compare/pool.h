/* SPDX-License-Identifier: GPL-2.0 */
/* Boots of several results as those of one. */
#ifndef KB_POOL_H
#define KB_POOL_H

#include <jansson.h>
#include <stddef.h>

#include "error.h"

/**
 * kb_pool_results() - a result with all boots of @results, which are not changed
 * Boots are numbered anew, in the order of experiments and of time, so that those of one
 * experiment stay pairs; each has "experiment", the id of its experiment, if it was in one. One
 * result is returned as it is. NULL: no memory
 */
json_t *kb_pool_results(json_t *const *results, size_t nr);

/**
 * kb_pool_check() - are these of one kernel and the same settings, and each there once?
 * @paths: their names, for messages
 * Return: 0, or -1 with KB_EXIT_USAGE, saying what differs
 */
int kb_pool_check(json_t *const *results, char *const *paths, size_t nr, struct kb_error *err);

#endif
