// SPDX-License-Identifier: GPL-2.0
/* Many results: which are one series, in which order, and where their cases change. */
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "history.h"
#include "history_changes.h"

#define LEVEL	0.05

/** struct made - a result in short */
struct made {
	const char	*release;
	const char	*started;
	const char	*machine;
	const char	*fidelity;
};

static json_t *make(const struct made *made)
{
	json_t *result = json_pack(
		"{s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:[], s:[]}",
		"started", made->started, "kernel", "release", made->release, "flavour", "cloud",
		"machine", "arch", "x86_64", "fingerprint", made->machine,
		"environment", "fidelity", made->fidelity, "backend", "lkm", "boots", "cases");

	assert_non_null(result);
	return result;
}

/* One boot of a case. */
static void add_entry(json_t *result, const char *bench, int boot, double median, bool counted)
{
	json_t *entry = json_pack(
		"{s:s, s:s, s:{}, s:s, s:i, s:[i], s:s, s:s, s:i, s:s, s:[], s:{s:f, s:f, s:f}}",
		"suite", "s", "bench", bench, "params", "phase", "", "cpus", 1, "cpu_list", 0,
		"context", "process", "unit", counted ? "insn" : "ns", "boot", boot, "status",
		"ok", "flags", "per_op", "median", median, "mean", median, "min", median);

	assert_non_null(entry);
	json_array_append_new(json_object_get(result, "cases"), entry);
}

static void add(struct kb_history *history, const struct made *made, double median, bool counted)
{
	json_t *result = make(made);

	add_entry(result, "a", 0, median, counted);
	assert_int_equal(kb_history_add(history, made->started, result, NULL, 0), 0);
	json_decref(result);
}

static void series_are_what_can_be_compared(void **state)
{
	static const struct made all[] = {
		{ "6.1", "2026-01", "m", "native" }, { "6.1", "2026-02", "n", "native" },
		{ "6.12", "2026-03", "m", "native" }, { "6.1", "2026-04", "m", "virtual" },
		{ "6.2", "2026-05", "m", "native" }, { "6.1", "2026-06", "n", "native" },
	};
	struct kb_history history = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		add(&history, &all[i], 1, false);
	assert_int_equal(history.nr, 3);
	assert_int_equal(kb_history_finish(&history, KB_HISTORY_AUTO, LEVEL), 0);
	assert_int_equal(history.series[0].nr_results, 3);
	assert_true(history.series[0].by_kernel);
	assert_string_equal(history.series[0].results[0].release, "6.1");
	assert_string_equal(history.series[0].results[1].release, "6.2");
	assert_string_equal(history.series[0].results[2].release, "6.12");
	/* One release alone is followed through time. */
	assert_int_equal(history.series[1].nr_results, 2);
	assert_false(history.series[1].by_kernel);
	kb_history_free(&history);
}

static void counts_change_where_they_differ(void **state)
{
	static const double counts[] = { 20, 20, 20.0009765625, 20.0009765625, 20 };
	struct kb_history history = { 0 };
	const struct kb_history_case *one;

	(void)state;
	/* Added from the last to the first: the order is the date's. */
	for (size_t i = 5; i-- > 0; ) {
		char started[8];
		const struct made made = { "6.1", started, "m", "icount" };

		snprintf(started, sizeof(started), "2026-%zu", i);
		add(&history, &made, counts[i], true);
	}
	assert_int_equal(kb_history_finish(&history, KB_HISTORY_AUTO, LEVEL), 0);
	one = &history.series[0].cases[0];
	assert_true(one->exact && isnan(one->p));
	assert_int_equal(history.series[0].tested, 0);
	assert_int_equal(one->nr_changes, 2);
	assert_int_equal(one->changes[0].at, 2);
	assert_int_equal(one->changes[1].at, 4);
	assert_true(kb_history_estimate(one, 2, 4) == 20.0009765625);
	kb_history_free(&history);
}

static void wanted_cases_alone(void **state)
{
	static char *wanted[] = { "s/b", "s/c 1 CPU" };
	static const char *const benches[] = { "a", "b", "c" };
	static const struct made made[] = { { "6.1", "1", "m", "native" },
					    { "6.1", "2", "m", "native" } };
	struct kb_history history = { 0 };

	(void)state;
	for (size_t r = 0; r < 2; r++) {
		json_t *result = make(&made[r]);

		for (size_t i = 0; i < 3; i++)
			for (int boot = 0; boot < 3; boot++)
				add_entry(result, benches[i], boot, exp(boot), false);
		assert_int_equal(kb_history_add(&history, made[r].started, result, wanted, 2), 0);
		json_decref(result);
	}
	assert_int_equal(kb_history_finish(&history, KB_HISTORY_AUTO, LEVEL), 0);
	assert_int_equal(json_object_size(history.names), 3);
	assert_int_equal(history.series[0].nr, 2);
	assert_string_equal(history.series[0].cases[0].name, "s/b, 1 CPU (process)");
	assert_int_equal(history.series[0].cases[0].starts[2], 6);
	/* The geometric mean of 1, e and e squared. */
	assert_true(fabs(kb_history_estimate(&history.series[0].cases[0], 1, 2) - exp(1)) < 1e-12);
	kb_history_free(&history);
}

