// SPDX-License-Identifier: GPL-2.0
/* kbench show: result files as tables. */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "print_json.h"
#include "result.h"

/* @paths: points into argv, @nr_paths of them */
struct show {
	bool		json;
	char		**paths;
	int		nr_paths;
	struct kb_error	*err;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0,
	  "print the result itself; several files make an array of results", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show *show = state->input;

	(void)arg;
	switch (key) {
	case 'j':
		show->json = true;
		return 0;
	case ARGP_KEY_ARGS:
		show->paths = state->argv + state->next;
		show->nr_paths = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		kb_fail(show->err, KB_EXIT_USAGE,
			"which result? give a file written by kbench run, as in "
			"'kbench show results/NAME.json'");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_show_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Print result files as tables.\v"
	       "PER OP is the mean of the workers' medians, with its 95 % interval in the same "
	       "unit beside it. SPREAD is the standard deviation of the samples, as a part of "
	       "their mean. OPS is what all CPUs did together; FAIR is the slowest CPU's share "
	       "of it over the fastest's.\n\n"
	       "Where operations were timed one by one (run --latency), a second table has what "
	       "50 to 99.9 % of them stay below, the slowest and the CPU that it was on. TIMER is "
	       "what reading the clock costs; it is in all of these.\n\n"
	       "What the perf tool found (run --perf) stands below, for each case: hot functions "
	       "with their part of the samples, events, shared lines or locks.",
};

static int print_json(const json_t *value, struct kb_error *err)
{
	if (kb_print_json(value) || fflush(stdout))
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "cannot write the JSON: %s; free some space or print it elsewhere",
			       strerror(errno));
	return 0;
}

/* Nothing is printed unless all files can be read: half a document is none. */
static int show_json(const struct show *show, struct kb_error *err)
{
	json_t *results = json_array();
	int ret = results ? 0 : kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");

	for (int i = 0; !ret && i < show->nr_paths; i++) {
		json_t *result = kb_result_read(show->paths[i], err);

		if (!result)
			ret = -1;
		else if (json_array_append_new(results, result))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: show fewer files");
	}
	if (!ret)
		ret = print_json(show->nr_paths == 1 ? json_array_get(results, 0) : results, err);
	json_decref(results);
	return ret;
}

static int show_tables(const struct show *show, struct kb_error *err)
{
	for (int i = 0; i < show->nr_paths; i++) {
		json_t *result = kb_result_read(show->paths[i], err);
		int ret = -1;

		if (result && show->nr_paths > 1)
			printf("%s%s:\n", i ? "\n" : "", show->paths[i]);
		if (result)
			ret = kb_result_table(result, err);
		json_decref(result);
		if (ret)
			return -1;
	}
	return 0;
}

int kb_cmd_show(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct show show = { .err = &err };
	int ret = kb_cli_parse(&kb_show_argp, argc, argv, &show, &err);

	if (ret > 0)
		return KB_EXIT_OK;
	if (!ret && show.json)
		show_json(&show, &err);
	else if (!ret)
		show_tables(&show, &err);
	return kb_cli_report(&err);
}
