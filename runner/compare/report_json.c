// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank.h"
#include "table.h"

double kb_report_estimate(const struct kb_pair *pair, const struct kb_side *side)
{
	double sum = 0;

	if (pair->exact)
		return side->mean;
	for (size_t i = 0; i < side->nr; i++)
		sum += side->values[i];
	return exp(sum / (double)side->nr);
}

bool kb_report_counter(double *events, const struct kb_side *side, const char *counter)
{
	const json_t *entry, *counted;
	double sum = 0;
	size_t i;

	json_array_foreach(side->entries, i, entry) {
		counted = json_object_get(json_object_get(entry, "counters"), counter);
		if (!json_is_number(json_object_get(counted, "per_op")))
			return false;
		sum += json_number_value(json_object_get(counted, "per_op"));
	}
	*events = sum / (double)side->nr;
	return side->nr > 0;
}

static int by_ratio(const void *a, const void *b)
{
	double x = ((const struct kb_pair *)a)->ratio, y = ((const struct kb_pair *)b)->ratio;

	return (x < y) - (x > y);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct kb_pair *)a)->name, ((const struct kb_pair *)b)->name);
}

void kb_report_sort(struct kb_comparison *comparison, enum kb_compare_order order)
{
	if (order != KB_BY_FILE)
		qsort(comparison->pairs, comparison->nr, sizeof(*comparison->pairs),
		      order == KB_BY_RATIO ? by_ratio : by_name);
}

/* Sum of the logarithms of the ratios, and their number, for each suite. */
static int add_ratio(json_t *suites, const struct kb_pair *pair)
{
	const char *suite = kb_text(pair->a.entry, "suite");
	const json_t *so_far = json_object_get(suites, suite);
	double sum = json_number_value(json_array_get(so_far, 0));
	double nr = json_number_value(json_array_get(so_far, 1));

	return json_object_set_new(suites, suite,
				   json_pack("[f, f]", sum + log(pair->ratio), nr + 1));
}

json_t *kb_report_suites(const struct kb_comparison *comparison)
{
	json_t *sums = json_object(), *suites = json_object();
	const json_t *sum;
	const char *name;
	int bad = !sums || !suites;

	for (size_t i = 0; !bad && i < comparison->nr; i++)
		bad = add_ratio(sums, &comparison->pairs[i]);
	json_object_foreach(sums, name, sum)
		bad |= json_object_set_new(suites, name, json_real(
			exp(json_number_value(json_array_get(sum, 0)) /
			    json_number_value(json_array_get(sum, 1)))));
	json_decref(sums);
	if (!bad)
		return suites;
	json_decref(suites);
	return NULL;
}

static int set_interval(json_t *object, const struct kb_pair *pair)
{
	const double *interval = pair->judgement.interval;

	if (!pair->judgement.known)
		return 0;
	return json_object_set_new(object, "ci95", json_pack("[f, f]", exp(interval[0]),
							     exp(interval[1])));
}

static int set_verdict(json_t *object, const struct kb_pair *pair)
{
	int bad = json_object_set_new(object, "verdict",
				      json_string(kb_verdict_name(pair->verdict))) |
		  json_object_set_new(object, "threshold", json_real(exp(pair->delta)));

	if (pair->judgement.known && !pair->exact)
		bad |= json_object_set_new(object, "smallest_detectable",
					   json_real(exp(pair->judgement.detectable)));
	return bad;
}

/* What there is where there is no verdict. */
static int set_beside(json_t *object, const struct kb_pair *pair, enum kb_compare_by by)
{
	static const char *const counters[] = { "cycles", "instructions" };
	double a, b;
	int bad = 0;

	for (size_t i = 0; i < 2; i++)
		if (kb_report_counter(&a, &pair->a, counters[i]) &&
		    kb_report_counter(&b, &pair->b, counters[i]))
			bad |= json_object_set_new(object, counters[i], json_pack("[f, f]", a, b));
	if (by == KB_COMPARE_CPUS)
		bad |= json_object_set(object, "cpus_b", json_object_get(pair->b.entry, "cpus"));
	return bad;
}

static json_t *case_json(const struct kb_pair *pair, enum kb_compare_by by)
{
	const json_t *entry = pair->a.entry;
	json_t *object = json_pack(
		"{s:s, s:s, s:O, s:s, s:O, s:s, s:s, s:f, s:f, s:[i, i], s:b, s:b, s:f, s:b}",
		"suite", kb_text(entry, "suite"), "bench", kb_text(entry, "bench"),
		"params", json_object_get(entry, "params"), "phase", kb_text(entry, "phase"),
		"cpus", json_object_get(entry, "cpus"), "context", kb_text(entry, "context"),
		"unit", kb_text(entry, "unit"), "a", kb_report_estimate(pair, &pair->a),
		"b", kb_report_estimate(pair, &pair->b), "boots", (int)pair->a.nr, (int)pair->b.nr,
		"exact", pair->exact, "paired", pair->paired, "ratio", pair->ratio,
		"differs", pair->judgement.differs);

	if (object && !set_interval(object, pair) &&
	    !(kb_compare_judges(by) ? set_verdict(object, pair) : set_beside(object, pair, by)))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *summary_json(const struct kb_comparison *comparison)
{
	json_t *object = json_pack("{s:I, s:I}", "only_a", (json_int_t)comparison->only_a,
				   "only_b", (json_int_t)comparison->only_b);

	if (!kb_compare_judges(comparison->by))
		return object;
	for (enum kb_verdict verdict = KB_INCONCLUSIVE; verdict < KB_NR_VERDICTS; verdict++)
		json_object_set_new(object, kb_verdict_name(verdict), json_integer(
			(json_int_t)kb_comparison_count(comparison, verdict)));
	return object;
}

/* What a comparison of groups has beside that of two files. */
static int set_groups(json_t *object, const struct kb_comparison *comparison,
		      const struct kb_report_names *names)
{
	int bad = 0;

	if (comparison->by != KB_COMPARE_FILES)
		bad |= json_object_set_new(object, "by",
					   json_string(kb_compare_by_names[comparison->by]));
	if (names->paths_a)
		bad |= json_object_set(object, "files_a", (json_t *)names->paths_a);
	if (names->paths_b)
		bad |= json_object_set(object, "files_b", (json_t *)names->paths_b);
	if (!kb_compare_judges(comparison->by) && comparison->by != KB_COMPARE_CPUS)
		bad |= json_object_set_new(object, "rankings",
					   kb_rankings(comparison, names->a, names->b));
	return bad;
}

json_t *kb_report_json(struct kb_comparison *comparison, const struct kb_report_names *names,
		       const struct kb_rules *rules, const struct kb_report_options *options)
{
	json_t *cases = json_array(), *object;

	kb_report_sort(comparison, options->order);
	for (size_t i = 0; cases && i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];

		if (options->only == KB_NR_VERDICTS || pair->verdict == options->only)
			json_array_append_new(cases, case_json(pair, comparison->by));
	}
	object = json_pack("{s:s, s:s, s:f, s:f, s:O, s:O, s:o, s:o, s:o}", "a", names->a, "b",
			   names->b, "confidence", rules->confidence, "threshold",
			   exp(rules->delta), "settings", comparison->settings, "warnings",
			   comparison->warnings, "cases", cases, "suites",
			   kb_report_suites(comparison), "summary", summary_json(comparison));
	if (object && !set_groups(object, comparison, names))
		return object;
	json_decref(object);
	return NULL;
}
