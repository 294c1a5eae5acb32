// SPDX-License-Identifier: GPL-2.0
#include "bisect_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "boots.h"
#include "cli.h"
#include "command.h"
#include "paths.h"
#include "percent.h"
#include "spec.h"

enum {
	OPT_GOOD = 256,
	OPT_BAD,
	OPT_CASE,
	OPT_CACHED,
	OPT_GIT,
	OPT_STEP,
	OPT_KERNEL,
	OPT_THRESHOLD,
	OPT_BOOTS,
	OPT_SUITE,
	OPT_JSON,
	OPT_PASSED,	/* and as many as there are */
};

const char *const kb_passed_names[KB_NR_PASSED] = {
	[KB_PASSED_ACCEL] = "accel", [KB_PASSED_TIME] = "time", [KB_PASSED_SAMPLES] = "samples",
	[KB_PASSED_DEADLINE] = "deadline", [KB_PASSED_MACHINE] = "machine",
};

static const struct argp_option bisect_options[] = {
	{ NULL, 0, NULL, 0, "What to search:", 1 },
	{ "good", OPT_GOOD, "KERNEL", 0,
	  "a kernel on which the case is as it should be: 6.1-cloud (the newest of these), or a "
	  "release that 'kbench kernels' lists", 1 },
	{ "bad", OPT_BAD, "KERNEL", 0, "one on which it is not; may be the older of the two", 1 },
	{ "case", OPT_CASE, "CASE", 0,
	  "as tables name it, with what is not left at its default: 'locks/mutex cs=0 8 CPUs'", 1 },
	{ "cached", OPT_CACHED, NULL, 0, "only releases that are in the cache: no network", 1 },
	{ NULL, 0, NULL, 0, "How to measure:", 2 },
	{ "accel", OPT_PASSED + KB_PASSED_ACCEL, "auto|kvm|tcg|icount", 0,
	  "icount (default): counted instructions, without noise; kvm, tcg or auto: times", 2 },
	{ "boots", OPT_BOOTS, "N", 0,
	  "of each release (default 1 with icount, where it is a seed each; else 6, interleaved "
	  "with as many of the good one, and up to 24 while these tell nothing)", 2 },
	{ "threshold", OPT_THRESHOLD, "PERCENT", 0,
	  "smallest change that matters (default 0.5%; of counted instructions any)", 2 },
	{ "time", OPT_PASSED + KB_PASSED_TIME, "TIME", 0, "as in kbench run", 2 },
	{ "samples", OPT_PASSED + KB_PASSED_SAMPLES, "N", 0, "as in kbench run", 2 },
	{ "deadline", OPT_PASSED + KB_PASSED_DEADLINE, "SECONDS", 0, "as in kbench run", 2 },
	{ "machine", OPT_PASSED + KB_PASSED_MACHINE, "BOARD", 0,
	  "emulate this board, as kbench run does", 2 },
	{ "suite", OPT_SUITE, "FILE.c", 0, "a suite of your own that has the case", 2 },
	{ NULL, 0, NULL, 0, "Result:", 3 },
	{ "output", 'o', "DIR", 0,
	  "keep the results here; what is here of the same case and settings is not measured "
	  "again", 3 },
	{ "json", OPT_JSON, NULL, 0, "print JSON", 3 },
	{ "quiet", 'q', NULL, 0, "no progress", 3 },
	{ NULL, 0, NULL, 0, "A tree of the kernel's sources:", 4 },
	{ "git", OPT_GIT, NULL, 0,
	  "--good and --bad are revisions: print the commands with which git bisect finds a "
	  "commit", 4 },
	{ "step", OPT_STEP, "GOOD.json", 0,
	  "measure --case on --kernel alone, compare it with this result, and say it as git bisect "
	  "run wants it", 4 },
	{ "kernel", OPT_KERNEL, "KERNEL", 0, "the one that --step measures", 4 },
	{ 0 },
};

static void add_suite(struct kb_bisect_options *options, const char *path)
{
	char *word = kb_path("--suite=%s", path);

	kb_words_add(&options->suites, word);
	free(word);
}

