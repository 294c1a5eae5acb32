// SPDX-License-Identifier: GPL-2.0
/* One kernel against another: what each case's ratio is, and what that means. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "judge_pair.h"
#include "medium.h"
#include "plot_kinds.h"
#include "short_names.h"
#include "table.h"

/* Rows in one panel: a screen or two of them. */
#define MOST_ROWS	45

/* Few boots make intervals that say nothing: an axis does not follow them further than that. */
#define WIDEST		4.0

/** struct sides - what is compared, and what both are called */
struct sides {
	const json_t	*a, *b;
	const char	*name_a, *name_b;
};

/** struct row - @name: of the pair, without what all rows have in common; malloc()ed */
struct row {
	const struct kb_pair	*pair;
	char			*name;
};

/* Equal ones stay in the order of the first file. */
static int compare_descending(double x, double y, const struct row *a, const struct row *b)
{
	if (x != y)
		return x < y ? 1 : -1;
	return (a->pair > b->pair) - (a->pair < b->pair);
}

static int compare_effects(const void *a, const void *b)
{
	const struct row *p = a, *q = b;

	return compare_descending(fabs(log(p->pair->ratio)), fabs(log(q->pair->ratio)), p, q);
}

static int compare_ratios(const void *a, const void *b)
{
	const struct row *p = a, *q = b;

	return compare_descending(p->pair->ratio, q->pair->ratio, p, q);
}

static int add_row(struct kb_panel *panel, const struct row *row)
{
	const struct kb_pair *pair = row->pair;
	struct kb_line *line = &panel->lines[panel->nr_lines];
	bool known = pair->judgement.known;
	double low = known ? exp(pair->judgement.interval[0]) : pair->ratio;
	double high = known ? exp(pair->judgement.interval[1]) : pair->ratio;

	line->points = calloc(1, sizeof(*line->points));
	if (!line->points)
		return -1;
	panel->nr_lines++;
	line->nr_points = 1;
	line->points[0] = (struct kb_point){
		0, pair->ratio, fmax(low, pair->ratio / WIDEST), fmin(high, pair->ratio * WIDEST),
		known ? (int)pair->verdict : -1,
	};
	kb_text_add(line->label, sizeof(line->label), "%s", row->name);
	return 0;
}

/* What matters has to be on the axis, whatever was measured. */
static void set_ranges(struct kb_panels *panels, size_t first)
{
	double low = 1, high = 1;

	for (size_t i = first; i < panels->nr_panels; i++) {
		const struct kb_panel *panel = &panels->panels[i];

		low = fmin(low, 1 / panel->guide);
		high = fmax(high, panel->guide);
		for (size_t j = 0; j < panel->nr_lines; j++) {
			low = fmin(low, panel->lines[j].points[0].low);
			high = fmax(high, panel->lines[j].points[0].high);
		}
	}
	for (size_t i = first; i < panels->nr_panels; i++) {
		panels->panels[i].low = low;
		panels->panels[i].high = high;
	}
}

static struct kb_panel *begin_panel(struct kb_panels *panels, const struct sides *sides,
				    const struct kb_pair *pair, const char *common)
{
	struct kb_panel *panel = kb_panel_add(panels, KB_PLOT_FOREST, MOST_ROWS);

	if (!panel)
		return NULL;
	panel->unit = strcmp(kb_text(pair->a.entry, "unit"), "insn") ? "ns" : "insn";
	panel->guide = 1;
	kb_text_add(panel->title, sizeof(panel->title), "%s over %s%s%s", sides->name_b,
		    sides->name_a, *common ? ", " : "", common);
	return panel;
}

/* The largest effects come first; within a panel, what got slower stands above what got faster. */
static int add_rows(struct kb_panels *panels, const struct sides *sides, struct row *rows,
		    size_t nr, const char *common)
{
	size_t nr_parts = (nr + MOST_ROWS - 1) / MOST_ROWS;

	qsort(rows, nr, sizeof(*rows), compare_effects);
	for (size_t part = 0; part < nr_parts; part++) {
		size_t first = part * MOST_ROWS;
		size_t some = nr - first < MOST_ROWS ? nr - first : MOST_ROWS;
		struct kb_panel *panel = begin_panel(panels, sides, rows[first].pair, common);

		if (!panel)
			return -1;
		if (nr_parts > 1)
			kb_text_add(panel->title, sizeof(panel->title), "  (%zu of %zu)",
				    part + 1, nr_parts);
		qsort(rows + first, some, sizeof(*rows), compare_ratios);
		for (size_t i = first; i < first + some; i++) {
			panel->guide = fmax(panel->guide, exp(rows[i].pair->delta));
			if (add_row(panel, &rows[i]))
				return -1;
		}
	}
	return 0;
}

