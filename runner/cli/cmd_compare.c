// SPDX-License-Identifier: GPL-2.0
/* kbench compare: what differs between results, and a gate on it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "cli.h"
#include "command.h"
#include "compare_run.h"
#include "paths.h"
#include "percent.h"
#include "print_json.h"
#include "result.h"
#include "result_files.h"
#include "same_kernel.h"

enum {
	OPT_THRESHOLD = 256,
	OPT_CONFIDENCE,
	OPT_GATE,
	OPT_STRICT,
	OPT_ONLY,
	OPT_SORT,
	OPT_JSON,
	OPT_MARKDOWN,
	OPT_FORCE,
	OPT_BY,
	OPT_FLOOR,
};

static const struct argp_option compare_options[] = {
	{ "by", OPT_BY, "kernel|machine|arch|cpus", 0,
	  "group all results by kernel, machine or arch, the first group with each other one; or "
	  "by cpus, within each result", 0 },
	{ "threshold", OPT_THRESHOLD, "PERCENT", 0,
	  "smallest change that matters (default 0.5%; of counted instructions any)", 0 },
	{ "floor", OPT_FLOOR, "AA.json", 0,
	  "no threshold below what boots of one kernel differ by in this result, which kbench aa "
	  "makes", 0 },
	{ "confidence", OPT_CONFIDENCE, "PERCENT", 0,
	  "of intervals and verdicts (default 95%)", 0 },
	{ "gate", OPT_GATE, NULL, 0, "exit 1 when a case regressed", 0 },
	{ "strict", OPT_STRICT, NULL, 0, "with --gate: exit 3 when a case is inconclusive", 0 },
	{ "only", OPT_ONLY, "regressed|improved|equivalent|inconclusive", 0,
	  "show only cases with this verdict", 0 },
	{ "sort", OPT_SORT, "ratio|name|file", 0,
	  "by ratio, largest first, by name, or as in the file (default)", 0 },
	{ "json", OPT_JSON, NULL, 0, "print JSON", 0 },
	{ "markdown", OPT_MARKDOWN, NULL, 0, "print a Markdown table", 0 },
	{ "force", OPT_FORCE, NULL, 0, "compare what differs in fidelity, backend or unit", 0 },
	{ 0 },
};

static int set_only(struct kb_compare_options *options, const char *text)
{
	for (enum kb_verdict verdict = 0; verdict < KB_NR_VERDICTS; verdict++) {
		if (strcmp(kb_verdict_name(verdict), text) != 0)
			continue;
		options->report.only = verdict;
		return 0;
	}
	return kb_fail(options->err, KB_EXIT_USAGE, "--only %s: write regressed, improved, "
		       "equivalent or inconclusive", text);
}

static int set_sort(struct kb_compare_options *options, const char *text)
{
	static const char *const names[] = {
		[KB_BY_FILE] = "file", [KB_BY_RATIO] = "ratio", [KB_BY_NAME] = "name",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], text) != 0)
			continue;
		options->report.order = (enum kb_compare_order)i;
		return 0;
	}
	return kb_fail(options->err, KB_EXIT_USAGE, "--sort %s: write ratio, name or file", text);
}

static int set_by(struct kb_compare_options *options, const char *text)
{
	const char *const *names = kb_compare_by_names + KB_COMPARE_KERNEL;
	const size_t nr = KB_NR_COMPARE_BY - KB_COMPARE_KERNEL;
	const char *near;

	for (size_t i = 0; i < nr; i++) {
		if (strcmp(names[i], text) != 0)
			continue;
		options->rules.by = (enum kb_compare_by)(KB_COMPARE_KERNEL + i);
		return 0;
	}
	near = kb_near(text, names, nr);
	if (near)
		return kb_fail(options->err, KB_EXIT_USAGE, "--by %s: did you mean %s?", text,
			       near);
	return kb_fail(options->err, KB_EXIT_USAGE, "--by %s: write kernel, machine, arch or cpus",
		       text);
}

static error_t parse_compare(int key, char *arg, struct argp_state *state)
{
	struct kb_compare_options *options = state->input;

	switch (key) {
	case OPT_THRESHOLD:
		return kb_parse_threshold(&options->rules, arg, options->err) ? EINVAL : 0;
	case OPT_CONFIDENCE:
		return kb_parse_confidence(&options->rules.rules.confidence, arg,
					   options->err) ? EINVAL : 0;
	case OPT_ONLY:
		return set_only(options, arg) ? EINVAL : 0;
	case OPT_FLOOR:
		options->floor = arg;
		return 0;
	case OPT_BY:
		return set_by(options, arg) ? EINVAL : 0;
	case OPT_SORT:
		return set_sort(options, arg) ? EINVAL : 0;
	case OPT_GATE:
		options->gate = options->rules.holm = true;
		return 0;
	case OPT_STRICT:
		options->strict = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_MARKDOWN:
		options->report.markdown = true;
		return 0;
	case OPT_FORCE:
		options->rules.force = true;
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->nr_paths = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp kb_compare_argp = {
	.options = compare_options, .parser = parse_compare,
	.args_doc = "A.json B.json...\nDIRECTORY [DIRECTORY...]\n--by WHAT FILE|DIRECTORY...",
	.doc = "Compare result files, the first with each of the others.\v"
	       "A directory stands for the results in it: two directories are compared result by "
	       "result, of one architecture, flavour, backend, fidelity and unit; one alone as "
	       "--by kernel does it. There results of one release and machine are taken together, "
	       "and the first release is the base. Of machines, architectures and numbers of CPUs "
	       "the figures stand side by side, without verdicts.\n\n"
	       "RATIO is B over A, of the boots' medians; INTERVAL where it lies. A case has "
	       "regressed when all of the interval is above the threshold, improved when it is "
	       "below its inverse, is equivalent when it surely lies between, else inconclusive; "
	       "verdicts are corrected for the number of cases. DETECTABLE is the smallest change "
	       "that as many boots find in 80 of 100 experiments. Counted instructions are "
	       "compared exactly.\n\n"
	       "Exit code 0; with --gate 1 when a case regressed, with --strict, too, 3 when one "
	       "is inconclusive; 2 when the files cannot be compared.",
};

/* One file is enough where its cases are compared with each other, one directory anywhere. */
static bool has_two_sides(const struct kb_compare_options *options)
{
	return options->nr_paths > 1 || (options->nr_paths == 1 &&
	       (options->rules.by == KB_COMPARE_CPUS || kb_is_directory(options->paths[0])));
}

