/* SPDX-License-Identifier: GPL-2.0 */
/* One case of two results, asked for by its name. */
#ifndef KB_ONE_CASE_H
#define KB_ONE_CASE_H

#include <jansson.h>

#include "comparison.h"
#include "entry_name.h"

/**
 * struct kb_one_case - what two results say of it
 * @name:  in full
 * @unit:  "ns" or "insn"
 * @a, @b: figures: medians' geometric mean over the boots, or counts (the least one where the means
 *         are equal)
 * @ratio: b over a
 * @exact: counted
 * @detectable: smallest change (logarithm) that so many boots find; 0 where counts are exact
 * @verdict: of this case alone, so not corrected for the number of cases
 */
struct kb_one_case {
	char		name[KB_ENTRY_NAME_LEN];
	char		unit[8];
	double		a;
	double		b;
	double		ratio;
	bool		exact;
	double		detectable;
	enum kb_verdict	verdict;
};

/**
 * kb_one_case_check() - does @wanted, as in kb_entry_is(), name one measured case of @result?
 * @path: the result's name, for messages
 * Return: 0, or -1: KB_EXIT_USAGE when it names none or several (the messages of which_case.h),
 * KB_EXIT_TARGET with the reason when it was not measured
 */
int kb_one_case_check(const json_t *result, const char *path, const char *wanted,
		      struct kb_error *err);

/**
 * kb_one_case() - compare it, with the rules of kb_compare()
 * Both results hold it, measured, once. Return: 0, or -1 with @err as from kb_compare()
 */
int kb_one_case(struct kb_one_case *one, const json_t *a, const json_t *b, const char *wanted,
		const struct kb_compare_rules *rules, struct kb_error *err);

/** kb_one_case_change() - "27 -> 31 insn, +14.8 %" */
void kb_one_case_change(char text[96], const struct kb_one_case *one);

#endif
