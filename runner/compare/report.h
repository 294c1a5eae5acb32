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
 */
struct kb_report_options {
	enum kb_verdict		only;
	enum kb_compare_order	order;
	bool			markdown;
};

/** kb_report_print() - on stdout. @a, @b: names of the files. Return: 0, or -1 with @err */
int kb_report_print(struct kb_comparison *comparison, const char *a, const char *b,
		    const struct kb_report_options *options, struct kb_error *err);

/**
 * kb_report_json() - an object: a, b, settings[], warnings[], cases[] { suite, bench, params,
 * phase, cpus, context, unit, a, b, boots[2], exact, paired, ratio, ci95[2], differs, verdict,
 * smallest_detectable }, suites[] { suite, ratio }, summary { regressed, improved, equivalent,
 * inconclusive, only_a, only_b }. NULL: no memory
 * ci95 and smallest_detectable (a ratio) are absent where boots are too few; ci95 is at the
 * confidence of the rules, which is 95 % unless the user says otherwise.
 */
json_t *kb_report_json(struct kb_comparison *comparison, const char *a, const char *b,
		       const struct kb_rules *rules, const struct kb_report_options *options);

/**
 * kb_report_suites() - geometric mean of the ratios of each suite's cases: an object, in the order
 * of the suites; NULL: no memory
 */
json_t *kb_report_suites(const struct kb_comparison *comparison);

/** kb_report_sort() - put the pairs into order */
void kb_report_sort(struct kb_comparison *comparison, enum kb_compare_order order);

/** kb_report_estimate() - of a side: the geometric mean of its medians, or its mean count */
double kb_report_estimate(const struct kb_pair *pair, const struct kb_side *side);

#endif
