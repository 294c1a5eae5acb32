// SPDX-License-Identifier: GPL-2.0
#include "panels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A parameter with fewer values than this is compared in bars. */
#define FEWEST_VALUES	3

/* A bench with more lines than this, by its parameters, has panels of its own. */
#define MOST_SHARED	2

/* Bars in one panel: a screen or two of them. */
#define MOST_BARS	45

/*
 * One suite while its panels are made.
 * @axis:  "cpus", the name of a parameter, or "" for bars alone
 * @lines: room for one per row of the page
 * @heads: of each line, its first row
 */
struct suite {
	struct kb_panels	*page;
	const char		*name;
	char			axis[KB_LABEL_LEN];
	struct kb_line		*lines;
	struct kb_row		**heads;
	size_t			nr_lines;
};

static bool in_suite(const struct suite *suite, const struct kb_row *row)
{
	return !strcmp(row->suite, suite->name);
}

/* The place of @row along the x axis; false when it has none. */
static bool place(const struct suite *suite, const struct kb_row *row, double *x)
{
	const json_t *value;

	if (!strcmp(suite->axis, "cpus")) {
		*x = (double)row->cpus;
		return true;
	}
	value = json_object_get(row->params, suite->axis);
	*x = (double)json_integer_value(value);
	return value != NULL;
}

static bool cpus_vary(const struct suite *suite)
{
	long cpus = 0;

	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		const struct kb_row *row = &suite->page->rows[i];

		if (!in_suite(suite, row))
			continue;
		if (cpus && row->cpus != cpus)
			return true;
		cpus = row->cpus;
	}
	return false;
}

/* How many values of parameter @name does the bench of @row have? */
static size_t count_values(const struct suite *suite, const struct kb_row *row, const char *name)
{
	json_t *seen = json_array(), *known;
	size_t nr, j;

	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		const struct kb_row *other = &suite->page->rows[i];
		json_t *value = json_object_get(other->params, name);
		bool fresh = value && in_suite(suite, other) && !strcmp(other->name, row->name);

		json_array_foreach(seen, j, known)
			fresh = fresh && !json_equal(known, value);
		if (fresh)
			json_array_append(seen, value);
	}
	nr = json_array_size(seen);
	json_decref(seen);
	return nr;
}

/* The parameter that has most values in any one bench. */
static void choose_parameter(struct suite *suite)
{
	size_t most = FEWEST_VALUES - 1;

	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		const struct kb_row *row = &suite->page->rows[i];
		const char *name;
		json_t *value;

		if (!in_suite(suite, row))
			continue;
		json_object_foreach(row->params, name, value) {
			size_t nr = count_values(suite, row, name);

			if (nr <= most)
				continue;
			most = nr;
			snprintf(suite->axis, sizeof(suite->axis), "%s", name);
		}
	}
}

/* @name and those of @params that are not the axis; longer labels are cut. */
static void make_label(char label[KB_LABEL_LEN], const char *name, json_t *params,
		       const char *axis)
{
	const char *param;
	json_t *value;

	snprintf(label, KB_LABEL_LEN, "%s", name);
	json_object_foreach(params, param, value) {
		size_t length = strlen(label);

		if (strcmp(param, axis))
			snprintf(label + length, KB_LABEL_LEN - length,
				 "%s%s=%" JSON_INTEGER_FORMAT, length ? " " : "", param,
				 json_integer_value(value));
	}
}

static int compare_points(const void *a, const void *b)
{
	const struct kb_point *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

/* The line that @label names, made when there is none; NULL when out of memory. */
static struct kb_line *find_line(struct suite *suite, struct kb_row *row, const char *label)
{
	struct kb_line *line;

	for (size_t i = 0; i < suite->nr_lines; i++)
		if (!strcmp(suite->lines[i].label, label))
			return &suite->lines[i];
	line = &suite->lines[suite->nr_lines];
	line->points = calloc(suite->page->nr_rows, sizeof(*line->points));
	if (!line->points)
		return NULL;
	snprintf(line->label, sizeof(line->label), "%s", label);
	suite->heads[suite->nr_lines++] = row;
	return line;
}

static int collect_lines(struct suite *suite)
{
	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		struct kb_row *row = &suite->page->rows[i];
		char label[KB_LABEL_LEN];
		struct kb_line *line;
		double x;

		if (!in_suite(suite, row) || !place(suite, row, &x))
			continue;
		make_label(label, row->name, row->params, suite->axis);
		line = find_line(suite, row, label);
		if (!line)
			return -1;
		line->points[line->nr_points++] = (struct kb_point){
			x, row->value, row->low, row->high,
		};
	}
	for (size_t i = 0; i < suite->nr_lines; i++)
		qsort(suite->lines[i].points, suite->lines[i].nr_points, sizeof(struct kb_point),
		      compare_points);
	return 0;
}

/* A single point is no line: it goes to the bars. */
static bool is_line(const struct kb_line *line)
{
	return line->nr_points > 1 && line->points[0].x < line->points[line->nr_points - 1].x;
}

