// SPDX-License-Identifier: GPL-2.0
/* From the samples of one phase of a case to what the result file says of it. */
#include "stats.h"
#include "steady.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Work memory of one summary. All arrays have room for every sample of the phase.
 * @pooled: per_op of all workers' counted samples
 * @nr_pooled: how many there are so far
 * @values: of one series, in the unit
 */
struct scratch {
	double	*pooled;
	size_t	nr_pooled;
	double	*values;
	double	*pairs;
	size_t	nr_pairs;
};

int kb_sample_counts(const struct kb_series *series, size_t i)
{
	if (series->flags[i] & (KBENCH_SAMPLE_OUTSIDE | KBENCH_SAMPLE_MIGRATED | series->excluded))
		return 0;
	return series->value[i] && series->ops[i];
}

static int fail(struct kb_summary *summary, const char *reason)
{
	snprintf(summary->reason, sizeof(summary->reason), "%s", reason);
	return -1;
}

/* Of a worker without a counted sample: what became of those it has. */
static int fail_worker(struct kb_summary *summary, const struct kb_series *series)
{
	size_t outside = 0, migrated = 0;

	for (size_t i = 0; i < series->nr; i++) {
		outside += !!(series->flags[i] & KBENCH_SAMPLE_OUTSIDE);
		migrated += !!(series->flags[i] & KBENCH_SAMPLE_MIGRATED);
	}
	if (!series->nr)
		snprintf(summary->reason, sizeof(summary->reason),
			 "worker %u (CPU %u) has no sample: give the case more time",
			 series->worker, series->cpu);
	else
		snprintf(summary->reason, sizeof(summary->reason),
			 "worker %u (CPU %u) has no usable sample of %zu (%zu while not all "
			 "workers were active, %zu migrated): give the case more time",
			 series->worker, series->cpu, series->nr, outside, migrated);
	return -1;
}

static void count_flags(struct kb_summary *summary, const struct kb_series *series)
{
	for (size_t i = 0; i < series->nr; i++) {
		unsigned int flags = series->flags[i];

		if (flags & KBENCH_SAMPLE_OUTSIDE)
			summary->nr_outside++;
		else if (flags & KBENCH_SAMPLE_MIGRATED)
			summary->nr_migrated++;
		else if (!series->value[i])
			summary->nr_zero++;
		summary->nr_long_off += !!(flags & KBENCH_SAMPLE_LONG_OFF);
		summary->nr_resched += !!(flags & KBENCH_SAMPLE_RESCHED);
	}
}

int kb_samples_pair(const struct kb_series *series, size_t i)
{
	uint64_t a = series->ops[i], b = series->ops[i + 1];

	if (!kb_sample_counts(series, i) || !kb_sample_counts(series, i + 1))
		return 0;
	return (b % 2 == 0 && b / 2 == a) || (a % 2 == 0 && a / 2 == b);
}

size_t kb_pairs_fixed(double *pairs, const struct kb_series *series, const double *values)
{
	size_t nr = 0;

	for (size_t i = 0; i + 1 < series->nr; i++) {
		if (!kb_samples_pair(series, i) || isnan(values[i]) || isnan(values[i + 1]))
			continue;
		pairs[nr++] = series->ops[i] < series->ops[i + 1] ?
			      2 * values[i] - values[i + 1] : 2 * values[i + 1] - values[i];
		i++;
	}
	return nr;
}

static void collect_pairs(struct scratch *scratch, const struct kb_series *series, double scale)
{
	for (size_t i = 0; i < series->nr; i++)
		scratch->values[i] = (double)series->value[i] * scale;
	scratch->nr_pairs += kb_pairs_fixed(scratch->pairs + scratch->nr_pairs, series,
					    scratch->values);
}

static void find_fixed(struct kb_summary *summary, struct scratch *scratch)
{
	double limit = summary->shortest / 2, interval[2];

	summary->nr_pairs = scratch->nr_pairs;
	if (!scratch->nr_pairs)
		return;
	gsl_sort(scratch->pairs, 1, scratch->nr_pairs);
	kb_median_interval(scratch->pairs, scratch->nr_pairs, interval);
	if (interval[0] <= 0)
		return;
	summary->fixed = kb_median(scratch->pairs, scratch->nr_pairs);
	if (summary->fixed > limit) {
		summary->fixed = limit;
		summary->fixed_capped = 1;
	}
}

static void find_shortest(struct kb_summary *summary, const struct kb_series *series, double scale)
{
	for (size_t i = 0; i < series->nr; i++) {
		double value = (double)series->value[i] * scale;

		if (kb_sample_counts(series, i) && value < summary->shortest)
			summary->shortest = value;
	}
}

/* Tukey's fences, on the worker's own quartiles: workers may differ without being outliers. */
static void count_outliers(struct kb_summary *summary, const double *sorted, size_t n)
{
	double q1 = kb_quantile(sorted, n, 0.25), q3 = kb_quantile(sorted, n, 0.75);
	double range = q3 - q1;

	for (size_t i = 0; i < n; i++) {
		double beyond = fmax(q1 - sorted[i], sorted[i] - q3);

		summary->nr_outliers += beyond > 1.5 * range;
		summary->nr_far_outliers += beyond > 3 * range;
	}
}

/* per_op of the counted samples from @begin on, in the order of time. Return: how many */
static size_t collect_per_op(double *per_op, const struct kb_series *series, size_t begin,
			     double scale, double fixed)
{
	size_t n = 0;

	for (size_t i = begin; i < series->nr; i++)
		if (kb_sample_counts(series, i))
			per_op[n++] = ((double)series->value[i] * scale - fixed) /
				      (double)series->ops[i];
	return n;
}

