// SPDX-License-Identifier: GPL-2.0
/* The entries of cases[]: one for each case of the plan, phase and boot. */
#include "result_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "perf_text.h"
#include "stats.h"

/* A worker with fewer counted samples than this has no 95 % interval. */
#define FEW_SAMPLES	6

/* A good batch lasts 1,000 times its fixed cost; past a hundredth of it batches are too short. */
#define FIXED_LARGE	0.01

unsigned int kb_result_nr_phases(const struct kb_case *kcase)
{
	return kcase->bench->nr_phases ? kcase->bench->nr_phases : 1;
}

static json_t *build_params(const struct kb_case *kcase)
{
	json_t *params = json_object();

	for (unsigned int i = 0; params && i < kcase->bench->nr_params; i++) {
		if (json_object_set_new(params, kcase->bench->params[i].name,
					json_integer(kcase->params[i]))) {
			json_decref(params);
			return NULL;
		}
	}
	return params;
}

json_t *kb_result_case_key(const struct kb_case *kcase, unsigned int phase)
{
	const struct kbench_bench_desc *bench = kcase->bench;

	return json_pack("{s:s, s:s, s:o, s:s, s:i}", "suite", bench->suite, "bench", bench->name,
			 "params", build_params(kcase),
			 "phase", bench->nr_phases ? bench->phases[phase] : "",
			 "cpus", (int)kcase->nr_cpus);
}

