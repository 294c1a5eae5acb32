// SPDX-License-Identifier: GPL-2.0
/*
 * kbench aa: how often a comparison of identical kernels cries wolf with these settings, and
 * kbench plan: how many boots tell which difference. Both read results of many boots; aa makes one,
 * too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aa_report.h"
#include "aa_run.h"
#include "cli.h"
#include "command.h"
#include "paths.h"
#include "pool.h"
#include "result.h"

/** struct aa_options - @paths point into argv */
struct aa_options {
	char		**paths;
	size_t		nr;
	bool		json;
	struct kb_error	*err;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "print JSON", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct aa_options *given = state->input;

	(void)arg;
	switch (key) {
	case 'j':
		given->json = true;
		return 0;
	case ARGP_KEY_ARGS:
		given->paths = state->argv + state->next;
		given->nr = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		kb_fail(given->err, KB_EXIT_USAGE, "name a result of several boots of one kernel, "
			"as 'kbench run SUITE --boots 12 -o aa.json' makes it%s",
			strstr(state->argv[0], " aa") ? ", or suites to be measured now" : "");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_aa_argp = {
	.options = options, .parser = parse,
	.args_doc = "FILE...\nSUITE[/BENCH][,...]... [OPTIONS OF KBENCH RUN]",
	.doc = "Compare boots of one kernel with each other: random halves, many times.\v"
	       "FILEs are results of one kernel and the same settings, whose boots are taken "
	       "together. Suites are measured now, as kbench run does with the same options, in 12 "
	       "boots unless --boots says otherwise, or up to 30 with --until; the result is "
	       "kept.\n\n"
	       "ALARMS is how many of 100 comparisons find a difference where there is none: "
	       "about 5 is what is promised; REGRESSED how many call it a regression. FLOOR is "
	       "what 95 of 100 halves differ by at most: 'kbench compare --floor FILE' takes no "
	       "smaller change for one. DETECTABLE is what half of the boots a side find in 80 of "
	       "100 experiments.",
};

const struct argp kb_plan_argp = {
	.options = options, .parser = parse, .args_doc = "FILE...",
	.doc = "From boots of one kernel: how many boots a side tell which difference.\v"
	       "FILEs are results of one kernel and the same settings, whose boots are taken "
	       "together. BETWEEN is the standard deviation between boots, WITHIN that of the "
	       "samples of a boot. SAMPLES is how many samples a boot give most for the time; '-': "
	       "boots do not differ beyond their samples. The columns after it are the smallest "
	       "change that so many boots a side find in 80 of 100 experiments.",
};

static json_t *read_all(const struct aa_options *given, struct kb_error *err)
{
	json_t **results = calloc(given->nr + 1, sizeof(json_t *)), *pool = NULL;
	size_t nr = 0;

	if (!results)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	while (results && nr < given->nr && (results[nr] = kb_result_read(given->paths[nr], err)))
		nr++;
	if (err->exit == KB_EXIT_OK && !kb_pool_check(results, given->paths, nr, err)) {
		pool = kb_pool_results(results, nr);
		if (!pool)
			kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	for (size_t i = 0; i < nr; i++)
		json_decref(results[i]);
	free(results);
	return pool;
}

static int judge(const struct argp *argp, int argc, char **argv,
		 int (*print)(const struct kb_same_kernel *same, const json_t *result))
{
	struct kb_error err = { 0 };
	struct aa_options given = { .err = &err };
	int ret = kb_cli_parse(argp, argc, argv, &given, &err);
	json_t *result = NULL;

	if (ret > 0)
		return KB_EXIT_OK;
	if (!ret)
		result = read_all(&given, &err);
	if (result)
		kb_aa_judge(result, given.json, print, &err);
	json_decref(result);
	return kb_cli_report(&err);
}

static bool is_result_name(const char *word)
{
	/* A directory may well be called like a suite. */
	return !kb_is_directory(word) && (kb_exists(word) || kb_ends_with(word, ".json"));
}

/* Files stand alone but for --json and --help; with any other option a run is meant. */
static bool is_about_files(int argc, char **argv)
{
	bool files = argc == 1;

	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];

		if (!strcmp(word, "--help") || !strcmp(word, "-h"))
			return true;
		if (word[0] != '-')
			files |= is_result_name(word);
		else if (strcmp(word, "--json") != 0 && strcmp(word, "-j") != 0)
			return false;
		else if (argc == 2)
			files = true;
	}
	return files;
}

const struct argp *kb_aa_argp_for(int argc, char **argv)
{
	return is_about_files(argc, argv) ? &kb_aa_argp : &kb_run_argp;
}

int kb_cmd_aa(int argc, char **argv)
{
	if (is_about_files(argc, argv))
		return judge(&kb_aa_argp, argc, argv, kb_aa_print);
	return kb_aa_run(argc, argv);
}

int kb_cmd_plan(int argc, char **argv)
{
	return judge(&kb_plan_argp, argc, argv, kb_aa_print_plan);
}
