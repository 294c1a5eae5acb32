// SPDX-License-Identifier: GPL-2.0
#include "precision.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "comparison.h"
#include "gather.h"
#include "table.h"

double kb_mean_half(const double *values, size_t nr, double confidence)
{
	double n = (double)nr;

	if (nr < 2)
		return INFINITY;
	return gsl_cdf_tdist_Qinv((1 - confidence) / 2, n - 1) * gsl_stats_sd(values, 1, nr) /
	       sqrt(n);
}

/* The same of a difference. */
static double difference_half(const struct kb_pair *pair, const struct kb_rules *rules)
{
	struct kb_judgement judgement;

	if (pair->paired)
		kb_judge_paired(&judgement, pair->a.values, pair->b.values, pair->a.nr, rules);
	else
		kb_judge_unpaired(&judgement, pair->a.values, pair->a.nr, pair->b.values,
				  pair->b.nr, rules);
	return judgement.known ? (judgement.interval[1] - judgement.interval[0]) / 2 : INFINITY;
}

/* The empty loop and its like, which other cases have beside them: nobody waits for these. */
static bool is_own(const struct kb_pair *pair)
{
	return !strcmp(kb_text(pair->a.entry, "suite"), "selfcheck");
}

static bool all_own(const struct kb_comparison *comparison)
{
	for (size_t i = 0; i < comparison->nr; i++)
		if (!is_own(&comparison->pairs[i]))
			return false;
	return true;
}

static int widen(struct kb_precision *precision, const json_t *a, const json_t *b,
		 const struct kb_rules *rules)
{
	struct kb_comparison comparison = { 0 };
	int bad = kb_gather(&comparison, a, b);
	bool own = all_own(&comparison);

	for (size_t i = 0; !bad && i < comparison.nr; i++) {
		const struct kb_pair *pair = &comparison.pairs[i];
		double half;

		if (is_own(pair) && !own)
			continue;
		half = a == b ? kb_mean_half(pair->a.values, pair->a.nr, rules->confidence) :
				difference_half(pair, rules);

		if (expm1(half) <= precision->half_width)
			continue;
		precision->half_width = expm1(half);
		snprintf(precision->name, sizeof(precision->name), "%s", pair->name);
	}
	kb_comparison_free(&comparison);
	return bad;
}

int kb_precision(struct kb_precision *precision, json_t *const *results, size_t nr,
		 double confidence)
{
	const struct kb_rules rules = { .confidence = confidence, .power = 0.8 };
	int bad = 0;

	*precision = (struct kb_precision){ 0 };
	if (nr == 1)
		return widen(precision, results[0], results[0], &rules);
	for (size_t i = 1; !bad && i < nr; i++)
		bad = widen(precision, results[0], results[i], &rules);
	return bad;
}
