/* SPDX-License-Identifier: GPL-2.0 */
/* A comparison for people, for programs and for a page. */
#ifndef KB_COMPARE_REPORT_H
#define KB_COMPARE_REPORT_H

#include "comparison.h"

/** How the rows of a report are ordered. */
enum kb_compare_order {
	KB_BY_FILE = 0,		/* as in the first file */
	KB_BY_RATIO,		/* largest first */
	KB_BY_NAME,
};

/**
 * struct kb_report_options - what of a comparison is shown
 * @only:     only cases of this verdict, unless KB_NR_VERDICTS
 * @markdown: a table for a page instead of one for a terminal
 * @thresholds: a column with them, for they differ from case to case
 */
struct kb_report_options {
	enum kb_verdict		only;
	enum kb_compare_order	order;
	bool			markdown;
	bool			thresholds;
};

/**
 * struct kb_report_names - the two sides
 * @a, @b: what they are called: a path, a release, a machine
 * @paths_a, @paths_b: arrays of the files that are in them, or NULL: they are called by that
 */
struct kb_report_names {
	const char	*a;
	const char	*b;
	const json_t	*paths_a;
	const json_t	*paths_b;
};

/** kb_report_print() - on stdout. Return: 0, or -1 with @err */
int kb_report_print(struct kb_comparison *comparison, const struct kb_report_names *names,
		    const struct kb_report_options *options, struct kb_error *err);

/**
 * kb_report_json() - an object: a, b, settings[], warnings[], cases[] { suite, bench, params,
 * phase, cpus, context, unit, a, b, boots[2], exact, paired, ratio, ci95[2], differs, verdict,
 * threshold (a ratio), smallest_detectable }, suites[] { suite, ratio }, summary { regressed,
 * improved, equivalent, inconclusive, only_a, only_b }. NULL: no memory
 * Of groups also by ("kernel", ...), files_a[] and files_b[]. Where there are no verdicts (see
 * kb_compare_judges()) verdict, threshold and smallest_detectable are absent, and there are
 * rankings[] and for each case cycles[2] and instructions[2] as far as both sides counted them,
 * cpus_b for CPUs.
 * ci95 and smallest_detectable (a ratio) are absent where boots are too few; ci95 is at the
 * confidence of the rules, which is 95 % unless the user says otherwise.
 */
json_t *kb_report_json(struct kb_comparison *comparison, const struct kb_report_names *names,
		       const struct kb_rules *rules, const struct kb_report_options *options);

/**
 * kb_report_suites() - geometric mean of the ratios of each suite's cases: an object, in the order
 * of the suites; NULL: no memory
 */
json_t *kb_report_suites(const struct kb_comparison *comparison);

/** kb_report_sort() - put the pairs into order */
void kb_report_sort(struct kb_comparison *comparison, enum kb_compare_order order);

/**
 * kb_report_counter() - of a side: the mean over its boots of a counter's events an operation
 * Return: false where a boot has not counted it
 */
bool kb_report_counter(double *events, const struct kb_side *side, const char *counter);

/** kb_report_estimate() - of a side: the geometric mean of its medians, or its mean count */
double kb_report_estimate(const struct kb_pair *pair, const struct kb_side *side);

#endif
