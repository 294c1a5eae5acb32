// SPDX-License-Identifier: GPL-2.0
/* kbench run: prepare every kernel, then measure one after the other. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend_choice.h"
#include "cli.h"
#include "command.h"
#include "job.h"
#include "options.h"
#include "split.h"
#include "suite_sources.h"

/**
 * struct jobs - of one run: one for each kernel, or for each way of timing
 * @items: room for one more than there are kernels
 */
struct jobs {
	struct kb_job	*items;
	size_t		nr;
};

/* What this machine times natively comes first, and may be all. */
static int split(struct jobs *jobs, const struct kb_run_options *options, struct kb_error *err)
{
	struct kb_job *guest = &jobs->items[0], bpf;

	if (kb_split(guest, &bpf, options, err)) {
		kb_job_free(&bpf);
		return -1;
	}
	if (!bpf.plan.nr_cases)
		return 0;
	if (guest->plan.nr_cases)
		jobs->items[jobs->nr++] = *guest;
	else
		kb_job_free(guest);
	jobs->items[0] = bpf;
	return 0;
}

/* All kernels are prepared before the first is measured: mistakes show at once. */
static int prepare_all(struct jobs *jobs, struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;
	size_t nr = options->nr_kernels ? options->nr_kernels : 1;

	if (kb_backend_choose(options, err))
		return -1;
	if (options->backend != KB_BACKEND_BPF &&
	    kb_suite_sources_check(request->selectors, request->nr_selectors, &options->suites,
				   err))
		return -1;
	if (kb_job_check_output(options, err))
		return -1;
	while (jobs->nr < nr) {
		const char *spec = options->nr_kernels ? options->kernels[jobs->nr] : NULL;

		if (kb_job_prepare(&jobs->items[jobs->nr++], options, spec, err)) {
			kb_backend_hint(options, err);
			return -1;
		}
	}
	if (split(jobs, options, err))
		return -1;
	for (size_t i = 0; i < jobs->nr; i++)
		if (kb_job_finish(&jobs->items[i], options, jobs->nr, err))
			return -1;
	return 0;
}

/* What the user is to know before the first boot. */
static void announce(const struct jobs *jobs, const struct kb_run_options *options)
{
	for (size_t i = 0; i < jobs->nr; i++) {
		struct kb_job *job = &jobs->items[i];

		/* Kernels of one run are measured in the same way. */
		if (!options->quiet && (!i || job->part))
			kb_job_announce(job);
		if (!options->quiet)
			kb_run_pairs(&job->plan);
		if (!job->part)
			kb_run_left_out(&job->plan, &options->request, &job->catalog);
	}
}

/* Put the jobs' numbers into another order: each is as likely. */
static void shuffle(size_t *order, size_t nr, gsl_rng *random)
{
	for (size_t i = 0; i < nr; i++)
		order[i] = i;
	gsl_ran_shuffle(random, order, nr, sizeof(*order));
}

/*
 * Boots in blocks, in each of which every kernel has one, in random order: what changes with time
 * meets all of them alike.
 */
static void measure_interleaved(struct jobs *jobs, const struct kb_run_options *options,
				unsigned int seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	size_t *order = calloc(jobs->nr + 1, sizeof(*order));

	if (random)
		gsl_rng_set(random, seed);
	for (size_t round = 0; random && order && round < kb_job_rounds(options); round++) {
		shuffle(order, jobs->nr, random);
		for (size_t i = 0; i < jobs->nr && !kb_interrupted; i++)
			kb_job_round(&jobs->items[order[i]], options, round);
	}
	free(order);
	if (random)
		gsl_rng_free(random);
}

/* One job after the other, each with its table when it is over. */
static void measure_in_turn(struct kb_job *job, const struct kb_run_options *options)
{
	for (size_t round = 0; round < kb_job_rounds(options); round++)
		kb_job_round(job, options, round);
}

/* Of what was not measured since the user stopped it. */
static void name_rest(const struct jobs *jobs, size_t first)
{
	for (size_t i = first; i < jobs->nr; i++)
		kb_note("not run: %zu cases of %s", jobs->items[i].plan.nr_cases,
			jobs->items[i].target->kernel_release);
}

/* A target that failed does not keep the other kernels from being measured. */
static int run_all(struct jobs *jobs, const struct kb_run_options *options, int argc, char **argv)
{
	bool interleaved = jobs->nr > 1 && kb_job_rounds(options) > 1 && !jobs->items[0].part;
	struct kb_experiment experiment;
	int first = KB_EXIT_OK;

	kb_experiment_begin(&experiment, options->order_seed);
	announce(jobs, options);
	for (size_t i = 0; i < jobs->nr; i++)
		kb_job_begin(&jobs->items[i], options, interleaved ? &experiment : NULL, argc,
			     argv);
	if (interleaved)
		measure_interleaved(jobs, options, experiment.seed);
	for (size_t i = 0; i < jobs->nr; i++) {
		int exit;

		if (!interleaved)
			measure_in_turn(&jobs->items[i], options);
		if (i && !options->json)
			putchar('\n');
		exit = kb_job_end(&jobs->items[i], options);
		if (exit == KB_EXIT_INTERRUPTED && !interleaved) {
			name_rest(jobs, i + 1);
			return exit;
		}
		if (first == KB_EXIT_OK)
			first = exit;
	}
	return first;
}

static int run_options(struct kb_run_options *options, int argc, char **argv)
{
	struct jobs jobs = { 0 };
	struct kb_error err = { 0 };
	int exit;

	jobs.items = calloc(options->nr_kernels + 2, sizeof(*jobs.items));
	if (!jobs.items)
		kb_fail(&err, KB_EXIT_ENVIRONMENT, "out of memory");
	else
		prepare_all(&jobs, options, &err);
	if (err.exit == KB_EXIT_OK)
		exit = run_all(&jobs, options, argc, argv);
	else
		exit = kb_cli_report(&err);
	for (size_t i = 0; i < jobs.nr; i++)
		kb_job_free(&jobs.items[i]);
	free(jobs.items);
	return exit;
}

int kb_cmd_run(int argc, char **argv)
{
	char kbench[] = "kbench", run[] = "run";
	struct kb_run_options options;
	struct kb_error err = { 0 };
	int ret, exit;
	char **given;

	/* argp sorts argv while it parses; the result keeps the line as it was given. */
	given = calloc((size_t)argc + 2, sizeof(*given));
	if (!given) {
		kb_note("out of memory");
		return KB_EXIT_ENVIRONMENT;
	}
	memcpy(given + 1, argv, (size_t)argc * sizeof(*given));
	given[0] = kbench;
	given[1] = run;
	ret = kb_run_options_parse(&options, argc, argv, &err);
	if (ret)
		exit = ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	else
		exit = run_options(&options, argc + 1, given);
	kb_run_options_free(&options);
	free(given);
	return exit;
}
