// SPDX-License-Identifier: GPL-2.0
/*
 * Summaries of cases against values worked out by hand; the derivation stands beside each. Figures
 * chosen so that doubles hold them exactly are compared exactly, others to 1 in 10^12.
 */
#include <math.h>
#include <string.h>

#include "numbers.h"
#include "stats.h"

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))
#define MOST		16

#define DOUBLE		KBENCH_SAMPLE_DOUBLE
#define OUTSIDE		KBENCH_SAMPLE_OUTSIDE
#define MIGRATED	KBENCH_SAMPLE_MIGRATED

/* A worker's samples, written as they are read: ops, value in ticks, flags. */
struct worker {
	unsigned int	phase;
	unsigned long	total_ops;
	struct {
		uint64_t	ops, value;
		uint32_t	flags;
	} samples[MOST];
};

struct columns {
	uint64_t	ops[MOST], value[MOST];
	uint32_t	flags[MOST], cpu[MOST];
};

/* The measured case of some workers; a sample without ops ends a worker's list. */
struct fixture {
	struct kb_measured	measured;
	struct kb_series	series[4];
	struct columns		columns[4];
};

static void build(struct fixture *fixture, const struct worker *workers, size_t nr, double scale)
{
	memset(fixture, 0, sizeof(*fixture));
	fixture->measured = (struct kb_measured){
		.status = KB_CASE_OK, .unit_per_tick = scale, .window_ns = 1e6,
		.series = fixture->series, .nr_series = nr,
	};
	for (size_t w = 0; w < nr; w++) {
		struct columns *columns = &fixture->columns[w];
		size_t i = 0;

		for (; i < MOST && workers[w].samples[i].ops; i++) {
			columns->ops[i] = workers[w].samples[i].ops;
			columns->value[i] = workers[w].samples[i].value;
			columns->flags[i] = workers[w].samples[i].flags;
		}
		fixture->series[w] = (struct kb_series){
			.worker = (unsigned int)w, .cpu = (unsigned int)w + 4,
			.phase = workers[w].phase, .total_ops = workers[w].total_ops, .nr = i,
			.ops = columns->ops, .value = columns->value, .flags = columns->flags,
			.cpu_start = columns->cpu, .cpu_end = columns->cpu,
		};
	}
}

static void one_sample(void **state)
{
	const struct worker worker = { .total_ops = 500, .samples = { { 100, 800, 0 } } };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 0.5);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_same(summary.per_op.median, 4);
	assert_same(summary.per_op.mean, 4);
	assert_same(summary.per_op.min, 4);
	assert_same(summary.per_op.max, 4);
	assert_same(summary.per_op.ci95[0], 4);
	assert_same(summary.per_op.ci95[1], 4);
	assert_same(summary.per_op.stddev, 0);
	assert_int_equal(summary.per_op.n, 1);
	assert_int_equal(summary.nr_pairs, 0);
	assert_same(summary.fixed, 0);
	assert_same(summary.fairness, 1);
	assert_int_equal(summary.fewest, 1);
	assert_int_equal(summary.nr_workers, 1);
	assert_int_equal(summary.workers[0].cpu, 4);
	kb_summary_free(&summary);
	assert_null(summary.workers);
}

/*
 * Batches of 40 + 3 ops ticks, a tick of half a nanosecond: fixed is 20 ns, an op 1.5 ns, and
 * since the model is exact so are all estimates. The pairs do not depend on which length is first.
 */
static void fixed_cost_is_the_intercept(void **state)
{
	const struct worker workers[] = {
		{ .samples = { { 100, 340, 0 }, { 200, 640, DOUBLE }, { 100, 340, 0 },
			       { 200, 640, DOUBLE } } },
		{ .samples = { { 200, 640, DOUBLE }, { 100, 340, 0 } } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, workers, 2, 0.5);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.nr_pairs, 3);
	assert_same(summary.fixed, 20);
	assert_int_equal(summary.fixed_capped, 0);
	assert_same(summary.shortest, 170);
	assert_same(summary.per_op.min, 1.5);
	assert_same(summary.per_op.max, 1.5);
	assert_same(summary.per_op.median, 1.5);
	kb_summary_free(&summary);
}

/*
 * 2 t_N - t_2N of the pairs: 2*105 - 200 = 10, 2*110 - 200 = 20, 2*150 - 200 = 100. Their median
 * is 20, their mean would be 43.
 */
static void fixed_cost_is_a_median(void **state)
{
	const struct worker worker = {
		.samples = { { 10, 105, 0 }, { 20, 200, DOUBLE }, { 10, 110, 0 },
			     { 20, 200, DOUBLE }, { 10, 150, 0 }, { 20, 200, DOUBLE } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.nr_pairs, 3);
	assert_same(summary.fixed, 20);
	/* per_op: 8.5, 9, 9, 9, 9, 13 */
	assert_same(summary.per_op.median, 9);
	assert_same(summary.per_op.min, 8.5);
	assert_same(summary.per_op.max, 13);
	kb_summary_free(&summary);
}

/* 2*100 - 100 = 100 would leave nothing of a batch of 100; half of it is taken. */
static void fixed_cost_is_capped(void **state)
{
	const struct worker worker = { .samples = { { 10, 100, 0 }, { 20, 100, DOUBLE } } };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.fixed_capped, 1);
	assert_same(summary.fixed, 50);
	assert_same(summary.per_op.max, 5);
	assert_same(summary.per_op.min, 2.5);
	kb_summary_free(&summary);
}