/* The index in @series of its counted sample number @number. */
static size_t counted_at(const struct kb_series *series, size_t number)
{
	size_t i = 0;

	while (!kb_sample_counts(series, i) || number--)
		i++;
	return i;
}

/* Where each worker's steady part begins. Return: 0 or -1 */
static int find_steady(struct kb_summary *summary, struct scratch *scratch,
		       const struct kb_measured *measured, unsigned int phase, size_t nr_workers)
{
	size_t number = 0;

	for (size_t i = 0; i < measured->nr_series; i++) {
		const struct kb_series *series = &measured->series[i];
		size_t n, begin;
		int ret;

		if (series->phase != phase)
			continue;
		n = collect_per_op(scratch->pooled, series, 0, measured->unit_per_tick,
				   summary->fixed);
		ret = kb_steady_find(scratch->pooled, n, nr_workers, &begin);
		if (ret < 0)
			return fail(summary, "out of memory while summarizing");
		summary->no_steady_state |= !ret;
		summary->nr_warmup += begin;
		summary->workers[number++].begin = begin ? counted_at(series, begin) : 0;
	}
	if (!summary->no_steady_state)
		return 0;
	summary->nr_warmup = 0;
	for (size_t i = 0; i < number; i++)
		summary->workers[i].begin = 0;
	return 0;
}

/* One worker's median and interval; its per_op values stay behind in the pool. */
static int add_worker(struct kb_summary *summary, struct scratch *scratch,
		      const struct kb_series *series, double scale)
{
	struct kb_worker_estimate *worker = &summary->workers[summary->nr_workers];
	double *per_op = scratch->pooled + scratch->nr_pooled;
	double interval[2];
	size_t n = collect_per_op(per_op, series, worker->begin, scale, summary->fixed);

	if (!n)
		return fail_worker(summary, series);
	gsl_sort(per_op, 1, n);
	scratch->nr_pooled += n;
	summary->nr_workers++;
	worker->cpu = series->cpu;
	worker->ops = series->total_ops;
	worker->median = kb_median(per_op, n);
	kb_median_interval(per_op, n, interval);
	count_outliers(summary, per_op, n);
	summary->per_op.median += worker->median;
	summary->per_op.ci95[0] += interval[0];
	summary->per_op.ci95[1] += interval[1];
	if (n < summary->fewest)
		summary->fewest = n;
	return 0;
}

static void find_throughput(struct kb_summary *summary, double window_ns)
{
	unsigned long slowest = summary->workers[0].ops, fastest = slowest;

	for (size_t i = 0; i < summary->nr_workers; i++) {
		unsigned long ops = summary->workers[i].ops;

		summary->ops += ops;
		slowest = ops < slowest ? ops : slowest;
		fastest = ops > fastest ? ops : fastest;
	}
	summary->fairness = fastest ? (double)slowest / (double)fastest : -1;
	if (isfinite(window_ns) && window_ns > 0)
		summary->throughput_ops_s = (double)summary->ops * 1e9 / window_ns;
}

static int summarize(struct kb_summary *summary, struct scratch *scratch,
		     const struct kb_measured *measured, unsigned int phase, size_t nr_workers)
{
	double scale = measured->unit_per_tick;
	double workers;

	for (size_t i = 0; i < measured->nr_series; i++) {
		const struct kb_series *series = &measured->series[i];

		if (series->phase != phase)
			continue;
		count_flags(summary, series);
		collect_pairs(scratch, series, scale);
		find_shortest(summary, series, scale);
	}
	find_fixed(summary, scratch);
	if (find_steady(summary, scratch, measured, phase, nr_workers))
		return -1;
	for (size_t i = 0; i < measured->nr_series; i++) {
		const struct kb_series *series = &measured->series[i];

		if (series->phase == phase && add_worker(summary, scratch, series, scale))
			return -1;
	}
	workers = (double)summary->nr_workers;
	summary->per_op.median /= workers;
	summary->per_op.ci95[0] /= workers;
	summary->per_op.ci95[1] /= workers;
	gsl_sort(scratch->pooled, 1, scratch->nr_pooled);
	kb_estimate_values(&summary->per_op, scratch->pooled, scratch->nr_pooled);
	find_throughput(summary, measured->window_ns);
	return 0;
}

int kb_summarize(struct kb_summary *summary, const struct kb_measured *measured,
		 unsigned int phase)
{
	struct scratch scratch = { 0 };
	size_t nr_samples = 0, nr_workers = 0;
	int ret;

	memset(summary, 0, sizeof(*summary));
	summary->fairness = -1;
	summary->fewest = SIZE_MAX;
	summary->shortest = HUGE_VAL;
	for (size_t i = 0; i < measured->nr_series; i++) {
		if (measured->series[i].phase != phase)
			continue;
		nr_samples += measured->series[i].nr;
		nr_workers++;
	}
	if (!nr_workers)
		return fail(summary, "no samples came: run the case again");
	if (!isfinite(measured->unit_per_tick) || measured->unit_per_tick <= 0)
		return fail(summary, "the clock did not advance, so the samples have no scale");
	summary->workers = calloc(nr_workers, sizeof(*summary->workers));
	scratch.pooled = calloc(nr_samples + 1, sizeof(double));
	scratch.pairs = calloc(nr_samples + 1, sizeof(double));
	scratch.values = calloc(nr_samples + 1, sizeof(double));
	if (summary->workers && scratch.pooled && scratch.pairs && scratch.values)
		ret = summarize(summary, &scratch, measured, phase, nr_workers);
	else
		ret = fail(summary, "out of memory while summarizing");
	free(scratch.pooled);
	free(scratch.pairs);
	free(scratch.values);
	return ret;
}

void kb_summary_free(struct kb_summary *summary)
{
	free(summary->workers);
	summary->workers = NULL;
	summary->nr_workers = 0;
}
