// SPDX-License-Identifier: GPL-2.0
#include "comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "figures_check.h"
#include "files_settings.h"
#include "gather.h"
#include "parallel.h"
#include "table.h"

const char *const kb_compare_by_names[KB_NR_COMPARE_BY] = {
	[KB_COMPARE_FILES] = "files", [KB_COMPARE_KERNEL] = "kernel", [KB_COMPARE_CPUS] = "cpus",
	[KB_COMPARE_MACHINE] = "machine", [KB_COMPARE_ARCH] = "arch",
};

bool kb_compare_judges(enum kb_compare_by by)
{
	return by == KB_COMPARE_FILES || by == KB_COMPARE_KERNEL;
}

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

static bool has_flag(const json_t *entry, const char *name)
{
	const json_t *flag;
	size_t i;

	json_array_foreach(json_object_get(entry, "flags"), i, flag)
		if (!strcmp(json_string_value(flag), name))
			return true;
	return false;
}

/*
 * Counts that depend on what lies where in memory are compared over their seeds, like times. The
 * flag is set within a file: boots of a pool may differ without it.
 */
bool kb_side_is_exact(const struct kb_side *side, bool bpf)
{
	const json_t *first = json_object_get(side->entry, "per_op"), *entry;
	size_t i;

	json_array_foreach(side->entries, i, entry)
		if (strcmp(kb_text(entry, "unit"), "insn") != 0 ||
		    has_flag(entry, "state-dependent") ||
		    !kb_exact_agrees(first, json_object_get(entry, "per_op"), bpf))
			return false;
	return side->nr > 0;
}

/*
 * The logarithm of the ratio. BPF programs' clock rounds, and interrupts are in their means: of
 * them only the minima count, as far as that goes.
 */
double kb_count_difference(const struct kb_side *a, const struct kb_side *b, bool bpf)
{
	double least = log(b->least / a->least);
	double mean = log(b->mean / a->mean);

	if (bpf)
		return fabs(least) <= KB_BPF_TOLERANCE ? 0 : least;
	return mean != 0 ? mean : least;
}

/* Without --threshold any more instructions are a regression. */
static void judge_exact(struct kb_pair *pair, bool bpf, const struct kb_compare_rules *rules)
{
	double d = kb_count_difference(&pair->a, &pair->b, bpf);
	bool equal = d == 0;

	pair->delta = rules->default_delta ? 0 : rules->rules.delta;
	pair->ratio = bpf ? exp(d) : pair->b.mean / pair->a.mean;
	pair->judgement = (struct kb_judgement){
		.difference = d, .interval = { d, d }, .inner = { d, d }, .differs = !equal,
		.p = NAN, .known = true,
	};
	if (d > pair->delta)
		pair->verdict = KB_REGRESSED;
	else if (d < -pair->delta)
		pair->verdict = KB_IMPROVED;
	else
		pair->verdict = KB_EQUIVALENT;
}

/* The rules for one case. */
static struct kb_rules rules_for(const struct kb_pair *pair, const struct kb_compare_rules *rules)
{
	struct kb_rules own = rules->rules;

	own.delta = pair->delta;
	return own;
}

static void judge_boots(struct kb_pair *pair, const struct kb_compare_rules *rules)
{
	const struct kb_same_case *floor =
		rules->floors ? kb_same_find(rules->floors, pair->name) : NULL;
	struct kb_rules own;

	pair->delta = fmax(rules->rules.delta, floor ? floor->floor : 0);
	own = rules_for(pair, rules);
	if (pair->paired)
		kb_judge_paired(&pair->judgement, pair->a.values, pair->b.values, pair->a.nr, &own);
	else
		kb_judge_unpaired(&pair->judgement, pair->a.values, pair->a.nr, pair->b.values,
				  pair->b.nr, &own);
	pair->ratio = exp(pair->judgement.difference);
}

