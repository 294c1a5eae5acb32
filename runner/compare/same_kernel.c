// SPDX-License-Identifier: GPL-2.0
#include "same_kernel.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "comparison.h"
#include "gather.h"
#include "stats.h"
#include "table.h"

/* Two a side is the least that has a deviation. */
#define LEAST_BOOTS	4

/* Of the differences between halves: the larger ones are as rare as false alarms may be. */
#define FLOOR_QUANTILE	0.95

double kb_detectable(double between, unsigned int boots, const struct kb_rules *rules)
{
	double freedom = 2.0 * boots - 2;
	double t = gsl_cdf_tdist_Qinv((1 - rules->confidence) / 2, freedom) +
		   gsl_cdf_tdist_Pinv(rules->power, freedom);

	return rules->delta + t * sqrt(2 * between * between / boots);
}

unsigned int kb_best_samples(const struct kb_same_case *same, double cost_ratio)
{
	double within = same->within * same->within;
	double boots = same->between * same->between - within / same->samples;

	if (!(boots > 0))
		return 0;
	return (unsigned int)fmin(ceil(sqrt(cost_ratio * within / boots)), 1e6);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Compare random halves of @values, again and again. Return: 0 or -1: no memory */
static int split_all(struct kb_same_case *same, double *values, const struct kb_rules *rules,
		     unsigned int splits, gsl_rng *random)
{
	double *sizes = calloc(splits, sizeof(*sizes));
	size_t half = same->nr_boots / 2;
	unsigned int differs = 0, regressed = 0;

	for (unsigned int i = 0; sizes && i < splits; i++) {
		struct kb_judgement judgement;

		gsl_ran_shuffle(random, values, same->nr_boots, sizeof(*values));
		kb_judge_unpaired(&judgement, values, half, values + half, half, rules);
		differs += judgement.differs;
		regressed += kb_verdict(&judgement, judgement.p, rules) == KB_REGRESSED;
		sizes[i] = fabs(judgement.difference);
	}
	if (!sizes)
		return -1;
	qsort(sizes, splits, sizeof(*sizes), by_value);
	same->differs = (double)differs / splits;
	same->regressed = (double)regressed / splits;
	same->floor = kb_quantile(sizes, splits, FLOOR_QUANTILE);
	free(sizes);
	return 0;
}

/* Deviation within boots, and the samples of one, from all entries of a case. */
static void measure_within(struct kb_same_case *same, const json_t *entries)
{
	double squares = 0, samples = 0;
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry) {
		const json_t *per_op = json_object_get(entry, "per_op");
		double mean = json_number_value(json_object_get(per_op, "mean"));
		double deviation = json_number_value(json_object_get(per_op, "stddev")) / mean;

		squares += deviation * deviation;
		samples += json_number_value(json_object_get(per_op, "n"));
	}
	same->within = sqrt(squares / (double)same->nr_boots);
	same->samples = samples / (double)same->nr_boots;
}

static int judge_case(struct kb_same_case *same, const struct kb_pair *pair,
		      const struct kb_rules *rules, unsigned int splits, gsl_rng *random)
{
	same->name = strdup(pair->name);
	same->nr_boots = pair->a.nr;
	same->between = gsl_stats_sd(pair->a.values, 1, pair->a.nr);
	measure_within(same, pair->a.entries);
	same->detectable = kb_detectable(same->between, (unsigned int)(same->nr_boots / 2), rules);
	return same->name ? split_all(same, pair->a.values, rules, splits, random) : -1;
}

static int judge_all(struct kb_same_kernel *same, const struct kb_comparison *comparison,
		     const struct kb_rules *rules, unsigned int splits, unsigned int seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int bad = !random;

	same->cases = calloc(comparison->nr + 1, sizeof(*same->cases));
	bad |= !same->cases;
	if (random)
		gsl_rng_set(random, seed);
	for (size_t i = 0; i < comparison->nr && !bad; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];

		if (!strcmp(kb_text(pair->a.entry, "unit"), "insn"))
			same->counted++;
		else if (pair->a.nr >= LEAST_BOOTS)
			bad = judge_case(&same->cases[same->nr++], pair, rules, splits, random);
	}
	if (random)
		gsl_rng_free(random);
	return bad;
}

int kb_same_kernel(struct kb_same_kernel *same, const json_t *result,
		   const struct kb_rules *rules, unsigned int splits, unsigned int seed,
		   struct kb_error *err)
{
	struct kb_comparison comparison = { 0 };
	int bad;

	memset(same, 0, sizeof(*same));
	bad = kb_gather(&comparison, result, result) ||
	      judge_all(same, &comparison, rules, splits, seed);
	kb_comparison_free(&comparison);
	if (bad)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (same->nr)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "%s: it takes several boots of one kernel, as kbench "
		       "run --boots 12 makes them", same->counted ?
		       "counted instructions have no noise" : "no case has four boots or more");
}