static void mark_used(struct suite *suite, const struct kb_line *line)
{
	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		struct kb_row *row = &suite->page->rows[i];
		char label[KB_LABEL_LEN];
		double x;

		if (!in_suite(suite, row) || !place(suite, row, &x))
			continue;
		make_label(label, row->name, row->params, suite->axis);
		if (!strcmp(label, line->label))
			row->used = true;
	}
}

static struct kb_panel *add_panel(struct kb_panels *page, size_t most_lines)
{
	struct kb_panel *panels = realloc(page->panels, (page->nr_panels + 1) * sizeof(*panels));
	struct kb_panel *panel;

	if (!panels)
		return NULL;
	page->panels = panels;
	panel = &panels[page->nr_panels++];
	memset(panel, 0, sizeof(*panel));
	panel->lines = calloc(most_lines, sizeof(*panel->lines));
	return panel->lines ? panel : NULL;
}

/*
 * The parameters that are the same in all of the suite, or of its bench @name when that is not
 * empty: those that the rows do not name.
 */
static json_t *common_params(const struct suite *suite, const char *name)
{
	json_t *common = json_object();

	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		const struct kb_row *row = &suite->page->rows[i];
		const char *param;
		json_t *value;

		if (!in_suite(suite, row) || (*name && strcmp(row->name, name)))
			continue;
		json_object_foreach(json_object_get(row->entry, "params"), param, value)
			if (!json_object_get(row->params, param))
				json_object_set(common, param, value);
	}
	return common;
}

/* "locks on 8 CPUs, cs=0", "cache/false_sharing" */
static void make_title(struct kb_panel *panel, const struct suite *suite, const char *bench,
		       const struct kb_row *head)
{
	json_t *common = common_params(suite, bench), *value;
	size_t size = sizeof(panel->title), at;
	const char *name;

	snprintf(panel->title, size, "%s%s%s", suite->name, *bench ? "/" : "", bench);
	at = strlen(panel->title);
	if (!cpus_vary(suite))
		snprintf(panel->title + at, size - at, " on %ld CPU%s", head->cpus,
			 head->cpus == 1 ? "" : "s");
	json_object_foreach(common, name, value) {
		at = strlen(panel->title);
		snprintf(panel->title + at, size - at, ", %s=%" JSON_INTEGER_FORMAT, name,
			 json_integer_value(value));
	}
	json_decref(common);
}

/* Lines that do not fit one panel: which part of them this is. */
static void add_part(struct kb_panel *panel, size_t part, size_t nr_parts)
{
	size_t length = strlen(panel->title);

	if (nr_parts > 1)
		snprintf(panel->title + length, sizeof(panel->title) - length, "  (%zu of %zu)",
			 part, nr_parts);
}

/*
 * Panels of the lines that @chosen marks, as few as legible and evenly filled. The panels take
 * the points over.
 * @bench: the bench when all lines are its; its name then stands in the title, not in each label
 */
static int add_line_panels(struct suite *suite, const bool *chosen, const char *bench)
{
	size_t nr = 0, done = 0, nr_panels, length = strlen(bench);
	struct kb_panel *panel = NULL;

	for (size_t i = 0; i < suite->nr_lines; i++)
		nr += chosen[i];
	nr_panels = (nr + KB_PANEL_SERIES - 1) / KB_PANEL_SERIES;
	for (size_t i = 0; i < suite->nr_lines; i++) {
		struct kb_line *line = &suite->lines[i];
		const char *label = line->label;

		if (!chosen[i])
			continue;
		/* Line k belongs to panel k * nr_panels / nr. */
		if (!done || done * nr_panels / nr != (done - 1) * nr_panels / nr) {
			panel = add_panel(suite->page, KB_PANEL_SERIES);
			if (!panel)
				return -1;
			panel->unit = suite->heads[i]->unit;
			snprintf(panel->x_name, sizeof(panel->x_name), "%s", suite->axis);
			make_title(panel, suite, bench, suite->heads[i]);
			add_part(panel, done * nr_panels / nr + 1, nr_panels);
		}
		if (length && !strncmp(label, bench, length) && label[length] == ' ')
			label += length + 1;
		panel->lines[panel->nr_lines] = *line;
		snprintf(panel->lines[panel->nr_lines++].label, KB_LABEL_LEN, "%s", label);
		mark_used(suite, line);
		line->points = NULL;
		done++;
	}
	return 0;
}

static size_t lines_of_bench(const struct suite *suite, const char *name)
{
	size_t nr = 0;

	for (size_t i = 0; i < suite->nr_lines; i++)
		nr += is_line(&suite->lines[i]) && !strcmp(suite->heads[i]->name, name);
	return nr;
}

