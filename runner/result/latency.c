// SPDX-License-Identifier: GPL-2.0
#include "latency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Buckets of an octave, and the first that is wider than one tick. */
#define SUB_BUCKETS	(1U << KBENCH_HISTOGRAM_SUB_BITS)
#define FIRST_WIDE	(2 * SUB_BUCKETS)

/* Ticks of a bucket are 2 to the power of this. */
static unsigned int bucket_shift(unsigned int index)
{
	return index < FIRST_WIDE ? 0 : index / SUB_BUCKETS - 1;
}

uint64_t kb_bucket_low(unsigned int index)
{
	if (index < FIRST_WIDE)
		return index;
	return (uint64_t)(SUB_BUCKETS + index % SUB_BUCKETS) << bucket_shift(index);
}

double kb_bucket_middle(unsigned int index)
{
	uint64_t width = 1ULL << bucket_shift(index);

	return (double)kb_bucket_low(index) + (double)(width - 1) / 2;
}

static uint64_t sum(const uint64_t *buckets)
{
	uint64_t ops = 0;

	for (unsigned int i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		ops += buckets[i];
	return ops;
}

double kb_latency_quantile(const uint64_t *buckets, uint64_t beyond, uint64_t max,
			   unsigned int permille)
{
	uint64_t ops = sum(buckets) + beyond, seen = 0;
	/* In two parts: the product of all would not fit. */
	uint64_t rank = ops / 1000 * permille + (ops % 1000 * permille + 999) / 1000;

	if (!ops)
		return (double)NAN;
	for (unsigned int i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++) {
		seen += buckets[i];
		if (seen && seen >= rank)
			return fmin(kb_bucket_middle(i), (double)max);
	}
	return (double)max;
}

static void add_buckets(uint64_t *buckets, const struct kb_histogram *histogram)
{
	for (size_t i = 0; i < histogram->nr; i++)
		buckets[histogram->index[i]] += histogram->count[i];
}

static void add_cpu(struct kb_latency *latency, const struct kb_histogram *histogram, double scale)
{
	struct kb_latency_cpu *cpu = &latency->cpus[latency->nr_cpus++];
	uint64_t buckets[KBENCH_HISTOGRAM_BUCKETS] = { 0 };

	add_buckets(buckets, histogram);
	cpu->cpu = histogram->cpu;
	cpu->count = sum(buckets) + histogram->beyond;
	cpu->p50 = scale * kb_latency_quantile(buckets, histogram->beyond, histogram->max, 500);
	cpu->p99 = scale * kb_latency_quantile(buckets, histogram->beyond, histogram->max, 990);
	cpu->max = scale * (double)histogram->max;
}

/* Everything but quantiles. Return: ticks of the slowest op. */
static uint64_t merge(struct kb_latency *latency, const struct kb_measured *measured,
		      unsigned int phase)
{
	double scale = measured->unit_per_tick;
	const struct kb_histogram *slowest = NULL;

	for (size_t i = 0; i < measured->nr_histograms; i++) {
		const struct kb_histogram *histogram = &measured->histograms[i];

		if (histogram->clock || histogram->phase != phase)
			continue;
		add_buckets(latency->buckets, histogram);
		latency->beyond += histogram->beyond;
		latency->backward += histogram->backward;
		if (!slowest || histogram->max > slowest->max)
			slowest = histogram;
		add_cpu(latency, histogram, scale);
	}
	if (!slowest)
		return 0;
	latency->count = sum(latency->buckets) + latency->beyond;
	latency->max = scale * (double)slowest->max;
	latency->max_at = scale * (double)slowest->max_at;
	latency->max_cpu = slowest->cpu;
	return slowest->max;
}

static double clock_cost(const struct kb_measured *measured)
{
	uint64_t buckets[KBENCH_HISTOGRAM_BUCKETS] = { 0 }, beyond = 0, max = 0;

	for (size_t i = 0; i < measured->nr_histograms; i++) {
		const struct kb_histogram *histogram = &measured->histograms[i];

		if (!histogram->clock)
			continue;
		add_buckets(buckets, histogram);
		beyond += histogram->beyond;
		max = histogram->max > max ? histogram->max : max;
	}
	return measured->unit_per_tick * kb_latency_quantile(buckets, beyond, max, 500);
}

int kb_latency_summarize(struct kb_latency *latency, const struct kb_measured *measured,
			 unsigned int phase)
{
	const struct {
		unsigned int	permille;
		double		*value;
	} quantiles[] = {
		{ 500, &latency->p50 }, { 900, &latency->p90 }, { 990, &latency->p99 },
		{ 999, &latency->p99_9 },
	};
	uint64_t max;

	memset(latency, 0, sizeof(*latency));
	latency->cpus = calloc(measured->nr_histograms + 1, sizeof(*latency->cpus));
	if (!latency->cpus)
		return -1;
	max = merge(latency, measured, phase);
	if (!latency->count)
		return 1;
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		*quantiles[i].value = measured->unit_per_tick *
			kb_latency_quantile(latency->buckets, latency->beyond, max,
					    quantiles[i].permille);
	latency->resolution = measured->unit_per_tick;
	latency->clock_cost = clock_cost(measured);
	return 0;
}

void kb_latency_free(struct kb_latency *latency)
{
	free(latency->cpus);
	latency->cpus = NULL;
	latency->nr_cpus = 0;
}
