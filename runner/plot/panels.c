// SPDX-License-Identifier: GPL-2.0
#include "panels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "medium.h"
#include "table.h"

/* A parameter with fewer values than this is compared in bars. */
#define FEWEST_VALUES	3

/* A bench with more lines than this, by its parameters, has panels of its own. */
#define MOST_SHARED	2

/* Bars in one panel: a screen or two of them. */
#define MOST_BARS	45

/*
 * One suite while its panels are made.
 * @result: what its result is called in titles, or empty
 * @cpus_vary: it was measured on several numbers of CPUs
 * @axis:  "cpus", the name of a parameter, or "" for bars alone
 * @lines: room for one per row of the page
 * @heads: of each line, its first row
 * @place_of: for each row, its line's place, or the number of rows: it is in none
 */
struct suite {
	struct kb_panels	*page;
	const char		*name;
	const char		*result;
	bool			cpus_vary;
	char			axis[KB_LABEL_LEN];
	struct kb_line		*lines;
	struct kb_row		**heads;
	size_t			nr_lines;
	size_t			*place_of;
};

static bool in_suite(const struct suite *suite, const struct kb_row *row)
{
	return !row->used && !strcmp(row->suite, suite->name);
}

/* The place of @row along the x axis; false when it has none. */
static bool place(const struct suite *suite, const struct kb_row *row, double *x)
{
	const json_t *value;

	if (!strcmp(suite->axis, "cpus")) {
		*x = (double)row->cpus;
		return !row->pair;
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

		if (strcmp(row->suite, suite->name) != 0)
			continue;
		if (cpus && row->cpus != cpus)
			return true;
		cpus = row->cpus;
	}
	return false;
}

/*
 * Count @value among those that the bench of @row has of parameter @name.
 * @seen: object: benches to parameters to values
 */
static size_t count_value(json_t *seen, const struct kb_row *row, const char *name,
			  const json_t *value)
{
	json_t *params = json_object_get(seen, row->name), *values;
	char key[32];

	if (!params) {
		params = json_object();
		json_object_set_new(seen, row->name, params);
	}
	values = json_object_get(params, name);
	if (!values) {
		values = json_object();
		json_object_set_new(params, name, values);
	}
	snprintf(key, sizeof(key), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	json_object_set_new(values, key, json_true());
	return json_object_size(values);
}

/* The parameter that has most values in any one bench. */
static void choose_parameter(struct suite *suite)
{
	size_t most = FEWEST_VALUES - 1;
	json_t *seen = json_object();

	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		const struct kb_row *row = &suite->page->rows[i];
		const char *name;
		json_t *value;

		if (!in_suite(suite, row))
			continue;
		json_object_foreach(row->params, name, value) {
			size_t nr = count_value(seen, row, name, value);

			if (nr <= most)
				continue;
			most = nr;
			snprintf(suite->axis, sizeof(suite->axis), "%s", name);
		}
	}
	json_decref(seen);
}

