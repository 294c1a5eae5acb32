// SPDX-License-Identifier: GPL-2.0
/*
 * How often rules in use call two identical kernels different, simulated, with kbench's beside
 * them: boots of a kernel differ by 1 %, samples of a boot by 0.5 %, 30 samples a boot. Printed,
 * never judged: it is no test.
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "judge_pair.h"

#define REPEATS		10000
#define SAMPLES		30
#define MOST_BOOTS	30
#define TEN_BOOTS	10
#define LEAST_BOOTS	6
#define BETWEEN		0.01
#define WITHIN		0.005
#define DRIFT		0.03
#define EFFECT		0.02
#define SEED		1

/** struct side - logarithms: of all samples, of the boots' means */
struct side {
	double	samples[MOST_BOOTS * SAMPLES];
	double	boots[MOST_BOOTS];
	size_t	nr_boots;
};

static const struct kb_rules rules = { .confidence = 0.95, .power = 0.8 };

static size_t nr_samples(const struct side *side)
{
	return side->nr_boots * SAMPLES;
}

/* @level: of the boot that is made */
static void add_boot(struct side *side, double level, gsl_rng *random)
{
	double *samples = side->samples + nr_samples(side);

	level += gsl_ran_gaussian(random, BETWEEN);
	for (size_t i = 0; i < SAMPLES; i++)
		samples[i] = level + gsl_ran_gaussian(random, WITHIN);
	side->boots[side->nr_boots++] = gsl_stats_mean(samples, 1, SAMPLES);
}

/* Normal approximation, two-sided. */
static bool mann_whitney(const double *a, size_t n, const double *b, size_t m)
{
	double below = 0, mean = (double)(n * m) / 2;
	double deviation = sqrt((double)(n * m * (n + m + 1)) / 12);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			below += (a[i] < b[k]) + 0.5 * (a[i] == b[k]);
	return fabs(below - mean) / deviation > gsl_cdf_ugaussian_Pinv(0.975);
}

static double median(const double *values, size_t nr)
{
	double sorted[MOST_BOOTS * SAMPLES];

	memcpy(sorted, values, nr * sizeof(*values));
	gsl_sort(sorted, 1, nr);
	return gsl_stats_median_from_sorted_data(sorted, 1, nr);
}

static bool pooled(const struct side *a, const struct side *b)
{
	return mann_whitney(a->samples, nr_samples(a), b->samples, nr_samples(b));
}

static bool pooled_beyond_one_percent(const struct side *a, const struct side *b)
{
	double change = median(b->samples, nr_samples(b)) - median(a->samples, nr_samples(a));

	return fabs(expm1(change)) > 0.01 && pooled(a, b);
}

/* What there is one value of a boot of; with a single boot, its samples. */
static const double *values_of(const struct side *side, size_t *nr)
{
	*nr = side->nr_boots > 1 ? side->nr_boots : SAMPLES;
	return side->nr_boots > 1 ? side->boots : side->samples;
}

static bool outside(const double *a, size_t n, const double *b, size_t m)
{
	return median(b, m) > gsl_stats_max(a, 1, n) && median(a, n) < gsl_stats_min(b, 1, m);
}

/* Each side's median lies beyond the other's range. */
static bool ranges(const struct side *a, const struct side *b)
{
	size_t n, m;
	const double *x = values_of(a, &n), *y = values_of(b, &m);

	return outside(x, n, y, m) || outside(y, m, x, n);
}

static bool bars_apart(const struct side *a, const struct side *b)
{
	size_t n, m;
	const double *x = values_of(a, &n), *y = values_of(b, &m);
	double z = gsl_cdf_ugaussian_Pinv(0.975);
	double distance = fabs(gsl_stats_mean(x, 1, n) - gsl_stats_mean(y, 1, m));

	return distance > z * (gsl_stats_sd(x, 1, n) + gsl_stats_sd(y, 1, m));
}

static bool kbench_unpaired(const struct side *a, const struct side *b)
{
	struct kb_judgement judgement;

	kb_judge_unpaired(&judgement, a->boots, a->nr_boots, b->boots, b->nr_boots, &rules);
	return judgement.known && judgement.differs;
}