static int check_verdicts(const struct kb_compare_options *options)
{
	const char *by = kb_compare_by_names[options->rules.by];

	if (kb_compare_judges(options->rules.by))
		return 0;
	if (options->gate)
		return kb_fail(options->err, KB_EXIT_USAGE, "--gate needs verdicts, and --by %s "
			       "gives none: gate kernels, with --by kernel", by);
	if (options->floor)
		return kb_fail(options->err, KB_EXIT_USAGE, "--floor is a threshold for verdicts, "
			       "and --by %s gives none", by);
	if (options->report.only != KB_NR_VERDICTS)
		return kb_fail(options->err, KB_EXIT_USAGE, "--only chooses by verdict, and --by "
			       "%s gives none", by);
	return 0;
}

static int check(const struct kb_compare_options *options)
{
	if (!has_two_sides(options))
		return kb_fail(options->err, KB_EXIT_USAGE, "name two results, as 'kbench compare "
			       "old.json new.json', or a directory of them");
	if (options->strict && !options->gate)
		return kb_fail(options->err, KB_EXIT_USAGE, "--strict is about --gate: give both");
	if (options->json && options->report.markdown)
		return kb_fail(options->err, KB_EXIT_USAGE, "--json or --markdown: give one");
	return check_verdicts(options);
}

static int read_floor(struct kb_compare_options *options)
{
	if (!options->floor)
		return 0;
	options->floor_result = kb_result_read(options->floor, options->err);
	if (!options->floor_result ||
	    kb_same_kernel(&options->floors, options->floor_result, &options->rules.rules,
			   KB_AA_SPLITS, KB_AA_SEED, options->err))
		return -1;
	options->rules.floors = &options->floors;
	options->report.thresholds = true;
	return 0;
}

static int print_json(const json_t *documents)
{
	const json_t *document = json_array_size(documents) == 1 ? json_array_get(documents, 0) :
								  documents;

	return kb_print_json(document);
}

int kb_cmd_compare(int argc, char **argv)
{
	struct kb_error err = { 0 };
	struct kb_compare_options options = {
		.rules = {
			.rules = { .confidence = 0.95, .delta = KB_DEFAULT_DELTA,
				   .power = 0.8 },
			.default_delta = true,
		},
		.report = { .only = KB_NR_VERDICTS }, .err = &err,
	};
	struct kb_compare_outcome outcome = { .documents = json_array() };
	int ret = kb_cli_parse(&kb_compare_argp, argc, argv, &options, &err);

	if (!ret)
		ret = check(&options) || read_floor(&options) ||
		      kb_compare_run(&outcome, &options);
	if (!ret && options.json && print_json(outcome.documents))
		kb_fail(&err, KB_EXIT_ENVIRONMENT, "cannot write the JSON");
	json_decref(outcome.documents);
	kb_same_kernel_free(&options.floors);
	json_decref(options.floor_result);
	if (ret > 0 && err.exit == KB_EXIT_OK)
		return KB_EXIT_OK;
	if (err.exit != KB_EXIT_OK)
		return kb_cli_report(&err);
	if (options.gate && outcome.regressed)
		return KB_EXIT_REGRESSION;
	if (options.gate && options.strict && outcome.inconclusive)
		return KB_EXIT_INCONCLUSIVE;
	return KB_EXIT_OK;
}
