// SPDX-License-Identifier: GPL-2.0
#include "history_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "grid.h"
#include "history_changes.h"
#include "plain_text.h"
#include "screen.h"
#include "table.h"

#define CELL_LEN	48

static const struct kb_grid_column case_columns[] = {
	{ "CASE", KB_GRID_WRAP, 0 }, { "RESULTS", KB_GRID_RIGHT, 1 }, { "FIRST", KB_GRID_RIGHT, 0 },
	{ "LAST", KB_GRID_RIGHT, 0 }, { "CHANGE", KB_GRID_RIGHT, 0 },
	{ "CHANGE POINTS", KB_GRID_RIGHT, 2 },
};

static const struct kb_grid_column change_columns[] = {
	{ "CASE", KB_GRID_WRAP, 0 }, { "CHANGED AT", KB_GRID_WRAP, 0 }, { "STARTED", 0, 1 },
	{ "BEFORE", KB_GRID_RIGHT, 0 }, { "AFTER", KB_GRID_RIGHT, 0 },
	{ "CHANGE", KB_GRID_RIGHT, 0 }, { "P", KB_GRID_RIGHT, 2 },
};

#define NR_CASE_COLUMNS		(sizeof(case_columns) / sizeof(case_columns[0]))
#define NR_CHANGE_COLUMNS	(sizeof(change_columns) / sizeof(change_columns[0]))

static bool is_shown(const struct kb_history_case *one, bool only_changed)
{
	return one->nr && (one->nr_changes || !only_changed);
}

/* Not even an empty line where there are no rows. */
static int end(struct kb_grid *grid, int bad)
{
	bool any = grid && !kb_grid_is_empty(grid);

	bad = kb_grid_end(grid, bad);
	if (any)
		putchar('\n');
	return bad;
}

/* Change in percent; from nothing, nothing can be said. */
static void percent(char cell[CELL_LEN], double before, double after)
{
	snprintf(cell, CELL_LEN, "%+.2f %%", 100 * (after / before - 1));
}

static int add_case(struct kb_grid *grid, const struct kb_history_case *one)
{
	const char *unit = kb_text(one->entry, "unit");
	double first = kb_history_estimate(one, 0, 1);
	double last = kb_history_estimate(one, one->nr - 1, one->nr);
	char cells[5][CELL_LEN];
	const char *const line[] = { one->name, cells[0], cells[1], cells[2], cells[3], cells[4] };

	snprintf(cells[0], CELL_LEN, "%zu", one->nr);
	kb_format_figure(cells[1], first, unit);
	kb_format_figure(cells[2], last, unit);
	percent(cells[3], first, last);
	snprintf(cells[4], CELL_LEN, "%zu", one->nr_changes);
	return kb_grid_add(grid, line);
}

static int print_cases(const struct kb_history_series *series, bool only_changed)
{
	struct kb_grid *grid = kb_grid_new(case_columns, NR_CASE_COLUMNS);
	int bad = !grid;

	for (size_t i = 0; !bad && i < series->nr; i++)
		if (is_shown(&series->cases[i], only_changed))
			bad = add_case(grid, &series->cases[i]);
	return end(grid, bad);
}

/* What lies between a change point and the ones beside it. */
static void levels(const struct kb_history_case *one, size_t change, double *before, double *after)
{
	size_t from = change ? one->changes[change - 1].at : 0, at = one->changes[change].at;
	size_t to = change + 1 < one->nr_changes ? one->changes[change + 1].at : one->nr;

	*before = kb_history_estimate(one, from, at);
	*after = kb_history_estimate(one, at, to);
}

