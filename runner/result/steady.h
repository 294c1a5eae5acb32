/* SPDX-License-Identifier: GPL-2.0 */
/* Where a worker's samples have settled: warm-up is found, not guessed. Pure functions. */
#ifndef KB_STEADY_H
#define KB_STEADY_H

#include <stddef.h>

/** Chance that a case of independent, equally distributed samples is said to change. */
#define KB_STEADY_ALARM		0.05

/** Levels that differ by a smaller part of the later one are the same. */
#define KB_STEADY_DIFFERENCE	0.005

/**
 * kb_steady_find() - where in @values, in the order of time, the steady part begins
 * @nr:       how many there are; fewer than 12 show no change
 * @nr_tests: series that are looked at for one case, which share KB_STEADY_ALARM
 * @begin:    out: 0 when nothing changes; what stands before is warm-up
 *
 * The values are ranked; of all places to cut them in two, the one is taken where the ranks on
 * both sides differ most (the standardized rank sum of Mann and Whitney), so that no outlier
 * counts for more than its order. Its significance is that of the maximum over all places (Miller
 * and Siegmund 1982, Biometrics 38:1011; Lausen and Schumacher 1992, ibid. 48:73, for ranks); ranks
 * that are tied share their mean, which makes the statistic smaller. Noise whose neighbours
 * resemble each other is allowed for: the statistic is divided by sqrt((1 + r) / (1 - r)), r the
 * correlation of neighbours beside the line or the step that fits either side best, between 0 and
 * 0.8. A change has to be significant, and its levels have to differ by KB_STEADY_DIFFERENCE. What
 * follows it is looked at in the same way, until no change is left.
 *
 * More than 512 values are looked at by the medians of 512 pieces, so what is over within one
 * piece goes unnoticed.
 *
 * Return: 1 with @begin in the first half: steady from there. 0: no steady state, the last change
 * is in the second half. -1: out of memory.
 */
int kb_steady_find(const double *values, size_t nr, size_t nr_tests, size_t *begin);

#endif
