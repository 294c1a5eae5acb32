// SPDX-License-Identifier: GPL-2.0
/* kbench run: prepare every kernel, then measure one after the other. */
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

/* A target that failed does not keep the other kernels from being measured. */
static int run_all(struct jobs *jobs, const struct kb_run_options *options, int argc, char **argv)
{
	int first = KB_EXIT_OK;

	for (size_t i = 0; i < jobs->nr; i++) {
		int exit;

		/* Kernels of one run are measured in the same way. */
		if (!options->quiet && (!i || jobs->items[i].part))
			kb_job_announce(&jobs->items[i]);

		if (i && !options->json)
			putchar('\n');
		exit = kb_job_run(&jobs->items[i], options, argc, argv);
		if (exit == KB_EXIT_INTERRUPTED) {
			while (++i < jobs->nr)
				kb_note("not run: %zu cases of %s", jobs->items[i].plan.nr_cases,
					jobs->items[i].target->kernel_release);
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
