/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Distributions of single ops' latencies, from histograms. Pure functions, no state.
 *
 * What was timed includes the cost of reading the clock, in each op the same, and nothing is taken
 * off: an op that takes less than that overlaps with it.
 */
#ifndef KB_LATENCY_H
#define KB_LATENCY_H

#include <stdint.h>

#include "boot.h"

/** struct kb_latency_cpu - one worker's part, in the unit */
struct kb_latency_cpu {
	unsigned int	cpu;
	uint64_t	count;
	double		p50, p99, max;
};

/**
 * struct kb_latency - the latencies of a case and phase, all workers' ops together, in the unit
 * @count:      ops timed, those in @beyond included
 * @beyond:     ops too long for any bucket: 10 s or more
 * @backward:   ops that are not counted, since the clock went backwards in them
 * @p50, @p90, @p99, @p99_9: see kb_latency_quantile()
 * @max:        of the slowest op, exact
 * @max_at:     when it began, from the round's begin
 * @max_cpu:    and on which CPU
 * @resolution: one tick of the clock
 * @clock_cost: median of what was timed where there was no op; NAN when that is not known
 * @buckets:    ops of all workers by bucket, without @beyond
 */
struct kb_latency {
	uint64_t		count, beyond, backward;
	double			p50, p90, p99, p99_9;
	double			max, max_at;
	unsigned int		max_cpu;
	double			resolution;
	double			clock_cost;
	struct kb_latency_cpu	*cpus;
	size_t			nr_cpus;
	uint64_t		buckets[KBENCH_HISTOGRAM_BUCKETS];
};

/** kb_bucket_low() - the fewest ticks that bucket @index counts */
uint64_t kb_bucket_low(unsigned int index);
/** kb_bucket_middle() - the middle of its ticks, which no value in it is 0.8 % away from */
double kb_bucket_middle(unsigned int index);

/**
 * kb_latency_quantile() - the value that @permille thousandths of the ops do not exceed, in ticks
 * @buckets: KBENCH_HISTOGRAM_BUCKETS of them
 * @beyond:  ops above them
 * @max:     ticks of the slowest op
 *
 * The op of rank ceil(n * @permille / 1000) in ascending order (nearest rank), which is told by its
 * bucket's middle; @max for an op beyond all buckets, and never more than that. NAN without ops.
 */
double kb_latency_quantile(const uint64_t *buckets, uint64_t beyond, uint64_t max,
			   unsigned int permille);

/**
 * kb_latency_summarize() - the latencies of one phase of a measured case
 * Return: 0, 1 when there are none, -1 when out of memory. @latency is to be freed in each case.
 */
int kb_latency_summarize(struct kb_latency *latency, const struct kb_measured *measured,
			 unsigned int phase);
void kb_latency_free(struct kb_latency *latency);

#endif
