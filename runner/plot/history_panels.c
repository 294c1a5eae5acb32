// SPDX-License-Identifier: GPL-2.0
/* The course of cases over results, a panel for each case. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "medium.h"
#include "plot_kinds.h"
#include "table.h"

/* As kbench history tests. */
#define LEVEL	0.05

/* Less is shown as that: 0 means no change. */
#define LEAST_MARK	1

/* What lies between two neighbours of these is one level: the begin, the change points, the end. */
static size_t edge(const struct kb_history_case *one, size_t number)
{
	if (!number)
		return 0;
	return number <= one->nr_changes ? one->changes[number - 1].at : one->nr;
}

static double level_of(const struct kb_history_case *one, size_t number)
{
	return kb_history_estimate(one, edge(one, number), edge(one, number + 1));
}

/* By how much a change point changes the level, in hundredths of a percent. */
static int mark_of(const struct kb_history_case *one, size_t change)
{
	double ratio = level_of(one, change + 1) / level_of(one, change);
	int mark = (int)round(fmin(1e4 * (ratio - 1), 1e9));

	return mark ? mark : ratio < 1 ? -LEAST_MARK : LEAST_MARK;
}

/* The greatest of a case's changes; 0: none. */
static int greatest(const struct kb_history_case *one)
{
	int most = 0;

	for (size_t i = 0; i < one->nr_changes; i++)
		if (abs(mark_of(one, i)) > most)
			most = abs(mark_of(one, i));
	return most;
}

static int compare_changes(const void *a, const void *b)
{
	const struct kb_history_case *p = *(const struct kb_history_case *const *)a;
	const struct kb_history_case *q = *(const struct kb_history_case *const *)b;
	int x = greatest(p), y = greatest(q);

	if (x != y)
		return x < y ? 1 : -1;
	return (p > q) - (p < q);
}

/* Values are logarithms; of counts they are, too. */
static void add_boots(struct kb_line *results, struct kb_line *boots,
		      const struct kb_history_case *one, size_t place)
{
	const struct kb_history_point *from = &one->points[place];
	double value = kb_history_estimate(one, place, place + 1);
	struct kb_point point = { (double)from->result + 1, value, value, value, 0 };

	for (size_t i = 0; i < from->side.nr; i++) {
		double boot = exp(from->side.values[i]);

		point.low = fmin(point.low, boot);
		point.high = fmax(point.high, boot);
		boots->points[boots->nr_points++] = (struct kb_point){
			point.x, boot, boot, boot, 0,
		};
	}
	results->points[results->nr_points++] = point;
}

static void set_range(struct kb_panel *panel)
{
	const struct kb_line *line = &panel->lines[0];

	panel->low = HUGE_VAL;
	for (size_t i = 0; i < line->nr_points; i++) {
		panel->low = fmin(panel->low, line->points[i].low);
		panel->high = fmax(panel->high, line->points[i].high);
	}
}

static int fill(struct kb_panel *panel, const struct kb_history_case *one)
{
	size_t nr_boots = 0;

	for (size_t i = 0; i < one->nr; i++)
		nr_boots += one->points[i].side.nr;
	panel->lines[0].points = calloc(one->nr + 1, sizeof(struct kb_point));
	panel->lines[1].points = calloc(nr_boots + 1, sizeof(struct kb_point));
	panel->nr_lines = 2;
	if (!panel->lines[0].points || !panel->lines[1].points)
		return -1;
	for (size_t i = 0; i < one->nr; i++)
		add_boots(&panel->lines[0], &panel->lines[1], one, i);
	for (size_t i = 0; i < one->nr_changes; i++)
		panel->lines[0].points[one->changes[i].at].mark = mark_of(one, i);
	set_range(panel);
	return 0;
}

/* "6.12.113+deb12-cloud-amd64" up to what the distribution says; of dates the day. */
static void name_result(struct kb_tick *tick, const struct kb_history_series *series, size_t place)
{
	const struct kb_history_result *result = &series->results[place];
	const char *name = series->by_kernel ? result->release : result->started;

	tick->at = (double)place + 1;
	snprintf(tick->label, sizeof(tick->label), "%.*s",
		 series->by_kernel ? (int)strcspn(name, "-+") : (int)strcspn(name, "T"), name);
}

static struct kb_tick *name_results(const struct kb_history_series *series)
{
	struct kb_tick *ticks = calloc(series->nr_results + 1, sizeof(*ticks));

	for (size_t i = 0; ticks && i < series->nr_results; i++)
		name_result(&ticks[i], series, i);
	return ticks;
}

