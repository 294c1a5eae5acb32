/* SPDX-License-Identifier: GPL-2.0 */
/* Which samples a reported figure is made of, and what part of each. */
#ifndef KB_WEIGHTS_H
#define KB_WEIGHTS_H

#include "stats.h"

/**
 * kb_median_weights() - per_op.median of one worker as a sum over its samples
 * @weights: room for @series->nr; the median is the sum of weight times value times @scale
 * @summary: of the only worker of this phase, as kb_summarize() made it
 * @scale:   from value to the unit
 *
 * The median is that of (value - fixed) / ops, and fixed itself is the median of 2 v_N - v_2N over
 * pairs of adjacent samples: each is one sample or pair, or the mean of the two in the middle. So
 * of all samples some few have a weight, and what holds of their values holds of any part of them.
 * Where all batches of a length are equal it comes to (v_2N - v_N) / N.
 * Return: 0, or -1 when out of memory
 */
int kb_median_weights(long double *weights, const struct kb_series *series,
		      const struct kb_summary *summary, double scale);

#endif
