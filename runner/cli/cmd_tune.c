// SPDX-License-Identifier: GPL-2.0
/* kbench tune: sets this machine for steady figures, and back. The agent does it; this tells. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "grid.h"
#include "local.h"
#include "paths.h"
#include "print_json.h"
#include "screen.h"
#include "table.h"

enum { OPT_UNDO = 256, OPT_DRY_RUN, OPT_STATUS, OPT_SMT_OFF, OPT_JSON, OPT_SYSROOT };

/**
 * struct tune_options - the command line
 * @err:     where the parser reports
 * @action:  as the agent calls it; NULL: none was named, so apply
 * @sysroot: where a test has made what is changed, or NULL
 */
struct tune_options {
	struct kb_error	*err;
	const char	*action;
	const char	*sysroot;
	bool		smt_off;
	bool		json;
};

static const struct argp_option tune_options[] = {
	{ "undo", OPT_UNDO, NULL, 0, "put back exactly what was there before", 0 },
	{ "dry-run", OPT_DRY_RUN, NULL, 0, "say what would be changed", 0 },
	{ "status", OPT_STATUS, NULL, 0, "say what is changed now", 0 },
	{ "smt-off", OPT_SMT_OFF, NULL, 0,
	  "switch SMT off, too: takes the second CPU of each core away", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ "sysroot", OPT_SYSROOT, "DIR", OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static error_t choose(struct argp_state *state, const char *action)
{
	struct tune_options *options = state->input;

	if (!options->action || !strcmp(options->action, action)) {
		options->action = action;
		return 0;
	}
	kb_fail(options->err, KB_EXIT_USAGE, "--%s and --%s: give one of them", options->action,
		action);
	return EINVAL;
}

static error_t parse_tune(int key, char *arg, struct argp_state *state)
{
	struct tune_options *options = state->input;

	switch (key) {
	case OPT_UNDO:
		return choose(state, "undo");
	case OPT_DRY_RUN:
		return choose(state, "dry-run");
	case OPT_STATUS:
		return choose(state, "status");
	case OPT_SMT_OFF:
		options->smt_off = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_SYSROOT:
		options->sysroot = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_tune_argp = {
	.options = tune_options, .parser = parse_tune,
	.doc = "Set this machine for steady figures: CPU frequency governor performance, turbo "
	       "off, NMI watchdog off. What was there is kept until --undo puts it back.\v"
	       "Needs root, through sudo where you are not. A restart of the machine undoes it, "
	       "too. Exit code 4 when a setting could not be changed; the others are changed "
	       "then.",
};

static bool is(const json_t *record, const char *name, const char *value)
{
	return !strcmp(kb_text(record, name), value);
}

/* Settings that are equal but for their file: one line for all CPUs. */
static bool same_line(const json_t *a, const json_t *b)
{
	static const char *const names[] = { "name", "was", "now", "status", "wanted", "error" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!is(a, names[i], kb_text(b, names[i])))
			return false;
	return true;
}

/* The records of settings alone. */
static json_t *settings_of(const json_t *records)
{
	json_t *settings = json_array(), *record;
	size_t i;

	json_array_foreach(records, i, record) {
		if (!is(record, "rec", "setting"))
			continue;
		json_object_del(record, "rec");
		json_array_append(settings, record);
	}
	return settings;
}

static bool was_tuned(const json_t *records)
{
	const json_t *record;
	size_t i;

	json_array_foreach(records, i, record)
		if (is(record, "rec", "tune"))
			return json_is_true(json_object_get(record, "tuned"));
	return false;
}

static size_t count(const json_t *settings, const char *status)
{
	const json_t *setting;
	size_t i, nr = 0;

	json_array_foreach(settings, i, setting)
		nr += is(setting, "status", status);
	return nr;
}

static bool add_line(struct kb_grid *grid, const json_t *setting, size_t nr)
{
	const char *status = kb_text(setting, "status");
	char *file = nr == 1 ? kb_path("%s", kb_text(setting, "path")) :
			       kb_path("%s and %zu more", kb_text(setting, "path"), nr - 1);
	bool bad = kb_grid_add(grid, (const char *[]){ kb_text(setting, "name"), status,
						       kb_text(setting, "was"),
						       kb_text(setting, "now"), file });

	if (!bad && !strcmp(status, "failed"))
		kb_grid_colour(grid, 1, "red");
	free(file);
	return !bad;
}

/* One line for all that are equal, where the first of them stands. */
static bool add_settings(struct kb_grid *grid, const json_t *settings)
{
	size_t nr = json_array_size(settings);

	for (size_t i = 0; i < nr; i++) {
		const json_t *setting = json_array_get(settings, i);
		size_t equal = 0, before = 0;

		for (size_t j = 0; j < nr; j++) {
			bool same = same_line(setting, json_array_get(settings, j));

			equal += same;
			before += same && j < i;
		}
		if (!before && !add_line(grid, setting, equal))
			return false;
	}
	return true;
}

static int print_table(const json_t *settings)
{
	static const struct kb_grid_column columns[] = {
		{ "SETTING", KB_GRID_WRAP, 0 }, { "", 0, 0 }, { "WAS", KB_GRID_WRAP, 0 },
		{ "NOW", KB_GRID_WRAP, 0 }, { "FILE", KB_GRID_WRAP, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 5);

	return kb_grid_end(grid, !grid || !add_settings(grid, settings));
}

/* What the table means, in a line. */
static void print_summary(const char *action, bool tuned, const json_t *settings)
{
	size_t nr = json_array_size(settings);

	if (!strcmp(action, "undo")) {
		if (!tuned)
			puts("nothing to undo: kbench tune has changed nothing");
		else if (!count(settings, "failed"))
			puts("all is as it was before kbench tune");
	} else if (!strcmp(action, "status")) {
		puts(tuned ? "kbench tune --undo puts back what is changed" :
			     "kbench tune has changed nothing");
	} else if (!strcmp(action, "dry-run")) {
		puts(nr ? "kbench tune would change this" : "there is nothing to change");
	} else if (count(settings, "changed")) {
		puts("kbench tune --undo puts it back");
	} else if (!count(settings, "failed")) {
		puts(nr ? "all is set for steady figures already" :
			  "this machine has nothing that kbench tune could set");
	}
}

static int print_text(const char *action, bool tuned, const json_t *settings)
{
	struct kb_screen screen;
	int bad;

	kb_screen_begin(&screen);
	bad = print_table(settings);
	print_summary(action, tuned, settings);
	kb_screen_end(&screen);
	return bad;
}

static int print_json(bool tuned, json_t *settings)
{
	json_t *object = json_pack("{s:b, s:O}", "tuned", tuned, "settings", settings);
	int bad = !object || kb_print_json(object);

	json_decref(object);
	return bad ? -1 : 0;
}

/* Each thing that could not be done, with its cause, once. */
static int report_failures(const json_t *settings)
{
	size_t nr = json_array_size(settings);
	int exit_code = KB_EXIT_OK;

	for (size_t i = 0; i < nr; i++) {
		const json_t *setting = json_array_get(settings, i);
		bool said = false;

		if (!is(setting, "status", "failed"))
			continue;
		exit_code = KB_EXIT_ENVIRONMENT;
		for (size_t j = 0; j < i; j++)
			said |= same_line(setting, json_array_get(settings, j));
		if (!said)
			kb_note("%s stays %s instead of %s: %s: %s", kb_text(setting, "name"),
				kb_text(setting, "now"), kb_text(setting, "wanted"),
				kb_text(setting, "path"), kb_text(setting, "error"));
	}
	return exit_code;
}

static json_t *run_agent(const struct tune_options *options, struct kb_error *err)
{
	bool reads = !strcmp(options->action, "dry-run") || !strcmp(options->action, "status");
	char *agent = kb_agent_path(NULL);
	const char *argv[12] = { "sudo", "-n", "--" };
	size_t nr = 3;
	bool sudo = false;
	json_t *records = NULL;

	argv[nr++] = agent;
	argv[nr++] = "--tune";
	argv[nr++] = options->action;
	if (options->smt_off)
		argv[nr++] = "--smt-off";
	if (options->sysroot) {
		argv[nr++] = "--root";
		argv[nr++] = options->sysroot;
	}
	/* What a test has made is its own. */
	if (reads || options->sysroot ||
	    !kb_local_privilege(agent, "changing settings", "", &sudo, err))
		records = kb_local_records(sudo ? argv : argv + 3, err);
	free(agent);
	return records;
}

static int check_options(struct tune_options *options, struct kb_error *err)
{
	if (!options->action)
		options->action = "apply";
	if (options->smt_off && strcmp(options->action, "apply") &&
	    strcmp(options->action, "dry-run"))
		return kb_fail(err, KB_EXIT_USAGE, "--smt-off and --%s: give one of them",
			       options->action);
	return 0;
}

int kb_cmd_tune(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct tune_options options = { .err = &err };
	int ret = kb_cli_parse(&kb_tune_argp, argc, argv, &options, &err);
	json_t *records, *settings;
	bool tuned;

	if (ret)
		return ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	if (check_options(&options, &err))
		return kb_cli_report(&err);
	records = run_agent(&options, &err);
	if (!records)
		return kb_cli_report(&err);
	settings = settings_of(records);
	tuned = was_tuned(records);
	ret = options.json ? print_json(tuned, settings) :
			     print_text(options.action, tuned, settings);
	fflush(stdout);
	if (ret)
		kb_note("out of memory, or nowhere to print to");
	ret = ret ? KB_EXIT_ENVIRONMENT : report_failures(settings);
	json_decref(settings);
	json_decref(records);
	return ret;
}
