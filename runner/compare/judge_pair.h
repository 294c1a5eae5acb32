/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two series of boots of one case, and whether they differ. Pure functions over arrays: a value is
 * the natural logarithm of a boot's median, so a difference of two is the logarithm of a ratio.
 */
#ifndef KB_JUDGE_PAIR_H
#define KB_JUDGE_PAIR_H

#include <stdbool.h>
#include <stddef.h>

/** Changes of times below this do not matter unless the user says otherwise: log(1 + 0.5 %) */
#define KB_DEFAULT_DELTA	0.0049875415110390736

/**
 * struct kb_rules - how a comparison decides
 * @confidence: of intervals, 0.95
 * @delta:      logarithm of the smallest ratio that matters: log(1.005)
 * @power:      with which a difference is to be found, for the smallest detectable one: 0.8
 */
struct kb_rules {
	double	confidence;
	double	delta;
	double	power;
};

enum kb_verdict {
	KB_INCONCLUSIVE = 0,
	KB_REGRESSED,
	KB_IMPROVED,
	KB_EQUIVALENT,
	KB_NR_VERDICTS,
};

/**
 * struct kb_judgement - of one case; differences are those of logarithms, b's minus a's
 * @difference: estimate
 * @interval:   at the confidence of the rules
 * @inner:      at twice the error, which equivalence asks for (two one-sided tests)
 * @p:          of no difference, two-sided
 * @detectable: smallest difference that as many boots find with the power of the rules and call
 *              regressed
 * @differs:    the interval excludes 0: alarms at the nominal rate
 * @robust_disagrees: the Hodges-Lehmann estimate is outside of the interval
 * @known:      false: fewer than two boots on a side, so only @difference is known
 */
struct kb_judgement {
	double	difference;
	double	interval[2];
	double	inner[2];
	double	p;
	double	detectable;
	bool	differs;
	bool	robust_disagrees;
	bool	known;
};

/**
 * kb_judge_unpaired() - Welch's t test with Satterthwaite's degrees of freedom
 * Source: B. L. Welch, Biometrika 34 (1947), 28-35.
 */
void kb_judge_unpaired(struct kb_judgement *judgement, const double *a, size_t nr_a,
		       const double *b, size_t nr_b, const struct kb_rules *rules);

/** kb_judge_paired() - Student's t test of the differences; a[i] and b[i] were measured together */
void kb_judge_paired(struct kb_judgement *judgement, const double *a, const double *b, size_t nr,
		     const struct kb_rules *rules);

/**
 * kb_verdict() - what a judgement means
 * @p_adjusted: for the number of cases: a change is one only when this is below 1 - confidence, too
 */
enum kb_verdict kb_verdict(const struct kb_judgement *judgement, double p_adjusted,
			   const struct kb_rules *rules);

/** kb_verdict_name() - "regressed", "improved", "equivalent", "inconclusive" */
const char *kb_verdict_name(enum kb_verdict verdict);

/**
 * kb_adjust_bh() - Benjamini and Hochberg's adjusted p values: at q, a share of q of all alarms is
 * false (J. R. Statist. Soc. B 57 (1995), 289-300)
 * @p: NaN for what was not tested, which stays so
 */
int kb_adjust_bh(double *adjusted, const double *p, size_t nr);

/** kb_adjust_holm() - the chance of any false alarm is bounded (Scand. J. Statist. 6, 65) */
int kb_adjust_holm(double *adjusted, const double *p, size_t nr);

#endif
