// SPDX-License-Identifier: GPL-2.0
#include "exact.h"

#include <math.h>
#include <string.h>

#include "own_cases.h"
#include "stats.h"

/* Counts are whole numbers; this is for the division by a batch's ops. */
#define TOLERANCE	1e-9

#define DISTURBED	(KBENCH_SAMPLE_IRQ | KBENCH_SAMPLE_RESCHED)

bool kb_is_exact(const json_t *environment)
{
	const char *fidelity = json_string_value(json_object_get(environment, "fidelity"));

	return fidelity && !strcmp(fidelity, "icount");
}

static bool has_undisturbed(const struct kb_series *series)
{
	for (size_t i = 0; i < series->nr; i++)
		if (kb_sample_counts(series, i) && !(series->flags[i] & DISTURBED))
			return true;
	return false;
}

static void exclude_disturbed(struct kb_measured *measured)
{
	for (size_t i = 0; i < measured->nr_series; i++)
		if (has_undisturbed(&measured->series[i]))
			measured->series[i].excluded = DISTURBED;
}

/* The case of a sequence that every boot measures. */
static const struct kb_measured *find_known(const struct kb_boot *boot, const struct kb_plan *plan,
					    const char *bench)
{
	for (size_t i = 0; i < plan->nr_cases && i < boot->nr_measured; i++)
		if (plan->cases[i].every_boot && !strcmp(plan->cases[i].bench->name, bench))
			return &boot->measured[i];
	return NULL;
}

/* What one op of @bench took, as minimum and mean, in ticks. */
static int measure_known(double took[2], const struct kb_boot *boot, const struct kb_plan *plan,
			 const char *bench, struct kb_error *err)
{
	const struct kb_measured *measured = find_known(boot, plan, bench);
	struct kb_summary summary;
	int bad;

	if (!measured || measured->status != KB_CASE_OK)
		return kb_fail(err, KB_EXIT_TARGET,
			       "selfcheck/%s was not measured%s%s, which sets the scale of counted "
			       "instructions: run it again", bench,
			       measured && measured->reason[0] ? ": " : "",
			       measured ? measured->reason : "");
	bad = kb_summarize(&summary, measured, 0);
	took[0] = summary.per_op.min;
	took[1] = summary.per_op.mean;
	if (bad)
		kb_fail(err, KB_EXIT_TARGET, "selfcheck/%s: %s", bench, summary.reason);
	kb_summary_free(&summary);
	return bad ? -1 : 0;
}

/* BPF programs are not told which batches met an interrupt: their means are not exact. */
static int check_known(const struct kb_known *known, const double took[2], const double empty[2],
		       double ticks_per_insn, bool bpf, struct kb_error *err)
{
	static const char *const names[] = { "minimum", "mean" };
	double tolerance = bpf ? KB_BPF_TOLERANCE : TOLERANCE;

	for (int i = 0; i < (bpf ? 1 : 2); i++) {
		double insns = (took[i] - empty[i]) / ticks_per_insn;

		if (fabs(insns - known->insns) > tolerance * known->insns)
			return kb_fail(err, KB_EXIT_TARGET,
				       "instructions are not counted exactly here: the %s of "
				       "selfcheck/%s is %.9g instructions, not %u; nothing is "
				       "reported", names[i], known->bench, insns, known->insns);
	}
	return 0;
}

static int find_scale(double *ticks_per_insn, const struct kb_boot *boot,
		      const struct kb_plan *plan, struct kb_error *err)
{
	const struct kb_known *known = kb_known_sequences;
	double empty[2], longest[2], took[2];

	while (known[1].bench)
		known++;
	if (measure_known(empty, boot, plan, "empty", err) ||
	    measure_known(longest, boot, plan, known->bench, err))
		return -1;
	*ticks_per_insn = (longest[0] - empty[0]) / known->insns;
	if (!(*ticks_per_insn > 0))
		return kb_fail(err, KB_EXIT_TARGET,
			       "selfcheck/%s took no longer than an empty op: the counter does not "
			       "count instructions", known->bench);
	for (known = kb_known_sequences; known->bench; known++)
		if (measure_known(took, boot, plan, known->bench, err) ||
		    check_known(known, took, empty, *ticks_per_insn, plan->bpf, err))
			return -1;
	return 0;
}

int kb_exact_scale(struct kb_boot *boot, const struct kb_plan *plan, struct kb_error *err)
{
	double ticks_per_insn;

	for (size_t i = 0; i < boot->nr_measured; i++) {
		boot->measured[i].unit_per_tick = 1;
		exclude_disturbed(&boot->measured[i]);
	}
	if (find_scale(&ticks_per_insn, boot, plan, err))
		return -1;
	for (size_t i = 0; i < boot->nr_measured; i++) {
		boot->measured[i].unit_per_tick = 1 / ticks_per_insn;
		/* The guest's seconds are instructions too, so there is no throughput. */
		boot->measured[i].window_ns = 0;
	}
	boot->unit = "insn";
	return 0;
}

static bool same_member(const json_t *a, const json_t *b, const char *name)
{
	return json_equal(json_object_get(a, name), json_object_get(b, name));
}

static bool is_same_case(const json_t *a, const json_t *b)
{
	return same_member(a, b, "bench") && same_member(a, b, "suite") &&
	       same_member(a, b, "phase") && same_member(a, b, "context") &&
	       same_member(a, b, "cpu_list") && same_member(a, b, "params");
}

static bool is_count(const json_t *entry)
{
	const char *unit = json_string_value(json_object_get(entry, "unit"));

	return unit && !strcmp(unit, "insn") && json_object_get(entry, "per_op");
}

static int mark(json_t *entry)
{
	json_t *flags = json_object_get(entry, "flags"), *flag;
	size_t i;

	json_array_foreach(flags, i, flag)
		if (!strcmp(json_string_value(flag), "state-dependent"))
			return 0;
	return json_array_append_new(flags, json_string("state-dependent"));
}

bool kb_exact_agrees(const json_t *a, const json_t *b, bool bpf)
{
	double x = json_number_value(json_object_get(a, "min"));
	double y = json_number_value(json_object_get(b, "min"));

	if (bpf)
		return fabs(x - y) <= KB_BPF_TOLERANCE * fmax(x, y);
	return same_member(a, b, "min") && same_member(a, b, "mean");
}

int kb_exact_mark_state(json_t *cases, bool bpf)
{
	json_t *a, *b;
	size_t i;

	json_array_foreach(cases, i, a) {
		const json_t *per_op = json_object_get(a, "per_op");

		for (size_t k = i + 1; is_count(a) && k < json_array_size(cases); k++) {
			b = json_array_get(cases, k);
			if (!is_count(b) || same_member(a, b, "boot") || !is_same_case(a, b))
				continue;
			if (kb_exact_agrees(per_op, json_object_get(b, "per_op"), bpf))
				continue;
			if (mark(a) || mark(b))
				return -1;
		}
	}
	return 0;
}
