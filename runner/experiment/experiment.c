// SPDX-License-Identifier: GPL-2.0
#include "experiment.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "boots.h"
#include "precision.h"

#define CONFIDENCE	0.95

/* The rounds that every job has behind it. */
static size_t rounds_done(const struct kb_jobs *jobs)
{
	size_t least = jobs->nr ? jobs->items[0].rounds : 0;

	for (size_t i = 1; i < jobs->nr; i++)
		if (jobs->items[i].rounds < least)
			least = jobs->items[i].rounds;
	return least;
}

/* What is known after the rounds so far. Return: 0, or -1: no memory, or nothing measured */
static int find_precision(struct kb_precision *precision, struct kb_jobs *jobs)
{
	json_t **results = calloc(jobs->nr, sizeof(*results));
	int bad = !results;

	for (size_t i = 0; !bad && i < jobs->nr; i++) {
		results[i] = kb_job_result(&jobs->items[i]);
		bad = !results[i];
	}
	bad = bad || kb_precision(precision, results, jobs->nr, CONFIDENCE);
	for (size_t i = 0; results && i < jobs->nr; i++)
		json_decref(results[i]);
	free(results);
	return bad;
}

static void say_precision(const struct kb_precision *precision, size_t rounds,
			  const struct kb_run_options *options)
{
	if (!precision->half_width)
		return;
	kb_note("after %zu boots %s is known to +-%.2g %%%s", rounds, precision->name,
		100 * precision->half_width,
		precision->half_width <= options->until ? ": enough" :
		rounds >= kb_job_rounds(options) ? ", and no more boots were asked for" : "");
}

bool kb_experiment_enough(struct kb_jobs *jobs, const struct kb_run_options *options, bool say)
{
	size_t rounds = rounds_done(jobs);
	struct kb_precision precision;

	if (rounds >= kb_job_rounds(options) && !options->until)
		return true;
	if (!options->until || rounds < KB_UNTIL_LEAST)
		return false;
	if (find_precision(&precision, jobs))
		return rounds >= kb_job_rounds(options);
	if (say && !options->quiet)
		say_precision(&precision, rounds, options);
	return precision.half_width <= options->until || rounds >= kb_job_rounds(options);
}

static void measure(struct kb_job *job, const struct kb_run_options *options,
		    const struct kb_journal_dir *journal)
{
	char *path = journal ? kb_journal_dir_round(journal, job, job->rounds + 1) : NULL;

	kb_job_round(job, options, path);
	free(path);
}

/* Put the jobs' numbers into another order: each is as likely. */
static void shuffle(size_t *order, size_t nr, gsl_rng *random)
{
	for (size_t i = 0; i < nr; i++)
		order[i] = i;
	gsl_ran_shuffle(random, order, nr, sizeof(*order));
}

static bool has_failed(const struct kb_jobs *jobs)
{
	for (size_t i = 0; i < jobs->nr; i++)
		if (jobs->items[i].err.exit != KB_EXIT_OK)
			return true;
	return false;
}

/* Rounds that are behind take part in the order, so that it is the same after a break. */
static void measure_interleaved(struct kb_jobs *jobs, const struct kb_run_options *options,
				const struct kb_experiment *experiment,
				const struct kb_journal_dir *journal, size_t most)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	size_t *order = calloc(jobs->nr + 1, sizeof(*order));

	if (random)
		gsl_rng_set(random, experiment->seed);
	for (size_t round = 0; random && order && round < most && !kb_interrupted; round++) {
		bool fresh = rounds_done(jobs) <= round;

		shuffle(order, jobs->nr, random);
		for (size_t i = 0; i < jobs->nr && !kb_interrupted; i++)
			if (jobs->items[order[i]].rounds <= round)
				measure(&jobs->items[order[i]], options, journal);
		/* A kernel that failed gets no further; the others have all their rounds. */
		if (fresh && !has_failed(jobs) && kb_experiment_enough(jobs, options, true))
			break;
	}
	free(order);
	if (random)
		gsl_rng_free(random);
}

void kb_experiment_measure(struct kb_jobs *jobs, const struct kb_run_options *options,
			   const struct kb_experiment *experiment,
			   const struct kb_journal_dir *journal, size_t most)
{
	if (experiment && jobs->nr > 1) {
		measure_interleaved(jobs, options, experiment, journal, most);
		return;
	}
	for (size_t i = 0; i < jobs->nr && !kb_interrupted; i++) {
		struct kb_jobs one = { .items = &jobs->items[i], .nr = 1 };

		while (one.items->rounds < most && one.items->err.exit == KB_EXIT_OK) {
			measure(one.items, options, journal);
			if (one.items->err.exit == KB_EXIT_OK &&
			    kb_experiment_enough(&one, options, true))
				break;
		}
	}
}