/* By the p values of all. */
static void set_verdicts(struct kb_comparison *comparison, const double *adjusted,
			 const struct kb_compare_rules *rules)
{
	for (size_t i = 0; i < comparison->nr; i++) {
		struct kb_pair *pair = &comparison->pairs[i];
		struct kb_rules own = rules_for(pair, rules);

		if (!pair->exact)
			pair->verdict = kb_verdict(&pair->judgement, adjusted[i], &own);
	}
}

/** struct judging - pairs that are judged one by one: none knows of another */
struct judging {
	struct kb_comparison		*comparison;
	bool				bpf;
	const struct kb_compare_rules	*rules;
};

static int judge_one(void *ctx, size_t i)
{
	const struct judging *judging = ctx;
	struct kb_pair *pair = &judging->comparison->pairs[i];

	if (pair->exact)
		judge_exact(pair, judging->bpf, judging->rules);
	else
		judge_boots(pair, judging->rules);
	return 0;
}

static int judge_all(struct kb_comparison *comparison, bool bpf,
		     const struct kb_compare_rules *rules)
{
	double *p = calloc(2 * (comparison->nr + 1), sizeof(*p)), *adjusted;
	struct judging judging = { comparison, bpf, rules };
	int bad;

	if (!p)
		return -1;
	adjusted = p + comparison->nr + 1;
	bad = kb_parallel(comparison->nr, judge_one, &judging);
	for (size_t i = 0; i < comparison->nr; i++)
		p[i] = comparison->pairs[i].judgement.p;
	bad = bad || (rules->holm ? kb_adjust_holm(adjusted, p, comparison->nr) :
				    kb_adjust_bh(adjusted, p, comparison->nr));
	if (!bad)
		set_verdicts(comparison, adjusted, rules);
	free(p);
	return bad;
}

static int warn(struct kb_comparison *comparison, const char *text)
{
	return json_array_append_new(comparison->warnings, json_string(text));
}

/* Of boots that are no pairs, and those that are left out so that the others are. */
static int add_pairing(struct kb_comparison *comparison)
{
	static const char *const whys[KB_NR_UNPAIRED] = {
		[KB_UNPAIRED_ALL] = "boots were not interleaved",
		[KB_UNPAIRED_SOME] = "not all boots were interleaved",
		[KB_UNPAIRED_TIME] = "boots of one block were measured far apart, others between "
				     "them, and are no pairs",
	};
	bool unpaired[KB_NR_UNPAIRED] = { false };
	size_t left_out = 0;
	char text[240];
	int bad = 0;

	for (size_t i = 0; i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];

		if (pair->exact)
			continue;
		unpaired[pair->why] |= pair->judgement.known && !pair->paired;
		left_out = pair->left_out > left_out ? pair->left_out : left_out;
	}
	for (size_t i = 0; i < KB_NR_UNPAIRED; i++) {
		snprintf(text, sizeof(text), "%s: what changed with time (temperature, other load) "
			 "counts as a difference of the kernels", whys[i]);
		bad |= unpaired[i] ? warn(comparison, text) : 0;
	}
	snprintf(text, sizeof(text), "of a case up to %zu boot%s left out: the other side has none "
		 "of the same block, and boots are compared in pairs", left_out,
		 left_out == 1 ? " is" : "s are");
	return bad | (left_out ? warn(comparison, text) : 0);
}

/* What the boots of these files cannot tell, once for all cases. */
static int add_warnings(struct kb_comparison *comparison,
			const struct kb_compare_rules *rules)
{
	bool single = false, robust = false, no_floor = false;
	int bad = 0;

	for (size_t i = 0; i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];

		if (pair->exact)
			continue;
		single |= !pair->judgement.known;
		robust |= pair->judgement.robust_disagrees;
		no_floor |= rules->floors && !kb_same_find(rules->floors, pair->name);
	}
	if (comparison->by == KB_COMPARE_CPUS)
		bad |= warn(comparison, "more CPUs at once are another load: a ratio above 1 is no "
			    "regression, and there is no verdict");
	if (comparison->by == KB_COMPARE_MACHINE)
		bad |= warn(comparison, "other machines are no regression: there is no verdict");
	if (comparison->by == KB_COMPARE_ARCH)
		bad |= warn(comparison, "n = 1: one machine of each says nothing of the "
			    "architectures; there is no verdict");
	if (no_floor)
		bad |= warn(comparison, "the floor has not been measured of all cases: of the "
			    "others the threshold is as without it");
	if (single)
		bad |= warn(comparison, "one boot on a side says nothing of how boots differ: no "
			    "verdict on times without several of each");
	if (kb_compare_judges(comparison->by))
		bad |= add_pairing(comparison);
	if (robust)
		bad |= warn(comparison, "where a case has the mark *, an estimate that outliers do "
			    "not move (Hodges-Lehmann) is outside of the interval: look at its "
			    "boots");
	return bad;
}

