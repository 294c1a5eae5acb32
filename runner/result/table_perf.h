/* SPDX-License-Identifier: GPL-2.0 */
/* What the perf tool saw beside the cases, for people. */
#ifndef KB_TABLE_PERF_H
#define KB_TABLE_PERF_H

#include <jansson.h>
#include <stdio.h>

/** kb_print_perf() - the first of what perf found at each of @cases, or nothing */
void kb_print_perf(const json_t *cases, FILE *out);

#endif
