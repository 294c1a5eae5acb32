// SPDX-License-Identifier: GPL-2.0
#include "judge_pair.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "stats.h"

/* Fill in all that follows from estimate, standard error and degrees of freedom. */
static void conclude(struct kb_judgement *judgement, double error, double freedom,
		     const struct kb_rules *rules)
{
	double alpha = 1 - rules->confidence;
	double outer = gsl_cdf_tdist_Qinv(alpha / 2, freedom);
	double inner = gsl_cdf_tdist_Qinv(alpha, freedom);
	double d = judgement->difference;

	judgement->interval[0] = d - outer * error;
	judgement->interval[1] = d + outer * error;
	judgement->inner[0] = d - inner * error;
	judgement->inner[1] = d + inner * error;
	judgement->detectable = rules->delta +
				(outer + gsl_cdf_tdist_Pinv(rules->power, freedom)) * error;
	/* Boots that agree to the last digit leave no doubt. */
	judgement->p = error > 0 ? 2 * gsl_cdf_tdist_Q(fabs(d) / error, freedom) : d == 0;
	judgement->differs = judgement->interval[0] > 0 || judgement->interval[1] < 0;
	judgement->known = true;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The median of @nr values, which are sorted in place. */
static double median_of(double *values, size_t nr)
{
	qsort(values, nr, sizeof(*values), by_value);
	return kb_median(values, nr);
}

/*
 * Hodges and Lehmann's estimate of a shift: the median of all differences (Ann. Math. Statist. 34
 * (1963), 598-611). NaN: no memory.
 */
static double shift_unpaired(const double *a, size_t nr_a, const double *b, size_t nr_b)
{
	double *all = malloc(nr_a * nr_b * sizeof(*all)), shift = NAN;

	if (!all)
		return NAN;
	for (size_t i = 0; i < nr_a; i++)
		for (size_t j = 0; j < nr_b; j++)
			all[i * nr_b + j] = b[j] - a[i];
	shift = median_of(all, nr_a * nr_b);
	free(all);
	return shift;
}

/* Of one sample: the median of all means of two of its values. */
static double shift_paired(const double *differences, size_t nr)
{
	double *all = malloc(nr * (nr + 1) / 2 * sizeof(*all)), shift;
	size_t n = 0;

	if (!all)
		return NAN;
	for (size_t i = 0; i < nr; i++)
		for (size_t j = i; j < nr; j++)
			all[n++] = (differences[i] + differences[j]) / 2;
	shift = median_of(all, n);
	free(all);
	return shift;
}

static void check_robust(struct kb_judgement *judgement, double shift)
{
	judgement->robust_disagrees = shift < judgement->interval[0] ||
				      shift > judgement->interval[1];
}

void kb_judge_unpaired(struct kb_judgement *judgement, const double *a, size_t nr_a,
		       const double *b, size_t nr_b, const struct kb_rules *rules)
{
	double mean_a = gsl_stats_mean(a, 1, nr_a), mean_b = gsl_stats_mean(b, 1, nr_b);
	double part_a, part_b, error, freedom = 1;

	*judgement = (struct kb_judgement){ .difference = mean_b - mean_a, .p = NAN };
	if (nr_a < 2 || nr_b < 2)
		return;
	part_a = gsl_stats_variance_m(a, 1, nr_a, mean_a) / (double)nr_a;
	part_b = gsl_stats_variance_m(b, 1, nr_b, mean_b) / (double)nr_b;
	error = sqrt(part_a + part_b);
	if (error > 0)
		freedom = (part_a + part_b) * (part_a + part_b) /
			  (part_a * part_a / (double)(nr_a - 1) +
			   part_b * part_b / (double)(nr_b - 1));
	conclude(judgement, error, freedom, rules);
	check_robust(judgement, shift_unpaired(a, nr_a, b, nr_b));
}

void kb_judge_paired(struct kb_judgement *judgement, const double *a, const double *b, size_t nr,
		     const struct kb_rules *rules)
{
	double *differences = malloc((nr + !nr) * sizeof(*differences));

	*judgement = (struct kb_judgement){ .p = NAN };
	for (size_t i = 0; differences && i < nr; i++)
		differences[i] = b[i] - a[i];
	if (differences && nr)
		judgement->difference = gsl_stats_mean(differences, 1, nr);
	if (differences && nr >= 2) {
		conclude(judgement, gsl_stats_sd(differences, 1, nr) / sqrt((double)nr),
			 (double)(nr - 1), rules);
		check_robust(judgement, shift_paired(differences, nr));
	}
	free(differences);
}

enum kb_verdict kb_verdict(const struct kb_judgement *judgement, double p_adjusted,
			   const struct kb_rules *rules)
{
	bool alarm = p_adjusted <= 1 - rules->confidence;

	if (!judgement->known)
		return KB_INCONCLUSIVE;
	if (alarm && judgement->interval[0] > rules->delta)
		return KB_REGRESSED;
	if (alarm && judgement->interval[1] < -rules->delta)
		return KB_IMPROVED;
	if (judgement->inner[0] >= -rules->delta && judgement->inner[1] <= rules->delta)
		return KB_EQUIVALENT;
	return KB_INCONCLUSIVE;
}

const char *kb_verdict_name(enum kb_verdict verdict)
{
	static const char *const names[] = {
		[KB_INCONCLUSIVE] = "inconclusive", [KB_REGRESSED] = "regressed",
		[KB_IMPROVED] = "improved", [KB_EQUIVALENT] = "equivalent",
	};

	return names[verdict];
}

/** struct ranked - a p value and its place */
struct ranked {
	double	p;
	size_t	index;
};

static int by_p(const void *a, const void *b)
{
	return by_value(&((const struct ranked *)a)->p, &((const struct ranked *)b)->p);
}

/* Those that were tested, smallest first; @adjusted gets the others. NULL: no memory. */
static struct ranked *rank(double *adjusted, const double *p, size_t nr, size_t *nr_tested)
{
	struct ranked *ranked = malloc((nr + 1) * sizeof(*ranked));

	*nr_tested = 0;
	for (size_t i = 0; ranked && i < nr; i++) {
		adjusted[i] = p[i];
		if (!isnan(p[i]))
			ranked[(*nr_tested)++] = (struct ranked){ p[i], i };
	}
	if (ranked)
		qsort(ranked, *nr_tested, sizeof(*ranked), by_p);
	return ranked;
}

int kb_adjust_bh(double *adjusted, const double *p, size_t nr)
{
	size_t n;
	struct ranked *ranked = rank(adjusted, p, nr, &n);
	double least = 1;

	if (!ranked)
		return -1;
	for (size_t i = n; i-- > 0; ) {
		least = fmin(least, ranked[i].p * (double)n / (double)(i + 1));
		adjusted[ranked[i].index] = least;
	}
	free(ranked);
	return 0;
}

int kb_adjust_holm(double *adjusted, const double *p, size_t nr)
{
	size_t n;
	struct ranked *ranked = rank(adjusted, p, nr, &n);
	double most = 0;

	if (!ranked)
		return -1;
	for (size_t i = 0; i < n; i++) {
		most = fmax(most, fmin(1, ranked[i].p * (double)(n - i)));
		adjusted[ranked[i].index] = most;
	}
	free(ranked);
	return 0;
}
