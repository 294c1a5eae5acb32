// SPDX-License-Identifier: GPL-2.0
#include "bisect_git.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "one_case.h"
#include "other_settings.h"
#include "paths.h"
#include "result.h"
#include "table.h"

/* Boots of times: to begin with, and how often they are doubled. */
#define FIRST_BOOTS	6
#define MOST_DOUBLED	4

/* Where the commands keep what the good revision gave, in the tree. */
#define GOOD_FILE	"kbench-good.json"
#define BUILD		"make olddefconfig && make -j\"$(nproc)\""

struct kb_case_boots kb_bisect_boots(bool counted, unsigned int given)
{
	unsigned int first = given ? given : counted ? 1 : FIRST_BOOTS;

	return (struct kb_case_boots){
		.first = first, .most = counted ? first : MOST_DOUBLED * first,
	};
}

/* This program, in words for a shell, malloc()ed. */
static char *own_path(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[length > 0 ? length : 0] = '\0';
	return kb_quoted(length > 0 ? path : "kbench");
}

/* Options of the run that a step needs to measure alike. */
static char *step_options(const struct kb_bisect_options *options)
{
	struct kb_words words = { 0 };
	char *line;

	for (size_t i = 0; i < options->suites.nr; i++)
		kb_words_add(&words, options->suites.items[i]);
	for (size_t i = 0; i < KB_NR_PASSED; i++) {
		char *word;

		if (!options->passed[i])
			continue;
		word = kb_path("--%s=%s", kb_passed_names[i], options->passed[i]);
		kb_words_add(&words, word);
		free(word);
	}
	if (!options->rules.default_delta) {
		char *word = kb_path("--threshold=%.6g%%",
				     100 * expm1(options->rules.rules.delta));

		kb_words_add(&words, word);
		free(word);
	}
	line = kb_words_quoted(&words);
	kb_words_free(&words);
	return line;
}

static void print_commands(const struct kb_bisect_options *options, const struct kb_words *run)
{
	char *kbench = own_path(), *line = kb_words_quoted(run), *more = step_options(options);
	char *wanted = kb_quoted(options->wanted), *good = kb_quoted(options->good);
	char *bad = kb_quoted(options->bad);
	char *script = kb_path("{ " BUILD "; } >/dev/null || exit 125; exec %s bisect --step "
			       GOOD_FILE " --case %s%s%s --kernel ./", kbench, wanted,
			       *more ? " " : "", more);
	char *quoted = kb_quoted(script);

	printf("# In the kernel's tree, clean, with its configuration in .config:\n"
	       "git checkout --detach %s\n" BUILD "\n"
	       "%s run %s --no-plot --kernels=./ -o " GOOD_FILE "\n"
	       "git bisect start %s %s\n"
	       "git bisect run sh -c %s\n"
	       "git bisect reset\n", good, kbench, line, bad, good, quoted);
	free(quoted);
	free(script);
	free(bad);
	free(good);
	free(wanted);
	free(more);
	free(line);
	free(kbench);
}

int kb_bisect_git(const struct kb_bisect_options *options)
{
	const char *accel = options->passed[KB_PASSED_ACCEL];
	bool counted = !accel || !strcmp(accel, "icount");
	unsigned int boots = options->boots ? options->boots : counted ? 0 : 2 * FIRST_BOOTS;
	struct kb_case_runs runs = { .wanted = options->wanted };
	struct kb_error err = { 0 };

	/* Parsed as if it were to be run: mistakes show here, not an hour later. */
	if (!kb_bisect_words(&runs.words, options, options->wanted, "icount", boots, &err) &&
	    !kb_case_runs_open(&runs, &err))
		print_commands(options, &runs.words);
	kb_case_runs_free(&runs);
	return kb_cli_report(&err);
}

/** struct step - a kernel against a result; @name: of the case, in full, as the result has it */
struct step {
	const struct kb_bisect_options	*options;
	json_t				*good;
	char				name[KB_ENTRY_NAME_LEN];
	unsigned int			boots;
};

/* The accelerator that a result comes from; NULL: none. */
static const char *accel_of(const json_t *result)
{
	const char *fidelity = kb_text(json_object_get(result, "environment"), "fidelity");

	if (!strcmp(fidelity, "virtual"))
		return "kvm";
	return !strcmp(fidelity, "icount") || !strcmp(fidelity, "tcg") ? fidelity : NULL;
}

static int read_good(struct step *step, struct kb_error *err)
{
	const char *path = step->options->step;
	const json_t *entry;
	size_t i;

	step->good = kb_result_read(path, err);
	if (!step->good || kb_one_case_check(step->good, path, step->options->wanted, err))
		return -1;
	if (!accel_of(step->good))
		return kb_fail(err, KB_EXIT_USAGE, "%s was not measured in a guest: make it with "
			       "kbench run --target vm", path);
	json_array_foreach(json_object_get(step->good, "cases"), i, entry) {
		if (!kb_entry_is(entry, step->options->wanted))
			continue;
		kb_entry_name(step->name, entry, true);
		step->boots += !strcmp(kb_text(entry, "status"), "ok");
	}
	return 0;
}

/* What else may have made the change; before the last line, which is the verdict. */
static int print_differs(const struct step *step, const json_t *result, struct kb_error *err)
{
	json_t *differs = json_array();
	int bad = kb_other_settings(step->good, result, differs);

	kb_print_differs(differs);
	json_decref(differs);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

static int judge(const struct step *step, const json_t *result, struct kb_error *err)
{
	struct kb_one_case one;
	char change[96];

	if (kb_one_case(&one, step->good, result, step->name, &step->options->rules, err) ||
	    print_differs(step, result, err))
		return KB_GIT_STOP;
	kb_one_case_change(change, &one);
	printf("%s: %s (%s)\n", step->options->kernel, one.verdict == KB_EQUIVALENT ? "as good" :
	       one.verdict == KB_INCONCLUSIVE ? "not told by these boots" : "changed", change);
	if (one.verdict == KB_INCONCLUSIVE)
		return KB_GIT_SKIP;
	return one.verdict == KB_EQUIVALENT ? KB_EXIT_OK : KB_EXIT_REGRESSION;
}

/* Bad arguments are bad for every revision: then git is to stop, as after an interruption. */
static int exit_for(const struct kb_error *err)
{
	if (err->exit == KB_EXIT_TARGET || err->exit == KB_EXIT_ENVIRONMENT)
		return KB_GIT_SKIP;
	return err->exit == KB_EXIT_INTERRUPTED ? KB_EXIT_INTERRUPTED : KB_GIT_STOP;
}

int kb_bisect_step(const struct kb_bisect_options *options)
{
	struct step step = { .options = options };
	struct kb_case_runs runs = { .wanted = step.name };
	struct kb_error err = { 0 };
	json_t *result = NULL;
	int exit = KB_GIT_STOP;

	if (!read_good(&step, &err) &&
	    !kb_bisect_words(&runs.words, options, step.name, accel_of(step.good),
			     options->boots ? options->boots : step.boots, &err) &&
	    !kb_case_runs_open(&runs, &err)) {
		const struct kb_case_boots boots = {
			.first = options->boots ? options->boots : step.boots,
		};

		runs.options.quiet = options->quiet;
		if (!kb_case_runs_measure(&runs, &options->kernel, 1, &boots, &result, &err))
			exit = judge(&step, result, &err);
	}
	if (err.exit != KB_EXIT_OK)
		exit = exit_for(&err);
	kb_cli_report(&err);
	json_decref(result);
	json_decref(step.good);
	kb_case_runs_free(&runs);
	return exit;
}
