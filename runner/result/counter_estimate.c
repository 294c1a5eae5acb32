// SPDX-License-Identifier: GPL-2.0
/* From what a perf counter counted in batches to what it counts for one operation. */
#include "stats.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Work memory of one estimate.
 * @whole:  counts of all samples of the phase, series after series; NAN for those left out
 * @pairs:  and what their pairs say of the fixed part
 * @per_op: per operation, of the samples that count
 */
struct scratch {
	double	*whole;
	double	*pairs;
	size_t	nr_pairs;
	double	*per_op;
	size_t	nr;
};

static int fail(struct kb_counter_estimate *estimate, const char *reason)
{
	snprintf(estimate->reason, sizeof(estimate->reason), "%s", reason);
	return -1;
}

static bool is_counted(const struct kb_series *series, unsigned int phase, unsigned int counter)
{
	return series->phase == phase && series->counts[counter].value;
}

double kb_counts_running(const struct kb_counts *counts, size_t i)
{
	if (!counts->running)
		return 1;
	return counts->running[i] ? (double)counts->running[i] / (double)counts->enabled[i] : 0;
}

/*
 * What the whole batches would have counted, of one series, and what is found on the way: the part
 * of the time that was counted, and the smallest count. Return: samples that count for the time.
 */
static size_t fill_whole(struct kb_counter_estimate *estimate, double *whole, double *smallest,
			 const struct kb_series *series, const struct kb_counts *counts)
{
	size_t nr = 0;

	for (size_t i = 0; i < series->nr; i++) {
		double part = kb_counts_running(counts, i);

		whole[i] = NAN;
		if (!kb_sample_counts(series, i))
			continue;
		nr++;
		estimate->running += part;
		if (part <= 0)
			continue;
		whole[i] = (double)counts->value[i] / part;
		*smallest = fmin(*smallest, whole[i]);
		estimate->n++;
	}
	return nr;
}

static int find_fixed(struct kb_counter_estimate *estimate, struct scratch *scratch,
		      const struct kb_measured *measured, unsigned int phase, unsigned int counter)
{
	double *whole = scratch->whole, smallest = HUGE_VAL;
	size_t nr_samples = 0;

	for (size_t i = 0; i < measured->nr_series; i++) {
		const struct kb_series *series = &measured->series[i];

		if (!is_counted(series, phase, counter))
			continue;
		nr_samples += fill_whole(estimate, whole, &smallest, series,
					 &series->counts[counter]);
		scratch->nr_pairs += kb_pairs_fixed(scratch->pairs + scratch->nr_pairs, series,
						    whole);
		whole += series->nr;
	}
	if (!estimate->n)
		return fail(estimate, nr_samples ? "other events had the CPU's counters all the "
			    "time: ask for fewer counters" : "no sample was counted");
	estimate->running /= (double)nr_samples;
	if (!scratch->nr_pairs)
		return 0;
	gsl_sort(scratch->pairs, 1, scratch->nr_pairs);
	estimate->fixed = fmin(fmax(kb_median(scratch->pairs, scratch->nr_pairs), 0), smallest);
	return 0;
}

static int add_worker(struct kb_counter_estimate *estimate, struct scratch *scratch,
		      const struct kb_series *series, const double *whole)
{
	double *per_op = scratch->per_op + scratch->nr;
	size_t nr = 0;

	for (size_t i = 0; i < series->nr; i++)
		if (!isnan(whole[i]))
			per_op[nr++] = (whole[i] - estimate->fixed) / (double)series->ops[i];
	if (!nr)
		return fail(estimate, "it counted nothing on some CPU: give the case more time");
	gsl_sort(per_op, 1, nr);
	scratch->nr += nr;
	estimate->per_op += kb_median(per_op, nr);
	return 0;
}

static int estimate_all(struct kb_counter_estimate *estimate, struct scratch *scratch,
			const struct kb_measured *measured, unsigned int phase,
			unsigned int counter)
{
	const double *whole = scratch->whole;
	size_t nr_workers = 0;

	if (find_fixed(estimate, scratch, measured, phase, counter))
		return -1;
	for (size_t i = 0; i < measured->nr_series; i++) {
		const struct kb_series *series = &measured->series[i];

		if (!is_counted(series, phase, counter))
			continue;
		if (add_worker(estimate, scratch, series, whole))
			return -1;
		whole += series->nr;
		nr_workers++;
	}
	estimate->per_op /= (double)nr_workers;
	estimate->mean = gsl_stats_mean(scratch->per_op, 1, scratch->nr);
	return 0;
}

int kb_estimate_counter(struct kb_counter_estimate *estimate, const struct kb_measured *measured,
			unsigned int phase, unsigned int counter)
{
	struct scratch scratch = { 0 };
	size_t room = 1;
	int ret;

	memset(estimate, 0, sizeof(*estimate));
	for (size_t i = 0; i < measured->nr_series; i++)
		room += measured->series[i].nr;
	scratch.whole = calloc(room, sizeof(double));
	scratch.pairs = calloc(room, sizeof(double));
	scratch.per_op = calloc(room, sizeof(double));
	if (scratch.whole && scratch.pairs && scratch.per_op)
		ret = estimate_all(estimate, &scratch, measured, phase, counter);
	else
		ret = fail(estimate, "out of memory while summarizing");
	free(scratch.whole);
	free(scratch.pairs);
	free(scratch.per_op);
	return ret;
}
