// SPDX-License-Identifier: GPL-2.0
/* kbench run: prepare every kernel, then measure one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "job.h"
#include "options.h"
#include "suite_sources.h"

/* All kernels are prepared before the first is measured: mistakes show at once. */
static int prepare_all(struct kb_job *jobs, size_t nr_jobs, struct kb_run_options *options,
		       struct kb_error *err)
{
	const struct kb_request *request = &options->request;

	if (kb_suite_sources_check(request->selectors, request->nr_selectors, &options->suites,
				   err) ||
	    kb_job_check_output(options, err))
		return -1;
	for (size_t i = 0; i < nr_jobs; i++) {
		const char *spec = options->nr_kernels ? options->kernels[i] : NULL;

		if (kb_job_prepare(&jobs[i], options, spec, err))
			return -1;
	}
	return 0;
}

/* A target that failed does not keep the other kernels from being measured. */
static int run_all(struct kb_job *jobs, size_t nr_jobs, const struct kb_run_options *options,
		   int argc, char **argv)
{
	int first = KB_EXIT_OK;

	if (!options->quiet)
		kb_job_announce(&jobs[0]);
	for (size_t i = 0; i < nr_jobs; i++) {
		int exit;

		if (i && !options->json)
			putchar('\n');
		exit = kb_job_run(&jobs[i], options, argc, argv);
		if (exit == KB_EXIT_INTERRUPTED)
			return exit;
		if (first == KB_EXIT_OK)
			first = exit;
	}
	return first;
}

static int run_options(struct kb_run_options *options, int argc, char **argv)
{
	size_t nr_jobs = options->nr_kernels ? options->nr_kernels : 1;
	struct kb_job *jobs = calloc(nr_jobs, sizeof(*jobs));
	struct kb_error err = { 0 };
	int exit;

	if (!jobs)
		kb_fail(&err, KB_EXIT_ENVIRONMENT, "out of memory");
	else
		prepare_all(jobs, nr_jobs, options, &err);
	if (err.exit == KB_EXIT_OK)
		exit = run_all(jobs, nr_jobs, options, argc, argv);
	else
		exit = kb_cli_report(&err);
	for (size_t i = 0; jobs && i < nr_jobs; i++)
		kb_job_free(&jobs[i]);
	free(jobs);
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