static int add_case(struct kb_panels *panels, const struct kb_history_series *series,
		    const struct kb_history_case *one)
{
	struct kb_panel *panel = kb_panel_add(panels, KB_PLOT_HISTORY, 2);

	if (!panel)
		return -1;
	panel->unit = strcmp(kb_text(one->entry, "unit"), "insn") ? "ns" : "insn";
	kb_text_add(panel->suite, sizeof(panel->suite), "%s", kb_text(one->entry, "suite"));
	kb_text_add(panel->title, sizeof(panel->title), "%s", one->name);
	kb_text_add(panel->x_name, sizeof(panel->x_name), series->by_kernel ? "kernel" : "date");
	panel->places = name_results(series);
	panel->nr_places = series->nr_results;
	return panel->places ? fill(panel, one) : -1;
}

static bool is_wanted(const struct kb_history_case *one, const char *suite, bool others)
{
	return one->nr > 1 && kb_suite_is_wanted(kb_text(one->entry, "suite"), suite, others);
}

static bool has_others(const struct kb_history_series *series)
{
	for (size_t i = 0; i < series->nr; i++)
		if (series->cases[i].nr > 1 &&
		    !kb_suite_is_own(kb_text(series->cases[i].entry, "suite")))
			return true;
	return false;
}

static int add_series(struct kb_panels *panels, const struct kb_history_series *series,
		      const char *suite)
{
	const struct kb_history_case **cases = calloc(series->nr + 1,
						      sizeof(struct kb_history_case *));
	bool others = has_others(series);
	size_t nr = 0;
	int bad = !cases;

	for (size_t i = 0; cases && i < series->nr; i++)
		if (is_wanted(&series->cases[i], suite, others))
			cases[nr++] = &series->cases[i];
	if (nr)
		qsort(cases, nr, sizeof(struct kb_history_case *), compare_changes);
	for (size_t i = 0; !bad && i < nr; i++)
		bad = add_case(panels, series, cases[i]);
	free(cases);
	return bad ? -1 : 0;
}

static size_t changed(const struct kb_history *history)
{
	size_t nr = 0;

	for (size_t i = 0; i < history->nr; i++)
		for (size_t k = 0; k < history->series[i].nr; k++)
			nr += history->series[i].cases[k].nr_changes > 0;
	return nr;
}

/* A result that is named twice counts once. */
static int gather(struct kb_history *history, const struct kb_named_result *results, size_t nr,
		  struct kb_error *err)
{
	bool again;

	for (size_t i = 0; i < nr; i++) {
		const char *known = kb_history_known(&again, history, results[i].result);

		if (known && !again)
			return kb_fail(err, KB_EXIT_USAGE, "%s and %s have a boot in common, which "
				       "would count twice: name one of them", known,
				       results[i].path);
		if (!known && kb_history_add(history, results[i].path, results[i].result, NULL, 0))
			return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	}
	return 0;
}

static bool has_path(const struct kb_history_series *series, const char *path)
{
	for (size_t i = 0; i < series->nr_results; i++)
		if (!strcmp(series->results[i].path, path))
			return true;
	return false;
}

/* Of a result that was named twice either is shown. */
static int say_from(struct kb_panels *panels, size_t first, const struct kb_history *history,
		    const struct kb_history_series *series,
		    const struct kb_named_result *results, size_t nr)
{
	bool again;
	int bad = 0;

	for (size_t i = 0; i < nr; i++) {
		const char *known = kb_history_known(&again, history, results[i].result);

		if (known && has_path(series, known))
			bad |= kb_panels_from(panels, first, results[i].path);
	}
	return bad;
}

bool kb_history_shows(const struct kb_named_result *results, size_t nr, const char *suite)
{
	struct kb_history history = { 0 };
	struct kb_error ignored = { 0 };
	bool shows = false;

	if (!gather(&history, results, nr, &ignored))
		for (size_t i = 0; i < history.nr; i++)
			for (size_t k = 0; k < history.series[i].nr; k++)
				shows |= is_wanted(&history.series[i].cases[k], suite, false);
	kb_history_free(&history);
	return shows;
}

int kb_history_panels(struct kb_panels *panels, const struct kb_named_result *results, size_t nr,
		      const char *suite, struct kb_error *err)
{
	struct kb_history history = { 0 };
	int ret = gather(&history, results, nr, err);

	if (!ret && kb_history_finish(&history, KB_HISTORY_AUTO, LEVEL))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	for (size_t i = 0; !ret && i < history.nr; i++) {
		const struct kb_history_series *series = &history.series[i];
		size_t first = panels->nr_panels;

		if (series->nr_results > 1 &&
		    (add_series(panels, series, suite) ||
		     say_from(panels, first, &history, series, results, nr)))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	}
	if (!ret)
		kb_text_add(panels->foot, sizeof(panels->foot), "%zu case%s changed",
			    changed(&history), changed(&history) == 1 ? "" : "s");
	kb_history_free(&history);
	return ret;
}
