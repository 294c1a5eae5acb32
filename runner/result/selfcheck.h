/* SPDX-License-Identifier: GPL-2.0 */
/* What kbench knows beforehand against what it measured: pure judgement of a result. */
#ifndef KB_SELFCHECK_H
#define KB_SELFCHECK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** struct kb_finding - one case of suite selfcheck; texts of one line */
struct kb_finding {
	char	name[64];
	char	context[16];
	long	cpus;
	char	expected[64];
	char	measured[192];
	bool	ok;
};

/**
 * kb_selfcheck_judge() - a finding for each case of suite selfcheck in @result
 *
 * Counted instructions have to come out exactly: a sequence of N no-ops is N instructions more than
 * the empty op in its context, in minimum and in mean, and the empty op at most a quarter of one.
 * Times are held against each other: a no-op is a thousandth of the longest sequence, and the
 * others have to be that many, within a tenth and two; emulated times only have to grow with the
 * length.
 * A delay may not be shorter than asked for. Benches that are broken have to be found out.
 * @findings: malloc()ed. Return: their number; 0 with NULL when there is none, or no memory.
 */
size_t kb_selfcheck_judge(const json_t *result, struct kb_finding **findings);

#endif
