// SPDX-License-Identifier: GPL-2.0
/*
 * What is said of series that are known, since they are made here. The generator is seeded, so the
 * rates are the same in every run.
 */
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

#include "steady.h"

#define MANY	2000
#define MOST	65536

typedef double (*noise_fn)(gsl_rng *rng);

static gsl_rng *rng;

static int make_rng(void **state)
{
	(void)state;
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	return rng ? 0 : -1;
}

static int free_rng(void **state)
{
	(void)state;
	gsl_rng_free(rng);
	return 0;
}

/* Noise about a level of 100, as batches show it and worse. */

static double normal(gsl_rng *r)
{
	return 100 + gsl_ran_gaussian(r, 2);
}

static double heavy_tail(gsl_rng *r)
{
	return 100 + fabs(gsl_ran_cauchy(r, 2));
}

static double lognormal(gsl_rng *r)
{
	return 100 * gsl_ran_lognormal(r, 0, 1);
}

/* An interrupt hits one batch in five. */
static double two_levels(gsl_rng *r)
{
	return 100 + (gsl_rng_uniform(r) < 0.2 ? 20 : 0) + gsl_ran_gaussian(r, 1);
}

static double coarse(gsl_rng *r)
{
	return 100 + floor(gsl_ran_gaussian(r, 1));
}

static const noise_fn noises[] = { normal, heavy_tail, lognormal, two_levels, coarse };

#define NR_NOISES	(sizeof(noises) / sizeof(noises[0]))

/* How many of MANY series of @nr values, made by turns of each noise, are said to change. */
static size_t alarms(size_t nr, double similar)
{
	double values[256];
	size_t found = 0;

	gsl_rng_set(rng, 1);
	for (size_t i = 0; i < MANY; i++) {
		double state = 0;
		size_t begin;
		int ret;

		for (size_t j = 0; j < nr; j++) {
			state = similar * state + gsl_ran_gaussian(rng, 1);
			values[j] = similar > 0 ? 100 + state : noises[i % NR_NOISES](rng);
		}
		ret = kb_steady_find(values, nr, 1, &begin);
		assert_true(ret >= 0);
		found += !ret || begin;
	}
	return found;
}

static void noise_is_steady(void **state)
{
	static const size_t lengths[] = { 12, 32, 100, 256 };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t found = alarms(lengths[i], 0);

		if (found >= KB_STEADY_ALARM * MANY)
			fail_msg("%zu of %d series of %zu are said to change", found, MANY,
				 lengths[i]);
	}
}

/* Neighbours that resemble each other (correlation 0.3, 0.6) are no change either. */
static void noise_with_memory_is_steady(void **state)
{
	(void)state;
	assert_true(alarms(32, 0.3) < 0.06 * MANY);
	assert_true(alarms(100, 0.3) < 0.06 * MANY);
	assert_true(alarms(100, 0.6) < 0.08 * MANY);
}

/* @shape: what is added to value @i of @nr, in standard deviations of the noise */
static double power(size_t nr, double (*shape)(size_t i, size_t nr), int wanted, size_t first,
		    size_t last)
{
	double values[256];
	size_t found = 0;

	gsl_rng_set(rng, 2);
	for (size_t i = 0; i < MANY; i++) {
		size_t begin;

		for (size_t j = 0; j < nr; j++)
			values[j] = normal(rng) + 2 * shape(j, nr);
		if (kb_steady_find(values, nr, 1, &begin) == wanted)
			found += !wanted || (begin >= first && begin <= last);
	}
	return (double)found / MANY;
}

static double slow_begin(size_t i, size_t nr)
{
	return i < nr * 3 / 16 ? 5 : 0;
}

static double settles(size_t i, size_t nr)
{
	return 10 * exp(-10 * (double)i / (double)nr);
}

static double shifts_late(size_t i, size_t nr)
{
	return i >= nr * 11 / 16 ? 5 : 0;
}

static double drifts(size_t i, size_t nr)
{
	return 10 * (double)i / (double)nr;
}

