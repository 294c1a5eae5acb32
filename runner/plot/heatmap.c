// SPDX-License-Identifier: GPL-2.0
/* Pairs of CPUs as a matrix. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "medium.h"
#include "panels.h"

/*
 * The pairs of one bench.
 * @rows:  of the page, those of the bench; room for all
 * @label: what they have in common
 * @cpus:  the numbers of their CPUs, ascending, each once
 */
struct pairs {
	struct kb_row	**rows;
	size_t		nr;
	char		label[KB_LABEL_LEN];
	json_int_t	*cpus;
	size_t		nr_cpus;
};

static json_int_t cpu_of(const struct kb_row *row, size_t worker)
{
	const json_t *list = json_object_get(row->entry, "cpu_list");

	return json_integer_value(json_array_get(list, worker));
}

static int compare_cpus(const void *a, const void *b)
{
	json_int_t p = *(const json_int_t *)a, q = *(const json_int_t *)b;

	return (p > q) - (p < q);
}

/* The pairs like @first, from it on. */
static void find_pairs(struct pairs *pairs, struct kb_panels *page, size_t first)
{
	pairs->nr = 0;
	pairs->label[0] = '\0';
	kb_row_label(pairs->label, &page->rows[first], "pair");
	for (size_t i = first; i < page->nr_rows; i++) {
		struct kb_row *row = &page->rows[i];
		char label[KB_LABEL_LEN] = "";

		if (!row->pair || row->used || strcmp(row->suite, page->rows[first].suite) != 0)
			continue;
		kb_row_label(label, row, "pair");
		if (!strcmp(label, pairs->label))
			pairs->rows[pairs->nr++] = row;
	}
}

static void find_cpus(struct pairs *pairs)
{
	size_t nr = 0;

	for (size_t i = 0; i < pairs->nr; i++) {
		pairs->cpus[nr++] = cpu_of(pairs->rows[i], 0);
		pairs->cpus[nr++] = cpu_of(pairs->rows[i], 1);
	}
	qsort(pairs->cpus, nr, sizeof(*pairs->cpus), compare_cpus);
	pairs->nr_cpus = 0;
	for (size_t i = 0; i < nr; i++)
		if (!pairs->nr_cpus || pairs->cpus[i] > pairs->cpus[pairs->nr_cpus - 1])
			pairs->cpus[pairs->nr_cpus++] = pairs->cpus[i];
}

static size_t place_of(const struct pairs *pairs, json_int_t cpu)
{
	const json_int_t *at = bsearch(&cpu, pairs->cpus, pairs->nr_cpus, sizeof(cpu),
				       compare_cpus);

	return (size_t)(at - pairs->cpus);
}

/* A line for each group of @width CPUs, named by its first. */
static int add_lines(struct kb_panel *panel, const struct pairs *pairs, size_t width, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct kb_line *line = &panel->lines[panel->nr_lines];

		line->points = calloc(nr, sizeof(*line->points));
		if (!line->points)
			return -1;
		panel->nr_lines++;
		kb_text_add(line->label, sizeof(line->label), "%" JSON_INTEGER_FORMAT,
			    pairs->cpus[i * width]);
	}
	return 0;
}

/* Until all are in, value is a sum of logarithms and mark the number of pairs. */
static void add_to_cell(struct kb_panel *panel, size_t line, size_t other, double value)
{
	struct kb_point *cell = &panel->lines[line].points[other];

	cell->value += log(value);
	cell->mark++;
}

/* Cells that no pair is in are left out. */
static void finish_line(struct kb_panel *panel, struct kb_line *line, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct kb_point cell = line->points[i];
		double value = exp(cell.value / cell.mark);

		if (!cell.mark)
			continue;
		line->points[line->nr_points++] = (struct kb_point){
			(double)i, value, value, value, 0,
		};
		panel->low = panel->high > 0 ? fmin(panel->low, value) : value;
		panel->high = fmax(panel->high, value);
	}
}

/* A pair has one figure, whichever of the two is asked for first: it stands in both places. */
static int fill(struct kb_panel *panel, const struct pairs *pairs, size_t width)
{
	size_t nr = (pairs->nr_cpus + width - 1) / width;

	if (add_lines(panel, pairs, width, nr))
		return -1;
	for (size_t i = 0; i < pairs->nr; i++) {
		size_t a = place_of(pairs, cpu_of(pairs->rows[i], 0)) / width;
		size_t b = place_of(pairs, cpu_of(pairs->rows[i], 1)) / width;

		add_to_cell(panel, a, b, pairs->rows[i]->value);
		add_to_cell(panel, b, a, pairs->rows[i]->value);
		pairs->rows[i]->used = true;
	}
	for (size_t i = 0; i < nr; i++)
		finish_line(panel, &panel->lines[i], nr);
	return 0;
}

static int add_panel(struct kb_panels *page, struct pairs *pairs, const char *suite,
		     const char *result)
{
	struct kb_panel *panel;
	size_t width;

	find_cpus(pairs);
	width = (pairs->nr_cpus + page->most_cells - 1) / page->most_cells;
	panel = kb_panel_add(page, KB_PLOT_HEATMAP, pairs->nr_cpus);
	if (!panel)
		return -1;
	panel->unit = pairs->rows[0]->unit;
	kb_text_add(panel->suite, sizeof(panel->suite), "%s", suite);
	kb_text_add(panel->x_name, sizeof(panel->x_name), "CPU");
	kb_text_add(panel->title, sizeof(panel->title), "%s/%s, each pair of CPUs", suite,
		    pairs->label);
	if (width > 1)
		kb_text_add(panel->title, sizeof(panel->title), " (mean of %zu by %zu)", width,
			    width);
	kb_text_add(panel->title, sizeof(panel->title), "%s%s", *result ? ", " : "", result);
	for (size_t i = 0; i < pairs->nr; i++)
		kb_panel_count_boots(panel, pairs->rows[i]->nr_boots);
	return fill(panel, pairs, width);
}

int kb_heatmaps_add(struct kb_panels *page, const char *suite, const char *result, size_t least)
{
	struct pairs pairs = {
		.rows = calloc(page->nr_rows + 1, sizeof(struct kb_row *)),
		.cpus = calloc(2 * page->nr_rows + 1, sizeof(*pairs.cpus)),
	};
	int ret = pairs.rows && pairs.cpus ? 0 : -1;

	for (size_t i = 0; !ret && i < page->nr_rows; i++) {
		const struct kb_row *row = &page->rows[i];

		if (!row->pair || row->used || strcmp(row->suite, suite) != 0)
			continue;
		find_pairs(&pairs, page, i);
		if (pairs.nr >= least)
			ret = add_panel(page, &pairs, suite, result);
	}
	free(pairs.rows);
	free(pairs.cpus);
	return ret;
}