static int add_change(struct kb_grid *grid, const struct kb_history_series *series,
		      const struct kb_history_case *one, size_t change)
{
	const struct kb_history_result *result =
		&series->results[one->points[one->changes[change].at].result];
	const char *unit = kb_text(one->entry, "unit");
	char cells[4][CELL_LEN];
	const char *const line[] = { one->name, result->release, result->started, cells[0],
				     cells[1], cells[2], cells[3] };
	double before, after;

	levels(one, change, &before, &after);
	kb_format_figure(cells[0], before, unit);
	kb_format_figure(cells[1], after, unit);
	percent(cells[2], before, after);
	if (one->exact)
		snprintf(cells[3], CELL_LEN, "exact");
	else
		snprintf(cells[3], CELL_LEN, "%.2g", one->changes[change].p);
	return kb_grid_add(grid, line);
}

static int print_changes(const struct kb_history_series *series)
{
	struct kb_grid *grid = kb_grid_new(change_columns, NR_CHANGE_COLUMNS);
	int bad = !grid;

	for (size_t i = 0; !bad && i < series->nr; i++)
		for (size_t j = 0; !bad && j < series->cases[i].nr_changes; j++)
			bad = add_change(grid, series, &series->cases[i], j);
	return end(grid, bad);
}

static bool changes_at(const struct kb_history_series *series, size_t result)
{
	for (size_t i = 0; i < series->nr; i++) {
		const struct kb_history_case *one = &series->cases[i];

		for (size_t j = 0; j < one->nr_changes; j++)
			if (one->points[one->changes[j].at].result == result)
				return true;
	}
	return false;
}

/* At a change point the release need not be all that is new. */
static int print_differs(const struct kb_history_series *series)
{
	for (size_t result = 1; result < series->nr_results; result++) {
		json_t *lines = NULL, *line;
		size_t i;

		if (!changes_at(series, result))
			continue;
		lines = kb_history_differs(series, result);
		if (!lines)
			return -1;
		json_array_foreach(lines, i, line) {
			printf("%-8s ", "differs");
			kb_print_plain(series->results[result].release, stdout);
			printf(" (");
			kb_print_plain(series->results[result].started, stdout);
			printf("): ");
			kb_print_plain(json_string_value(line), stdout);
			putchar('\n');
		}
		json_decref(lines);
	}
	return 0;
}

static void print_header(const struct kb_history_series *series, double level)
{
	const char *note = kb_fidelity_note(kb_text(series->about, "fidelity"));
	const struct kb_history_result *results = series->results;
	size_t boots = 0;

	printf("%-8s ", "series");
	kb_print_plain(series->name, stdout);
	printf("\n%-8s %zu by %s, ", "results", series->nr_results,
	       series->by_kernel ? "kernel" : "date");
	for (size_t i = 0; i < 2; i++) {
		const struct kb_history_result *end = &results[i ? series->nr_results - 1 : 0];

		kb_print_plain(end->release, stdout);
		printf(" (");
		kb_print_plain(end->started, stdout);
		printf(")%s", i ? "\n" : " to ");
	}
	if (note)
		printf("%-8s %s\n", "note", note);
	for (size_t i = 0; i < series->nr; i++)
		if (series->cases[i].starts[series->cases[i].nr] > boots)
			boots = series->cases[i].starts[series->cases[i].nr];
	if (series->tested > kb_history_most_cases(level))
		printf("%-8s among more than %zu cases a change of one alone is not found: choose "
		       "some with --case\n", "note", kb_history_most_cases(level));
	else if (series->tested && !kb_history_can_show(boots, series->tested, level))
		printf("%-8s %zu boots are too few to show a change of one case among %zu: measure "
		       "more boots or results\n", "note", boots, series->tested);
	putchar('\n');
}

static void print_summary(const struct kb_history_series *series, double level)
{
	size_t changed = 0, exact = 0, nr = 0;

	for (size_t i = 0; i < series->nr; i++) {
		changed += series->cases[i].nr_changes > 0;
		exact += series->cases[i].exact;
		nr += series->cases[i].nr > 0;
	}
	printf("%-8s %zu cases: %zu changed", "summary", nr, changed);
	if (exact)
		printf("; counts are exact");
	if (series->tested)
		printf("; %zu tested: of those said to have changed %.4g %% at most are false "
		       "alarms, on average", series->tested, 100 * level);
	putchar('\n');
}