static void warm_up_is_found(void **state)
{
	(void)state;
	assert_true(power(32, slow_begin, 1, 5, 7) > 0.8);
	assert_true(power(96, slow_begin, 1, 17, 19) > 0.9);
	assert_true(power(32, settles, 1, 3, 12) > 0.8);
	assert_true(power(256, settles, 1, 30, 100) > 0.75);
}

static void no_steady_state_is_found(void **state)
{
	(void)state;
	assert_true(power(32, shifts_late, 0, 0, 0) > 0.9);
	assert_true(power(96, shifts_late, 0, 0, 0) > 0.99);
	assert_true(power(96, drifts, 0, 0, 0) > 0.9);
}

static void assert_begins(const double *values, size_t nr, size_t nr_tests, int wanted,
			  size_t wanted_begin)
{
	size_t begin = SIZE_MAX;

	assert_int_equal(kb_steady_find(values, nr, nr_tests, &begin), wanted);
	if (wanted)
		assert_int_equal(begin, wanted_begin);
}

static void exact_series(void **state)
{
	double values[32];

	(void)state;
	for (size_t i = 0; i < 32; i++)
		values[i] = 7;
	assert_begins(values, 32, 1, 1, 0);
	assert_begins(values, 1, 1, 1, 0);
	assert_begins(values, 0, 1, 1, 0);
	/* One outlier, wherever it is, and three at the begin are too little to say so. */
	for (size_t i = 0; i < 32; i++) {
		values[i] = 7e6;
		assert_begins(values, 32, 1, 1, 0);
		values[i] = 7;
	}
	for (size_t i = 0; i < 3; i++)
		values[i] = 70;
	assert_begins(values, 32, 1, 1, 0);
	for (size_t i = 0; i < 8; i++)
		values[i] = 70;
	assert_begins(values, 32, 1, 1, 8);
	/* Too few to be sure of it. */
	assert_begins(values, 11, 1, 1, 0);
	/* A difference that does not matter. */
	for (size_t i = 0; i < 8; i++)
		values[i] = 7.03;
	assert_begins(values, 32, 1, 1, 0);
	/* It ends steadily at a third level, but that is too late. */
	for (size_t i = 0; i < 32; i++)
		values[i] = i < 8 ? 70 : i < 20 ? 50 : 7;
	assert_begins(values, 32, 1, 0, 0);
	/* The half is early enough. */
	for (size_t i = 0; i < 32; i++)
		values[i] = i < 16 ? 70 : 7;
	assert_begins(values, 32, 1, 1, 16);
	for (size_t i = 0; i < 32; i++)
		values[i] = i < 17 ? 70 : 7;
	assert_begins(values, 32, 1, 0, 0);
	/* Among many series of a case, one needs more to stand out. */
	for (size_t i = 0; i < 32; i++)
		values[i] = i < 6 ? 70 : 7;
	assert_begins(values, 32, 1, 1, 6);
	assert_begins(values, 32, 1000, 1, 0);
}

static void long_series(void **state)
{
	double *values = malloc(MOST * sizeof(*values));

	(void)state;
	assert_non_null(values);
	gsl_rng_set(rng, 3);
	for (size_t i = 0; i < MOST; i++)
		values[i] = heavy_tail(rng) * (i < 12800 ? 1.1 : 1);
	/* Exact to a piece: 65536 / 512 values. */
	assert_begins(values, MOST, 8, 1, 12800);
	for (size_t i = 0; i < 1000; i++)
		values[i] = i < 200 ? 30 : 20;
	/* 200 values of 1000 end within piece 102, which has values 199 and 200. */
	assert_begins(values, 1000, 1, 1, 201);
	free(values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_is_steady),
		cmocka_unit_test(noise_with_memory_is_steady),
		cmocka_unit_test(warm_up_is_found),
		cmocka_unit_test(no_steady_state_is_found),
		cmocka_unit_test(exact_series),
		cmocka_unit_test(long_series),
	};

	return cmocka_run_group_tests_name("steady", tests, make_rng, free_rng);
}