/* Of entries that are left out since no figure of kbench's is 0 or less. */
static int add_unusable(struct kb_comparison *comparison, size_t nr)
{
	char text[120];

	if (!nr)
		return 0;
	snprintf(text, sizeof(text), "%zu figure%s of 0 or less, which no operation costs, %s left "
		 "out", nr, nr == 1 ? "" : "s", nr == 1 ? "is" : "are");
	return warn(comparison, text);
}

static int begin(struct kb_comparison *comparison, const struct kb_compare_rules *rules)
{
	*comparison = (struct kb_comparison){
		.by = rules->by, .settings = json_array(), .warnings = json_array(),
	};
	return comparison->settings && comparison->warnings ? 0 : -1;
}

int kb_compare(struct kb_comparison *comparison, const json_t *a, const json_t *b,
	       const struct kb_compare_rules *rules, struct kb_error *err)
{
	if (begin(comparison, rules))
		return no_memory(err);
	if (kb_files_comparable(a, b, rules->force, comparison->warnings, err) ||
	    kb_files_settings(a, b, comparison->settings) ||
	    kb_files_seeds(a, b, comparison->settings))
		return err->exit != KB_EXIT_OK ? -1 : no_memory(err);
	if (kb_gather(comparison, a, b))
		return no_memory(err);
	if (!comparison->nr)
		return kb_fail(err, KB_EXIT_USAGE, "the two have no measured case in common: "
			       "compare results of the same suites, parameters and CPU counts");
	if (kb_boots_check(comparison, a, b, err) ||
	    kb_figures_check(comparison, rules->force, err))
		return -1;
	if (add_unusable(comparison, kb_figures_unusable(a) + kb_figures_unusable(b)))
		return no_memory(err);
	if (judge_all(comparison, kb_is_bpf(a) || kb_is_bpf(b), rules) ||
	    add_warnings(comparison, rules))
		return no_memory(err);
	return 0;
}

int kb_compare_cpus(struct kb_comparison *comparison, const json_t *result,
		    const struct kb_compare_rules *rules, struct kb_error *err)
{
	if (begin(comparison, rules) || kb_gather_cpus(comparison, result))
		return no_memory(err);
	if (!comparison->nr)
		return kb_fail(err, KB_EXIT_USAGE, "no case was measured on several numbers of "
			       "CPUs: kbench run --cpus 1,2,4 does that");
	if (judge_all(comparison, kb_is_bpf(result), rules) || add_warnings(comparison, rules))
		return no_memory(err);
	return 0;
}

void kb_side_free(struct kb_side *side)
{
	json_decref(side->entries);
	free(side->boots);
	free(side->values);
}

void kb_comparison_free(struct kb_comparison *comparison)
{
	for (size_t i = 0; i < comparison->nr; i++) {
		free(comparison->pairs[i].name);
		kb_side_free(&comparison->pairs[i].a);
		kb_side_free(&comparison->pairs[i].b);
	}
	free(comparison->pairs);
	json_decref(comparison->settings);
	json_decref(comparison->warnings);
	*comparison = (struct kb_comparison){ 0 };
}

size_t kb_comparison_count(const struct kb_comparison *comparison, enum kb_verdict verdict)
{
	size_t nr = 0;

	for (size_t i = 0; i < comparison->nr; i++)
		nr += comparison->pairs[i].verdict == verdict;
	return nr;
}