int kb_history_print(const struct kb_history_series *series, bool only_changed, double level,
		     struct kb_error *err)
{
	struct kb_screen screen;
	int bad;

	kb_screen_begin(&screen);
	print_header(series, level);
	bad = print_cases(series, only_changed) || print_changes(series) ||
	      print_differs(series);
	if (!bad)
		print_summary(series, level);
	kb_screen_end(&screen);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while printing") : 0;
}

static json_t *changes_json(const struct kb_history_series *series,
			    const struct kb_history_case *one)
{
	json_t *changes = json_array();

	for (size_t i = 0; i < one->nr_changes; i++) {
		size_t place = one->points[one->changes[i].at].result;
		const struct kb_history_result *result = &series->results[place];
		double before, after;
		json_t *change;

		levels(one, i, &before, &after);
		change = json_pack(
			"{s:I, s:s, s:s, s:f, s:f, s:f, s:o}", "result", (json_int_t)place,
			"kernel", result->release, "started", result->started, "before", before,
			"after", after, "ratio", after / before, "differs",
			kb_history_differs(series, place));
		if (change && !one->exact)
			json_object_set_new(change, "p", json_real(one->changes[i].p));
		json_array_append_new(changes, change);
	}
	return changes;
}

static json_t *case_json(const struct kb_history_series *series, const struct kb_history_case *one)
{
	static const char *const members[] = { "suite", "bench", "params", "phase", "cpus",
					       "context", "unit" };
	json_t *results = json_array(), *boots = json_array(), *values = json_array(), *object;
	double first = kb_history_estimate(one, 0, 1);
	double last = kb_history_estimate(one, one->nr - 1, one->nr);

	for (size_t i = 0; i < one->nr; i++) {
		json_array_append_new(results, json_integer((json_int_t)one->points[i].result));
		json_array_append_new(boots, json_integer((json_int_t)one->points[i].side.nr));
		json_array_append_new(values, json_real(kb_history_estimate(one, i, i + 1)));
	}
	object = json_pack("{s:s, s:b, s:o, s:o, s:o, s:f, s:o}", "name", one->name, "exact",
			   one->exact, "results", results, "boots", boots, "values", values,
			   "ratio", last / first, "changes", changes_json(series, one));
	for (size_t i = 0; object && i < sizeof(members) / sizeof(members[0]); i++)
		json_object_set(object, members[i], json_object_get(one->entry, members[i]));
	if (object && !isnan(one->p))
		json_object_set_new(object, "p", json_real(one->p));
	return object;
}

static json_t *series_json(const struct kb_history_series *series, bool only_changed)
{
	json_t *results = json_array(), *cases = json_array(), *object;

	for (size_t i = 0; i < series->nr_results; i++)
		json_array_append_new(results, json_pack(
			"{s:s, s:s, s:s}", "file", series->results[i].path, "kernel",
			series->results[i].release, "started", series->results[i].started));
	for (size_t i = 0; i < series->nr; i++)
		if (is_shown(&series->cases[i], only_changed))
			json_array_append_new(cases, case_json(series, &series->cases[i]));
	object = json_pack("{s:s, s:s, s:I, s:o, s:o}", "name", series->name, "order",
			   series->by_kernel ? "kernel" : "date", "tested",
			   (json_int_t)series->tested, "results", results, "cases", cases);
	if (object)
		json_object_update(object, series->about);
	return object;
}

json_t *kb_history_json(const struct kb_history *history, bool only_changed, double level)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < history->nr; i++)
		if (history->series[i].nr_results > 1)
			json_array_append_new(list, series_json(&history->series[i],
								only_changed));
	return json_pack("{s:f, s:o}", "confidence", 1 - level, "series", list);
}
