/* SPDX-License-Identifier: GPL-2.0 */
/* Pure functions over arrays of samples. No input, no output, no state. */
#ifndef KB_STATS_H
#define KB_STATS_H

#include <stddef.h>

#include "boot.h"

/**
 * struct kb_estimate - per_op of one case, phase and boot, in the case's unit per single op
 * @median: mean over the workers of each worker's median
 * @mean, @min, @max, @p90, @p99, @p99_9, @stddev: over all workers' samples pooled; quantiles are
 *          Hyndman-Fan type 7, stddev has n - 1 (0 for one sample)
 * @ci95:   interval of the median: the mean over the workers of the ends of each worker's own
 *          interval (see kb_median_interval), so that it always holds @median. That is wider
 *          than independent workers would need; workers that contend are not independent.
 * @n:      samples counted: inside the window, not migrated, not warm-up
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
	size_t		begin;	/* in its series: what counts before is warm-up */
};

/**
 * struct kb_summary - all that the result file says of a case and phase
 * @fixed:            cost of starting and reading a batch, in the unit: median(2 t_N - t_2N) over
 *                    the pairs of adjacent counted batches of one worker, all workers' pairs
 *                    pooled. 0 when the median's interval (kb_median_interval) reaches down to 0:
 *                    a difference of twice a batch is noisier than the batch, and taking off what
 *                    is only noise would make per_op several times as uncertain as it is. At
 *                    most half of the smallest counted value, so that per_op stays positive.
 * @throughput_ops_s: sum over workers of ops in the window / window; 0 when unknown
 * @fairness:         slowest worker's ops / fastest worker's, 0 to 1; -1 when unknown
 * @ops:              sum over workers of ops in the window
 * @nr_pairs:         how many pairs gave @fixed
 * @fixed_capped:     1 when @fixed would have been larger
 * @nr_warmup:        samples left out because they come before their worker's steady part
 * @no_steady_state:  1 when a worker's samples change in the second half of its series: then no
 *                    sample is warm-up (kb_steady_find())
 * @fewest:           counted samples of the worker that has fewest
 * @shortest:         the smallest counted value, in the unit
 * @nr_outside, @nr_migrated: samples left out for that reason
 * @nr_zero:          samples left out because the clock did not move in them
 * @nr_long_off, @nr_resched: samples that carry that flag, counted all the same
 * @nr_outliers:      counted samples beyond 1.5 interquartile ranges of their worker's quartiles
 * @nr_far_outliers:  of these, beyond 3
 * @reason:           why there is no summary, one line; empty when there is one
 */
struct kb_summary {
	struct kb_estimate		per_op;
	double				fixed;
	double				throughput_ops_s;
	double				fairness;
	struct kb_worker_estimate	*workers;
	size_t				nr_workers;
	unsigned long			ops;
	size_t				nr_pairs;
	int				fixed_capped;
	size_t				nr_warmup;
	int				no_steady_state;
	size_t				fewest;
	double				shortest;
	size_t				nr_outside, nr_migrated, nr_zero;
	size_t				nr_long_off, nr_resched;
	size_t				nr_outliers, nr_far_outliers;
	char				reason[KBENCH_REASON_LEN];
};

/** kb_median() - of @n >= 1 sorted values; of an even number the mean of the middle two */
double kb_median(const double *sorted, size_t n);
/** kb_quantile() - Hyndman and Fan (1996) type 7 of sorted values, 0 <= q <= 1 */
double kb_quantile(const double *sorted, size_t n, double q);

/**
 * kb_median_interval() - 95 % interval of the median of @n >= 1 sorted values
 *
 * Without assumption on the distribution: the closest pair of order statistics x(k), x(n+1-k)
 * whose coverage 1 - 2 P(Bin(n, 1/2) < k) is at least 95 %. That exists for n >= 6; for fewer it
 * is minimum and maximum (n = 5 covers 93.75 %).
 */
void kb_median_interval(const double *sorted, size_t n, double interval[2]);

/**
 * kb_estimate_values() - everything but .median and .ci95 from @n >= 1 sorted values
 */
void kb_estimate_values(struct kb_estimate *estimate, const double *sorted, size_t n);

/** kb_sample_counts() - 1 when sample @i of @series enters the statistics, else 0 */
int kb_sample_counts(const struct kb_series *series, size_t i);

/** kb_samples_pair() - 1 when sample @i and its successor count and one is twice as long, else 0 */
int kb_samples_pair(const struct kb_series *series, size_t i);

/**
 * kb_pairs_fixed() - 2 v_N - v_2N of each pair of adjacent counted samples with N and 2N ops
 * @pairs:  room for @series->nr
 * @values: of the samples; those that are NAN are in no pair, and no sample is in two
 * Return: how many pairs there are
 */
size_t kb_pairs_fixed(double *pairs, const struct kb_series *series, const double *values);

/** kb_counts_running() - in which part of the time of sample @i, 0 to 1, it was counted */
double kb_counts_running(const struct kb_counts *counts, size_t i);

/**
 * struct kb_counter_estimate - what a perf counter says of a case and phase
 *
 * Where it shared its hardware counter with others, a batch's count is what it saw times
 * enabled / running, and a batch that it saw nothing of is left out.
 *
 * @per_op:   mean over the workers of each worker's median of (count - @fixed) / ops
 * @mean:     of these over all workers' samples: rare events, of which most batches have none,
 *            show only here
 * @fixed:    what reading the counters and entering the context counts in a batch: the median of
 *            2 c_N - c_2N over the pairs (kb_pairs_fixed()) of all workers, from 0 to the smallest
 *            count. Unlike that of the time it is more than noise, so it is always taken off.
 * @running:  in which part of a batch, 0 to 1, it counted: the mean over all workers' samples
 * @n:        samples counted
 * @reason:   why there is no estimate, one line; empty when there is one
 */
struct kb_counter_estimate {
	double	per_op;
	double	mean;
	double	fixed;
	double	running;
	size_t	n;
	char	reason[KBENCH_REASON_LEN];
};

/**
 * kb_estimate_counter() - counter number @counter of the plan in one phase of a measured case
 * Return: 0, or -1 with @estimate->reason
 */
int kb_estimate_counter(struct kb_counter_estimate *estimate, const struct kb_measured *measured,
			unsigned int phase, unsigned int counter);

/**
 * kb_summarize() - the summary of one phase of a measured case
 * The scale from value to the unit is @measured->unit_per_tick.
 * Return: 0, or -1 with @summary->reason when a worker has no usable sample (or no memory).
 * @summary is to be freed in both cases.
 */
int kb_summarize(struct kb_summary *summary, const struct kb_measured *measured,
		 unsigned int phase);
/** kb_summary_free() - free what @summary holds; harmless on one that is all 0 */
void kb_summary_free(struct kb_summary *summary);

#endif