/* The lines of small benches share panels, those of benches with many lines come after. */
static int make_line_panels(struct suite *suite)
{
	bool *chosen = calloc(suite->nr_lines + 1, sizeof(*chosen));
	int ret = chosen ? 0 : -1;

	for (size_t i = 0; !ret && i < suite->nr_lines; i++)
		chosen[i] = is_line(&suite->lines[i]) &&
			    lines_of_bench(suite, suite->heads[i]->name) <= MOST_SHARED;
	if (!ret)
		ret = add_line_panels(suite, chosen, "");
	for (size_t i = 0; !ret && i < suite->nr_lines; i++) {
		const char *bench = suite->heads[i]->name;

		/* A line whose points a panel has taken is done. */
		if (!suite->lines[i].points || !is_line(&suite->lines[i]))
			continue;
		for (size_t j = 0; j < suite->nr_lines; j++)
			chosen[j] = suite->lines[j].points && is_line(&suite->lines[j]) &&
				    !strcmp(suite->heads[j]->name, bench);
		ret = add_line_panels(suite, chosen, bench);
	}
	free(chosen);
	return ret;
}

static int add_bar(struct kb_panel *panel, const struct suite *suite, const struct kb_row *row)
{
	struct kb_line *bar = &panel->lines[panel->nr_lines];
	size_t length;

	bar->points = calloc(1, sizeof(*bar->points));
	if (!bar->points)
		return -1;
	panel->nr_lines++;
	bar->nr_points = 1;
	bar->points[0] = (struct kb_point){ row->cpus > 0 ? (double)row->cpus : 0, row->value,
					    row->low, row->high };
	make_label(bar->label, row->name, row->params, "");
	length = strlen(bar->label);
	if (cpus_vary(suite) && !row->pair)
		snprintf(bar->label + length, KB_LABEL_LEN - length, ", %ld CPU%s", row->cpus,
			 row->cpus == 1 ? "" : "s");
	return 0;
}

static int make_bar_panels(struct suite *suite)
{
	struct kb_panel *panel = NULL;

	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		struct kb_row *row = &suite->page->rows[i];

		if (row->used || !in_suite(suite, row))
			continue;
		if (!panel || panel->nr_lines == MOST_BARS) {
			panel = add_panel(suite->page, MOST_BARS);
			if (!panel)
				return -1;
			panel->bars = true;
			panel->unit = row->unit;
			make_title(panel, suite, "", row);
		}
		if (add_bar(panel, suite, row))
			return -1;
		row->used = true;
	}
	return 0;
}

static void widen(struct kb_panel *panel, const struct kb_panel *other)
{
	for (size_t i = 0; i < other->nr_lines; i++) {
		for (size_t j = 0; j < other->lines[i].nr_points; j++) {
			const struct kb_point *point = &other->lines[i].points[j];

			panel->low = fmin(panel->low, fmin(point->low, point->value));
			panel->high = fmax(panel->high, fmax(point->high, point->value));
		}
	}
}

/* Panels of one suite and kind have one range, so that they compare at a glance. */
static void set_ranges(struct kb_panels *page, size_t first)
{
	for (size_t i = first; i < page->nr_panels; i++) {
		page->panels[i].low = HUGE_VAL;
		page->panels[i].high = 0;
		for (size_t j = first; j < page->nr_panels; j++)
			if (page->panels[j].bars == page->panels[i].bars)
				widen(&page->panels[i], &page->panels[j]);
	}
}

static int make_suite(struct kb_panels *page, const char *name)
{
	struct suite suite = { .page = page, .name = name };
	size_t first = page->nr_panels;
	int ret = -1;

	suite.lines = calloc(page->nr_rows, sizeof(*suite.lines));
	suite.heads = calloc(page->nr_rows, sizeof(struct kb_row *));
	if (suite.lines && suite.heads) {
		if (cpus_vary(&suite))
			snprintf(suite.axis, sizeof(suite.axis), "cpus");
		else
			choose_parameter(&suite);
		ret = (suite.axis[0] && (collect_lines(&suite) || make_line_panels(&suite))) ||
		      make_bar_panels(&suite);
	}
	if (!ret)
		set_ranges(page, first);
	for (size_t i = 0; suite.lines && i < suite.nr_lines; i++)
		free(suite.lines[i].points);
	free(suite.lines);
	free(suite.heads);
	return ret ? -1 : 0;
}

int kb_panels_make(struct kb_panels *panels, const json_t *result)
{
	memset(panels, 0, sizeof(*panels));
	if (kb_rows_make(panels, result))
		return -1;
	for (size_t i = 0; i < panels->nr_rows; i++)
		if (!panels->rows[i].used && make_suite(panels, panels->rows[i].suite))
			return -1;
	return 0;
}

void kb_panels_free(struct kb_panels *panels)
{
	for (size_t i = 0; i < panels->nr_panels; i++) {
		for (size_t j = 0; j < panels->panels[i].nr_lines; j++)
			free(panels->panels[i].lines[j].points);
		free(panels->panels[i].lines);
	}
	for (size_t i = 0; i < panels->nr_rows; i++)
		json_decref(panels->rows[i].params);
	free(panels->panels);
	free(panels->rows);
	memset(panels, 0, sizeof(*panels));
}
