// SPDX-License-Identifier: GPL-2.0
/* Counted instructions: the cases that set their scale, and the scale. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "own_cases.h"
#include "stats.h"

#define NR_KNOWN	5	/* the empty op and four sequences */
#define NR_SAMPLES	8
#define FIXED		11
#define OPS		1600

static struct kbench_bench_desc selfcheck_benches[] = {
	{ .suite = "selfcheck", .name = "empty", .context = KBENCH_CTX_ATOMIC },
	{ .suite = "selfcheck", .name = "nops_1", .context = KBENCH_CTX_ATOMIC },
	{ .suite = "selfcheck", .name = "nops_10", .context = KBENCH_CTX_ATOMIC },
	{ .suite = "selfcheck", .name = "nops_100", .context = KBENCH_CTX_ATOMIC },
	{ .suite = "selfcheck", .name = "nops_1000", .context = KBENCH_CTX_ATOMIC },
};

static char module[] = "kbench_selfcheck.ko";
static struct kb_suite suites[] = {
	{ .name = "selfcheck", .module = module, .benches = selfcheck_benches,
	  .nr_benches = NR_KNOWN },
};
static const struct kb_catalog catalog = { .suites = suites, .nr_suites = 1 };

/* A plan of one case, a spinlock on CPUs 3 and 5. */
static void make_plan(struct kb_plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	plan->cases = calloc(1, sizeof(*plan->cases));
	plan->nr_cases = 1;
	plan->cases[0] = (struct kb_case){
		.bench = &toy_catalog.suites[1].benches[0], .module = toy_catalog.suites[1].module,
		.context = KBENCH_CTX_ATOMIC, .nr_cpus = 2,
		.cpus = calloc(2, sizeof(unsigned int)),
	};
	plan->cases[0].cpus[0] = 3;
	plan->cases[0].cpus[1] = 5;
}

/* Batches of OPS and twice that; an op takes @sixteenths / 16 ticks. */
static void measure(struct kb_measured *measured, unsigned int sixteenths)
{
	struct kb_series *series = calloc(1, sizeof(*series));

	series->nr = NR_SAMPLES;
	series->ops = calloc(NR_SAMPLES, sizeof(uint64_t));
	series->value = calloc(NR_SAMPLES, sizeof(uint64_t));
	series->flags = calloc(NR_SAMPLES, sizeof(uint32_t));
	series->cpu_start = calloc(NR_SAMPLES, sizeof(uint32_t));
	series->cpu_end = calloc(NR_SAMPLES, sizeof(uint32_t));
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		series->ops[i] = OPS << (i % 2);
		series->value[i] = FIXED + series->ops[i] * sixteenths / 16;
	}
	*measured = (struct kb_measured){
		.status = KB_CASE_OK, .unit_per_tick = 0.7, .window_ns = 1e6,
		.series = series, .nr_series = 1,
	};
}

/* Every sequence of @ticks_per_insn ticks an instruction; the spinlock takes 20 and the loop. */
static void make_boot(struct kb_boot *boot, struct kb_plan *plan, unsigned int ticks_per_insn)
{
	static const unsigned int insns[] = { 0, 1, 10, 100, 1000, 20 };
	struct kb_error err = { 0 };

	make_plan(plan);
	assert_int_equal(kb_plan_add_known(plan, &catalog, &err), 0);
	assert_int_equal(kb_boot_init(boot, plan->nr_cases), 0);
	for (size_t i = 0; i < plan->nr_cases; i++)
		measure(&boot->measured[i], (16 * insns[i] + 3) * ticks_per_insn);
}

static void free_all(struct kb_boot *boot, struct kb_plan *plan)
{
	kb_boot_free(boot);
	kb_plan_free(plan);
}

