// SPDX-License-Identifier: GPL-2.0
#include "profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"
#include "weights.h"

/* Counts are whole numbers; this is for the division by a batch's ops. */
#define TOLERANCE	1e-9

/* The loops that KBENCH() makes: kbench/suite.h. */
#define LOOP_PREFIX	"kb_loop_"

/* Instructions of one op at one address, and the function they are in. */
struct part {
	const char	*name;
	long double	count;
};

/** struct job - one kb_profile_build(); the batch of sample i is @first + i * @nr_phases */
struct job {
	const struct kb_series	*series;
	double			scale;
	const struct kb_batch	*first;
	size_t			nr_phases;
	const struct kb_symbols	*symbols;
	struct kb_summary	summary;
	long double		*weights;
	struct part		*parts;
	size_t			nr_parts;
};

bool kb_same_count(double a, double b)
{
	return fabs(a - b) <= TOLERANCE * fmax(1, fmax(fabs(a), fabs(b)));
}

static const struct kb_series *only_series(const struct kb_measured *measured, unsigned int phase)
{
	const struct kb_series *found = NULL;

	for (size_t i = 0; i < measured->nr_series; i++) {
		if (measured->series[i].phase != phase)
			continue;
		if (found)
			return NULL;
		found = &measured->series[i];
	}
	return found;
}

static const struct kb_batch *batch_of(const struct job *job, size_t sample)
{
	return &job->first[sample * job->nr_phases];
}

/* The batches that have a weight are those of their samples, and lie in a bench's loop. */
static int check_batches(struct kb_profile *profile, const struct job *job, struct kb_error *err)
{
	for (size_t i = 0; i < job->series->nr; i++) {
		const struct kb_batch *batch = batch_of(job, i);
		const char *loop;

		if (job->weights[i] == 0)
			continue;
		if (!kb_batch_fits(batch, job->series, i, job->scale))
			return kb_fail(err, KB_EXIT_TARGET, "not proved: the emulator ran %llu "
				       "instructions in a batch of which the clock says %.0f; this "
				       "case does not only compute, it waits",
				       (unsigned long long)batch->total,
				       (double)job->series->value[i] * job->scale);
		loop = kb_symbols_find(job->symbols, batch->begin);
		if (!loop || strncmp(loop, LOOP_PREFIX, strlen(LOOP_PREFIX)) != 0)
			return kb_fail(err, KB_EXIT_TARGET, "not proved: a batch began in %s, "
				       "which is no loop of a bench", loop ? loop : KB_NO_FUNCTION);
		if (!profile->loop)
			profile->loop = strdup(loop);
	}
	return profile->loop ? 0 : kb_fail(err, KB_EXIT_TARGET, "not proved: no sample counts");
}

static int add_parts(struct job *job)
{
	size_t nr = 0;

	for (size_t i = 0; i < job->series->nr; i++)
		if (job->weights[i] != 0)
			nr += batch_of(job, i)->nr;
	job->parts = calloc(nr + 1, sizeof(*job->parts));
	for (size_t i = 0; job->parts && i < job->series->nr; i++) {
		const struct kb_batch *batch = batch_of(job, i);

		for (size_t k = 0; job->weights[i] != 0 && k < batch->nr; k++) {
			const struct kb_counts_place *place = &batch->places[k];
			const char *name = kb_symbols_find(job->symbols, place->address);

			job->parts[job->nr_parts++] = (struct part){
				.name = name ? name : KB_NO_FUNCTION,
				.count = job->weights[i] * (long double)place->count,
			};
		}
	}
	return job->parts ? 0 : -1;
}

static int by_name(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Parts of one name become one function; what batches of both lengths have alike is gone. */
static int merge(struct kb_profile *profile, struct job *job)
{
	long double total = 0;

	qsort(job->parts, job->nr_parts, sizeof(*job->parts), by_name);
	profile->functions = calloc(job->nr_parts + 1, sizeof(*profile->functions));
	if (!profile->functions)
		return -1;
	for (size_t i = 0; i < job->nr_parts; ) {
		struct kb_function *function = &profile->functions[profile->nr];
		const char *name = job->parts[i].name;
		long double count = 0;

		for (; i < job->nr_parts && !strcmp(job->parts[i].name, name); i++)
			count += job->parts[i].count;
		total += count;
		if (fabsl(count) < TOLERANCE)
			continue;
		function->name = strdup(name);
		function->count = (double)count;
		if (!function->name)
			return -1;
		profile->nr++;
	}
	profile->total = (double)total;
	return 0;
}

static int build(struct kb_profile *profile, struct job *job, struct kb_error *err)
{
	const struct kb_estimate *per_op = &job->summary.per_op;

	job->weights = calloc(job->series->nr + 1, sizeof(*job->weights));
	if (!job->weights ||
	    kb_median_weights(job->weights, job->series, &job->summary, job->scale))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (check_batches(profile, job, err))
		return -1;
	if (add_parts(job) || merge(profile, job))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	profile->varies = !kb_same_count(per_op->min, per_op->median) ||
			  !kb_same_count(per_op->mean, per_op->median);
	if (!kb_same_count(profile->total, per_op->median))
		return kb_fail(err, KB_EXIT_TARGET, "not proved: the functions' instructions are "
			       "%.9g together, and %.9g were measured", profile->total,
			       per_op->median);
	return 0;
}

int kb_profile_build(struct kb_profile *profile, const struct kb_measured *measured,
		     unsigned int phase, unsigned int nr_phases, const struct kb_batches *batches,
		     const struct kb_symbols *symbols, struct kb_error *err)
{
	struct job job = {
		.series = only_series(measured, phase), .scale = measured->unit_per_tick,
		.nr_phases = nr_phases ? nr_phases : 1, .symbols = symbols,
	};
	size_t at;
	int ret;

	memset(profile, 0, sizeof(*profile));
	if (!job.series)
		return kb_fail(err, KB_EXIT_TARGET, "not proved: the case has not one worker");
	at = kb_batches_find(batches, job.series, job.scale, job.nr_phases);
	if (at == SIZE_MAX)
		return kb_fail(err, KB_EXIT_TARGET, "not proved: the emulator counted no batches "
			       "like those that were measured; this case does not only compute, it "
			       "waits");
	job.first = &batches->items[at];
	if (kb_summarize(&job.summary, measured, phase))
		ret = kb_fail(err, KB_EXIT_TARGET, "%s", job.summary.reason);
	else
		ret = build(profile, &job, err);
	kb_summary_free(&job.summary);
	free(job.weights);
	free(job.parts);
	return ret;
}

void kb_profile_free(struct kb_profile *profile)
{
	for (size_t i = 0; i < profile->nr; i++)
		free(profile->functions[i].name);
	free(profile->functions);
	free(profile->loop);
	memset(profile, 0, sizeof(*profile));
}
