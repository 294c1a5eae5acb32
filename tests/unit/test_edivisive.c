// SPDX-License-Identifier: GPL-2.0
/*
 * Change points. The statistics are R's (4.2), which has the mean over all pairs in dist():
 *
 *	Q <- function(x, y) { n <- length(x); m <- length(y)
 *	  (2 * mean(abs(outer(x, y, "-"))) - mean(dist(x)) - mean(dist(y))) * m * n / (m + n) }
 *	sapply(2:12, function(t) Q(v[1:t], v[-(1:t)]))
 *
 * The exact p is a count over all 5040 orders, with the same Q, in Python's itertools. Then a
 * simulation: how often is a change found where there is none, and where there is one?
 */
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>

#include "edivisive.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define MOST_VALUES	200

static const struct kb_permutations permutations = { .most = 999, .enough = 10, .seed = 1 };

static const double steps[] = { 0.10, 0.12, 0.09, 0.11, 0.13, 0.10, 0.14, 0.17, 0.15, 0.16, 0.18,
				0.15, 0.14, 0.16 };
static const double digits[] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9 };

static void close_to(double got, double wanted)
{
	if (!(fabs(got - wanted) <= 1e-12 * fmax(1, fabs(wanted))))
		fail_msg("%.15g, wanted %.15g", got, wanted);
}

/* The next change point of @nr values in groups of @size. */
static int next_of(struct kb_change *next, const double *values, size_t nr, size_t size,
		   const struct kb_change *known, size_t nr_known,
		   const struct kb_permutations *how)
{
	size_t starts[MOST_VALUES + 1], groups = nr / size;
	struct kb_course course = { values, starts, groups };

	assert_true(nr <= MOST_VALUES && nr % size == 0);
	for (size_t i = 0; i <= groups; i++)
		starts[i] = i * size;
	return kb_edivisive_next(next, &course, known, nr_known, how);
}

static void statistics_are_those_of_the_formula(void **state)
{
	struct kb_change next;

	(void)state;
	assert_int_equal(next_of(&next, steps, COUNT(steps), 1, NULL, 0, &permutations), 1);
	assert_int_equal(next.at, 6);
	close_to(next.q, 0.209306122448980);
	assert_true(next.p < 0.01);
	assert_int_equal(next_of(&next, digits, COUNT(digits), 1, NULL, 0, &permutations), 1);
	assert_int_equal(next.at, 11);
	close_to(next.q, 14.3111111111111);
}

/* A level far from 0 costs no digits. */
static void far_from_zero(void **state)
{
	double values[COUNT(steps)];
	struct kb_change next;

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++)
		values[i] = steps[i] + 1024;
	assert_int_equal(next_of(&next, values, COUNT(steps), 1, NULL, 0, &permutations), 1);
	assert_int_equal(next.at, 6);
	assert_true(fabs(next.q - 0.209306122448980) < 1e-10);
}

/* best <- every t and every end k: Q(s[1:t], s[(t+1):k]); it is 35.36 at t = 6, k = 10. */
static void what_came_back_is_found(void **state)
{
	static const double bump[] = { 0, 1, 0, 2, 1, 0, 9, 8, 9, 10, 1, 0, 2, 1, 0, 1 };
	struct kb_change next;

	(void)state;
	assert_int_equal(next_of(&next, bump, COUNT(bump), 1, NULL, 0, &permutations), 1);
	assert_int_equal(next.at, 6);
	close_to(next.q, 35.36);
	assert_true(next.p < 0.01);
}

static void groups_are_not_parted(void **state)
{
	struct kb_change next;

	(void)state;
	/* Of 2, 4, ..., 12 it is 6; of 7 there is one place alone. */
	assert_int_equal(next_of(&next, steps, 14, 2, NULL, 0, &permutations), 1);
	assert_int_equal(next.at, 3);
	close_to(next.q, 0.209306122448980);
	assert_int_equal(next_of(&next, steps, 14, 7, NULL, 0, &permutations), 1);
	assert_int_equal(next.at, 1);
	close_to(next.q, 0.186666666666667);
	assert_int_equal(next_of(&next, steps, 14, 14, NULL, 0, &permutations), 0);
}

static void exact_probability(void **state)
{
	static const double values[] = { 1.0, 1.1, 1.3, 2.0, 2.2, 2.1, 2.5 };
	static const struct kb_permutations many = { .most = 99999, .enough = 99999, .seed = 7 };
	struct kb_change next;

	(void)state;
	assert_int_equal(next_of(&next, values, COUNT(values), 1, NULL, 0, &many), 1);
	assert_int_equal(next.at, 3);
	close_to(next.q, 2.85714285714286);
	print_message("# p %.5f, of all orders 288 / 5040 = 0.05714\n", next.p);
	assert_true(fabs(next.p - 288.0 / 5040) < 0.003);
}

