// SPDX-License-Identifier: GPL-2.0
/*
 * Estimates against values worked out by hand; the derivation stands beside each. Figures
 * chosen so that doubles hold them exactly are compared exactly, others to 1 in 10^12.
 */
#include <math.h>
#include <stdlib.h>

#include "numbers.h"
#include "stats.h"

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

static void median_of_few(void **state)
{
	const double values[] = { 1, 2, 4, 8, 16 };

	(void)state;
	assert_same(kb_median(values, 1), 1);
	assert_same(kb_median(values, 2), 1.5);
	assert_same(kb_median(values, 3), 2);
	assert_same(kb_median(values, 4), 3);
	assert_same(kb_median(values, 5), 4);
}

/*
 * Type 7 lies at (n - 1) q from the first. Of five values: 0.9 at 3.6, so 8 + 0.6 * 8; 0.99 at
 * 3.96; 0.999 at 3.996; 0.3 at 1.2, so 2 + 0.2 * 2.
 */
static void quantile_type_7(void **state)
{
	const double equal[] = { 1.8480856869370466, 1.8480856869370466, 1.8480856869370466,
				 1.8480856869370466, 1.8480856869370466, 1.8480856869370466,
				 1.8480856869370466, 1.8480856869370466 };
	const double values[] = { 1, 2, 4, 8, 16 };

	(void)state;
	assert_same(kb_quantile(values, 5, 0), 1);
	assert_same(kb_quantile(values, 5, 1), 16);
	assert_same(kb_quantile(values, 5, 0.5), 4);
	assert_close(kb_quantile(values, 5, 0.9), 12.8);
	assert_close(kb_quantile(values, 5, 0.99), 15.68);
	assert_close(kb_quantile(values, 5, 0.999), 15.968);
	assert_close(kb_quantile(values, 5, 0.3), 2.4);
	assert_same(kb_quantile(values, 1, 0.9), 1);
	/* Between equal values lies nothing else. */
	for (int i = 1; i < 1000; i++)
		assert_same(kb_quantile(equal, 8, i / 1000.0), equal[0]);
}

/*
 * The rank k is the largest with sum of C(n, i) for i < k at most 2.5 % of 2^n; counted with
 * exact fractions: n = 6 has 1/64 = 1.6 % for k = 1 and 7/64 for k = 2, n = 5 has 1/32 = 3.1 %
 * already for k = 1.
 */
static void interval_ranks(void **state)
{
	static const struct {
		size_t	n, rank;
	} table[] = {
		{ 6, 1 }, { 8, 1 }, { 9, 2 }, { 11, 2 }, { 12, 3 }, { 15, 4 }, { 17, 5 }, { 20, 6 },
		{ 23, 7 }, { 25, 8 }, { 30, 10 }, { 32, 10 }, { 64, 24 }, { 100, 40 },
		{ 1000, 469 }, { 65536, 32517 },
	};
	double *values = calloc(65536, sizeof(*values)), interval[2];

	(void)state;
	assert_non_null(values);
	for (size_t i = 0; i < 65536; i++)
		values[i] = (double)(i + 1);
	for (size_t i = 0; i < LENGTH(table); i++) {
		kb_median_interval(values, table[i].n, interval);
		assert_same(interval[0], (double)table[i].rank);
		assert_same(interval[1], (double)(table[i].n + 1 - table[i].rank));
	}
	free(values);
}

static void interval_of_few_is_the_range(void **state)
{
	const double values[] = { 1, 2, 4, 8, 16 };
	double interval[2];

	(void)state;
	for (size_t n = 1; n <= 5; n++) {
		kb_median_interval(values, n, interval);
		assert_same(interval[0], 1);
		assert_same(interval[1], values[n - 1]);
	}
}

/* Mean 6.2; squared deviations 27.04 + 17.64 + 4.84 + 3.24 + 96.04 = 148.8, over 4: 37.2. */
static void estimate_of_values(void **state)
{
	const double values[] = { 1, 2, 4, 8, 16 };
	struct kb_estimate estimate = { 0 };

	(void)state;
	kb_estimate_values(&estimate, values, 5);
	assert_int_equal(estimate.n, 5);
	assert_close(estimate.mean, 6.2);
	assert_close(estimate.stddev, sqrt(37.2));
	assert_same(estimate.min, 1);
	assert_same(estimate.max, 16);
	kb_estimate_values(&estimate, values, 1);
	assert_same(estimate.stddev, 0);
	assert_same(estimate.p99_9, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_of_few),
		cmocka_unit_test(quantile_type_7),
		cmocka_unit_test(interval_ranks),
		cmocka_unit_test(interval_of_few_is_the_range),
		cmocka_unit_test(estimate_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