static int shorten(struct row *rows, size_t nr, char *common, size_t size)
{
	char **names = calloc(nr + 1, sizeof(char *));
	int ret = names ? 0 : -1;

	for (size_t i = 0; !ret && i < nr; i++)
		names[i] = rows[i].name;
	if (!ret)
		ret = kb_names_shorten(names, nr, common, size);
	free(names);
	return ret;
}

static int add_comparison(struct kb_panels *panels, const struct sides *sides,
			  const struct kb_comparison *comparison, const char *suite)
{
	struct row *rows = calloc(comparison->nr + 1, sizeof(*rows));
	size_t nr = 0, first = panels->nr_panels;
	char common[KB_LABEL_LEN];
	bool others = false;
	int bad = !rows;

	for (size_t i = 0; i < comparison->nr; i++)
		others |= !kb_suite_is_own(kb_text(comparison->pairs[i].a.entry, "suite"));
	for (size_t i = 0; !bad && i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];

		if (!kb_suite_is_wanted(kb_text(pair->a.entry, "suite"), suite, others))
			continue;
		rows[nr] = (struct row){ pair, strdup(pair->name) };
		bad = !rows[nr++].name;
	}
	bad = bad || shorten(rows, nr, common, sizeof(common)) ||
	      add_rows(panels, sides, rows, nr, common);
	set_ranges(panels, first);
	for (size_t i = 0; i < nr; i++)
		free(rows[i].name);
	free(rows);
	return bad ? -1 : 0;
}

static void count_warnings(struct kb_panels *panels, const struct kb_comparison *comparison)
{
	size_t only = comparison->only_a + comparison->only_b;

	if (only)
		kb_text_add(panels->foot, sizeof(panels->foot),
			    "%s%zu case%s on one side only", *panels->foot ? "; " : "", only,
			    only == 1 ? "" : "s");
	if (json_array_size(comparison->warnings))
		kb_text_add(panels->foot, sizeof(panels->foot),
			    "%skbench compare has warnings on these", *panels->foot ? "; " : "");
}

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
}

static int compare(struct kb_panels *panels, const struct sides *sides, const char *suite,
		   struct kb_error *err)
{
	const struct kb_compare_rules rules = {
		.rules = { .confidence = 0.95, .delta = KB_DEFAULT_DELTA, .power = 0.8 },
		.default_delta = true,
	};
	struct kb_comparison comparison = { 0 };
	int ret = kb_compare(&comparison, sides->a, sides->b, &rules, err);

	if (!ret && add_comparison(panels, sides, &comparison, suite))
		ret = no_memory(err);
	if (!ret)
		count_warnings(panels, &comparison);
	kb_comparison_free(&comparison);
	return ret;
}

/* Two results are what their user says; of the same kernel they are called by their files. */
static int compare_two(struct kb_panels *panels, const struct kb_named_result *results,
		       const char *suite, struct kb_error *err)
{
	char *a = kb_files_kernel(results[0].result), *b = kb_files_kernel(results[1].result);
	bool same = !strcmp(a, b);
	const struct sides sides = {
		results[0].result, results[1].result,
		same ? results[0].path : a, same ? results[1].path : b,
	};
	int ret = compare(panels, &sides, suite, err);

	free(a);
	free(b);
	return ret;
}

static int say_from(struct kb_panels *panels, size_t first, const struct kb_pool *pool)
{
	const json_t *path;
	int bad = 0;
	size_t i;

	json_array_foreach(pool->paths, i, path)
		bad |= kb_panels_from(panels, first, json_string_value(path));
	return bad;
}

int kb_forest_panels(struct kb_panels *panels, const struct kb_named_result *results, size_t nr,
		     const char *suite, struct kb_error *err)
{
	struct kb_groups groups = { 0 };
	int ret;

	if (nr == 2)
		return compare_two(panels, results, suite, err);
	if (nr < 2)
		return kb_fail(err, KB_EXIT_USAGE, "a forest compares kernels: name two results or "
			       "more");
	ret = kb_groups_make(&groups, results, nr, KB_COMPARE_KERNEL, err);
	for (size_t i = 0; !ret && i < groups.nr; i++) {
		const struct kb_pool *a = &groups.pools[groups.matchups[i].a];
		const struct kb_pool *b = &groups.pools[groups.matchups[i].b];
		const struct sides sides = { a->result, b->result, a->group, b->group };
		size_t first = panels->nr_panels;

		ret = compare(panels, &sides, suite, err);
		if (!ret && (say_from(panels, first, a) || say_from(panels, first, b)))
			ret = no_memory(err);
	}
	kb_groups_free(&groups);
	return ret;
}
