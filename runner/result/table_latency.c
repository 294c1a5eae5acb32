// SPDX-License-Identifier: GPL-2.0
/* The table of latencies, below that of costs, where single ops were timed. */
#include "table_cells.h"

#include <libsmartcols.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/*
 * @kind:   a column that the first table has, too, or KB_NR_COLUMNS for one of a histogram:
 * @member: a time in it, or NULL for the slowest op's CPU
 */
static const struct column {
	const char	*title;
	enum kb_column	kind;
	const char	*member;
} columns[] = {
	{ "BENCH", KB_COLUMN_BENCH, NULL }, { "PARAMS", KB_COLUMN_PARAMS, NULL },
	{ "CPUS", KB_COLUMN_CPUS, NULL }, { "BOOT", KB_COLUMN_BOOT, NULL },
	{ "P50", KB_NR_COLUMNS, "p50" }, { "P90", KB_NR_COLUMNS, "p90" },
	{ "P99", KB_NR_COLUMNS, "p99" }, { "P99.9", KB_NR_COLUMNS, "p99_9" },
	{ "MAX", KB_NR_COLUMNS, "max" }, { "ON CPU", KB_NR_COLUMNS, NULL },
	{ "TIMER", KB_NR_COLUMNS, "timer_cost" },
};

#define NR_COLUMNS	(sizeof(columns) / sizeof(columns[0]))

/* What a narrow terminal goes without, first to last. */
static const char *const dispensable[] = { "P90", "P99", "TIMER" };

#define NR_DISPENSABLE	(sizeof(dispensable) / sizeof(dispensable[0]))

/*
 * @varying: as in kb_cell_text()
 * @width:   widest cell of each column, title included; 0 for one that is left out
 */
struct latencies {
	const json_t		*cases;
	const json_t		*varying;
	size_t			width[NR_COLUMNS];
	struct libscols_column	*made[NR_COLUMNS];
};

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

/* Return: 0, or -1 when out of memory. */
static int measure(struct latencies *table, const json_t *entry, bool boots)
{
	for (size_t c = 0; c < NR_COLUMNS; c++) {
		size_t width = strlen(columns[c].title);
		char *text;

		if (!is_wanted(&columns[c], table->varying, boots))
			continue;
		text = cell_text(&columns[c], entry, table->varying);
		if (!text)
			return -1;
		width = strlen(text) > width ? strlen(text) : width;
		table->width[c] = width > table->width[c] ? width : table->width[c];
		free(text);
	}
	return 0;
}

static size_t total_width(const struct latencies *table)
{
	size_t total = 0;

	for (size_t c = 0; c < NR_COLUMNS; c++)
		total += table->width[c] ? table->width[c] + 1 : 0;
	return total;
}

static void drop_columns(struct latencies *table)
{
	size_t screen = kb_screen_width();

	for (size_t i = 0; screen && i < NR_DISPENSABLE && total_width(table) > screen; i++)
		for (size_t c = 0; c < NR_COLUMNS; c++)
			if (!strcmp(columns[c].title, dispensable[i]))
				table->width[c] = 0;
}

static int make_columns(struct latencies *table, struct libscols_table *scols)
{
	for (size_t c = 0; c < NR_COLUMNS; c++) {
		int flags = columns[c].kind == KB_COLUMN_BENCH ? 0 :
			    columns[c].kind == KB_COLUMN_PARAMS ? SCOLS_FL_WRAP : SCOLS_FL_RIGHT;

		if (!table->width[c])
			continue;
		table->made[c] = scols_table_new_column(scols, columns[c].title, 0, flags);
		if (!table->made[c])
			return -1;
	}
	return 0;
}

static int add_row(const struct latencies *table, struct libscols_table *scols,
		   const json_t *entry)
{
	struct libscols_line *line = scols_table_new_line(scols, NULL);

	for (size_t c = 0; line && c < NR_COLUMNS; c++) {
		char *text;

		if (!table->made[c])
			continue;
		text = cell_text(&columns[c], entry, table->varying);
		/* The line takes the text over. */
		if (!text || scols_line_refer_column_data(line, table->made[c], text)) {
			free(text);
			return -1;
		}
	}
	return line ? 0 : -1;
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

static void print_title(const struct latencies *table)
{
	const json_t *entry;
	bool turns = false;
	size_t i;

	json_array_foreach(table->cases, i, entry)
		turns |= histogram_of(entry) && takes_turns(entry);
	puts("\nOperations timed one at a time; each figure includes reading the clock (TIMER).");
	if (turns)
		puts("CPUs took turns (takes-turns): no operation waited for another CPU's.");
	putchar('\n');
}

static int print_rows(struct latencies *table)
{
	struct libscols_table *scols = scols_new_table();
	int bad = !scols || make_columns(table, scols);
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry)
		if (!bad && histogram_of(entry))
			bad = add_row(table, scols, entry);
	if (!bad) {
		print_title(table);
		bad = scols_print_table(scols);
	}
	scols_unref_table(scols);
	return bad ? -1 : 0;
}

int kb_print_latencies(const json_t *cases, const json_t *varying, bool boots)
{
	struct latencies table = { .cases = cases, .varying = varying };
	const json_t *entry;
	size_t i;

	json_array_foreach(cases, i, entry)
		if (histogram_of(entry) && measure(&table, entry, boots))
			return -1;
	drop_columns(&table);
	return total_width(&table) ? print_rows(&table) : 0;
}
