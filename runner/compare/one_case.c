// SPDX-License-Identifier: GPL-2.0
#include "one_case.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "report.h"
#include "table.h"
#include "which_case.h"

int kb_one_case_check(const json_t *result, const char *path, const char *wanted,
		      struct kb_error *err)
{
	json_t *names = json_object(), *all = json_object();
	char *who = kb_path("%s has", path);
	const json_t *entry;
	const char *reason = NULL;
	bool measured = false;
	int bad = !names || !all, ret = 0;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		bad |= kb_case_names_add(all, entry);
		if (!kb_entry_is(entry, wanted))
			continue;
		bad |= kb_case_names_add(names, entry);
		if (!strcmp(kb_text(entry, "status"), "ok"))
			measured = true;
		else
			reason = kb_text(entry, "reason");
	}
	if (bad)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	else if (!json_object_size(names))
		ret = kb_case_none(all, who, wanted, err);
	else if (json_object_size(names) > 1)
		ret = kb_case_several(names, who, wanted, err);
	else if (!measured)
		ret = kb_fail(err, KB_EXIT_TARGET, "'%s' was not measured: %s", wanted,
			      reason && *reason ? reason : "no outcome");
	json_decref(names);
	json_decref(all);
	free(who);
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
