// SPDX-License-Identifier: GPL-2.0
#include "course.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "experiment.h"
#include "paths.h"

/* What the user is to know before the first boot. */
static void announce(const struct kb_jobs *jobs, const struct kb_run_options *options)
{
	json_t *said = json_object();

	for (size_t i = 0; i < jobs->nr; i++) {
		struct kb_job *job = &jobs->items[i];

		/* Kernels of one run are measured in the same way. */
		if (!options->quiet && (!i || job->part))
			kb_job_announce(job);
		if (!options->quiet)
			kb_run_pairs(&job->plan);
		if (!job->part)
			kb_run_left_out(&job->plan, &options->request, &job->catalog, said);
	}
	json_decref(said);
}

/* What is known before the first boot: whose boots these are, and which are behind. */
static int begin(struct kb_course *course, const struct kb_run_options *options, int argc,
		 char **argv, struct kb_error *err)
{
	bool several = kb_job_rounds(options) > 1;
	struct kb_jobs *jobs = &course->jobs;
	int ret = 0;

	course->stepwise = several && options->target == KB_TARGET_HOST;
	course->interleaved = several && (course->stepwise || jobs->nr > 1) &&
			      !jobs->items[0].part;
	kb_experiment_begin(&course->experiment, options->order_seed);
	if (course->resumed)
		kb_journal_dir_experiment(&course->journal, &course->experiment);
	for (size_t i = 0; i < jobs->nr; i++) {
		jobs->items[i].number = i;
		kb_job_begin(&jobs->items[i], options,
			     course->interleaved ? &course->experiment : NULL, argc, argv);
	}
	if (several && !course->resumed)
		return kb_journal_dir_create(&course->journal, jobs, &course->experiment, argc,
					     argv, err);
	if (course->resumed && course->stepwise)
		ret = kb_journal_dir_find(&course->journal, &jobs->items[0], err);
	for (size_t i = 0; course->resumed && !ret && i < jobs->nr; i++)
		ret = kb_journal_dir_adopt(&course->journal, &jobs->items[i], err);
	return ret;
}

/* Does this kernel have all its boots, and its result? Return: 0, or -1 with KB_EXIT_USAGE: yes */
static int check_waits(const struct kb_course *course, struct kb_error *err)
{
	const struct kb_job *job = &course->jobs.items[0];
	char *waits = kb_journal_dir_waits(&course->journal, job);
	int ret = 0;

	if (waits)
		ret = kb_fail(err, KB_EXIT_USAGE, "%s has its boots; the experiment waits for "
			      "those of %s: boot that", job->target->kernel_title, waits);
	free(waits);
	return ret;
}

static int check_boot(const struct kb_course *course, const struct kb_run_options *options,
		      struct kb_error *err)
{
	const struct kb_job *job = &course->jobs.items[0];

	if (kb_journal_dir_is_new_boot(&course->journal, job))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "this boot is measured already (%zu of %zu): reboot, "
		       "then kbench agent-step %s", job->rounds, kb_job_rounds(options),
		       course->journal.path);
}

/* What the boot that was just measured gave. Return: exit code */
static int report_boot(const struct kb_course *course, const struct kb_run_options *options)
{
	const struct kb_job *job = &course->jobs.items[0];
	FILE *out = options->json ? stderr : stdout;
	size_t failed = kb_run_report(&job->run, &job->plan);

	if (options->verbose)
		kb_run_print_log(&job->run);
	fprintf(out, "boot %zu of %zu of %s is measured: reboot, then kbench agent-step %s\n",
		job->rounds, kb_job_rounds(options), job->target->kernel_title,
		course->journal.path);
	if (failed)
		return KB_EXIT_TARGET;
	if (kb_run_measured(&job->run))
		return KB_EXIT_OK;
	kb_note("nothing was measured: every case was skipped, for the reasons above");
	return KB_EXIT_ENVIRONMENT;
}

/*
 * Measure the boot that the machine is in, unless there are enough. @more: out: others are due.
 * Return: exit code
 */
