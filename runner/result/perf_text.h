/* SPDX-License-Identifier: GPL-2.0 */
/* The reports of the perf tool, as text, into "perf" of a case's entry. */
#ifndef KB_PERF_TEXT_H
#define KB_PERF_TEXT_H

#include <jansson.h>

/**
 * kb_perf_parse_text() - what a report says, as far as it can be read
 * @kind: "record", "stat", "c2c" or "lock"
 * @text: the report; runs of blanks in it may be one blank. NULL: there is none
 *
 * Versions of perf differ in their columns: what is not understood is left out. The lists are in
 * descending order and have the first 30.
 * Return: { kind, event, functions[] | events[] | lines[] | locks[] } as in the result file; NULL
 * when out of memory
 */
json_t *kb_perf_parse_text(const char *kind, const char *text);

#endif