static bool kbench_paired(const struct side *a, const struct side *b)
{
	struct kb_judgement judgement;

	kb_judge_paired(&judgement, a->boots, b->boots, a->nr_boots, &rules);
	return judgement.known && judgement.differs;
}

/** struct course - in which order boots come while the machine drifts by @drift in all */
struct course {
	size_t	boots;
	double	effect;
	double	drift;
	bool	interleaved;
};

static void make(struct side *a, struct side *b, const struct course *course, gsl_rng *random)
{
	size_t all = 2 * course->boots;

	a->nr_boots = b->nr_boots = 0;
	for (size_t i = 0; i < all; i++) {
		double level = course->drift * (double)i / (double)all;
		bool turn = course->interleaved ? i % 2 : i >= course->boots;

		/* Of a pair either may come first. */
		if (course->interleaved && i % 2 == 0 && gsl_rng_uniform(random) < 0.5) {
			add_boot(b, level + course->effect, random);
			add_boot(a, level + course->drift / (double)all, random);
			i++;
		} else if (turn) {
			add_boot(b, level + course->effect, random);
		} else {
			add_boot(a, level, random);
		}
	}
}

/* Percent of experiments in which @rule says that they differ. */
static double rate(bool (*rule)(const struct side *a, const struct side *b),
		   const struct course *course)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int alarms = 0;
	struct side a, b;

	gsl_rng_set(random, SEED);
	for (int i = 0; i < REPEATS; i++) {
		make(&a, &b, course, random);
		alarms += rule(&a, &b);
	}
	gsl_rng_free(random);
	return 100.0 * alarms / REPEATS;
}

/* Pairs of boots until half of the interval is below @until, as kbench run --until does. */
static void print_until(double until)
{
	static const struct course most = { .boots = MOST_BOOTS, .interleaved = true };
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned int alarms = 0;
	size_t boots = 0;

	gsl_rng_set(random, SEED);
	for (int i = 0; i < REPEATS; i++) {
		struct kb_judgement judgement;
		struct side a, b;
		size_t n = LEAST_BOOTS - 1;

		make(&a, &b, &most, random);
		do {
			n++;
			kb_judge_paired(&judgement, a.boots, b.boots, n, &rules);
		} while (n < MOST_BOOTS &&
			 expm1((judgement.interval[1] - judgement.interval[0]) / 2) > until);
		alarms += judgement.differs;
		boots += n;
	}
	gsl_rng_free(random);
	printf("kbench run --until %.1f %%: %.1f %%, after %.1f boots of each on the average\n",
	       100 * until, 100.0 * alarms / REPEATS, (double)boots / REPEATS);
}

static void print_rule(const char *name, bool (*rule)(const struct side *a, const struct side *b),
		       bool single)
{
	static const struct course one = { .boots = 1 }, ten = { .boots = TEN_BOOTS };
	static const struct course slower = { .boots = TEN_BOOTS, .effect = EFFECT };

	printf("%-52s", name);
	if (single)
		printf("%9.1f %%", rate(rule, &one));
	else
		printf("%11s", "no verdict");
	printf("%11.1f %%%14.1f %%\n", rate(rule, &ten), rate(rule, &slower));
}

int main(void)
{
	static const struct course in_turn = { .boots = TEN_BOOTS, .drift = DRIFT };
	static const struct course pairs = {
		.boots = TEN_BOOTS, .drift = DRIFT, .interleaved = true,
	};

	printf("%-52s%11s%13s%16s\n", "identical kernels are called different, by rule",
	       "1 boot", "10 boots", "found at +2 %");
	print_rule("Mann-Whitney test on pooled samples", pooled, true);
	print_rule("the same, changes above 1 % only", pooled_beyond_one_percent, true);
	print_rule("medians beyond the other side's range", ranges, true);
	print_rule("bars of mean +- 1.96 sd that do not meet", bars_apart, true);
	print_rule("kbench compare, boots in any order (Welch)", kbench_unpaired, false);
	print_rule("kbench compare, boots in pairs", kbench_paired, false);
	printf("the machine drifts by 3 %%, all of one kernel first: %.1f %%; boots in random "
	       "pairs: %.1f %%\n", rate(kbench_unpaired, &in_turn), rate(kbench_paired, &pairs));
	print_until(0.005);
	print_until(0.01);
	print_until(0.02);
	return 0;
}
