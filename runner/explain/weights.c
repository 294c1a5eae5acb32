// SPDX-License-Identifier: GPL-2.0
#include "weights.h"

#include <stdlib.h>

/* A value and the sample, or the first of a pair, that it is of. */
struct candidate {
	double	value;
	size_t	sample;
};

static int by_value(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->sample < y->sample ? -1 : 1;
}

static void add_pair(long double *weights, const struct kb_series *series, size_t i,
		     long double part)
{
	size_t shorter = series->ops[i] < series->ops[i + 1] ? i : i + 1;
	size_t longer = shorter == i ? i + 1 : i;

	weights[shorter] += 2 * part;
	weights[longer] -= part;
}

/* @part of the fixed cost of a batch, which is the median over the pairs. */
static void add_pairs(long double *weights, const struct kb_series *series,
		      struct candidate *pairs, long double part)
{
	size_t nr = 0;

	for (size_t i = 0; i + 1 < series->nr; i++) {
		double a = (double)series->value[i], b = (double)series->value[i + 1];

		if (!kb_samples_pair(series, i))
			continue;
		pairs[nr++] = (struct candidate){
			.value = series->ops[i] < series->ops[i + 1] ? 2 * a - b : 2 * b - a,
			.sample = i,
		};
		i++;
	}
	if (!nr)
		return;
	qsort(pairs, nr, sizeof(*pairs), by_value);
	add_pair(weights, series, pairs[(nr - 1) / 2].sample, part / 2);
	add_pair(weights, series, pairs[nr / 2].sample, part / 2);
}

/* Capped, it is half of the shortest sample. */
static void add_capped(long double *weights, const struct kb_series *series, long double part)
{
	size_t shortest = series->nr;

	for (size_t i = 0; i < series->nr; i++)
		if (kb_sample_counts(series, i) &&
		    (shortest == series->nr || series->value[i] < series->value[shortest]))
			shortest = i;
	if (shortest < series->nr)
		weights[shortest] += part / 2;
}

/* Return: the parts of the fixed cost that the samples in the middle take off, together. */
static long double add_median(long double *weights, const struct kb_series *series,
			      const struct kb_summary *summary, double scale,
			      struct candidate *samples)
{
	long double taken = 0;
	size_t nr = 0;

	for (size_t i = summary->workers[0].begin; i < series->nr; i++)
		if (kb_sample_counts(series, i))
			samples[nr++] = (struct candidate){
				.value = ((double)series->value[i] * scale - summary->fixed) /
					 (double)series->ops[i],
				.sample = i,
			};
	if (!nr)
		return 0;
	qsort(samples, nr, sizeof(*samples), by_value);
	for (size_t k = 0; k < 2; k++) {
		size_t i = samples[k ? nr / 2 : (nr - 1) / 2].sample;
		long double part = 0.5L / (long double)series->ops[i];

		weights[i] += part;
		taken += part;
	}
	return taken;
}

int kb_median_weights(long double *weights, const struct kb_series *series,
		      const struct kb_summary *summary, double scale)
{
	struct candidate *room = calloc(series->nr + 1, sizeof(*room));
	long double taken;

	if (!room)
		return -1;
	for (size_t i = 0; i < series->nr; i++)
		weights[i] = 0;
	taken = add_median(weights, series, summary, scale, room);
	if (summary->fixed_capped)
		add_capped(weights, series, -taken);
	else if (summary->fixed != 0)
		add_pairs(weights, series, room, -taken);
	free(room);
	return 0;
}
