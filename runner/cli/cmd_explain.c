// SPDX-License-Identifier: GPL-2.0
/* kbench explain: where two kernels' counted instructions differ, function by function. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "exact.h"
#include "explanation.h"
#include "paths.h"
#include "print_json.h"
#include "recount.h"
#include "result.h"
#include "table.h"
#include "which_case.h"

enum { OPT_JSON = 256 };

/** struct explain_options - @words: A.json, B.json and the case; point into argv */
struct explain_options {
	char		*words[3];
	int		nr_words;
	bool		json;
	struct kb_error	*err;
};

static const struct argp_option explain_options[] = {
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ 0 },
};

static error_t parse_explain(int key, char *arg, struct argp_state *state)
{
	struct explain_options *options = state->input;

	switch (key) {
	case OPT_JSON:
		options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->nr_words < 3)
			options->words[options->nr_words] = arg;
		options->nr_words++;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_explain_argp = {
	.options = explain_options, .parser = parse_explain, .args_doc = "A.json B.json CASE",
	.doc = "Say in which functions a case of two results differs. Both are results of 'kbench "
	       "run --accel icount'; each kernel is booted once more, and the emulator counts "
	       "every instruction of the case by its address.\v"
	       "CASE is a name as 'kbench show' has it, such as locks/mutex, 'locks/mutex cs=100' "
	       "or alloc/kmalloc_batch:alloc.\n\n"
	       "Each figure is instructions for one operation in that function, without those of "
	       "the functions that it calls. Their sums are the two results' own figures; where "
	       "they are not, nothing is printed and the exit code is 5.",
};

static int check_words(const struct explain_options *options)
{
	if (options->nr_words == 3)
		return 0;
	return kb_fail(options->err, KB_EXIT_USAGE, "name two results and a case, as 'kbench "
		       "explain a.json b.json locks/mutex'");
}

/* Names of the cases that @wanted asks for, of all where it is NULL; to be released. */
static json_t *names_of(const struct kb_recount *recount, const char *wanted)
{
	json_t *names = json_object(), *entry;
	size_t i;

	json_array_foreach(json_object_get(recount->result, "cases"), i, entry)
		if (!wanted || kb_entry_is(entry, wanted))
			kb_case_names_add(names, entry);
	return names;
}

/* None is, or several are. */
static int not_one(const struct kb_recount *recount, const char *wanted, bool several,
		   struct kb_error *err)
{
	json_t *names = names_of(recount, several ? wanted : NULL);
	char *who = kb_path("%s has", recount->path);

	if (several)
		kb_case_several(names, who, wanted, err);
	else
		kb_case_none(names, who, wanted, err);
	json_decref(names);
	free(who);
	return -1;
}

/* The entry of the first boot that measured it, of the one case that @wanted asks for. */
static int find_entry(struct kb_recount *recount, const char *wanted, struct kb_error *err)
{
	const json_t *cases = json_object_get(recount->result, "cases"), *entry;
	char name[KB_ENTRY_NAME_LEN];
	const json_t *any = NULL;
	size_t i;

	json_array_foreach(cases, i, entry) {
		if (!kb_entry_is(entry, wanted))
			continue;
		kb_entry_name(name, entry, true);
		if (any && strcmp(name, recount->name) != 0)
			return not_one(recount, wanted, true, err);
		strcpy(recount->name, name);
		any = entry;
		if (!recount->entry && json_object_get(entry, "per_op"))
			recount->entry = entry;
	}
	if (!any)
		return not_one(recount, wanted, false, err);
	if (!recount->entry)
		return kb_fail(err, KB_EXIT_USAGE, "%s: %s has no figure (%s): there is nothing "
			       "to explain", recount->path, recount->name, kb_text(any, "reason"));
	return 0;
}

/* What can be counted by function is what was counted before, by one worker of a module. */
static int check_entry(const struct kb_recount *recount, struct kb_error *err)
{
	json_int_t cpus = json_integer_value(json_object_get(recount->entry, "cpus"));

	if (cpus == 1)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "%s: %s has %" JSON_INTEGER_FORMAT " workers, whose "
		       "instructions cannot be told apart; explain a case of 1 CPU",
		       recount->path, recount->name, cpus);
}

