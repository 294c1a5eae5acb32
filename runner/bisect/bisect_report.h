/* SPDX-License-Identifier: GPL-2.0 */
/* What a search among releases found, for people and for programs. */
#ifndef KB_BISECT_REPORT_H
#define KB_BISECT_REPORT_H

#include <jansson.h>

#include "bisect.h"
#include "kernel.h"
#include "one_case.h"

/**
 * struct kb_bisect_found - of one release
 * @one:    against the good release; of that itself both sides are the same
 * @reason: why it was skipped
 */
struct kb_bisect_found {
	struct kb_one_case	one;
	char			reason[512];
};

/**
 * struct kb_bisect_search - releases in order, the good one first
 * @found: one each, of those that are marked
 * @differs: array of strings: what they differ from the good one by beside the kernel
 */
struct kb_bisect_search {
	struct kb_kernel_list	range;
	struct kb_bisect	bisect;
	struct kb_bisect_found	*found;
	json_t			*differs;
};

/** kb_bisect_say() - a line on stderr: release @i, what came out, what is left */
void kb_bisect_say(const struct kb_bisect_search *search, size_t i);

/** kb_bisect_print() - what was measured, as a table, and what was found, on stdout; 0 or -1 */
int kb_bisect_print(const struct kb_bisect_search *search, struct kb_error *err);

/**
 * kb_bisect_print_json() - an object on stdout: case, unit, releases[] { release, verdict, per_op,
 * ratio, reason }, left, last_as_before, first_changed (only where one release is left to be it),
 * candidates[], change { from, to, ratio }, differs[]
 */
int kb_bisect_print_json(const struct kb_bisect_search *search, struct kb_error *err);

#endif
