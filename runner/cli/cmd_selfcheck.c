// SPDX-License-Identifier: GPL-2.0
/* kbench selfcheck: what kbench knows beforehand, measured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "grid.h"
#include "job.h"
#include "options.h"
#include "print_json.h"
#include "screen.h"
#include "selfcheck.h"
#include "table.h"
#include "target_choice.h"

/* Benches that are broken on purpose run only when they are named. */
#define SELECTORS	"selfcheck,selfcheck/sleeps_in_atomic,selfcheck/leaks,selfcheck/never_ends"
#define NR_SELECTORS	4

/* One of them ends only at the deadline, which comes late where instructions are counted. */
#define DEADLINE	"--deadline=2"
#define DEADLINE_NS	2000000000ULL

static int add_line(struct kb_grid *grid, const struct kb_finding *finding)
{
	char cpus[24];
	int bad;

	snprintf(cpus, sizeof(cpus), "%ld", finding->cpus);
	bad = kb_grid_add(grid, (const char *[]){ finding->name, finding->context, cpus,
						  finding->expected, finding->measured,
						  finding->ok ? "ok" : "NOT OK" });
	if (!bad)
		kb_grid_colour(grid, 5, finding->ok ? "green" : "red");
	return bad;
}

static int print_table(const struct kb_finding *findings, size_t nr, struct kb_error *err)
{
	static const struct kb_grid_column columns[] = {
		{ "CHECK", 0, 0 }, { "CONTEXT", KB_GRID_WRAP, 0 }, { "CPUS", KB_GRID_RIGHT, 0 },
		{ "EXPECTED", KB_GRID_WRAP, 0 }, { "MEASURED", KB_GRID_WRAP, 0 }, { "", 0, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 6);
	int bad = !grid;

	for (size_t i = 0; !bad && i < nr; i++)
		bad = add_line(grid, &findings[i]);
	if (kb_grid_end(grid, bad))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot print the table");
	return 0;
}

static int print_text(const json_t *result, const struct kb_finding *findings, size_t nr,
		      struct kb_error *err)
{
	struct kb_screen screen;
	int ret;

	kb_screen_begin(&screen);
	kb_print_header(result, stdout);
	putchar('\n');
	ret = print_table(findings, nr, err);
	kb_screen_end(&screen);
	return ret;
}

static void print_json(const struct kb_finding *findings, size_t nr)
{
	json_t *array = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(array, json_pack(
			"{s:s, s:s, s:I, s:s, s:s, s:b}", "check", findings[i].name,
			"context", findings[i].context, "cpus", (json_int_t)findings[i].cpus,
			"expected", findings[i].expected, "measured", findings[i].measured,
			"ok", findings[i].ok));
	kb_print_json(array);
	json_decref(array);
}

static int judge(const json_t *result, const struct kb_run_options *options, struct kb_error *err)
{
	struct kb_finding *findings;
	size_t nr = kb_selfcheck_judge(result, &findings), nr_bad = 0;
	int ret = 0;

	for (size_t i = 0; i < nr; i++)
		nr_bad += !findings[i].ok;
	if (options->json)
		print_json(findings, nr);
	else
		ret = print_text(result, findings, nr, err);
	free(findings);
	if (!ret && !nr)
		ret = kb_fail(err, KB_EXIT_TARGET, "nothing was checked: run it again");
	if (!ret && nr_bad)
		ret = kb_fail(err, KB_EXIT_TARGET,
			      "%zu of %zu self-checks did not come out: do not trust figures from "
			      "this machine and kernel", nr_bad, nr);
	return ret;
}

static int check_kernel(struct kb_run_options *options, const char *spec, int argc, char **argv)
{
	struct kb_error err = { 0 };
	json_t *result = NULL;
	struct kb_job job;

	if (!kb_job_prepare(&job, options, spec, &err) &&
	    !kb_job_finish(&job, options, &job, 1, &err)) {
		if (!options->quiet)
			kb_job_announce(&job);
		kb_job_begin(&job, options, NULL, argc, argv);
		while (job.rounds < kb_job_rounds(options) && job.err.exit == KB_EXIT_OK)
			kb_job_round(&job, options, NULL);
		result = kb_job_result(&job);
		err = job.err;
	}
	/* What was not measured has not failed. */
	if (result && err.exit != KB_EXIT_INTERRUPTED)
		judge(result, options, &err);
	json_decref(result);
	kb_job_free(&job);
	return kb_cli_report(&err);
}

static int check_all(struct kb_run_options *options, int argc, char **argv)
{
	size_t nr = kb_target_count(options);
	int first = KB_EXIT_OK;

	for (size_t i = 0; i < nr; i++) {
		int exit = check_kernel(options, kb_target_name(options, i), argc, argv);

		if (exit == KB_EXIT_INTERRUPTED)
			return exit;
		if (first == KB_EXIT_OK)
			first = exit;
	}
	return first;
}

/* The kernel refuses broken BPF programs before they run: the suite itself is left. */
static void drop_broken(struct kb_request *request)
{
	while (request->nr_selectors > 1)
		free(request->selectors[--request->nr_selectors]);
}

int kb_cmd_selfcheck(int argc, char **argv)
{
	char selectors[] = SELECTORS, deadline[] = DEADLINE;
	char **all = calloc((size_t)argc + 3, sizeof(*all));
	struct kb_run_options options;
	struct kb_error err = { 0 };
	int ret, exit;

	if (!all) {
		kb_note("out of memory");
		return KB_EXIT_ENVIRONMENT;
	}
	all[0] = argv[0];
	all[1] = deadline;
	all[2] = selectors;
	memcpy(all + 3, argv + 1, (size_t)(argc - 1) * sizeof(*all));
	ret = kb_run_options_parse_as(&options, &kb_selfcheck_argp, argc + 2, all, &err);
	options.no_result = true;
	kb_suite_files_want(&options.suites, "selfcheck");
	if (!strcmp(options.accel, "icount") && options.request.deadline_ns == DEADLINE_NS)
		options.request.deadline_ns /= 10;
	if (!ret && options.request.nr_selectors != NR_SELECTORS)
		ret = kb_fail(&err, KB_EXIT_USAGE, "selfcheck has its own benches; 'kbench run "
			      "selfcheck/...' measures single ones");
	if (!ret && options.backend == KB_BACKEND_BPF)
		drop_broken(&options.request);
	if (ret)
		exit = ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	else
		exit = check_all(&options, argc, argv);
	kb_run_options_free(&options);
	free(all);
	return exit;
}
