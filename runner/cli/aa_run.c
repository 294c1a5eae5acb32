// SPDX-License-Identifier: GPL-2.0
#include "aa_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aa_report.h"
#include "cli.h"
#include "experiment.h"
#include "jobs.h"
#include "paths.h"
#include "result.h"
#include "screen.h"
#include "table.h"

/* As many as a comparison of two kernels aims for, and some more for the halves to be six each. */
#define BOOTS		12
#define LEAST_BOOTS	4

int kb_aa_judge(const json_t *result, bool json,
		int (*print)(const struct kb_same_kernel *same, const json_t *result),
		struct kb_error *err)
{
	struct kb_same_kernel same = { 0 };
	int ret = kb_same_kernel(&same, result, &kb_aa_rules, KB_AA_SPLITS, KB_AA_SEED, err);

	if (!ret && (json ? kb_aa_print_json(&same) : print(&same, result)))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory, or nowhere to print to");
	kb_same_kernel_free(&same);
	return ret;
}

/* Before files are taken for names of suites, and the words of a journal for none. */
static int check_words(const struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;

	for (size_t i = 0; i < request->nr_selectors; i++)
		if (strchr(request->selectors[i], '.') && kb_exists(request->selectors[i]))
			return kb_fail(err, KB_EXIT_USAGE, "%s is a file: give results alone, or "
				       "suites and options of kbench run", request->selectors[i]);
	if (options->resume)
		return kb_fail(err, KB_EXIT_USAGE, "--resume: 'kbench run --resume' goes on with a "
			       "run; then give its result to kbench aa");
	if (options->plot_given)
		return kb_fail(err, KB_EXIT_USAGE, "--plot: aa draws none; 'kbench plot' draws one "
			       "of its result");
	return 0;
}

/*
 * Known before anything is fetched or booted, but not before kb_jobs_check(): suites of BPF
 * programs alone run on this machine unasked.
 */
static int check(const struct kb_run_options *options, struct kb_error *err)
{
	if (!strcmp(options->accel, "icount"))
		return kb_fail(err, KB_EXIT_USAGE, "--accel icount: counted instructions have no "
			       "noise; two boots of one kernel are equal, and kbench compare takes "
			       "them so");
	if (options->target == KB_TARGET_HOST)
		return kb_fail(err, KB_EXIT_USAGE, "this machine is not booted by kbench: its "
			       "boots are measured by 'kbench run --target host --boots N', and "
			       "'kbench agent-step'; then give the result to kbench aa");
	if (options->nr_kernels > 1)
		return kb_fail(err, KB_EXIT_USAGE, "aa compares boots of one kernel with each "
			       "other: name one with --kernels, not %zu", options->nr_kernels);
	if (options->boots < LEAST_BOOTS)
		return kb_fail(err, KB_EXIT_USAGE, "--boots %u: halves of fewer than %d boots tell "
			       "nothing", options->boots, LEAST_BOOTS);
	return 0;
}

/* What was measured is written before it is judged: an interruption loses nothing of it. */
static int finish(struct kb_job *job, const struct kb_run_options *options, struct kb_error *err)
{
	json_t *result = kb_job_result(job);
	size_t failed = kb_run_report(&job->run, &job->plan);
	struct kb_screen screen;
	int ret = -1;

	if (options->verbose)
		kb_run_print_log(&job->run);
	if (result)
		ret = kb_result_write(result, &job->plan, job->run.boots, job->run.nr_boots,
				      job->path, err);
	if (!ret && !options->json) {
		kb_screen_begin(&screen);
		kb_print_header(result, stdout);
		putchar('\n');
		kb_screen_end(&screen);
	}
	if (!ret)
		ret = kb_aa_judge(result, options->json, kb_aa_print, err);
	if (result && kb_exists(job->path)) {
		if (options->json)
			kb_note("result: %s", job->path);
		else
			printf("result: %s\n", job->path);
	}
	json_decref(result);
	if (failed && err->exit == KB_EXIT_OK)
		return kb_fail(err, KB_EXIT_TARGET, "%zu case%s failed in a boot: the lines above "
			       "say why", failed, failed == 1 ? "" : "s");
	return ret;
}

static int measure(struct kb_run_options *options, int argc, char **argv)
{
	struct kb_error err = { 0 }, first;
	struct kb_job items[2] = { { 0 } }, *job = &items[0];
	struct kb_jobs jobs = { .items = items };

	if (!kb_jobs_prepare(&jobs, options, &err)) {
		if (!options->quiet)
			kb_job_announce(job);
		kb_job_begin(job, options, NULL, argc, argv);
		kb_experiment_measure(&jobs, options, NULL, NULL, kb_job_rounds(options));
		first = job->err;
		finish(job, options, &err);
		/* Why there are fewer boots says more than that they are too few. */
		if (first.exit != KB_EXIT_OK)
			err = first;
	}
	fflush(stdout);
	kb_jobs_free(&jobs);
	return kb_cli_report(&err);
}

/* argv[0] is "kbench aa"; argp sorts the words while it parses, the result keeps them as given. */
int kb_aa_run(int argc, char **argv)
{
	char **given = calloc((size_t)argc + 2, sizeof(*given));
	char kbench[] = "kbench", aa[] = "aa";
	struct kb_run_options options = { 0 };
	struct kb_error err = { 0 };
	int exit, ret;

	if (!given) {
		kb_note("out of memory");
		return KB_EXIT_ENVIRONMENT;
	}
	given[0] = kbench;
	given[1] = aa;
	memcpy(given + 2, argv + 1, (size_t)(argc - 1) * sizeof(*given));
	ret = kb_run_options_parse(&options, argc, argv, &err);
	/* With --until there is a cap already, that of runs. */
	if (!options.boots)
		options.boots = BOOTS;
	if (!ret)
		ret = check_words(&options, &err);
	if (!ret)
		ret = kb_jobs_check(&options, &err);
	if (!ret)
		ret = check(&options, &err);
	if (ret)
		exit = ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	else
		exit = measure(&options, argc + 1, given);
	kb_run_options_free(&options);
	free(given);
	return exit;
}