static void ends_early_with_the_same_mind(void **state)
{
	static const struct kb_permutations all = { .most = 4999, .enough = 5000, .seed = 1 };
	struct kb_change early, whole;

	(void)state;
	next_of(&early, digits, COUNT(digits), 1, NULL, 0, &permutations);
	next_of(&whole, digits, COUNT(digits), 1, NULL, 0, &all);
	print_message("# p %.4f, without an early end %.4f\n", early.p, whole.p);
	assert_true(early.p > whole.p / 2 && early.p < whole.p * 2);
}

static void several_changes(void **state)
{
	double values[60];
	struct kb_change known[8];
	size_t nr = 0;

	(void)state;
	/* Levels 0, 5, 2 from 0, 20, 45; a little noise that repeats. */
	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = (i < 20 ? 0 : i < 45 ? 5 : 2) + 0.1 * (double)(i * 7 % 11);
	while (nr < COUNT(known) &&
	       next_of(&known[nr], values, COUNT(values), 1, known, nr, &permutations) == 1 &&
	       known[nr].p <= 0.01)
		nr++;
	assert_int_equal(nr, 2);
	assert_int_equal(known[0].at + known[1].at, 65);
	assert_true(known[0].at == 20 || known[0].at == 45);
}

static void nothing_to_find(void **state)
{
	static const double same[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	struct kb_change next;

	(void)state;
	assert_int_equal(next_of(&next, same, COUNT(same), 1, NULL, 0, &permutations), 1);
	close_to(next.p, 1);
	/* Two a side is the least. */
	assert_int_equal(next_of(&next, same, 3, 1, NULL, 0, &permutations), 0);
	assert_int_equal(next_of(&next, same, 4, 1, NULL, 0, &permutations), 1);
	assert_int_equal(next_of(&next, same, 0, 1, NULL, 0, &permutations), 0);
}

#define REPEATS	1000

/* Enough for 5 %. */
static const struct kb_permutations few = { .most = 199, .enough = 10, .seed = 1 };

/** struct course - of a simulation: @results of @boots, from @from up to @to moved by @shift sd */
struct course {
	const char	*name;
	size_t		results;
	size_t		boots;
	size_t		from;
	size_t		to;
	double		shift;
	double		least;
	double		most;
};

/* In how many of 100 series a change is found at 5 %, and at the very place. */
static double simulate(const struct course *course, double *exact)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int found = 0, there = 0;

	gsl_rng_set(random, 20261129);
	for (int i = 0; i < REPEATS; i++) {
		double values[MOST_VALUES];
		struct kb_change next;

		for (size_t v = 0; v < course->results * course->boots; v++) {
			size_t result = v / course->boots;

			values[v] = gsl_ran_gaussian(random, 0.01);
			if (result >= course->from && result < course->to)
				values[v] += 0.01 * course->shift;
		}
		next_of(&next, values, course->results * course->boots, course->boots, NULL, 0,
			&few);
		found += next.p <= 0.05;
		there += next.p <= 0.05 && (next.at == course->from || next.at == course->to);
	}
	gsl_rng_free(random);
	*exact = 100.0 * there / REPEATS;
	return 100.0 * found / REPEATS;
}

static void alarms_at_the_promised_rate(void **state)
{
	static const struct course all[] = {
		{ "10 results, no change", 10, 1, 0, 0, 0, 3, 7 },
		{ "20 results, no change", 20, 1, 0, 0, 0, 3, 7 },
		{ "100 results, no change", 100, 1, 0, 0, 0, 3, 7 },
		{ "5 results of 10 boots, no change", 5, 10, 0, 0, 0, 3, 7 },
		{ "10 results, 3 sigma at the 6th", 10, 1, 5, 10, 3, 80, 100 },
		{ "20 results, 3 sigma at the 11th", 20, 1, 10, 20, 3, 95, 100 },
		{ "20 results, 3 sigma at the 18th", 20, 1, 17, 20, 3, 60, 100 },
		{ "20 results, 3 sigma from the 8th to the 13th", 20, 1, 7, 13, 3, 70, 100 },
		{ "20 results, 1 sigma at the 11th", 20, 1, 10, 20, 1, 20, 100 },
		{ "5 results of 10 boots, 1 sigma at the 3rd", 5, 10, 2, 5, 1, 60, 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		double there, found = simulate(&all[i], &there);

		print_message("# %-46s found in %5.1f %%, at the place in %5.1f %%\n", all[i].name,
			      found, there);
		assert_true(found >= all[i].least && found <= all[i].most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statistics_are_those_of_the_formula),
		cmocka_unit_test(far_from_zero),
		cmocka_unit_test(what_came_back_is_found),
		cmocka_unit_test(groups_are_not_parted),
		cmocka_unit_test(exact_probability),
		cmocka_unit_test(ends_early_with_the_same_mind),
		cmocka_unit_test(several_changes),
		cmocka_unit_test(nothing_to_find),
		cmocka_unit_test(alarms_at_the_promised_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
