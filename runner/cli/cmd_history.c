// SPDX-License-Identifier: GPL-2.0
/* kbench history: the course of cases over many results, and where it changes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "entry_name.h"
#include "history_report.h"
#include "percent.h"
#include "print_json.h"
#include "result_files.h"
#include "which_case.h"

enum {
	OPT_CASE = 256,
	OPT_SORT,
	OPT_ONLY,
	OPT_CONFIDENCE,
	OPT_JSON,
};

/** struct history_options - @paths point into argv, as do @cases, of which there is room for all */
struct history_options {
	char			**paths;
	int			nr_paths;
	char			**cases;
	size_t			nr_cases;
	enum kb_history_order	order;
	bool			only_changed;
	bool			json;
	double			level;
	struct kb_error		*err;
};

static const struct argp_option options[] = {
	{ "case", OPT_CASE, "CASE", 0, "only this case, such as 'locks/mutex cs=0 8 CPUs'; may be "
	  "repeated", 0 },
	{ "sort", OPT_SORT, "kernel|date", 0,
	  "by kernel (default where there are several) or date", 0 },
	{ "only", OPT_ONLY, "changed", 0, "show only cases that changed", 0 },
	{ "confidence", OPT_CONFIDENCE, "PERCENT", 0, "of change points (default 95%)", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

static int set_order(struct history_options *given, const char *text)
{
	static const char *const names[] = {
		[KB_HISTORY_KERNEL] = "kernel", [KB_HISTORY_DATE] = "date",
	};

	for (size_t i = KB_HISTORY_KERNEL; i <= KB_HISTORY_DATE; i++) {
		if (strcmp(names[i], text) != 0)
			continue;
		given->order = (enum kb_history_order)i;
		return 0;
	}
	return kb_fail(given->err, KB_EXIT_USAGE, "--sort %s: write kernel or date", text);
}

static int set_only(struct history_options *given, const char *text)
{
	if (strcmp(text, "changed") != 0)
		return kb_fail(given->err, KB_EXIT_USAGE, "--only %s: write changed", text);
	given->only_changed = true;
	return 0;
}

static int set_confidence(struct history_options *given, const char *text)
{
	double confidence;

	if (kb_parse_confidence(&confidence, text, given->err))
		return -1;
	given->level = 1 - confidence;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct history_options *given = state->input;

	switch (key) {
	case OPT_CASE:
		given->cases[given->nr_cases++] = arg;
		return 0;
	case OPT_SORT:
		return set_order(given, arg) ? EINVAL : 0;
	case OPT_ONLY:
		return set_only(given, arg) ? EINVAL : 0;
	case OPT_CONFIDENCE:
		return set_confidence(given, arg) ? EINVAL : 0;
	case OPT_JSON:
		given->json = true;
		return 0;
	case ARGP_KEY_ARGS:
		given->paths = state->argv + state->next;
		given->nr_paths = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		kb_fail(given->err, KB_EXIT_USAGE, "name results or a directory of them, as "
			"'kbench history results/'");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_history_argp = {
	.options = options, .parser = parse, .args_doc = "FILE|DIRECTORY...",
	.doc = "The course of cases over many results: kernels or dates.\v"
	       "Results of other machines, architectures, fidelities, backends, units and flavours "
	       "of the kernel are series of their own. A change point is the first result that is "
	       "unlike those before: found by E-divisive with a permutation test over boots, "
	       "corrected for the number of cases; of counted instructions any difference is one. "
	       "BEFORE and AFTER are between neighbouring change points. docs/comparing.md says "
	       "how much is found, and how often it is wrong.",
};

/** struct gathering - what a visit of results needs */
struct gathering {
	const struct history_options	*given;
	struct kb_history		*history;
};

static int add(void *ctx, const char *path, int argument, json_t *result)
{
	const struct gathering *gathering = ctx;
	const struct history_options *given = gathering->given;
	const char *known;
	bool again;

	(void)argument;
	known = kb_history_known(&again, gathering->history, result);
	if (known && !again)
		return kb_fail(given->err, KB_EXIT_USAGE, "%s and %s have a boot in common, which "
			       "would count twice: name one of them", known, path);
	if (known)
		kb_note("%s is left out: it is the result %s once more", path, known);
	else if (kb_history_add(gathering->history, path, result, given->cases, given->nr_cases))
		return kb_fail(given->err, KB_EXIT_ENVIRONMENT, "out of memory");
	return 0;
}

/* Whether @wanted names a case of any result, measured in a series or alone. */
static bool is_there(const struct kb_history *history, const char *wanted)
{
	for (size_t i = 0; i < history->nr; i++)
		for (size_t k = 0; k < history->series[i].nr; k++)
			if (kb_entry_is(history->series[i].cases[k].entry, wanted))
				return true;
	return false;
}

static bool has_case(const struct kb_history *history)
{
	for (size_t i = 0; i < history->nr; i++)
		if (history->series[i].nr)
			return true;
	return false;
}

static bool has_series(const struct kb_history *history)
{
	for (size_t i = 0; i < history->nr; i++)
		if (history->series[i].nr_results > 1)
			return true;
	return false;
}

static int check(const struct kb_history *history, const struct history_options *given)
{
	if (!has_series(history))
		return kb_fail(given->err, KB_EXIT_USAGE, "a history takes two results or more of "
			       "one machine, fidelity, backend and flavour of the kernel");
	for (size_t i = 0; i < given->nr_cases; i++)
		if (!is_there(history, given->cases[i]))
			return kb_case_none(history->names, "these results have",
					    given->cases[i], given->err);
	if (!has_case(history))
		return kb_fail(given->err, KB_EXIT_USAGE, "no case was measured in these results");
	return 0;
}

static void note_all(const struct kb_history *history, const json_t *ignored)
{
	const json_t *text;
	size_t i;

	json_array_foreach(ignored, i, text)
		kb_note("%s", json_string_value(text));
	for (i = 0; i < history->nr; i++)
		if (history->series[i].nr_results == 1)
			kb_note("%s is alone in its series (%s)",
				history->series[i].results[0].path, history->series[i].name);
}

static int print_json(const struct kb_history *history, const struct history_options *given)
{
	json_t *document = kb_history_json(history, given->only_changed, given->level);
	int bad = !document || kb_print_json(document);

	json_decref(document);
	return bad ? kb_fail(given->err, KB_EXIT_ENVIRONMENT, "cannot write the JSON") : 0;
}

static int print(const struct kb_history *history, const struct history_options *given)
{
	bool first = true;

	if (given->json)
		return print_json(history, given);
	for (size_t i = 0; i < history->nr; i++) {
		const struct kb_history_series *series = &history->series[i];

		if (series->nr_results < 2)
			continue;
		if (!first)
			putchar('\n');
		first = false;
		if (kb_history_print(series, given->only_changed, given->level, given->err))
			return -1;
	}
	return 0;
}

static int run(const struct history_options *given)
{
	struct kb_history history = { 0 };
	struct gathering gathering = { given, &history };
	json_t *ignored = json_array();
	int ret = kb_result_files(given->paths, given->nr_paths, ignored, add, &gathering,
				  given->err);

	if (!ret) {
		note_all(&history, ignored);
		ret = check(&history, given);
	}
	if (!ret && kb_history_finish(&history, given->order, given->level))
		ret = kb_fail(given->err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (!ret)
		ret = print(&history, given);
	json_decref(ignored);
	kb_history_free(&history);
	return ret;
}

int kb_cmd_history(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct history_options given = {
		.level = 0.05, .err = &err, .cases = calloc((size_t)argc + 1, sizeof(char *)),
	};
	int ret = given.cases ? kb_cli_parse(&kb_history_argp, argc, argv, &given, &err) :
				kb_fail(&err, KB_EXIT_ENVIRONMENT, "out of memory");

	if (!ret)
		run(&given);
	free(given.cases);
	return ret > 0 ? KB_EXIT_OK : kb_cli_report(&err);
}