static int step(struct kb_course *course, const struct kb_run_options *options, bool *more)
{
	struct kb_job *job = &course->jobs.items[0];
	struct kb_error err = { 0 };

	*more = true;
	if (check_waits(course, &err))
		return kb_cli_report(&err);
	/* The last boot is behind, and its result could not be written then. */
	*more = !kb_experiment_enough(&course->jobs, options, false);
	if (!*more)
		return KB_EXIT_OK;
	if (check_boot(course, options, &err))
		return kb_cli_report(&err);
	kb_experiment_measure(&course->jobs, options, &course->experiment, &course->journal,
			      job->rounds + 1);
	if (job->err.exit != KB_EXIT_OK)
		return kb_cli_report(&job->err);
	if (job->unkept) {
		kb_fail(&err, KB_EXIT_ENVIRONMENT, "this boot is not kept, and can be measured "
			"once more");
		return kb_cli_report(&err);
	}
	if (kb_journal_dir_add_boot(&course->journal, job, &err))
		return kb_cli_report(&err);
	*more = !kb_experiment_enough(&course->jobs, options, false);
	return *more ? report_boot(course, options) : KB_EXIT_OK;
}

/* A job that was stopped between two of its rounds has none that says so. */
static void mark_interrupted(struct kb_course *course, const struct kb_run_options *options)
{
	if (!kb_interrupted || kb_experiment_enough(&course->jobs, options, false))
		return;
	for (size_t i = 0; i < course->jobs.nr; i++) {
		struct kb_job *job = &course->jobs.items[i];

		if (job->err.exit == KB_EXIT_OK)
			kb_fail(&job->err, KB_EXIT_INTERRUPTED, "interrupted after %zu boot%s of "
				"%s", job->rounds, job->rounds == 1 ? "" : "s",
				job->target->kernel_title);
	}
}

/* Write and print the results. Return: exit code of the first that has one */
static int end(struct kb_course *course, const struct kb_run_options *options)
{
	struct kb_jobs *jobs = &course->jobs;
	struct kb_error err = { 0 };
	int first = KB_EXIT_OK;

	mark_interrupted(course, options);
	for (size_t i = 0; i < jobs->nr; i++) {
		struct kb_job *job = &jobs->items[i];
		int exit;

		if (i && !options->json)
			putchar('\n');
		exit = kb_job_end(job, options);
		if (first == KB_EXIT_OK)
			first = exit;
		if (course->journal.state && job->published && job->err.exit == KB_EXIT_OK)
			kb_journal_dir_done(&course->journal, job, &err);
	}
	kb_cli_report(&err);
	return first;
}

/* Of what was not measured since the user stopped it. */
static void name_rest(const struct kb_jobs *jobs, size_t first)
{
	for (size_t i = first; i < jobs->nr; i++)
		kb_note("not run: %zu cases of %s", jobs->items[i].plan.nr_cases,
			jobs->items[i].target->kernel_title);
}

/* Without boots in blocks each kernel has its table when it is over. */
static int run_in_turn(struct kb_course *course, const struct kb_run_options *options)
{
	struct kb_course one = *course;
	int first = KB_EXIT_OK;

	for (size_t i = 0; i < course->jobs.nr; i++) {
		int exit;

		one.jobs = (struct kb_jobs){ .items = &course->jobs.items[i], .nr = 1 };
		if (i && !options->json)
			putchar('\n');
		kb_experiment_measure(&one.jobs, options, NULL,
				      one.journal.state ? &one.journal : NULL,
				      kb_job_rounds(options));
		exit = end(&one, options);
		if (exit == KB_EXIT_INTERRUPTED) {
			name_rest(&course->jobs, i + 1);
			return exit;
		}
		if (first == KB_EXIT_OK)
			first = exit;
	}
	return first;
}

/* A target that failed does not keep the other kernels from being measured. */
static int measure_all(struct kb_course *course, const struct kb_run_options *options)
{
	int exit;

	if (course->interleaved) {
		kb_experiment_measure(&course->jobs, options, &course->experiment,
				      &course->journal, kb_job_rounds(options));
		exit = end(course, options);
	} else {
		exit = run_in_turn(course, options);
	}
	if (course->journal.state && kb_exists(course->journal.path))
		kb_note("what is measured is kept; go on with: kbench run --resume %s",
			course->journal.path);
	return exit;
}

int kb_course_run(struct kb_course *course, const struct kb_run_options *options, int argc,
		  char **argv)
{
	struct kb_error err = { 0 };
	bool more;
	int exit;

	announce(&course->jobs, options);
	if (begin(course, options, argc, argv, &err))
		return kb_cli_report(&err);
	if (!course->stepwise)
		return measure_all(course, options);
	exit = step(course, options, &more);
	return more ? exit : end(course, options);
}