/* 2*100 - 210 = -10: starting a batch takes no negative time. */
static void fixed_cost_is_not_negative(void **state)
{
	const struct worker worker = { .samples = { { 10, 100, 0 }, { 20, 210, DOUBLE } } };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.nr_pairs, 1);
	assert_same(summary.fixed, 0);
	assert_same(summary.per_op.min, 10);
	assert_same(summary.per_op.max, 10.5);
	kb_summary_free(&summary);
}

/*
 * Pairs of -20, 10, 20, 30, 40, 50, 60: of seven values the interval is the range, which holds 0,
 * so their median of 30 is not taken off. Without the first, six values from 10 on, it is 35.
 */
static void fixed_cost_is_more_than_noise(void **state)
{
	struct worker worker = { .total_ops = 1 };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		worker.samples[2 * i].ops = 10;
		worker.samples[2 * i].value = 1000;
		worker.samples[2 * i + 1].ops = 20;
		worker.samples[2 * i + 1].value = 2000 - 10 * i;
	}
	worker.samples[1].value = 2020;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.nr_pairs, 7);
	assert_same(summary.fixed, 0);
	kb_summary_free(&summary);
	worker.samples[1].flags = OUTSIDE;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.nr_pairs, 6);
	assert_same(summary.fixed, 35);
	kb_summary_free(&summary);
}

/*
 * The flagged samples are absurd, so that one that counted would show. A pair needs both halves,
 * neighbours, and lengths of 1 to 2: here only the last two qualify, 2*120 - 200 = 40.
 */
