/* SPDX-License-Identifier: GPL-2.0 */
/* Pure functions over arrays of samples. No input, no output, no state. */
#ifndef KB_STATS_H
#define KB_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "boot.h"

/**
 * struct kb_estimate - per_op of one case, phase and boot, in the case's unit per single op
 * @median: mean over the workers of each worker's median
 * @mean, @min, @max, @p90, @p99, @p99_9, @stddev: over all workers' samples pooled; quantiles are
 *          Hyndman-Fan type 7, stddev has n - 1
 * @ci95:   interval of the median: order statistics (binomial), n >= 6, else min and max
 * @n:      samples counted: inside the window, not migrated
 */
struct kb_estimate {
	double	median, mean, min, max, p90, p99, p99_9, stddev;
	double	ci95[2];
	size_t	n;
};

/** struct kb_worker_estimate - one worker's part */
struct kb_worker_estimate {
	unsigned int	cpu;
	double		median;
	unsigned long	ops;	/* ops in the common window */
};

/**
 * struct kb_summary - all that the result file says of a case and phase
 * @fixed:            cost of starting and reading a batch: median(2 t_N - t_2N), in the unit
 * @throughput_ops_s: sum over workers of ops in the window / window; 0 when unknown
 * @fairness:         slowest worker's ops / fastest worker's, 0 to 1
 * @labels:           see kb_summary_labels
 */
struct kb_summary {
	struct kb_estimate		per_op;
	double				fixed;
	double				throughput_ops_s;
	double				fairness;
	struct kb_worker_estimate	*workers;
	size_t				nr_workers;
	unsigned long			ops;
	size_t				nr_outside, nr_migrated, nr_long_off, nr_resched;
};

double kb_median(const double *sorted, size_t n);
/** kb_quantile() - Hyndman and Fan (1996) type 7 of sorted values, 0 <= q <= 1 */
double kb_quantile(const double *sorted, size_t n, double q);

/**
 * kb_summarize() - the summary of one phase of a measured case
 * @ns_per_tick: scale from value to the unit
 * Return: 0, or -1 when there is no usable sample (or no memory)
 */
int kb_summarize(struct kb_summary *summary, const struct kb_measured *measured,
		 unsigned int phase);
void kb_summary_free(struct kb_summary *summary);

#endif
