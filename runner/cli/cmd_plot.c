// SPDX-License-Identifier: GPL-2.0
/* kbench plot: a result file as a picture. */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "catalog.h"
#include "cli.h"
#include "command.h"
#include "plot.h"
#include "result.h"
#include "table.h"

/* @path, @output, @suite: point into argv; @suite is NULL for all */
struct plot {
	const char	*path;
	const char	*output;
	const char	*suite;
	struct kb_error	*err;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "the picture to write: its name ends in .png or .svg", 0 },
	{ "suite", 's', "SUITE", 0, "draw this suite alone", 0 },
	{ 0 },
};

static int usage(const struct plot *plot, const char *what)
{
	kb_fail(plot->err, KB_EXIT_USAGE, "%s, as in 'kbench plot results/NAME.json -o NAME.png'",
		what);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct plot *plot = state->input;

	switch (key) {
	case 'o':
		plot->output = arg;
		return 0;
	case 's':
		plot->suite = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (plot->path)
			return usage(plot, "one result at a time");
		plot->path = arg;
		return 0;
	case ARGP_KEY_END:
		if (!plot->path)
			return usage(plot, "which result? give a file written by kbench run");
		if (!plot->output)
			return usage(plot, "where to? give the picture's name");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Draw a result file with gnuplot.\v"
	       "Suites measured on several CPU counts are drawn as lines over them, suites with a "
	       "parameter of three values or more as lines over that, all else as bars.",
};

/* The name of a suite of @cases that is like @wanted, or that of the first. */
static const char *near_suite(const json_t *cases, const char *wanted)
{
	const char *near = NULL;
	const json_t *entry;
	size_t i;

	json_array_foreach(cases, i, entry) {
		const char *name = kb_text(entry, "suite");

		if (!near)
			near = kb_near(wanted, &name, 1);
	}
	return near ? near : kb_text(json_array_get(cases, 0), "suite");
}

/* Take the cases of all other suites out. */
static int keep_suite(json_t *result, const char *suite, const char *path, struct kb_error *err)
{
	json_t *cases = json_object_get(result, "cases"), *kept = json_array(), *entry;
	size_t i;

	json_array_foreach(cases, i, entry)
		if (!strcmp(kb_text(entry, "suite"), suite))
			json_array_append(kept, entry);
	if (!json_array_size(kept)) {
		kb_fail(err, KB_EXIT_USAGE, "no suite %s in %s; it has %s", suite, path,
			json_array_size(cases) ? near_suite(cases, suite) : "no case at all");
		json_decref(kept);
		return -1;
	}
	return json_object_set_new(result, "cases", kept);
}

static int draw(const struct plot *plot, struct kb_error *err)
{
	enum kb_plot_format format;
	json_t *result;
	int ret = 0;

	if (kb_plot_format_of(&format, plot->output, err))
		return -1;
	result = kb_result_read(plot->path, err);
	if (!result)
		return -1;
	if (plot->suite)
		ret = keep_suite(result, plot->suite, plot->path, err);
	if (!ret)
		ret = kb_plot_result(result, plot->output, err);
	json_decref(result);
	return ret;
}

int kb_cmd_plot(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct plot plot = { .err = &err };
	int ret = kb_cli_parse(&argp, argc, argv, &plot, &err);

	if (ret > 0)
		return KB_EXIT_OK;
	if (!ret)
		draw(&plot, &err);
	return kb_cli_report(&err);
}