static json_t *build_cpu_list(const struct kb_case *kcase)
{
	json_t *list = json_array();

	for (unsigned int i = 0; list && i < kcase->nr_cpus; i++) {
		if (json_array_append_new(list, json_integer(kcase->cpus[i]))) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/*
 * "pair" for one of a bench's many, the policy's name, "numbered" for CPUs 0 to n - 1, whatever the
 * topology makes of them; else the user chose, or some are offline.
 */
static const char *placement(const struct kb_case *kcase)
{
	if (kcase->bench->flags & KBENCH_BENCH_PAIRS)
		return "pair";
	if (kcase->placement != KB_PLACEMENT_NONE)
		return kb_placement_name(kcase->placement);
	for (unsigned int i = 0; i < kcase->nr_cpus; i++)
		if (kcase->cpus[i] != i)
			return "listed";
	return "numbered";
}

static unsigned int effective_context(const struct kb_case *kcase)
{
	return kcase->context == KBENCH_CTX_DEFAULT ? kcase->bench->context : kcase->context;
}

static int set_identity(json_t *entry, const struct kb_case *kcase, const struct kb_boot *boot)
{
	const char *context = kb_context_name(effective_context(kcase));

	return json_object_set_new(entry, "cpu_list", build_cpu_list(kcase)) ||
	       json_object_set_new(entry, "placement", json_string(placement(kcase))) ||
	       json_object_set_new(entry, "context", json_string(context)) ||
	       json_object_set_new(entry, "unit", json_string(boot->unit)) ||
	       json_object_set_new(entry, "boot", json_integer(boot->index)) ||
	       json_object_set_new(entry, "load", json_integer(0));
}

static int set_status(json_t *entry, const char *status, const char *reason)
{
	if (!*reason && strcmp(status, "ok"))
		reason = "the target gave no reason";
	return json_object_set_new(entry, "status", json_string(status)) ||
	       json_object_set_new(entry, "reason", kb_result_string(reason)) ||
	       json_object_set_new(entry, "flags", json_array());
}

static json_t *build_estimate(const struct kb_estimate *estimate)
{
	const struct {
		const char	*name;
		double		value;
	} members[] = {
		{ "median", estimate->median }, { "mean", estimate->mean },
		{ "min", estimate->min }, { "max", estimate->max }, { "p90", estimate->p90 },
		{ "p99", estimate->p99 }, { "p99_9", estimate->p99_9 },
		{ "stddev", estimate->stddev },
	};
	json_t *object = json_object();
	int bad = !object;

	for (size_t i = 0; !bad && i < sizeof(members) / sizeof(members[0]); i++)
		bad = kb_result_set_real(object, members[i].name, members[i].value);
	if (!bad)
		bad = json_object_set_new(object, "ci95", json_pack("[f, f]", estimate->ci95[0],
								    estimate->ci95[1])) ||
		      json_object_set_new(object, "n", json_integer((json_int_t)estimate->n));
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *build_per_cpu(const struct kb_summary *summary)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < summary->nr_workers; i++) {
		const struct kb_worker_estimate *worker = &summary->workers[i];
		json_t *entry = json_pack("{s:i, s:f, s:I}", "cpu", (int)worker->cpu,
					  "median", worker->median,
					  "ops", (json_int_t)worker->ops);

		if (json_array_append_new(array, entry)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static int add_flag(json_t *entry, int condition, const char *flag)
{
	if (!condition)
		return 0;
	return json_array_append_new(json_object_get(entry, "flags"), json_string(flag));
}

/* The size of the fixed cost in the shortest batch, as a part of it. */
static int is_fixed_large(const struct kb_summary *summary)
{
	return summary->fixed > FIXED_LARGE * summary->shortest;
}

static int set_flags(json_t *entry, const struct kb_summary *summary, uint32_t run_flags)
{
	int few = summary->fewest < FEW_SAMPLES || (run_flags & KBENCH_RUN_FEW_SAMPLES);

	return add_flag(entry, few, "few-samples") ||
	       add_flag(entry, summary->nr_outside > 0, "outside") ||
	       add_flag(entry, summary->nr_migrated > 0, "migrated") ||
	       add_flag(entry, summary->nr_zero > 0, "zero-time") ||
	       add_flag(entry, summary->nr_long_off > 0, "irq-off-long") ||
	       add_flag(entry, summary->nr_resched > 0, "preempted") ||
	       add_flag(entry, summary->no_steady_state, "no-steady-state") ||
	       add_flag(entry, summary->nr_outliers > 0, "outliers") ||
	       add_flag(entry, summary->nr_far_outliers > 0, "far-outliers") ||
	       add_flag(entry, !summary->nr_pairs, "fixed-unknown") ||
	       add_flag(entry, summary->fixed_capped, "fixed-capped") ||
	       add_flag(entry, is_fixed_large(summary), "fixed-large");
}

static int set_summary(json_t *entry, const struct kb_summary *summary, uint32_t run_flags)
{
	int bad;

	bad = json_object_set_new(entry, "ops", json_integer((json_int_t)summary->ops)) ||
	      json_object_set_new(entry, "per_op", build_estimate(&summary->per_op)) ||
	      json_object_set_new(entry, "warmup", json_integer((json_int_t)summary->nr_warmup)) ||
	      kb_result_set_real(entry, "fixed", summary->fixed) ||
	      json_object_set_new(entry, "per_cpu", build_per_cpu(summary)) ||
	      set_flags(entry, summary, run_flags);
	if (!bad && summary->throughput_ops_s > 0)
		bad = kb_result_set_real(entry, "throughput_ops_s", summary->throughput_ops_s);
	if (!bad && summary->fairness >= 0)
		bad = kb_result_set_real(entry, "fairness", summary->fairness);
	return bad;
}

static int set_measured(json_t *entry, const struct kb_case *kcase,
			const struct kb_measured *measured, unsigned int phase)
{
	struct kb_summary summary;
	int bad;

	if (kb_summarize(&summary, measured, phase)) {
		bad = set_status(entry, "failed", summary.reason);
	} else if (summary.nr_workers != kcase->nr_cpus) {
		char reason[KBENCH_REASON_LEN];

		snprintf(reason, sizeof(reason),
			 "samples came from %zu of %u workers: run it again",
			 summary.nr_workers, kcase->nr_cpus);
		bad = set_status(entry, "failed", reason);
	} else {
		bad = set_status(entry, "ok", "") ||
		      set_summary(entry, &summary, measured->run_flags) ||
		      json_object_set_new(entry, "worker_bytes",
					  json_integer((json_int_t)measured->worker_bytes)) ||
		      kb_result_set_histogram(entry, measured, phase);
	}
	kb_summary_free(&summary);
	return bad;
}

static int set_missing(json_t *entry, const struct kb_measured *measured, bool partial)
{
	const char *reason = measured ? measured->reason : "";

	if (partial)
		return set_status(entry, "skipped",
				  *reason ? reason : "not measured: the run ended before it");
	return set_status(entry, "failed",
			  *reason ? reason : "its records were damaged or missing: run it again");
}

/* Where instructions are counted, CPUs run one after the other: contention does not show. */
static bool takes_turns(const struct kb_case *kcase, const struct kb_boot *boot)
{
	return kcase->nr_cpus > 1 && !strcmp(boot->unit, "insn");
}

static json_t *build_case(const struct kb_case *kcase, const struct kb_boot *boot,
			  unsigned int phase, bool partial)
{
	const struct kb_measured *measured = kcase->id < boot->nr_measured ?
					     &boot->measured[kcase->id] : NULL;
	json_t *entry = kb_result_case_key(kcase, phase);
	int bad = !entry || set_identity(entry, kcase, boot);

	if (bad)
		;
	else if (!measured || measured->status == KB_CASE_MISSING)
		bad = set_missing(entry, measured, partial);
	else if (measured->status == KB_CASE_SKIPPED)
		bad = set_status(entry, "skipped", measured->reason);
	else if (measured->status == KB_CASE_FAILED)
		bad = set_status(entry, "failed", measured->reason);
	else
		bad = set_measured(entry, kcase, measured, phase) ||
		      add_flag(entry, takes_turns(kcase, boot), "takes-turns");
	if (!bad)
		return entry;
	json_decref(entry);
	return NULL;
}

static int is_empty_op(const struct kb_case *kcase)
{
	return !strcmp(kcase->bench->suite, "selfcheck") && !strcmp(kcase->bench->name, "empty");
}

/*
 * What the loop itself costs in the context of @kcase: the boot's median of selfcheck/empty, on
 * as many CPUs if that was measured, else on the fewest. NAN when there is none.
 * @first: per case of the plan, the index in @cases of its first entry of this boot, or SIZE_MAX
 */
static double find_overhead(const json_t *cases, const size_t *first, const struct kb_plan *plan,
			    const struct kb_case *kcase)
{
	const struct kb_case *best = NULL;
	double overhead = NAN;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct kb_case *empty = &plan->cases[i];
		const json_t *per_op = json_object_get(json_array_get(cases, first[i]), "per_op");

		if (!is_empty_op(empty) || !per_op ||
		    effective_context(empty) != effective_context(kcase))
			continue;
		if (best && empty->nr_cpus != kcase->nr_cpus &&
		    (best->nr_cpus == kcase->nr_cpus || empty->nr_cpus >= best->nr_cpus))
			continue;
		best = empty;
		overhead = json_real_value(json_object_get(per_op, "median"));
	}
	return overhead;
}

static int set_overheads(json_t *cases, const size_t *first, const struct kb_plan *plan)
{
	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct kb_case *kcase = &plan->cases[i];
		double overhead;

		if (first[i] == SIZE_MAX || is_empty_op(kcase))
			continue;
		overhead = find_overhead(cases, first, plan, kcase);
		for (unsigned int phase = 0; phase < kb_result_nr_phases(kcase); phase++) {
			json_t *entry = json_array_get(cases, first[i] + phase);

			if (json_object_get(entry, "per_op") &&
			    kb_result_set_real(entry, "overhead_per_op", overhead))
				return -1;
		}
	}
	return 0;
}

static int set_counters(json_t *cases, const size_t *first, const struct kb_plan *plan,
			const struct kb_boot *boot)
{
	for (size_t i = 0; plan->counters.nr && i < plan->nr_cases; i++) {
		unsigned int nr_phases = kb_result_nr_phases(&plan->cases[i]);

		for (unsigned int phase = 0; first[i] != SIZE_MAX && phase < nr_phases; phase++) {
			json_t *entry = json_array_get(cases, first[i] + phase);

			if (json_object_get(entry, "per_op") &&
			    json_object_set_new(entry, "counters",
						kb_result_counters(&plan->counters,
								   &boot->measured[i], phase)))
				return -1;
		}
	}
	return 0;
}

/* What perf saw is of the whole round, and the same in all phases of a case. */
static int set_perf(json_t *cases, size_t first, const struct kb_plan *plan,
		    const struct kb_case *kcase, const struct kb_measured *measured)
{
	json_t *perf = kb_perf_parse_text(plan->perf->name, measured->perf_text);
	int bad = !perf;

	if (perf && measured->perf_file)
		bad = json_object_set_new(perf, "file", json_string(measured->perf_file));
	for (unsigned int phase = 0; !bad && phase < kb_result_nr_phases(kcase); phase++)
		bad = json_object_set_new(json_array_get(cases, first + phase), "perf",
					  json_deep_copy(perf));
	json_decref(perf);
	return bad;
}

static int set_perfs(json_t *cases, const size_t *first, const struct kb_plan *plan,
		     const struct kb_boot *boot)
{
	for (size_t i = 0; plan->perf && i < plan->nr_cases; i++) {
		const struct kb_measured *measured = i < boot->nr_measured ? &boot->measured[i] :
						     NULL;

		if (json_object_get(json_array_get(cases, first[i]), "per_op") && measured &&
		    (measured->perf_text || measured->perf_file) &&
		    set_perf(cases, first[i], plan, &plan->cases[i], measured))
			return -1;
	}
	return 0;
}

bool kb_result_has_outcome(const struct kb_boot *boots, size_t nr_boots, size_t id)
{
	for (size_t i = 0; i < nr_boots; i++)
		if (id < boots[i].nr_measured && boots[i].measured[id].status != KB_CASE_MISSING)
			return true;
	return false;
}

/*
 * Does @boot have an entry for case @id? A case that was run once more has its outcome in one boot
 * and is missing in the others; one without any outcome is told of in the last boot.
 */
static bool has_entry(const struct kb_boot *boots, size_t nr_boots, size_t boot, size_t id)
{
	if (id < boots[boot].nr_measured && boots[boot].measured[id].status != KB_CASE_MISSING)
		return true;
	return boot == nr_boots - 1 && !kb_result_has_outcome(boots, nr_boots, id);
}

static int add_case(json_t *cases, const struct kb_case *kcase, const struct kb_boot *boot,
		    bool partial)
{
	for (unsigned int phase = 0; phase < kb_result_nr_phases(kcase); phase++)
		if (json_array_append_new(cases, build_case(kcase, boot, phase, partial)))
			return -1;
	return 0;
}

static int add_boot(json_t *cases, size_t *first, const struct kb_plan *plan,
		    const struct kb_boot *boots, size_t nr_boots, size_t boot, bool partial)
{
	for (size_t i = 0; i < plan->nr_cases; i++) {
		first[i] = SIZE_MAX;
		if (!has_entry(boots, nr_boots, boot, i))
			continue;
		first[i] = json_array_size(cases);
		if (add_case(cases, &plan->cases[i], &boots[boot], partial))
			return -1;
	}
	return set_overheads(cases, first, plan) ||
	       set_counters(cases, first, plan, &boots[boot]) ||
	       set_perfs(cases, first, plan, &boots[boot]);
}

json_t *kb_result_cases(const struct kb_plan *plan, const struct kb_boot *boots, size_t nr_boots,
			const struct kb_run_facts *facts)
{
	static const struct kb_boot no_boot = { .unit = "ns" };
	size_t *first = calloc(plan->nr_cases + 1, sizeof(*first));
	json_t *cases = json_array();
	int bad = !first || !cases;

	/* A run that never got to a boot still names what it was to measure. */
	if (!nr_boots) {
		boots = &no_boot;
		nr_boots = 1;
	}
	for (size_t i = 0; !bad && i < nr_boots; i++)
		bad = add_boot(cases, first, plan, boots, nr_boots, i, facts->partial);
	free(first);
	bad = bad || kb_exact_mark_state(cases, plan->bpf);
	if (!bad)
		return cases;
	json_decref(cases);
	return NULL;
}
