// SPDX-License-Identifier: GPL-2.0
/* The table of latencies, below that of costs, where single ops were timed. */
#include "table_cells.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "table.h"

/*
 * @kind:   a column that the first table has, too, or KB_NR_COLUMNS for one of a histogram:
 * @member: a time in it, or NULL for the slowest op's CPU
 * @drop:   as in struct kb_grid_column
 */
static const struct column {
	const char	*title;
	enum kb_column	kind;
	const char	*member;
	unsigned int	drop;
} columns[] = {
	{ "BENCH", KB_COLUMN_BENCH, NULL, 0 }, { "PARAMS", KB_COLUMN_PARAMS, NULL, 0 },
	{ "CPUS", KB_COLUMN_CPUS, NULL, 0 }, { "BOOT", KB_COLUMN_BOOT, NULL, 0 },
	{ "P50", KB_NR_COLUMNS, "p50", 0 }, { "P90", KB_NR_COLUMNS, "p90", 1 },
	{ "P99", KB_NR_COLUMNS, "p99", 2 }, { "P99.9", KB_NR_COLUMNS, "p99_9", 0 },
	{ "MAX", KB_NR_COLUMNS, "max", 0 }, { "ON CPU", KB_NR_COLUMNS, NULL, 0 },
	{ "TIMER", KB_NR_COLUMNS, "timer_cost", 3 },
};

#define NR_COLUMNS	(sizeof(columns) / sizeof(columns[0]))

static const json_t *histogram_of(const json_t *entry)
{
	return json_object_get(entry, "histogram");
}

static char *time_text(const json_t *entry, const char *member)
{
	const json_t *value = json_object_get(histogram_of(entry), member);
	char figure[KB_FIGURE_LEN];

	if (!value)
		return strdup("");
	kb_format_figure(figure, json_number_value(value), kb_text(entry, "unit"));
	return strdup(figure);
}

static char *cpu_text(const json_t *entry)
{
	char text[24];

	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(histogram_of(entry), "max_cpu")));
	return strdup(text);
}

static char *cell_text(const struct column *column, const json_t *entry, const json_t *varying)
{
	if (column->kind != KB_NR_COLUMNS)
		return kb_cell_text(column->kind, entry, varying);
	return column->member ? time_text(entry, column->member) : cpu_text(entry);
}

/* Boots and parameters are columns only where they tell rows apart. */
static bool is_wanted(const struct column *column, const json_t *varying, bool boots)
{
	if (column->kind == KB_COLUMN_BOOT)
		return boots;
	return column->kind != KB_COLUMN_PARAMS || json_object_size(varying);
}

static struct kb_grid *make_grid(const json_t *varying, bool boots)
{
	struct kb_grid_column made[NR_COLUMNS];
	size_t nr = 0;

	for (size_t c = 0; c < NR_COLUMNS; c++) {
		int flags = columns[c].kind == KB_COLUMN_BENCH ? 0 :
			    columns[c].kind == KB_COLUMN_PARAMS ? KB_GRID_WRAP : KB_GRID_RIGHT;

		if (is_wanted(&columns[c], varying, boots))
			made[nr++] = (struct kb_grid_column){ columns[c].title, flags,
							      columns[c].drop };
	}
	return kb_grid_new(made, nr);
}

static int add_row(struct kb_grid *grid, const json_t *entry, const json_t *varying, bool boots)
{
	char *cells[NR_COLUMNS] = { NULL };
	size_t nr = 0;
	int bad = 0;

	for (size_t c = 0; c < NR_COLUMNS; c++) {
		if (!is_wanted(&columns[c], varying, boots))
			continue;
		cells[nr] = cell_text(&columns[c], entry, varying);
		bad |= !cells[nr++];
	}
	bad = bad || kb_grid_add(grid, (const char *const *)cells);
	for (size_t i = 0; i < nr; i++)
		free(cells[i]);
	return bad ? -1 : 0;
}

static bool takes_turns(const json_t *entry)
{
	const json_t *flag;
	size_t i;

	json_array_foreach(json_object_get(entry, "flags"), i, flag)
		if (!strcmp(json_string_value(flag), "takes-turns"))
			return true;
	return false;
}

static void print_title(const json_t *cases)
{
	const json_t *entry;
	bool turns = false;
	size_t i;

	json_array_foreach(cases, i, entry)
		turns |= histogram_of(entry) && takes_turns(entry);
	puts("\nOperations timed one at a time; each figure includes reading the clock (TIMER).");
	if (turns)
		puts("CPUs took turns (takes-turns): no operation waited for another CPU's.");
	putchar('\n');
}

int kb_print_latencies(const json_t *cases, const json_t *varying, bool boots)
{
	struct kb_grid *grid = make_grid(varying, boots);
	const json_t *entry;
	bool any = false;
	int bad = !grid;
	size_t i;

	json_array_foreach(cases, i, entry) {
		if (bad || !histogram_of(entry))
			continue;
		any = true;
		bad = add_row(grid, entry, varying, boots);
	}
	if (!bad && any) {
		print_title(cases);
		bad = kb_grid_print(grid);
	}
	kb_grid_free(grid);
	return bad ? -1 : 0;
}
