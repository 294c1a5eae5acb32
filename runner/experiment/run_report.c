// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "case_name.h"
#include "run.h"
#include "selection.h"
#include "stats.h"

static bool same(const struct kb_run *run, size_t a, size_t b)
{
	const struct kb_measured *x = kb_run_outcome(run, a), *y = kb_run_outcome(run, b);

	return x && y && x->status == y->status && !strcmp(x->reason, y->reason);
}

/* A module that does not load has many cases: the first is named, with the number of the others. */
static void name_skipped(const struct kb_run *run, const struct kb_plan *plan, size_t id)
{
	char name[KB_CASE_NAME_LEN];
	size_t others = 0;

	for (size_t i = 0; i < id; i++)
		if (same(run, i, id))
			return;
	for (size_t i = id + 1; i < plan->nr_cases; i++)
		others += same(run, i, id);
	kb_case_name(name, &plan->cases[id]);
	if (others)
		kb_note("skipped: %s and %zu more: %s", name, others,
			kb_run_outcome(run, id)->reason);
	else
		kb_note("skipped: %s: %s", name, kb_run_outcome(run, id)->reason);
}

/* Return: why the case has failed, in @reason; NULL when it has not. */
static const char *why_failed(const struct kb_measured *outcome, const struct kb_case *kase,
			      char reason[KBENCH_REASON_LEN])
{
	unsigned int nr_phases = kase->bench->nr_phases ? kase->bench->nr_phases : 1;

	if (outcome && outcome->status == KB_CASE_FAILED)
		return outcome->reason;
	if (!outcome || outcome->status != KB_CASE_OK)
		return NULL;
	for (unsigned int phase = 0; phase < nr_phases; phase++) {
		struct kb_summary summary;
		int ret = kb_summarize(&summary, outcome, phase);

		memcpy(reason, summary.reason, KBENCH_REASON_LEN);
		kb_summary_free(&summary);
		if (ret)
			return reason;
	}
	return NULL;
}

size_t kb_run_report(const struct kb_run *run, const struct kb_plan *plan)
{
	size_t failed = 0;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct kb_measured *outcome = kb_run_outcome(run, i);

		if (outcome && outcome->status == KB_CASE_SKIPPED)
			name_skipped(run, plan, i);
	}
	for (size_t i = 0; i < plan->nr_cases; i++) {
		char name[KB_CASE_NAME_LEN], text[KBENCH_REASON_LEN];
		const char *reason = why_failed(kb_run_outcome(run, i), &plan->cases[i], text);

		if (!reason)
			continue;
		kb_case_name(name, &plan->cases[i]);
		kb_note("failed: %s: %s", name, reason);
		failed++;
	}
	return failed;
}

void kb_run_print_log(const struct kb_run *run)
{
	for (size_t i = 0; i < run->nr_boots; i++) {
		const json_t *line;
		size_t j;

		if (json_array_size(run->boots[i].log))
			kb_note("the last lines of what the kernel said:");
		json_array_foreach(run->boots[i].log, j, line)
			fprintf(stderr, "  | %s\n", json_string_value(line));
	}
}

static bool has_bench(const struct kb_plan *plan, const struct kbench_bench_desc *bench)
{
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (plan->cases[i].bench == bench)
			return true;
	return false;
}

void kb_run_pairs(const struct kb_plan *plan)
{
	for (size_t i = 0, nr; i < plan->nr_cases; i += nr) {
		const struct kbench_bench_desc *bench = plan->cases[i].bench;

		for (nr = 1; i + nr < plan->nr_cases && plan->cases[i + nr].bench == bench; nr++)
			;
		if (bench->flags & KBENCH_BENCH_PAIRS)
			kb_note("%s/%s: %zu case%s, one for each pair of CPUs", bench->suite,
				bench->name, nr, nr == 1 ? "" : "s");
	}
}

static bool was_said(json_t *said, const struct kbench_bench_desc *bench)
{
	char name[2 * KBENCH_NAME_LEN + 2];
	bool before;

	snprintf(name, sizeof(name), "%s/%s", bench->suite, bench->name);
	before = json_object_get(said, name);
	json_object_set_new(said, name, json_true());
	return before;
}

void kb_run_left_out(const struct kb_plan *plan, const struct kb_request *request,
		     const struct kb_catalog *catalog, json_t *said)
{
	struct kb_selection selection;
	struct kb_error err = { 0 };

	if (kb_select(&selection, request->selectors, request->nr_selectors, catalog, &err))
		return;
	for (size_t i = 0; i < selection.nr_benches; i++) {
		const struct kbench_bench_desc *bench = selection.benches[i].bench;

		if (has_bench(plan, bench) || was_said(said, bench))
			continue;
		if (bench->max_cpus == 1)
			kb_note("left out: %s/%s runs on one CPU: it needs --cpus 1", bench->suite,
				bench->name);
		else if (bench->max_cpus && !(bench->flags & KBENCH_BENCH_PAIRS))
			kb_note("left out: %s/%s runs on %u to %u CPUs", bench->suite, bench->name,
				bench->min_cpus, bench->max_cpus);
		else
			kb_note("left out: %s/%s needs --cpus %u or more", bench->suite,
				bench->name, bench->min_cpus);
	}
	kb_selection_free(&selection);
}
