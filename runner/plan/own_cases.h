/* SPDX-License-Identifier: GPL-2.0 */
/* The cases that kbench adds to a plan to know itself: they are of suite "selfcheck". */
#ifndef KB_OWN_CASES_H
#define KB_OWN_CASES_H

#include "plan.h"

/**
 * struct kb_known - a bench whose instructions are known: so many more than those of the empty op
 */
struct kb_known {
	const char	*bench;
	unsigned int	insns;
};

/** kb_known_sequences - from the shortest to the longest; ended by a NULL name */
extern const struct kb_known kb_known_sequences[];

/**
 * kb_plan_add_overhead() - append selfcheck/empty for every context and CPU count of @plan
 *
 * What is measured there is reported beside each result as overhead_per_op. Nothing happens where
 * the plan has such a case already, or where the catalog has no such bench. Return: 0 or -1.
 */
int kb_plan_add_overhead(struct kb_plan *plan, const struct kb_catalog *catalog,
			 struct kb_error *err);

/**
 * kb_plan_add_known() - put selfcheck/empty and the known sequences before all other cases
 *
 * Each on one CPU of the plan and in its own context, to be measured in every boot: they set the
 * scale of counted instructions, so nothing can be reported without them. Renumbers the cases.
 * Return: 0, or -1 with @err: a suite "selfcheck" without them.
 */
int kb_plan_add_known(struct kb_plan *plan, const struct kb_catalog *catalog,
		      struct kb_error *err);

#endif