static void flagged_samples_do_not_count(void **state)
{
	const struct worker worker = {
		.samples = { { 10, 9000, OUTSIDE }, { 25, 240, DOUBLE },
			     { 10, 120, 0 }, { 20, 1, DOUBLE | MIGRATED },
			     { 10, 120, 0 }, { 30, 280, 0 },
			     { 10, 120, 0 }, { 20, 0, DOUBLE },
			     { 10, 120, 0 }, { 20, 200, DOUBLE } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.nr_outside, 1);
	assert_int_equal(summary.nr_migrated, 1);
	assert_int_equal(summary.nr_zero, 1);
	assert_int_equal(summary.per_op.n, 7);
	assert_int_equal(summary.fewest, 7);
	assert_int_equal(summary.nr_pairs, 1);
	assert_same(summary.fixed, 40);
	/* per_op: 240-40 over 25, four times 80 over 10, 240 over 30, 160 over 20: all are 8. */
	assert_same(summary.per_op.min, 8);
	assert_same(summary.per_op.max, 8);
	kb_summary_free(&summary);
}

/*
 * Worker 0: per_op 1, 2, 3, so median 2 in [1, 3]. Worker 1: 10, 20, 30, 40, median 25 in
 * [10, 40]. The mean of the medians is 13.5, of the ends 5.5 and 21.5, though the pooled median
 * is 10. Together 106 / 7.
 */
static void workers_weigh_the_same(void **state)
{
	const struct worker workers[] = {
		{ .total_ops = 300, .samples = { { 1, 1, 0 }, { 1, 2, 0 }, { 1, 3, 0 } } },
		{ .total_ops = 100, .samples = { { 1, 40, 0 }, { 1, 10, 0 }, { 1, 20, 0 },
						 { 1, 30, 0 } } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, workers, 2, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_same(summary.workers[0].median, 2);
	assert_same(summary.workers[1].median, 25);
	assert_same(summary.per_op.median, 13.5);
	assert_same(summary.per_op.ci95[0], 5.5);
	assert_same(summary.per_op.ci95[1], 21.5);
	assert_close(summary.per_op.mean, 106.0 / 7);
	assert_int_equal(summary.per_op.n, 7);
	assert_int_equal(summary.fewest, 3);
	/* 400 ops in a window of 1 ms; the slower did a third of the faster. */
	assert_int_equal(summary.ops, 400);
	assert_close(summary.throughput_ops_s, 4e5);
	assert_close(summary.fairness, 1.0 / 3);
	kb_summary_free(&summary);
}

static void unknown_window_has_no_throughput(void **state)
{
	const struct worker worker = { .samples = { { 100, 800, 0 } } };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 1);
	fixture.measured.window_ns = 0;
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_same(summary.throughput_ops_s, 0);
	assert_same(summary.fairness, -1);
	kb_summary_free(&summary);
}

static void equal_values_have_no_spread(void **state)
{
	struct worker worker = { .total_ops = 1 };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	for (size_t i = 0; i < MOST; i++) {
		worker.samples[i].ops = 8;
		worker.samples[i].value = 48;
	}
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_same(summary.per_op.median, 6);
	assert_same(summary.per_op.stddev, 0);
	assert_same(summary.per_op.ci95[0], 6);
	assert_same(summary.per_op.ci95[1], 6);
	assert_int_equal(summary.nr_outliers, 0);
	kb_summary_free(&summary);
}

/*
 * 10 to 18 and a tenth value above: quartiles 12.25 and 16.75 (2.25 and 6.75 from the first), the
 * range 4.5, so the fences are at 16.75 + 6.75 = 23.5 and 16.75 + 13.5 = 30.25.
 */
static void outliers_are_counted_not_dropped(void **state)
{
	struct worker worker = { .total_ops = 1 };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	for (size_t i = 0; i < 9; i++) {
		worker.samples[i].ops = 1;
		worker.samples[i].value = 10 + i;
	}
	worker.samples[9].ops = 1;
	for (unsigned int last = 23; last <= 31; last += last == 23 ? 1 : 7) {
		worker.samples[9].value = last;
		build(&fixture, &worker, 1, 1);
		assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
		assert_int_equal(summary.nr_outliers, last > 23);
		assert_int_equal(summary.nr_far_outliers, last > 30);
		assert_int_equal(summary.per_op.n, 10);
		assert_same(summary.per_op.max, last);
		kb_summary_free(&summary);
	}
}

static void labels_count_but_do_not_exclude(void **state)
{
	const struct worker worker = {
		.samples = { { 1, 5, KBENCH_SAMPLE_LONG_OFF }, { 1, 5, KBENCH_SAMPLE_RESCHED },
			     { 1, 5, KBENCH_SAMPLE_RESCHED } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, &worker, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), 0);
	assert_int_equal(summary.per_op.n, 3);
	assert_int_equal(summary.nr_long_off, 1);
	assert_int_equal(summary.nr_resched, 2);
	kb_summary_free(&summary);
}

static void phases_are_apart(void **state)
{
	const struct worker workers[] = {
		{ .phase = 0, .samples = { { 10, 100, 0 } } },
		{ .phase = 1, .samples = { { 10, 70, 0 } } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, workers, 2, 1);
	for (unsigned int phase = 0; phase < 2; phase++) {
		assert_int_equal(kb_summarize(&summary, &fixture.measured, phase), 0);
		assert_int_equal(summary.nr_workers, 1);
		assert_same(summary.per_op.median, phase ? 7 : 10);
		kb_summary_free(&summary);
	}
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 2), -1);
	assert_non_null(strstr(summary.reason, "no samples came"));
	kb_summary_free(&summary);
}

static void a_worker_without_samples_fails_the_case(void **state)
{
	const struct worker workers[] = {
		{ .samples = { { 10, 100, 0 } } },
		{ .samples = { { 10, 100, OUTSIDE }, { 10, 100, MIGRATED },
			       { 10, 100, OUTSIDE | MIGRATED } } },
	};
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	build(&fixture, workers, 2, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), -1);
	assert_string_equal(summary.reason,
			    "worker 1 (CPU 5) has no usable sample of 3 (2 while not all workers "
			    "were active, 2 migrated): give the case more time");
	kb_summary_free(&summary);

	fixture.series[1].nr = 0;
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), -1);
	assert_string_equal(summary.reason,
			    "worker 1 (CPU 5) has no sample: give the case more time");
	kb_summary_free(&summary);
}

static void a_clock_that_stood_still_fails_the_case(void **state)
{
	const struct worker worker = { .samples = { { 10, 100, 0 } } };
	const struct worker still = { .samples = { { 10, 0, 0 }, { 20, 0, DOUBLE } } };
	const double scales[] = { 0, -1, (double)NAN, (double)INFINITY };
	struct kb_summary summary;
	struct fixture fixture;

	(void)state;
	for (size_t i = 0; i < LENGTH(scales); i++) {
		build(&fixture, &worker, 1, scales[i]);
		assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), -1);
		assert_non_null(strstr(summary.reason, "clock"));
		kb_summary_free(&summary);
	}
	build(&fixture, &still, 1, 1);
	assert_int_equal(kb_summarize(&summary, &fixture.measured, 0), -1);
	assert_int_equal(summary.nr_zero, 2);
	assert_true(summary.reason[0] != '\0');
	kb_summary_free(&summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_sample),
		cmocka_unit_test(fixed_cost_is_the_intercept),
		cmocka_unit_test(fixed_cost_is_a_median),
		cmocka_unit_test(fixed_cost_is_capped),
		cmocka_unit_test(fixed_cost_is_not_negative),
		cmocka_unit_test(fixed_cost_is_more_than_noise),
		cmocka_unit_test(flagged_samples_do_not_count),
		cmocka_unit_test(workers_weigh_the_same),
		cmocka_unit_test(unknown_window_has_no_throughput),
		cmocka_unit_test(equal_values_have_no_spread),
		cmocka_unit_test(outliers_are_counted_not_dropped),
		cmocka_unit_test(labels_count_but_do_not_exclude),
		cmocka_unit_test(phases_are_apart),
		cmocka_unit_test(a_worker_without_samples_fails_the_case),
		cmocka_unit_test(a_clock_that_stood_still_fails_the_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
