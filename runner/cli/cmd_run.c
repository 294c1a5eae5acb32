// SPDX-License-Identifier: GPL-2.0
/* kbench run: prepare every kernel, then measure one after the other. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "course.h"
#include "jobs.h"
#include "options.h"
#include "paths.h"
#include "target_choice.h"

static int run_options(struct kb_course *course, struct kb_run_options *options, int argc,
		       char **argv)
{
	struct kb_jobs *jobs = &course->jobs;
	struct kb_error err = { 0 };
	int exit;

	jobs->items = calloc(kb_target_count(options) + 1, sizeof(*jobs->items));
	if (!jobs->items)
		kb_fail(&err, KB_EXIT_ENVIRONMENT, "out of memory");
	else
		kb_jobs_prepare(jobs, options, &err);
	if (err.exit == KB_EXIT_OK)
		exit = kb_course_run(course, options, argc, argv);
	else
		exit = kb_cli_report(&err);
	kb_jobs_free(jobs);
	free(jobs->items);
	return exit;
}

/**
 * struct line - a command line, "kbench" and "run" first
 * @argv: ended by NULL; the strings are borrowed
 */
struct line {
	char	**argv;
	int	argc;
};

/* Room for so many words more. Return: 0, or -1 with @err */
static int line_grow(struct line *line, size_t nr, struct kb_error *err)
{
	char **more = reallocarray(line->argv, (size_t)line->argc + nr + 1, sizeof(*more));

	if (!more)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	line->argv = more;
	return 0;
}

static void line_add(struct line *line, const char *word)
{
	line->argv[line->argc++] = (char *)word;
	line->argv[line->argc] = NULL;
}

/* @argv is that of the command: its first word is how it was called. */
static int line_begin(struct line *line, int argc, char **argv, struct kb_error *err)
{
	if (line_grow(line, (size_t)argc + 1, err))
		return -1;
	line_add(line, "kbench");
	line_add(line, "run");
	for (int i = 1; i < argc; i++)
		line_add(line, argv[i]);
	return 0;
}

/* --resume, which argp takes when it is cut short, too. */
static bool is_resume(const char *word)
{
	size_t length = strcspn(word, "=");

	return length > strlen("--r") && !strncmp(word, "--resume", length);
}

/* The line that began a journal, then what was given now beside --resume. */
static int line_resume(struct line *line, const struct kb_journal_dir *journal,
		       const struct line *given, struct kb_error *err)
{
	const json_t *command = kb_journal_dir_command(journal), *word;
	size_t i;

	if (line_grow(line, json_array_size(command) + (size_t)given->argc, err))
		return -1;
	json_array_foreach(command, i, word)
		line_add(line, json_string_value(word) ? json_string_value(word) : "");
	for (int k = 2; k < given->argc; k++) {
		if (!is_resume(given->argv[k]))
			line_add(line, given->argv[k]);
		else if (!strchr(given->argv[k], '='))
			k++;
	}
	return 0;
}

/* argp sorts the words while it parses; the result keeps the line as it was given. */
static int parse(struct kb_run_options *options, const struct line *line, struct kb_error *err)
{
	struct line sorted = { 0 };
	int ret = line_grow(&sorted, (size_t)line->argc, err);
	char title[] = "kbench run";

	for (int i = 1; !ret && i < line->argc; i++)
		line_add(&sorted, i == 1 ? title : line->argv[i]);
	if (!ret)
		ret = kb_run_options_parse(options, sorted.argc, sorted.argv, err);
	free(sorted.argv);
	return ret;
}

/* Results of a run that goes on stand where its journal does. */
static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? kb_path("%.*s/", (int)(slash - path), path) : kb_path("./");
}

/* @stepwise: only if a machine's boots are measured one by one */
static int resume(const char *path, const struct line *given, bool stepwise)
{
	struct kb_course course = { .resumed = true };
	struct kb_run_options options = { 0 };
	struct kb_error err = { 0 };
	struct line line = { 0 };
	char *directory = NULL;
	int exit;

	if (!kb_journal_dir_open(&course.journal, path, &err) &&
	    !line_resume(&line, &course.journal, given, &err) && !parse(&options, &line, &err) &&
	    stepwise && options.target != KB_TARGET_HOST)
		kb_fail(&err, KB_EXIT_USAGE, "%s is of guests, which kbench boots itself: kbench "
			"run --resume %s", course.journal.path, course.journal.path);
	if (err.exit != KB_EXIT_OK) {
		exit = kb_cli_report(&err);
	} else {
		directory = directory_of(course.journal.path);
		options.output = directory;
		exit = run_options(&course, &options, line.argc, line.argv);
	}
	kb_run_options_free(&options);
	kb_journal_dir_free(&course.journal);
	free(directory);
	free(line.argv);
	return exit;
}

int kb_cmd_run(int argc, char **argv)
{
	struct kb_course course = { 0 };
	struct kb_run_options options = { 0 };
	struct kb_error err = { 0 };
	struct line line = { 0 };
	int ret = line_begin(&line, argc, argv, &err), exit;

	if (!ret)
		ret = parse(&options, &line, &err);
	if (ret)
		exit = ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	else if (options.resume)
		exit = resume(options.resume, &line, false);
	else
		exit = run_options(&course, &options, line.argc, line.argv);
	kb_run_options_free(&options);
	kb_journal_dir_free(&course.journal);
	free(line.argv);
	return exit;
}

static const struct argp_option step_options[] = {
	{ "quiet", 'q', NULL, 0, "no progress", 0 },
	{ 0 },
};

/** struct step_options - @path: of the journal, points into argv */
struct step_options {
	const char	*path;
	bool		quiet;
	struct kb_error	*err;
};

static error_t parse_step(int key, char *arg, struct argp_state *state)
{
	struct step_options *given = state->input;

	switch (key) {
	case 'q':
		given->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		if (given->path)
			kb_fail(given->err, KB_EXIT_USAGE, "one directory at a time");
		given->path = arg;
		return given->err->exit == KB_EXIT_OK ? 0 : EINVAL;
	case ARGP_KEY_NO_ARGS:
		kb_fail(given->err, KB_EXIT_USAGE, "name the directory of a run begun with 'kbench "
			"run SUITE --target host --boots N -o DIR/'");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_agent_step_argp = {
	.options = step_options, .parser = parse_step, .args_doc = "DIR",
	.doc = "Measure the boot that this machine is in, once, for a run whose boots you make.\v"
	       "'kbench run SUITE --target host --boots 10 -o DIR/' measures the first boot and "
	       "keeps it in DIR/*.journal. After each reboot one call of this adds a boot; the "
	       "last writes the result and removes the journal, so that this measures all:\n"
	       "  kbench agent-step DIR && ls -d DIR/*.journal && reboot\n"
	       "In a boot of another kernel it adds a boot of that one to the same experiment: "
	       "boots of the same number are compared in pairs.",
};

int kb_cmd_agent_step(int argc, char **argv)
{
	char quiet[] = "--quiet", *words[] = { NULL, quiet };
	struct kb_error err = { 0 };
	struct step_options given = { .err = &err };
	int ret = kb_cli_parse(&kb_agent_step_argp, argc, argv, &given, &err), exit;
	struct line line = { 0 };

	if (!ret)
		ret = line_begin(&line, given.quiet ? 2 : 1, words, &err);
	if (ret)
		exit = ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
	else
		exit = resume(given.path, &line, true);
	free(line.argv);
	return exit;
}
