// SPDX-License-Identifier: GPL-2.0
/* kbench bisect: the first of the packaged kernels between two on which a case changed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bisect_git.h"
#include "bisect_options.h"
#include "bisect_report.h"
#include "case_runs.h"
#include "cli.h"
#include "command.h"
#include "other_settings.h"
#include "version.h"

/**
 * struct bisecting - a search while it is made
 * @counted:  instructions are: the good kernel is measured once, and not with each release
 * @baseline: then its result
 * @rules:    of each look at the boots: their error is shared among the looks
 */
struct bisecting {
	const struct kb_bisect_options	*options;
	struct kb_bisect_search		search;
	struct kb_case_runs		runs;
	struct kb_case_boots		boots;
	bool				counted;
	json_t				*baseline;
	struct kb_compare_rules		rules;
};

/* How often boots may be looked at until they are as many as there may be. */
static unsigned int looks(const struct kb_case_boots *boots)
{
	unsigned int nr = 1;

	for (unsigned int n = boots->first; n < boots->most; n *= 2)
		nr++;
	return nr;
}

/* Do these boots tell? */
static bool enough(json_t *const *results, void *ctx)
{
	const struct bisecting *b = ctx;
	struct kb_error unsaid = { 0 };
	struct kb_one_case one;

	return kb_one_case(&one, results[0], results[1], b->options->wanted, &b->rules, &unsaid) ||
	       one.verdict != KB_INCONCLUSIVE;
}

static int open_search(struct bisecting *b, struct kb_error *err)
{
	const struct kb_bisect_options *options = b->options;
	const char *accel = options->passed[KB_PASSED_ACCEL];
	struct kb_bisect_search *search = &b->search;

	b->counted = !accel || !strcmp(accel, "icount");
	b->boots = kb_bisect_boots(b->counted, options->boots);
	b->boots.enough = enough;
	b->boots.ctx = b;
	b->rules = options->rules;
	b->rules.rules.confidence = 1 - (1 - b->rules.rules.confidence) / looks(&b->boots);
	b->runs.wanted = options->wanted;
	b->runs.directory = options->output;
	if (kb_bisect_words(&b->runs.words, options, options->wanted, "icount", b->boots.first,
			    err) ||
	    kb_case_runs_open(&b->runs, err))
		return -1;
	b->runs.options.quiet = options->quiet;
	b->runs.options.boots = b->boots.most;
	if (kb_kernel_range(&search->range, options->good, options->bad, options->cached, err))
		return -1;
	search->bisect.nr = search->range.nr;
	search->bisect.marks = calloc(search->range.nr, sizeof(*search->bisect.marks));
	search->found = calloc(search->range.nr, sizeof(*search->found));
	search->differs = json_array();
	if (!search->bisect.marks || !search->found || !search->differs)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return 0;
}

static void close_search(struct bisecting *b)
{
	kb_case_runs_free(&b->runs);
	kb_kernel_list_free(&b->search.range);
	free(b->search.bisect.marks);
	free(b->search.found);
	json_decref(b->search.differs);
	json_decref(b->baseline);
}

static const char *release(const struct bisecting *b, size_t i)
{
	return b->search.range.kernels[i].release;
}

/*
 * Measure release @i beside the good one, and compare. Where instructions are counted the good one
 * need not be measured again. Return: as kb_case_runs_measure()
 */
static int measure(struct bisecting *b, size_t i, struct kb_error *err)
{
	const char *kernels[] = { release(b, 0), release(b, i) };
	struct kb_case_boots boots = b->boots;
	json_t *results[2] = { NULL };
	int ret;

	if (b->counted) {
		boots.enough = NULL;
		ret = kb_case_runs_measure(&b->runs, &kernels[1], 1, &boots, &results[1], err);
		results[0] = json_incref(b->baseline ? b->baseline : results[1]);
	} else {
		ret = kb_case_runs_measure(&b->runs, kernels, 2, &boots, results, err);
	}
	if (!ret)
		ret = kb_one_case(&b->search.found[i].one, results[0], results[1],
				  b->options->wanted, &b->rules, err);
	if (!ret && kb_other_settings(results[0], results[1], b->search.differs))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (!ret && b->counted && !b->baseline)
		b->baseline = json_incref(results[1]);
	json_decref(results[0]);
	json_decref(results[1]);
	return ret;
}

/* A verdict becomes a mark; where there is none the search cannot go on. */
static int mark(struct bisecting *b, size_t i, struct kb_error *err)
{
	const struct kb_one_case *one = &b->search.found[i].one;
	char change[96];

	if (one->verdict != KB_INCONCLUSIVE) {
		b->search.bisect.marks[i] = one->verdict == KB_EQUIVALENT ? KB_BISECT_GOOD :
									    KB_BISECT_BAD;
		return 0;
	}
	kb_one_case_change(change, one);
	return kb_fail(err, KB_EXIT_INCONCLUSIVE, "%s: %u boots of it and of the good one do not "
		       "tell whether it changed (%s): give more --boots, or a --threshold above "
		       "%.1f%%", release(b, i), b->boots.most, change,
		       100 * expm1(one->detectable - b->rules.rules.delta));
}

