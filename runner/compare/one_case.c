// SPDX-License-Identifier: GPL-2.0
#include "one_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "report.h"
#include "table.h"

/* More names than this make no line that anyone reads. */
#define MAX_NAMED	8

/* A case's name with its CPUs' numbers, which may be pairs; once for all of its boots. */
static int add_name(json_t *names, const json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN];

	kb_entry_name(name, entry, true);
	return json_object_set_new(names, name, json_true());
}

static int several(const json_t *names, const char *path, const char *wanted,
		   struct kb_error *err)
{
	char text[512] = "";
	size_t length = 0, nr = 0;
	const json_t *value;
	const char *name;

	json_object_foreach((json_t *)names, name, value) {
		if (nr++ < MAX_NAMED && length < sizeof(text))
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s'%s'",
						   length ? "; " : "", name);
	}
	return kb_fail(err, KB_EXIT_USAGE, "'%s' stands for %zu cases of %s: %s%s; name one",
		       wanted, nr, path, text, nr > MAX_NAMED ? "; ..." : "");
}

/* No case of that name: which is meant? */
static int none(const json_t *result, const char *path, const char *wanted, struct kb_error *err)
{
	const json_t *cases = json_object_get(result, "cases"), *entry;
	const char **names = calloc(json_array_size(cases) + 1, sizeof(*names)), *near = NULL;
	json_t *benches = json_object();
	char bench[KB_ENTRY_NAME_LEN];
	const json_t *value;
	const char *name;
	size_t i, nr = 0;

	json_array_foreach(cases, i, entry) {
		kb_entry_name(bench, entry, false);
		bench[strcspn(bench, " ,")] = '\0';
		json_object_set_new(benches, bench, json_true());
	}
	json_object_foreach(benches, name, value)
		if (names)
			names[nr++] = name;
	snprintf(bench, sizeof(bench), "%.*s", (int)strcspn(wanted, " ,"), wanted);
	near = kb_near(bench, names, nr);
	if (near && strcmp(near, bench) != 0)
		kb_fail(err, KB_EXIT_USAGE, "%s has no case '%s'; did you mean '%s'?", path,
			wanted, near);
	else if (near)
		kb_fail(err, KB_EXIT_USAGE, "%s has %s, but not as '%s'; 'kbench show %s' lists "
			"its cases", path, near, wanted, path);
	else
		kb_fail(err, KB_EXIT_USAGE, "%s has no case '%s'; 'kbench show %s' lists those "
			"that it has", path, wanted, path);
	free(names);
	json_decref(benches);
	return -1;
}

int kb_one_case_check(const json_t *result, const char *path, const char *wanted,
		      struct kb_error *err)
{
	json_t *names = json_object();
	const json_t *entry;
	const char *reason = NULL;
	bool measured = false;
	int bad = !names, ret = 0;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		if (!kb_entry_is(entry, wanted))
			continue;
		bad |= add_name(names, entry);
		if (!strcmp(kb_text(entry, "status"), "ok"))
			measured = true;
		else
			reason = kb_text(entry, "reason");
	}
	if (bad)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	else if (!json_object_size(names))
		ret = none(result, path, wanted, err);
	else if (json_object_size(names) > 1)
		ret = several(names, path, wanted, err);
	else if (!measured)
		ret = kb_fail(err, KB_EXIT_TARGET, "'%s' was not measured: %s", wanted,
			      reason && *reason ? reason : "no outcome");
	json_decref(names);
	return ret;
}

static void fill(struct kb_one_case *one, const struct kb_pair *pair,
		 const struct kb_rules *rules)
{
	bool least = pair->exact && pair->a.mean == pair->b.mean;

	snprintf(one->name, sizeof(one->name), "%s", pair->name);
	snprintf(one->unit, sizeof(one->unit), "%s", kb_text(pair->a.entry, "unit"));
	one->a = least ? pair->a.least : kb_report_estimate(pair, &pair->a);
	one->b = least ? pair->b.least : kb_report_estimate(pair, &pair->b);
	one->ratio = least ? one->b / one->a : pair->ratio;
	one->exact = pair->exact;
	one->detectable = pair->exact ? 0 : pair->judgement.detectable;
	one->verdict = pair->exact ? pair->verdict :
				     kb_verdict(&pair->judgement, pair->judgement.p, rules);
}

int kb_one_case(struct kb_one_case *one, const json_t *a, const json_t *b, const char *wanted,
		const struct kb_compare_rules *rules, struct kb_error *err)
{
	struct kb_comparison comparison = { 0 };
	bool found = false;
	int ret = kb_compare(&comparison, a, b, rules, err);

	*one = (struct kb_one_case){ 0 };
	for (size_t i = 0; !ret && !found && i < comparison.nr; i++) {
		found = kb_entry_is(comparison.pairs[i].a.entry, wanted);
		if (found)
			fill(one, &comparison.pairs[i], &rules->rules);
	}
	kb_comparison_free(&comparison);
	if (!ret && !found)
		ret = kb_fail(err, KB_EXIT_USAGE, "the two results have '%s' not in common",
			      wanted);
	return ret;
}

void kb_one_case_change(char text[96], const struct kb_one_case *one)
{
	char a[KB_FIGURE_LEN], b[KB_FIGURE_LEN], *unit, *other;
	double percent = 100 * (one->ratio - 1);

	kb_format_figure(a, one->a, one->unit);
	kb_format_figure(b, one->b, one->unit);
	unit = strchr(a, ' ');
	other = strchr(b, ' ');
	if (unit && other && !strcmp(unit, other))
		*unit = '\0';
	snprintf(text, 96, "%s -> %s, %+.*f %%", a, b, fabs(percent) < 1 ? 3 : 1, percent);
}