static int check_result(const struct kb_recount *recount, struct kb_error *err)
{
	const json_t *environment = json_object_get(recount->result, "environment");
	const char *tree = kb_text(json_object_get(recount->result, "kernel"), "tree");

	if (!kb_is_exact(environment))
		return kb_fail(err, KB_EXIT_USAGE, "%s: its instructions were not counted "
			       "(fidelity %s); 'kbench run --accel icount' does", recount->path,
			       kb_text(environment, "fidelity"));
	if (!strcmp(kb_text(environment, "backend"), "bpf"))
		return kb_fail(err, KB_EXIT_USAGE, "%s: its cases are BPF programs; only those of "
			       "modules are explained (--backend lkm)", recount->path);
	if (*tree)
		return kb_fail(err, KB_EXIT_USAGE, "%s: its kernel was built in %.80s; only "
			       "packaged kernels can be found again to be explained",
			       recount->path, tree);
	return 0;
}

/* Return: the result, to be held as long as @recount is used; NULL with @err */
static json_t *find(struct kb_recount *recount, const char *path, const char *wanted,
		    struct kb_error *err)
{
	json_t *result = kb_result_read(path, err);

	*recount = (struct kb_recount){ .path = path, .result = result };
	if (result && !check_result(recount, err) && !find_entry(recount, wanted, err) &&
	    !check_entry(recount, err))
		return result;
	json_decref(result);
	return NULL;
}

static int check_same(const struct kb_recount recounts[2], struct kb_error *err)
{
	if (!strcmp(recounts[0].name, recounts[1].name))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "these are different cases: %s in %s, %s in %s",
		       recounts[0].name, recounts[0].path, recounts[1].name, recounts[1].path);
}

static int print_json(json_t *document, struct kb_error *err)
{
	int bad = !document || kb_print_json(document);

	json_decref(document);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write the JSON") : 0;
}

static int show(const struct kb_profile profiles[2], const struct kb_recount recounts[2],
		const struct explain_options *options)
{
	struct kb_explanation explanation;
	struct kb_explained_side sides[2];
	char name[KB_ENTRY_NAME_LEN];
	int ret;

	for (int i = 0; i < 2; i++)
		sides[i] = (struct kb_explained_side){
			.path = recounts[i].path,
			.release = kb_text(json_object_get(recounts[i].result, "kernel"),
					   "release"),
		};
	kb_entry_name(name, recounts[0].entry, false);
	if (kb_explain(&explanation, &profiles[0], &profiles[1]))
		ret = kb_fail(options->err, KB_EXIT_ENVIRONMENT, "out of memory");
	else if (options->json)
		ret = print_json(kb_explanation_json(&explanation, name, sides),
				 options->err);
	else
		ret = kb_explanation_print(&explanation, name, sides, options->err);
	kb_explanation_free(&explanation);
	return ret;
}

static int explain(const struct explain_options *options, int argc, char **argv)
{
	struct kb_recount recounts[2] = { 0 };
	struct kb_profile profiles[2] = { 0 };
	json_t *results[2] = { NULL };
	int ret = 0;

	for (int i = 0; !ret && i < 2; i++) {
		results[i] = find(&recounts[i], options->words[i], options->words[2],
				  options->err);
		ret = results[i] ? 0 : -1;
	}
	if (!ret)
		ret = check_same(recounts, options->err);
	for (int i = 0; !ret && i < 2; i++)
		ret = kb_recount(&profiles[i], &recounts[i], argc, argv, options->err);
	if (!ret)
		ret = show(profiles, recounts, options);
	for (int i = 0; i < 2; i++) {
		kb_profile_free(&profiles[i]);
		json_decref(results[i]);
	}
	return ret;
}

int kb_cmd_explain(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct explain_options options = { .err = &err };
	int ret = kb_cli_parse(&kb_explain_argp, argc, argv, &options, &err);

	if (!ret)
		ret = check_words(&options) || explain(&options, argc, argv);
	return err.exit == KB_EXIT_OK ? KB_EXIT_OK : kb_cli_report(&err);
}
