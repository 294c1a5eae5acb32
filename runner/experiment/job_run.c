// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli.h"
#include "exact.h"
#include "job.h"
#include "paths.h"
#include "perf_files.h"
#include "perf_use.h"
#include "plot.h"
#include "print_json.h"
#include "result.h"
#include "run.h"
#include "told_command.h"

/* The time now, as results have it: ISO 8601, UTC. */
static void write_now(char text[32])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* result.json has its plot beside it in result.png. */
static char *plot_path(const char *path)
{
	return kb_path_beside(path, ".png");
}

/* File names follow the table on stdout; machine output stays clean. */
static void name_file(const struct kb_run_options *options, const char *what, const char *path)
{
	if (!options->json)
		printf("%s: %s\n", what, path);
	else if (!options->quiet)
		kb_note("%s: %s", what, path);
}

/* A run without plot is a run all the same: say what was missing and go on. */
static void draw_plot(const json_t *result, const struct kb_run_options *options, const char *path)
{
	struct kb_error err = { 0 };
	char *plot;

	if (!options->plot || kb_interrupted || !kb_result_count(result, "ok"))
		return;
	plot = plot_path(path);
	if (plot && !kb_plot_result(result, plot, &err))
		name_file(options, "plot", plot);
	else
		kb_note("no plot: %s", err.text);
	free(plot);
}

static int show(const json_t *result, const struct kb_run_options *options, struct kb_error *err)
{
	if (!options->json)
		return kb_result_table(result, err);
	return kb_print_json(result) ? kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot print the JSON") :
				       0;
}

/* Write, print and draw what was measured. */
static int publish(const struct kb_job *job, const struct kb_run *run,
		   const struct kb_run_facts *facts, const struct kb_run_options *options,
		   struct kb_error *err)
{
	json_t *result = kb_result_build(&job->plan, run->boots, run->nr_boots, facts);
	struct kb_perf_files files;
	char *perf;
	int ret;

	if (!result)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	kb_perf_files_settle(&files, job->path, job->perf_dir, result);
	/* Shown even when it cannot be written: then the screen is all that is left of it. */
	ret = kb_result_write(result, &job->plan, run->boots, run->nr_boots, job->path, err);
	perf = kb_perf_files_end(&files, result, !ret);
	if (show(result, options, err))
		ret = -1;
	if (!ret) {
		name_file(options, "result", job->path);
		if (perf)
			name_file(options, "perf", perf);
		fflush(stdout);
		draw_plot(result, options, job->path);
		fflush(stdout);
	}
	free(perf);
	json_decref(result);
	return ret;
}

/* Counted instructions get their scale, or nothing of them is told. */
static int scale(struct kb_run *run, const struct kb_job *job, struct kb_error *err)
{
	if (!kb_is_exact(job->environment))
		return 0;
	for (size_t i = 0; i < run->nr_boots; i++)
		if (kb_exact_scale(&run->boots[i], &job->plan, err))
			return -1;
	return 0;
}

size_t kb_job_rounds(const struct kb_run_options *options)
{
	if (options->seeds.nr)
		return options->seeds.nr;
	return options->boots ? options->boots : 1;
}

void kb_job_begin(struct kb_job *job, const struct kb_run_options *options,
		  const struct kb_experiment *experiment, int argc, char **argv)
{
	job->command = kb_told_command(argc, argv, options->kernels, options->nr_kernels);
	kb_told_machines(job->command, argc, options->machines, options->nr_machines);
	if (!job->command)
		kb_fail(&job->err, KB_EXIT_ENVIRONMENT, "out of memory");
	job->facts = (struct kb_run_facts){
		.argc = job->command ? argc : 0, .argv = job->command,
		.environment = job->environment,
	};
	if (experiment)
		job->facts.experiment = *experiment;
	write_now(job->facts.started);
	kb_run_begin(&job->run, &job->plan, kb_job_rounds(options), &job->err);
	kb_perf_use_begin(job, &job->err);
}

void kb_job_round(struct kb_job *job, const struct kb_run_options *options, const char *path)
{
	struct kb_error journal_err = { 0 };
	struct kb_journal journal;
	struct kb_run_round what = {
		.seeded = options->seeds.nr > 0,
		.seed = options->seeds.nr ? options->seeds.items[job->rounds] : 0,
		.block = job->facts.experiment.id[0] ? (unsigned int)job->rounds + 1 : 0,
	};

	if (job->err.exit != KB_EXIT_OK)
		return;
	if (path && !kb_journal_open(&journal, path, &journal_err))
		what.journal = &journal;
	if (!kb_run_round(&job->run, &job->plan, job->target, &what, options->quiet, &job->err))
		job->rounds++;
	if (path)
		kb_journal_close(&journal, what.journal && job->err.exit == KB_EXIT_OK,
				 &journal_err);
	/* It is measured all the same, and only an interrupted run misses it. */
	job->unkept = journal_err.exit != KB_EXIT_OK;
	if (job->unkept)
		kb_note("%s", journal_err.text);
}

int kb_job_replay(struct kb_job *job, const char *path, struct kb_error *err)
{
	if (kb_run_replay(&job->run, &job->plan, path, err))
		return -1;
	job->rounds++;
	return 0;
}

/* What is known of the run when its last round is over. */
static void finish(struct kb_job *job)
{
	write_now(job->facts.finished);
	job->facts.partial = job->err.exit != KB_EXIT_OK;
	job->facts.error = job->facts.partial ? job->err.text : NULL;
}

json_t *kb_job_result(struct kb_job *job)
{
	finish(job);
	if (!job->run.nr_boots || scale(&job->run, job, &job->err))
		return NULL;
	return kb_result_build(&job->plan, job->run.boots, job->run.nr_boots, &job->facts);
}

int kb_job_end(struct kb_job *job, const struct kb_run_options *options)
{
	struct kb_error publish_err = { 0 };
	size_t failed, measured;

	finish(job);
	failed = kb_run_report(&job->run, &job->plan);
	if (options->verbose)
		kb_run_print_log(&job->run);
	kb_cli_report(&job->err);
	if (!job->run.nr_boots)
		kb_note("nothing was measured, so no result is written");
	else if (!scale(&job->run, job, &publish_err))
		job->published = !publish(job, &job->run, &job->facts, options, &publish_err);
	kb_perf_use_drop(job);
	kb_cli_report(&publish_err);
	measured = kb_run_measured(&job->run);

	if (job->err.exit != KB_EXIT_OK)
		return job->err.exit;
	if (publish_err.exit != KB_EXIT_OK)
		return publish_err.exit;
	if (failed)
		return KB_EXIT_TARGET;
	if (!measured)
		kb_note("nothing was measured: every case was skipped, for the reasons above");
	return measured ? KB_EXIT_OK : KB_EXIT_ENVIRONMENT;
}