static void known_cases_come_first(void **state)
{
	static const char *const names[] = {
		"empty", "nops_1", "nops_10", "nops_100", "nops_1000", "spin_lock",
	};
	struct kb_error err = { 0 };
	struct kb_plan plan;

	(void)state;
	make_plan(&plan);
	assert_int_equal(kb_plan_add_known(&plan, &catalog, &err), 0);
	assert_int_equal(plan.nr_cases, NR_KNOWN + 1);
	for (size_t i = 0; i < plan.nr_cases; i++) {
		assert_int_equal(plan.cases[i].id, i);
		assert_string_equal(plan.cases[i].bench->name, names[i]);
		assert_int_equal(plan.cases[i].every_boot, i < NR_KNOWN);
		assert_int_equal(plan.cases[i].nr_cpus, i < NR_KNOWN ? 1 : 2);
		assert_int_equal(plan.cases[i].cpus[0], 3);
	}
	kb_plan_free(&plan);
	make_plan(&plan);
	assert_int_equal(kb_plan_add_known(&plan, &toy_catalog, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "selfcheck/empty");
	kb_plan_free(&plan);
}

static void a_known_case_stands_there_once(void **state)
{
	struct kb_error err = { 0 };
	struct kb_plan plan;

	(void)state;
	make_plan(&plan);
	plan.cases[0].bench = &selfcheck_benches[2];
	plan.cases[0].nr_cpus = 1;
	assert_int_equal(kb_plan_add_known(&plan, &catalog, &err), 0);
	assert_int_equal(plan.nr_cases, NR_KNOWN);
	assert_int_equal(plan.cases[2].cpus[0], 3);
	kb_plan_free(&plan);
}

static void scale_is_that_of_the_known_sequences(void **state)
{
	(void)state;
	for (unsigned int ticks = 1; ticks <= 4; ticks *= 2) {
		struct kb_error err = { 0 };
		struct kb_summary summary;
		struct kb_boot boot;
		struct kb_plan plan;

		make_boot(&boot, &plan, ticks);
		assert_int_equal(kb_exact_scale(&boot, &plan, &err), 0);
		assert_string_equal(boot.unit, "insn");
		assert_int_equal(kb_summarize(&summary, &boot.measured[NR_KNOWN], 0), 0);
		assert_true(summary.per_op.min == 20.1875);
		assert_true(summary.per_op.mean == 20.1875);
		assert_true(summary.throughput_ops_s == 0);
		kb_summary_free(&summary);
		free_all(&boot, &plan);
	}
}

static void disturbed_samples_do_not_count(void **state)
{
	struct kb_error err = { 0 };
	struct kb_summary summary;
	struct kb_boot boot;
	struct kb_plan plan;

	(void)state;
	make_boot(&boot, &plan, 1);
	/* In a sequence and in a case: an interrupt, and the loss of the CPU. */
	boot.measured[2].series[0].value[3] += 7000;
	boot.measured[2].series[0].flags[3] |= KBENCH_SAMPLE_IRQ;
	boot.measured[NR_KNOWN].series[0].value[0] += 9000;
	boot.measured[NR_KNOWN].series[0].flags[0] |= KBENCH_SAMPLE_RESCHED;
	assert_int_equal(kb_exact_scale(&boot, &plan, &err), 0);
	kb_summarize(&summary, &boot.measured[NR_KNOWN], 0);
	assert_true(summary.per_op.max == 20.1875);
	assert_int_equal(summary.per_op.n, NR_SAMPLES - 1);
	kb_summary_free(&summary);
	free_all(&boot, &plan);
}

static void samples_that_are_all_disturbed_count(void **state)
{
	struct kb_error err = { 0 };
	struct kb_summary summary;
	struct kb_boot boot;
	struct kb_plan plan;

	(void)state;
	make_boot(&boot, &plan, 1);
	for (size_t i = 0; i < NR_SAMPLES; i++)
		boot.measured[NR_KNOWN].series[0].flags[i] |= KBENCH_SAMPLE_IRQ;
	assert_int_equal(kb_exact_scale(&boot, &plan, &err), 0);
	assert_int_equal(kb_summarize(&summary, &boot.measured[NR_KNOWN], 0), 0);
	assert_int_equal(summary.per_op.n, NR_SAMPLES);
	kb_summary_free(&summary);
	free_all(&boot, &plan);
}

/* The boot is refused with that text. */
static void refused(struct kb_boot *boot, struct kb_plan *plan, const char *text)
{
	struct kb_error err = { 0 };

	assert_int_equal(kb_exact_scale(boot, plan, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, text);
	assert_string_equal(boot->unit, "ns");
	free_all(boot, plan);
}

static void one_instruction_too_many_is_refused(void **state)
{
	struct kb_boot boot;
	struct kb_plan plan;

	(void)state;
	/* Nobody said that this batch was disturbed. */
	make_boot(&boot, &plan, 1);
	boot.measured[2].series[0].value[3] += 1;
	refused(&boot, &plan, "the mean of selfcheck/nops_10 is ");
	make_boot(&boot, &plan, 1);
	for (size_t i = 0; i < NR_SAMPLES; i++)
		boot.measured[1].series[0].value[i] += boot.measured[1].series[0].ops[i];
	refused(&boot, &plan, "the minimum of selfcheck/nops_1 is 2 instructions, not 1");
}

static void a_boot_without_them_is_refused(void **state)
{
	struct kb_boot boot;
	struct kb_plan plan;

	(void)state;
	make_boot(&boot, &plan, 1);
	kb_measured_clear(&boot.measured[4]);
	refused(&boot, &plan, "selfcheck/nops_1000 was not measured");
	/* A counter that stands still for the sequences, or runs by the clock on the wall. */
	make_boot(&boot, &plan, 1);
	kb_measured_clear(&boot.measured[4]);
	measure(&boot.measured[4], 3);
	refused(&boot, &plan, "took no longer than an empty op");
}

static json_t *entry(const char *bench, int boot, double min, double mean)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:[i], s:{}, s:i, s:{s:f, s:f}, s:[]}",
			 "suite", "alloc", "bench", bench, "phase", "", "context", "process",
			 "unit", "insn", "cpu_list", 0, "params", "boot", boot, "per_op",
			 "min", min, "mean", mean, "flags");
}

static void cases_that_differ_between_boots_are_marked(void **state)
{
	static const bool marked[] = { false, true, true, false, true, true };
	json_t *cases = json_array();

	(void)state;
	/* One that stays, one whose mean moves, one whose minimum does in the third boot alone. */
	json_array_append_new(cases, entry("stays", 0, 20.1875, 20.5));
	json_array_append_new(cases, entry("mean", 0, 5, 6));
	json_array_append_new(cases, entry("min", 0, 7, 9));
	json_array_append_new(cases, entry("stays", 1, 20.1875, 20.5));
	json_array_append_new(cases, entry("mean", 1, 5, 6.25));
	json_array_append_new(cases, entry("min", 2, 8, 9));
	assert_int_equal(kb_exact_mark_state(cases, false), 0);
	for (size_t i = 0; i < 6; i++) {
		const json_t *flags = json_object_get(json_array_get(cases, i), "flags");

		assert_int_equal(json_array_size(flags), marked[i]);
	}
	json_decref(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_cases_come_first),
		cmocka_unit_test(a_known_case_stands_there_once),
		cmocka_unit_test(scale_is_that_of_the_known_sequences),
		cmocka_unit_test(disturbed_samples_do_not_count),
		cmocka_unit_test(samples_that_are_all_disturbed_count),
		cmocka_unit_test(one_instruction_too_many_is_refused),
		cmocka_unit_test(a_boot_without_them_is_refused),
		cmocka_unit_test(cases_that_differ_between_boots_are_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