static void few_boots_show_nothing(void **state)
{
	(void)state;
	/* 2 orders of the 20 of 3 and 3 boots, of 70, of 252; alone, and among ten. */
	assert_false(kb_history_can_show(6, 1, LEVEL));
	assert_true(kb_history_can_show(8, 1, LEVEL));
	assert_false(kb_history_can_show(10, 10, LEVEL));
	assert_true(kb_history_can_show(12, 10, LEVEL));
	assert_false(kb_history_can_show(3, 1, 0.5));
	/* However many boots there are, 19,999 orders are tried. */
	assert_true(kb_history_can_show(1000, 1000, LEVEL));
	assert_false(kb_history_can_show(1000, 1001, LEVEL));
	assert_true(kb_history_can_show(1000, 200, 0.01));
	assert_false(kb_history_can_show(1000, 201, 0.01));
}

/* Of many cases one changes, by far; which others look so at first is up to chance. */
static void a_lone_change_is_found(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	const size_t nr_cases = 300, nr_results = 20;
	size_t found = 0, nr = 6;

	(void)state;
	gsl_rng_set(random, 20261130);
	for (size_t experiment = 0; experiment < nr; experiment++) {
		struct kb_history history = { 0 };

		for (size_t r = 0; r < nr_results; r++) {
			char started[8], bench[8];
			const struct made made = { "6.1", started, "m", "native" };
			json_t *result;

			snprintf(started, sizeof(started), "%03zu", r);
			result = make(&made);
			for (size_t i = 0; i < nr_cases; i++) {
				double value = gsl_ran_gaussian(random, 0.01);

				if (!i && r >= nr_results / 2)
					value += 0.2;
				snprintf(bench, sizeof(bench), "b%zu", i);
				add_entry(result, bench, 0, exp(value), false);
			}
			assert_int_equal(kb_history_add(&history, started, result, NULL, 0), 0);
			json_decref(result);
		}
		assert_int_equal(kb_history_finish(&history, KB_HISTORY_AUTO, LEVEL), 0);
		assert_int_equal(history.series[0].tested, nr_cases);
		found += history.series[0].cases[0].nr_changes > 0;
		kb_history_free(&history);
	}
	gsl_rng_free(random);
	assert_int_equal(found, nr);
}

#define RESULTS		15
#define CASES		30
#define EXPERIMENTS	400

/* Cases below @changed move by @shift standard deviations at the 9th of 15 results. */
static void experiment(gsl_rng *random, size_t changed, double shift, size_t *right, size_t *wrong)
{
	struct kb_history history = { 0 };

	for (size_t r = 0; r < RESULTS; r++) {
		char started[8], bench[8];
		const struct made made = { "6.1", started, "m", "native" };
		json_t *result;

		snprintf(started, sizeof(started), "%03zu", r);
		result = make(&made);
		for (size_t i = 0; i < CASES; i++) {
			double value = gsl_ran_gaussian(random, 0.01);

			if (i < changed && r >= 8)
				value += 0.01 * shift;
			snprintf(bench, sizeof(bench), "b%zu", i);
			add_entry(result, bench, 0, exp(value), false);
		}
		assert_int_equal(kb_history_add(&history, started, result, NULL, 0), 0);
		json_decref(result);
	}
	assert_int_equal(kb_history_finish(&history, KB_HISTORY_AUTO, LEVEL), 0);
	assert_int_equal(history.series[0].tested, CASES);
	*right = *wrong = 0;
	for (size_t i = 0; i < CASES; i++)
		*(i < changed ? right : wrong) += history.series[0].cases[i].nr_changes > 0;
	kb_history_free(&history);
}

static void many_cases_alarm_no_more_than_one(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	double alarms = 0, found = 0, false_part = 0;
	size_t right, wrong;

	(void)state;
	gsl_rng_set(random, 20261129);
	for (int i = 0; i < EXPERIMENTS; i++) {
		experiment(random, 0, 0, &right, &wrong);
		alarms += wrong > 0;
		experiment(random, 3, 3, &right, &wrong);
		found += (double)right / 3;
		if (wrong)
			false_part += (double)wrong / (double)(right + wrong);
	}
	gsl_rng_free(random);
	print_message("# %d cases over %d results: any alarm without a change in %.1f %%; of 3 "
		      "with 3 sigma %.1f %% are found, and %.1f %% of what is found is false\n",
		      CASES, RESULTS, 100 * alarms / EXPERIMENTS, 100 * found / EXPERIMENTS,
		      100 * false_part / EXPERIMENTS);
	assert_true(alarms / EXPERIMENTS >= 0.01 && alarms / EXPERIMENTS <= 0.09);
	assert_true(false_part / EXPERIMENTS <= 0.1);
	assert_true(found / EXPERIMENTS >= 0.6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(series_are_what_can_be_compared),
		cmocka_unit_test(counts_change_where_they_differ),
		cmocka_unit_test(wanted_cases_alone),
		cmocka_unit_test(few_boots_show_nothing),
		cmocka_unit_test(a_lone_change_is_found),
		cmocka_unit_test(many_cases_alarm_no_more_than_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