static int compare_points(const void *a, const void *b)
{
	const struct kb_point *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

/* How many rows each line has, so that it gets room for as many points. */
static int make_room(struct suite *suite)
{
	for (size_t i = 0; i < suite->page->nr_rows; i++)
		if (suite->place_of[i] < suite->page->nr_rows)
			suite->lines[suite->place_of[i]].nr_points++;
	for (size_t i = 0; i < suite->nr_lines; i++) {
		struct kb_line *line = &suite->lines[i];

		line->points = calloc(line->nr_points, sizeof(*line->points));
		if (!line->points)
			return -1;
		line->nr_points = 0;
	}
	return 0;
}

/* Find out which line each row is in. */
static int name_lines(struct suite *suite)
{
	size_t nr = suite->page->nr_rows;
	json_t *places = json_object();
	int bad = !places;

	for (size_t i = 0; !bad && i < nr; i++) {
		struct kb_row *row = &suite->page->rows[i];
		char label[KB_LABEL_LEN] = "";
		const json_t *known;
		double x;

		suite->place_of[i] = nr;
		if (!in_suite(suite, row) || !place(suite, row, &x))
			continue;
		kb_row_label(label, row, suite->axis);
		known = json_object_get(places, label);
		suite->place_of[i] = known ? (size_t)json_integer_value(known) : suite->nr_lines;
		if (known)
			continue;
		bad = json_object_set_new_nocheck(places, label,
						  json_integer((json_int_t)suite->nr_lines));
		memcpy(suite->lines[suite->nr_lines].label, label, sizeof(label));
		suite->heads[suite->nr_lines++] = row;
	}
	json_decref(places);
	return bad;
}

static int collect_lines(struct suite *suite)
{
	size_t nr = suite->page->nr_rows;

	if (name_lines(suite) || make_room(suite))
		return -1;
	for (size_t i = 0; i < nr; i++) {
		const struct kb_row *row = &suite->page->rows[i];
		struct kb_line *line = &suite->lines[suite->place_of[i]];
		double x;

		if (suite->place_of[i] < nr && place(suite, row, &x))
			line->points[line->nr_points++] = (struct kb_point){
				x, row->value, row->low, row->high, 0,
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

struct kb_panel *kb_panel_add(struct kb_panels *page, enum kb_plot_kind kind, size_t most_lines)
{
	struct kb_panel *panels = realloc(page->panels, (page->nr_panels + 1) * sizeof(*panels));
	struct kb_panel *panel;

	if (!panels)
		return NULL;
	page->panels = panels;
	panel = &panels[page->nr_panels++];
	memset(panel, 0, sizeof(*panel));
	panel->kind = kind;
	panel->lines = calloc(most_lines + 1, sizeof(*panel->lines));
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

		if (strcmp(row->suite, suite->name) || (*name && strcmp(row->name, name)))
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
	size_t size = sizeof(panel->title);
	const char *name;

	kb_text_add(panel->suite, sizeof(panel->suite), "%s", suite->name);
	kb_text_add(panel->title, size, "%s%s%s", suite->name, *bench ? "/" : "", bench);
	if (!suite->cpus_vary)
		kb_text_add(panel->title, size, " on %ld CPU%s", head->cpus,
			    head->cpus == 1 ? "" : "s");
	json_object_foreach(common, name, value)
		kb_text_add(panel->title, size, ", %s=%" JSON_INTEGER_FORMAT, name,
			    json_integer_value(value));
	if (*suite->result)
		kb_text_add(panel->title, size, ", %s", suite->result);
	json_decref(common);
}

/* Lines that do not fit one panel: which part of them this is. */
static void add_part(struct kb_panel *panel, size_t part, size_t nr_parts)
{
	if (nr_parts > 1)
		kb_text_add(panel->title, sizeof(panel->title), "  (%zu of %zu)", part, nr_parts);
}

/* The points go over to the panel; what was in them is used. */
static void hand_over(struct suite *suite, size_t place, struct kb_line *to, const char *bench)
{
	struct kb_line *line = &suite->lines[place];
	size_t length = strlen(bench);

	*to = *line;
	if (length && !strncmp(line->label, bench, length) && line->label[length] == ' ')
		memmove(to->label, line->label + length + 1, strlen(line->label + length));
	line->points = NULL;
}

/*
 * Panels of the lines that @chosen marks, as few as legible and evenly filled.
 * @bench: the bench when all lines are its; its name then stands in the title, not in each label
 */
static int add_line_panels(struct suite *suite, const bool *chosen, const char *bench)
{
	size_t nr = 0, done = 0, nr_panels;
	struct kb_panel *panel = NULL;

	for (size_t i = 0; i < suite->nr_lines; i++)
		nr += chosen[i];
	nr_panels = (nr + KB_PANEL_SERIES - 1) / KB_PANEL_SERIES;
	for (size_t i = 0; i < suite->nr_lines; i++) {
		if (!chosen[i])
			continue;
		/* Line k belongs to panel k * nr_panels / nr. */
		if (!done || done * nr_panels / nr != (done - 1) * nr_panels / nr) {
			panel = kb_panel_add(suite->page, KB_PLOT_SCALING, KB_PANEL_SERIES);
			if (!panel)
				return -1;
			panel->unit = suite->heads[i]->unit;
			kb_text_add(panel->x_name, sizeof(panel->x_name), "%s", suite->axis);
			make_title(panel, suite, bench, suite->heads[i]);
			add_part(panel, done * nr_panels / nr + 1, nr_panels);
		}
		for (size_t k = 0; k < suite->page->nr_rows; k++)
			if (suite->place_of[k] == i)
				kb_panel_count_boots(panel, suite->page->rows[k].nr_boots);
		hand_over(suite, i, &panel->lines[panel->nr_lines++], bench);
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

/* Rows that are in lines are no bars. */
static void mark_used(struct suite *suite)
{
	for (size_t i = 0; i < suite->page->nr_rows; i++) {
		size_t at = suite->place_of[i];

		if (at < suite->page->nr_rows && is_line(&suite->lines[at]))
			suite->page->rows[i].used = true;
	}
}

/* The lines of small benches share panels, those of benches with many lines come after. */
static int make_line_panels(struct suite *suite)
{
	bool *chosen = calloc(suite->nr_lines + 1, sizeof(*chosen));
	int ret = chosen ? 0 : -1;

	mark_used(suite);
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

static int make_lines(struct suite *suite)
{
	int ret;

	suite->lines = calloc(suite->page->nr_rows, sizeof(*suite->lines));
	suite->heads = calloc(suite->page->nr_rows, sizeof(struct kb_row *));
	suite->place_of = calloc(suite->page->nr_rows, sizeof(*suite->place_of));
	ret = !suite->lines || !suite->heads || !suite->place_of || collect_lines(suite) ||
	      make_line_panels(suite) ? -1 : 0;
	for (size_t i = 0; suite->lines && i < suite->nr_lines; i++)
		free(suite->lines[i].points);
	free(suite->lines);
	free(suite->heads);
	free(suite->place_of);
	return ret;
}

static int add_bar(struct kb_panel *panel, const struct suite *suite, const struct kb_row *row)
{
	struct kb_line *bar = &panel->lines[panel->nr_lines];

	bar->points = calloc(1, sizeof(*bar->points));
	if (!bar->points)
		return -1;
	panel->nr_lines++;
	bar->nr_points = 1;
	kb_panel_count_boots(panel, row->nr_boots);
	bar->points[0] = (struct kb_point){ row->cpus > 0 ? (double)row->cpus : 0, row->value,
					    row->low, row->high, 0 };
	kb_row_label(bar->label, row, "");
	if (suite->cpus_vary && !row->pair)
		kb_text_add(bar->label, sizeof(bar->label), ", %ld CPU%s", row->cpus,
			    row->cpus == 1 ? "" : "s");
	return 0;
}

/* What costs as much stays in the order of the file. */
static int compare_rows(const void *a, const void *b)
{
	const struct kb_row *p = *(const struct kb_row *const *)a;
	const struct kb_row *q = *(const struct kb_row *const *)b;

	if (p->value != q->value)
		return p->value > q->value ? 1 : -1;
	return (p > q) - (p < q);
}

static int add_bars(struct suite *suite, struct kb_row *const *rows, size_t nr)
{
	size_t nr_panels = (nr + MOST_BARS - 1) / MOST_BARS;
	struct kb_panel *panel = NULL;

	for (size_t i = 0; i < nr; i++) {
		if (i % MOST_BARS == 0) {
			panel = kb_panel_add(suite->page, KB_PLOT_BARS, MOST_BARS);
			if (!panel)
				return -1;
			panel->unit = rows[i]->unit;
			make_title(panel, suite, "", rows[i]);
			add_part(panel, i / MOST_BARS + 1, nr_panels);
		}
		if (add_bar(panel, suite, rows[i]))
			return -1;
	}
	return 0;
}

static int make_bars(struct suite *suite)
{
	struct kb_row **rows = calloc(suite->page->nr_rows + 1, sizeof(struct kb_row *));
	size_t nr = 0;
	int ret;

	if (!rows)
		return -1;
	for (size_t i = 0; i < suite->page->nr_rows; i++)
		if (in_suite(suite, &suite->page->rows[i]))
			rows[nr++] = &suite->page->rows[i];
	qsort(rows, nr, sizeof(struct kb_row *), compare_rows);
	ret = add_bars(suite, rows, nr);
	for (size_t i = 0; i < nr; i++)
		rows[i]->used = true;
	free(rows);
	return ret;
}

static void mark_all(const struct suite *suite)
{
	for (size_t i = 0; i < suite->page->nr_rows; i++)
		if (!strcmp(suite->page->rows[i].suite, suite->name))
			suite->page->rows[i].used = true;
}

static int make_suite(struct kb_panels *page, enum kb_plot_kind kind, const char *name,
		      const char *result)
{
	struct suite suite = { .page = page, .name = name, .result = result };
	bool all = kind == KB_PLOT_OVERVIEW;
	int ret = 0;

	suite.cpus_vary = cpus_vary(&suite);
	if (all || kind == KB_PLOT_HEATMAP)
		ret = kb_heatmaps_add(page, name, result, all ? 2 : 1);
	if (suite.cpus_vary)
		snprintf(suite.axis, sizeof(suite.axis), "cpus");
	else
		choose_parameter(&suite);
	if (!ret && suite.axis[0] && (all || kind == KB_PLOT_SCALING))
		ret = make_lines(&suite);
	if (!ret && (all || kind == KB_PLOT_BARS))
		ret = make_bars(&suite);
	mark_all(&suite);
	return ret;
}

int kb_panels_add(struct kb_panels *panels, const json_t *result, enum kb_plot_kind kind,
		  const char *suite, const char *name)
{
	kb_rows_free(panels);
	if (kb_rows_make(panels, result, suite))
		return -1;
	for (size_t i = 0; i < panels->nr_rows; i++)
		if (!panels->rows[i].used && make_suite(panels, kind, panels->rows[i].suite, name))
			return -1;
	return 0;
}
