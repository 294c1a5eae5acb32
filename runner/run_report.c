// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "case_name.h"
#include "run.h"

static bool same(const struct kb_run *run, size_t a, size_t b)
{
	const struct kb_measured *x = kb_run_outcome(run, a), *y = kb_run_outcome(run, b);

	return x && y && x->status == y->status && !strcmp(x->reason, y->reason);
}

/* Name a case, and how many later ones share its fate: a module that did not load has many. */
static void name_case(const struct kb_run *run, const struct kb_plan *plan, size_t id,
		      const char *fate)
{
	const struct kb_measured *outcome = kb_run_outcome(run, id);
	char name[KB_CASE_NAME_LEN];
	size_t others = 0;

	for (size_t i = 0; i < id; i++)
		if (same(run, i, id))
			return;
	for (size_t i = id + 1; i < plan->nr_cases; i++)
		others += same(run, i, id);
	kb_case_name(name, &plan->cases[id]);
	if (others)
		kb_note("%s: %s, and %zu more: %s", fate, name, others, outcome->reason);
	else
		kb_note("%s: %s: %s", fate, name, outcome->reason);
}

size_t kb_run_report(const struct kb_run *run, const struct kb_plan *plan)
{
	size_t failed = 0;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct kb_measured *outcome = kb_run_outcome(run, i);

		if (outcome && outcome->status == KB_CASE_SKIPPED)
			name_case(run, plan, i, "skipped");
	}
	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct kb_measured *outcome = kb_run_outcome(run, i);

		if (!outcome || outcome->status != KB_CASE_FAILED)
			continue;
		name_case(run, plan, i, "failed");
		failed++;
	}
	return failed;
}
