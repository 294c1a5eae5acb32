/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many boots of one kernel: how often would two halves of them be called different, and what could
 * such boots tell? For kbench aa and kbench plan.
 */
#ifndef KB_SAME_KERNEL_H
#define KB_SAME_KERNEL_H

#include <jansson.h>

#include "error.h"
#include "judge_pair.h"
#include "same_case.h"

/** Random halves that a report is made from, and their seed: the same boots give the same report */
#define KB_AA_SPLITS	500
#define KB_AA_SEED	1

/**
 * kb_same_kernel() - of @result, with the rules of a comparison
 * @splits: random halves of each case's boots that are compared
 * @seed:   of these
 * Return: 0, or -1 with KB_EXIT_USAGE: no case of time has four boots or more
 */
int kb_same_kernel(struct kb_same_kernel *same, const json_t *result,
		   const struct kb_rules *rules, unsigned int splits, unsigned int seed,
		   struct kb_error *err);

/**
 * kb_detectable() - smallest difference (logarithm) that @boots a side find, unpaired
 * delta + (t(1 - a/2) + t(power)) sqrt(2 s^2 / n), with 2 n - 2 degrees of freedom
 */
double kb_detectable(double between, unsigned int boots, const struct kb_rules *rules);

/**
 * kb_best_samples() - how many samples a boot gives most for its time
 * @cost_ratio: what a boot costs beside its samples, over what a sample costs
 * Kalibera and Jones, Rigorous benchmarking in reasonable time (ISMM 2013): ceil(sqrt(c T1^2/T2^2))
 * with T1 the deviation within boots and T2 that of boots without the samples' part in it. 0: boots
 * do not differ beyond their samples.
 */
unsigned int kb_best_samples(const struct kb_same_case *same, double cost_ratio);

#endif
