// SPDX-License-Identifier: GPL-2.0
#include "steady.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Points that are looked at; more values are first condensed to as many. */
#define MAX_POINTS	512
/* Fewer show nothing at a level that is worth a word. */
#define MIN_POINTS	12
/* The shorter side of a cut. */
#define MIN_SIDE	3
/* Noise that is more like its neighbours than this is a drift. */
#define MAX_CORRELATION	0.8

/* A cut before point @at, and its statistic. */
struct cut {
	size_t	at;
	double	z;
};

/* Ranks from 1; equal values share the mean of theirs. */
static void rank(double *ranks, const double *points, size_t nr)
{
	size_t order[MAX_POINTS];

	gsl_sort_index(order, points, 1, nr);
	for (size_t i = 0, end; i < nr; i = end) {
		for (end = i + 1; end < nr && points[order[end]] <= points[order[i]]; end++)
			;
		for (size_t j = i; j < end; j++)
			ranks[order[j]] = (double)(i + end + 1) / 2;
	}
}

static struct cut best_cut(const double *ranks, size_t nr)
{
	struct cut best = { 0, 0 };
	double n = (double)nr, sum = 0;

	for (size_t k = 1; k + MIN_SIDE <= nr; k++) {
		double left = (double)k, z;

		sum += ranks[k - 1];
		if (k < MIN_SIDE)
			continue;
		z = fabs(sum - left * (n + 1) / 2) / sqrt(left * (n - left) * (n + 1) / 12);
		if (z > best.z)
			best = (struct cut){ k, z };
	}
	return best;
}

static double sum_squares(const double *values, size_t nr)
{
	double sum = 0;

	for (size_t i = 0; i < nr; i++)
		sum += values[i] * values[i];
	return sum;
}

/* What is left of @nr values beside the line that fits them best. */
static void take_off_line(double *rest, const double *values, size_t nr)
{
	double middle = ((double)nr - 1) / 2, mean = 0, slope = 0, squares = 0;

	for (size_t i = 0; i < nr; i++)
		mean += values[i] / (double)nr;
	for (size_t i = 0; i < nr; i++) {
		double x = (double)i - middle;

		slope += x * values[i];
		squares += x * x;
	}
	for (size_t i = 0; i < nr; i++)
		rest[i] = values[i] - mean - slope / squares * ((double)i - middle);
}

/* What is left of them beside their means before and after the step that fits them best. */
static void take_off_step(double *rest, const double *values, size_t nr)
{
	double whole = 0, sum = 0, best = -1, left = 0, right = 0;
	size_t at = 0;

	for (size_t i = 0; i < nr; i++)
		whole += values[i];
	for (size_t k = 1; k + MIN_SIDE <= nr; k++) {
		double n = (double)k, m = (double)(nr - k), fits;

		sum += values[k - 1];
		fits = sum * sum / n + (whole - sum) * (whole - sum) / m;
		if (k < MIN_SIDE || fits <= best)
			continue;
		best = fits;
		at = k;
		left = sum / n;
		right = (whole - sum) / m;
	}
	for (size_t i = 0; i < nr; i++)
		rest[i] = values[i] - (i < at ? left : at ? right : whole / (double)nr);
}

/* The noise of one side: beside a line or a step, whichever it is more like. */
static void take_off_shape(double *rest, const double *values, size_t nr)
{
	double other[MAX_POINTS];

	take_off_line(rest, values, nr);
	take_off_step(other, values, nr);
	if (sum_squares(other, nr) < sum_squares(rest, nr))
		memcpy(rest, other, nr * sizeof(*rest));
}

/* The correlation of neighbours beside both sides' lines; the estimate is low by some 2 / n. */
static double correlation(const double *ranks, size_t nr, size_t at)
{
	double rest[MAX_POINTS], product = 0, squares = 0, r;

	take_off_shape(rest, ranks, at);
	take_off_shape(rest + at, ranks + at, nr - at);
	for (size_t i = 0; i < nr; i++) {
		squares += rest[i] * rest[i];
		product += i ? rest[i] * rest[i - 1] : 0;
	}
	/* Squares of ranks are whole numbers or so: less is what arithmetic leaves of nothing. */
	r = (squares > 1e-6 ? product / squares : 0) + 2 / (double)nr;
	return GSL_MAX_DBL(0, GSL_MIN_DBL(r, MAX_CORRELATION));
}

/* P(max |Z| >= z) over all cuts of independent points: see steady.h. It is high for small z. */
static double significance(double z, size_t nr)
{
	double edge = (double)MIN_SIDE / (double)nr;

	if (z < 1)
		return 1;
	return gsl_ran_ugaussian_pdf(z) *
	       (4 / z + (z - 1 / z) * 2 * log((1 - edge) / edge));
}

static double median_of(const double *points, size_t nr)
{
	double sorted[MAX_POINTS];

	memcpy(sorted, points, nr * sizeof(*points));
	gsl_sort(sorted, 1, nr);
	return kb_median(sorted, nr);
}

static bool levels_differ(const double *points, size_t nr, size_t at)
{
	double before = median_of(points, at), after = median_of(points + at, nr - at);

	return fabs(before - after) > KB_STEADY_DIFFERENCE * fabs(after);
}

/* Return: where @points change, or 0 */
static size_t find_change(const double *points, size_t nr, size_t nr_tests)
{
	double ranks[MAX_POINTS], r;
	struct cut cut;

	if (nr < MIN_POINTS)
		return 0;
	rank(ranks, points, nr);
	cut = best_cut(ranks, nr);
	if (!cut.at)
		return 0;
	r = correlation(ranks, nr, cut.at);
	cut.z /= sqrt((1 + r) / (1 - r));
	if (significance(cut.z, nr) * (double)nr_tests >= KB_STEADY_ALARM ||
	    !levels_differ(points, nr, cut.at))
		return 0;
	return cut.at;
}

/* The first value of point @i of @nr_points. */
static size_t first_value(size_t i, size_t nr_points, size_t nr)
{
	return i * nr / nr_points;
}

static int condense(double *points, size_t nr_points, const double *values, size_t nr)
{
	double *piece = malloc((nr / nr_points + 2) * sizeof(*piece));

	if (!piece)
		return -1;
	for (size_t i = 0; i < nr_points; i++) {
		size_t first = first_value(i, nr_points, nr);
		size_t length = first_value(i + 1, nr_points, nr) - first;

		memcpy(piece, values + first, length * sizeof(*piece));
		gsl_sort(piece, 1, length);
		points[i] = kb_median(piece, length);
	}
	free(piece);
	return 0;
}

int kb_steady_find(const double *values, size_t nr, size_t nr_tests, size_t *begin)
{
	size_t nr_points = GSL_MIN(nr, MAX_POINTS), from = 0, change;
	double points[MAX_POINTS];

	*begin = 0;
	if (nr < MIN_POINTS)
		return 1;
	if (condense(points, nr_points, values, nr))
		return -1;
	while ((change = find_change(points + from, nr_points - from, nr_tests))) {
		from += change;
		if (2 * from > nr_points)
			return 0;
	}
	*begin = first_value(from, nr_points, nr);
	return 1;
}