static error_t parse_flag(int key, struct kb_bisect_options *options)
{
	switch (key) {
	case OPT_CACHED:
		options->cached = true;
		return 0;
	case OPT_GIT:
		options->git = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_bisect(int key, char *arg, struct argp_state *state)
{
	struct kb_bisect_options *options = state->input;

	if (key >= OPT_PASSED && key < OPT_PASSED + KB_NR_PASSED) {
		options->passed[key - OPT_PASSED] = arg;
		return 0;
	}
	switch (key) {
	case OPT_GOOD:
		options->good = arg;
		return 0;
	case OPT_BAD:
		options->bad = arg;
		return 0;
	case OPT_CASE:
		options->wanted = arg;
		return 0;
	case OPT_STEP:
		options->step = arg;
		return 0;
	case OPT_KERNEL:
		options->kernel = arg;
		return 0;
	case 'o':
		options->output = arg;
		return 0;
	case OPT_SUITE:
		add_suite(options, arg);
		return 0;
	case OPT_THRESHOLD:
		return kb_parse_threshold(&options->rules, arg, options->err) ? EINVAL : 0;
	case OPT_BOOTS:
		return kb_boots_parse(&options->boots, arg, options->err) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		kb_fail(options->err, KB_EXIT_USAGE, "'%s': kernels are given with --good and "
			"--bad, the case with --case", arg);
		return EINVAL;
	default:
		return parse_flag(key, options);
	}
}

const struct argp kb_bisect_argp = {
	.options = bisect_options, .parser = parse_bisect,
	.args_doc = "--good K1 --bad K2 --case CASE\n"
		    "--git --good REV --bad REV --case CASE\n"
		    "--step GOOD.json --case CASE --kernel KERNEL",
	.doc = "Find the first of the packaged kernels between two on which a case changed.\v"
	       "Both are measured, then the release in the middle of those between, and so on. A "
	       "release that cannot be fetched or measured is skipped. Counted instructions have "
	       "changed when minimum or mean differs from the good kernel's by anything; times, "
	       "when the comparison of the boots says regressed or improved.\n\n"
	       "Exit code 0: found; 2: bad arguments, or the two kernels do not differ; 3: the "
	       "boots do not tell, or releases were skipped so that several may be the first; 4, "
	       "5: one of the two cannot be measured. With --step 0: as good, 1: changed, 125: not "
	       "measured or not told, 128: bad arguments, at which git bisect run stops.",
};

static int check_step(const struct kb_bisect_options *options, struct kb_error *err)
{
	if (options->good || options->bad || options->git || options->cached || options->output ||
	    options->json)
		return kb_fail(err, KB_EXIT_USAGE, "--step measures one kernel: give --case, "
			       "--kernel and how to measure");
	if (!options->kernel || !*options->kernel)
		return kb_fail(err, KB_EXIT_USAGE, "--step: say which kernel, as --kernel 6.12");
	return 0;
}

static int check_git(const struct kb_bisect_options *options, struct kb_error *err)
{
	const char *const revisions[] = { options->good, options->bad };

	if (options->cached || options->output || options->json)
		return kb_fail(err, KB_EXIT_USAGE, "--git prints commands and measures nothing: "
			       "leave out --cached, -o and --json");
	for (int i = 0; i < 2; i++)
		if (!*revisions[i] || *revisions[i] == '-')
			return kb_fail(err, KB_EXIT_USAGE, "'%s' is no revision of a git tree",
				       revisions[i]);
	if (!strcmp(options->good, options->bad))
		return kb_fail(err, KB_EXIT_USAGE, "good and bad are one revision, %s",
			       options->good);
	return 0;
}

static int check_search(const struct kb_bisect_options *options, struct kb_error *err)
{
	if (options->output && !*options->output)
		return kb_fail(err, KB_EXIT_USAGE, "-o '': write a directory");
	if (kb_spec_is_path(options->good) || kb_spec_is_path(options->bad))
		return kb_fail(err, KB_EXIT_USAGE, "%s: packaged releases are searched; of a tree "
			       "of the kernel's sources give revisions, with --git",
			       kb_spec_is_path(options->good) ? options->good : options->bad);
	return 0;
}

static int check(const struct kb_bisect_options *options, struct kb_error *err)
{
	const char *accel = options->passed[KB_PASSED_ACCEL];

	if (!options->wanted)
		return kb_fail(err, KB_EXIT_USAGE, "say what is to be measured, as --case "
			       "'locks/mutex cs=0'");
	if (accel && strcmp(accel, "icount") != 0 && options->boots == 1)
		return kb_fail(err, KB_EXIT_USAGE, "--boots 1: times of one boot tell nothing; "
			       "give 2 or more, or --accel icount");
	if (options->step)
		return check_step(options, err);
	if (options->kernel)
		return kb_fail(err, KB_EXIT_USAGE, "--kernel is for --step; a search has --good "
			       "and --bad");
	if (!options->good || !options->bad)
		return kb_fail(err, KB_EXIT_USAGE, "say between which kernels, as --good 6.1-cloud "
			       "--bad 6.12-cloud");
	return options->git ? check_git(options, err) : check_search(options, err);
}

/* Commands are for the kernel's tree, not for where kbench is now. What is not there is left. */
static void find_suites(struct kb_words *suites)
{
	static const char option[] = "--suite=";

	for (size_t i = 0; i < suites->nr; i++) {
		char *path = realpath(suites->items[i] + strlen(option), NULL);

		if (!path)
			continue;
		free(suites->items[i]);
		suites->items[i] = kb_path("%s%s", option, path);
		free(path);
	}
}

int kb_bisect_options_parse(struct kb_bisect_options *options, int argc, char **argv,
			    struct kb_error *err)
{
	int ret;

	*options = (struct kb_bisect_options){
		.rules = {
			.rules = { .confidence = 0.95, .delta = KB_DEFAULT_DELTA,
				   .power = 0.8 },
			.default_delta = true,
		},
		.err = err,
	};
	ret = kb_cli_parse(&kb_bisect_argp, argc, argv, options, err);
	if (options->git)
		find_suites(&options->suites);
	return ret ? ret : check(options, err);
}

void kb_bisect_options_free(struct kb_bisect_options *options)
{
	kb_words_free(&options->suites);
}

static void add(struct kb_words *words, const char *name, const char *value)
{
	char *word = kb_path("--%s=%s", name, value);

	kb_words_add(words, word);
	free(word);
}

int kb_bisect_words(struct kb_words *words, const struct kb_bisect_options *options,
		    const char *wanted, const char *accel, unsigned int boots,
		    struct kb_error *err)
{
	char number[16];

	if (kb_case_words(words, wanted, err))
		return -1;
	add(words, "target", "vm");
	for (size_t i = 0; i < options->suites.nr; i++)
		kb_words_add(words, options->suites.items[i]);
	for (size_t i = 0; i < KB_NR_PASSED; i++) {
		const char *value = options->passed[i];

		if (!value && i == KB_PASSED_ACCEL)
			value = accel;
		if (value)
			add(words, kb_passed_names[i], value);
	}
	snprintf(number, sizeof(number), "%u", boots);
	if (boots)
		add(words, "boots", number);
	return 0;
}