/* The good kernel's own figure, which each of its measurements gives anew. */
static void set_good(struct bisecting *b)
{
	const struct kb_one_case *bad = &b->search.found[b->search.bisect.nr - 1].one;
	struct kb_one_case *good = &b->search.found[0].one;

	*good = *bad;
	good->b = good->a;
	good->ratio = 1;
	good->verdict = KB_EQUIVALENT;
	b->search.bisect.marks[0] = KB_BISECT_GOOD;
}

static void announce(const struct bisecting *b)
{
	const struct kb_kernel_list *range = &b->search.range;
	const char *way = "";

	if (b->options->quiet)
		return;
	if (kb_version_compare(range->kernels[0].parts.base,
			       range->kernels[range->nr - 1].parts.base) > 0)
		way = ", back in time";
	kb_note("from %s to %s%s:", release(b, 0), release(b, range->nr - 1), way);
	kb_bisect_say(&b->search, range->nr - 1);
}

/* Both ends are measured before anything else: is there a change to be found? */
static int measure_ends(struct bisecting *b, struct kb_error *err)
{
	size_t last = b->search.bisect.nr - 1;
	char figure[96];

	if (b->counted && measure(b, 0, err))
		return -1;
	if (measure(b, last, err) || mark(b, last, err))
		return -1;
	set_good(b);
	if (b->search.bisect.marks[last] == KB_BISECT_BAD) {
		announce(b);
		return 0;
	}
	kb_one_case_change(figure, &b->search.found[last].one);
	return kb_fail(err, KB_EXIT_USAGE, "%s and %s do not differ in '%s' (%s): there is no "
		       "change to be found between them", release(b, 0), release(b, last),
		       b->search.found[last].one.name, figure);
}

static int search(struct bisecting *b, struct kb_error *err)
{
	struct kb_bisect *bisect = &b->search.bisect;
	size_t i;

	while ((i = kb_bisect_next(bisect)) < bisect->nr) {
		struct kb_error step = { 0 };
		int ret = measure(b, i, &step);

		if (!ret)
			ret = mark(b, i, &step);
		if (ret < 0)
			return kb_fail(err, step.exit, "%s", step.text);
		if (ret > 0) {
			bisect->marks[i] = KB_BISECT_SKIPPED;
			snprintf(b->search.found[i].reason, sizeof(b->search.found[i].reason),
				 "%.511s", step.text);
		}
		if (!b->options->quiet)
			kb_bisect_say(&b->search, i);
	}
	return 0;
}

/* What is known when the search has come to its end, or to one before it. */
static int report(const struct bisecting *b, struct kb_error *err)
{
	struct kb_bisect_ends ends = kb_bisect_ends(&b->search.bisect);
	struct kb_error print = { 0 };
	int ret = b->options->json ? kb_bisect_print_json(&b->search, &print) :
				     kb_bisect_print(&b->search, &print);

	if (ret)
		kb_fail(err, print.exit, "%s", print.text);
	fflush(stdout);
	if (err->exit == KB_EXIT_INTERRUPTED && b->options->output)
		kb_note("the same command goes on from here: what was measured is in %s",
			b->options->output);
	if (err->exit != KB_EXIT_OK)
		return kb_cli_report(err);
	return ends.bad - ends.good > 1 ? KB_EXIT_INCONCLUSIVE : KB_EXIT_OK;
}

static int run(const struct kb_bisect_options *options)
{
	struct bisecting b = { .options = options };
	struct kb_error err = { 0 };
	int exit = KB_EXIT_OK;

	if (!open_search(&b, &err) && !measure_ends(&b, &err)) {
		search(&b, &err);
		exit = report(&b, &err);
		err = (struct kb_error){ 0 };
	}
	if (err.exit != KB_EXIT_OK)
		exit = kb_cli_report(&err);
	close_search(&b);
	return exit;
}

/*
 * git bisect takes exit codes up to 127 for a word on the kernel: a mistype must not be one, also
 * where it stands before --step, which may be abbreviated.
 */
static bool is_step(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t length = strcspn(argv[i], "=");

		if (length >= strlen("--st") && !strncmp(argv[i], "--step", length))
			return true;
	}
	return false;
}

int kb_bisect_refused(int argc, char **argv)
{
	return is_step(argc, argv) ? KB_GIT_STOP : KB_EXIT_USAGE;
}

int kb_cmd_bisect(int argc, char **argv)
{
	bool step = is_step(argc, argv);
	struct kb_bisect_options options;
	struct kb_error err = { 0 };
	int exit, ret = kb_bisect_options_parse(&options, argc, argv, &err);

	if (ret > 0)
		exit = KB_EXIT_OK;
	else if (ret)
		exit = kb_cli_report(&err);
	else if (options.git)
		exit = kb_bisect_git(&options);
	else
		exit = options.step ? kb_bisect_step(&options) : run(&options);
	step |= options.step != NULL;
	kb_bisect_options_free(&options);
	return step && ret < 0 ? KB_GIT_STOP : exit;
}
