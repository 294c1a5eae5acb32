// SPDX-License-Identifier: GPL-2.0
/* A result as a table on stdout. */
#include "table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "ratio.h"
#include "result.h"
#include "screen.h"
#include "table_cells.h"
#include "table_perf.h"

#include "../../kbench/uapi/kbench.h"
#include "plain_text.h"

static const struct kb_grid_column column_kinds[KB_NR_COLUMNS] = {
	[KB_COLUMN_BENCH]	= { "BENCH", 0, 0 },
	[KB_COLUMN_PARAMS]	= { "PARAMS", KB_GRID_WRAP, 0 },
	[KB_COLUMN_CPUS]	= { "CPUS", KB_GRID_RIGHT, 0 },
	[KB_COLUMN_BOOT]	= { "BOOT", KB_GRID_RIGHT, 0 },
	[KB_COLUMN_MEDIAN]	= { "PER OP", KB_GRID_RIGHT, 0 },
	[KB_COLUMN_INTERVAL]	= { "95% INTERVAL", KB_GRID_RIGHT, 0 },
	[KB_COLUMN_SPREAD]	= { "SPREAD", KB_GRID_RIGHT, 3 },
	[KB_COLUMN_RATE]	= { "OPS", KB_GRID_RIGHT, 2 },
	[KB_COLUMN_FAIRNESS]	= { "FAIR", KB_GRID_RIGHT, 1 },
	[KB_COLUMN_FLAGS]	= { "FLAGS", KB_GRID_WRAP, 4 },
};

/* Columns of perf counters stand before the flags, which are long. */
#define MAX_COLUMNS	(KB_NR_COLUMNS + KBENCH_MAX_COUNTERS)

/*
 * @kind:    what it shows, unless it shows a perf counter
 * @counter: name of the perf counter, or NULL; points into the result
 */
struct column {
	enum kb_column		kind;
	const char		*counter;
};

/*
 * @cases:   cases[] of the result
 * @varying: names of parameters that differ between cases; the same ones stand in the header
 */
struct table {
	const json_t	*cases;
	json_t		*varying;
	struct column	columns[MAX_COLUMNS];
	int		nr_columns;
};

static bool is_ok(const json_t *entry)
{
	return !strcmp(kb_text(entry, "status"), "ok");
}

int kb_params_sort(const json_t *entry, json_t *constant, json_t *varying)
{
	const char *name;
	json_t *value;
	int bad = 0;

	json_object_foreach(json_object_get(entry, "params"), name, value) {
		const json_t *known = json_object_get(constant, name);

		if (json_object_get(varying, name))
			continue;
		if (!known) {
			bad |= json_object_set(constant, name, value);
		} else if (!json_equal(known, value)) {
			bad |= json_object_set_new(varying, name, json_true());
			bad |= json_object_del(constant, name);
		}
	}
	return bad;
}

/* Of all measured cases. */
static int sort_params(const json_t *cases, json_t *constant, json_t *varying)
{
	const json_t *entry;
	size_t i;
	int bad = 0;

	json_array_foreach(cases, i, entry)
		if (is_ok(entry))
			bad |= kb_params_sort(entry, constant, varying);
	return bad;
}

static void print_constant(const json_t *constant)
{
	json_t *value;
	const char *name;

	if (!json_object_size(constant))
		return;
	printf("%-8s", "params");
	json_object_foreach((json_t *)constant, name, value) {
		putchar(' ');
		kb_print_plain(name, stdout);
		printf("=%" JSON_INTEGER_FORMAT, json_integer_value(value));
	}
	putchar('\n');
}

static char *column_text(const struct column *column, const struct table *table,
			 const json_t *entry)
{
	return column->counter ? kb_counter_text(entry, column->counter) :
				 kb_cell_text(column->kind, entry, table->varying);
}

static void add_counter(struct table *table, const char *name)
{
	int nr = 0;

	for (int c = 0; c < table->nr_columns; c++) {
		if (!table->columns[c].counter)
			continue;
		if (!strcmp(table->columns[c].counter, name))
			return;
		nr++;
	}
	if (nr < KBENCH_MAX_COUNTERS)
		table->columns[table->nr_columns++] = (struct column){ .counter = name };
}

/* Those of every table, and one for each counter of any case. */
static void choose_columns(struct table *table, bool boots)
{
	json_t *entry, *counter;
	const char *name;
	size_t i;

	for (int kind = 0; kind < KB_COLUMN_FLAGS; kind++)
		if (kind != KB_COLUMN_BOOT || boots)
			table->columns[table->nr_columns++].kind = (enum kb_column)kind;
	json_array_foreach(table->cases, i, entry)
		json_object_foreach(json_object_get(entry, "counters"), name, counter)
			add_counter(table, name);
	table->columns[table->nr_columns++].kind = KB_COLUMN_FLAGS;
}

static struct kb_grid *make_grid(const struct table *table)
{
	struct kb_grid_column columns[MAX_COLUMNS];

	for (int c = 0; c < table->nr_columns; c++) {
		const struct column *column = &table->columns[c];

		if (column->counter)
			columns[c] = (struct kb_grid_column){ column->counter, KB_GRID_RIGHT, 0 };
		else
			columns[c] = column_kinds[column->kind];
		columns[c].flags |= KB_GRID_SPARE;
	}
	return kb_grid_new(columns, (size_t)table->nr_columns);
}

static int add_row(const struct table *table, struct kb_grid *grid, const json_t *entry)
{
	char *cells[MAX_COLUMNS] = { NULL };
	int bad = 0;

	for (int c = 0; c < table->nr_columns; c++) {
		cells[c] = column_text(&table->columns[c], table, entry);
		bad |= !cells[c];
	}
	bad = bad || kb_grid_add(grid, (const char *const *)cells);
	for (int c = 0; c < table->nr_columns; c++)
		free(cells[c]);
	return bad ? -1 : 0;
}

static int print_rows(const struct table *table)
{
	struct kb_grid *grid = make_grid(table);
	int bad = !grid;
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry)
		if (!bad && is_ok(entry))
			bad = add_row(table, grid, entry);
	return kb_grid_end(grid, bad);
}

/* Why a counter's column has cells without a figure, once for each reason. */
static void print_missing(const struct table *table, const char *counter)
{
	const char *said = "";
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry) {
		const char *reason = kb_counter_missing(entry, counter);

		if (!reason || !strcmp(reason, said))
			continue;
		printf("n/a      %s is not available here: ", counter);
		kb_print_plain(reason, stdout);
		putchar('\n');
		said = reason;
	}
}

static void print_counter_notes(const struct table *table)
{
	bool shared = false;
	const json_t *entry;
	size_t i;

	for (int c = 0; c < table->nr_columns; c++) {
		const char *counter = table->columns[c].counter;

		if (!counter)
			continue;
		print_missing(table, counter);
		json_array_foreach(table->cases, i, entry)
			shared |= kb_counter_shared(entry, counter);
	}
	if (shared)
		puts("*        counters shared the CPU's hardware: counted part of the time, "
		     "scaled up");
}

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
	return !strcmp(kb_text(a, name), kb_text(b, name));
}

static void print_bench(const json_t *entry)
{
	kb_print_plain(kb_text(entry, "suite"), stdout);
	putchar('/');
	kb_print_plain(kb_text(entry, "bench"), stdout);
}

/* "skipped  locks/mutex to locks/semaphore (12 cases): why" for @nr entries from @first on. */
static void print_fate(const json_t *cases, size_t first, size_t nr)
{
	const json_t *entry = json_array_get(cases, first);
	const json_t *last = json_array_get(cases, first + nr - 1);

	printf("%-8s ", kb_text(entry, "status"));
	print_bench(entry);
	if (!same_text(entry, last, "suite") || !same_text(entry, last, "bench")) {
		fputs(" to ", stdout);
		print_bench(last);
	}
	if (nr > 1)
		printf(" (%zu cases)", nr);
	fputs(": ", stdout);
	kb_print_plain(kb_text(entry, "reason"), stdout);
	putchar('\n');
}

/* The cases that are not in the table, one line for neighbours with the same fate. */
static void print_others(const json_t *cases)
{
	size_t nr = json_array_size(cases);

	for (size_t i = 0, next; i < nr; i = next) {
		const json_t *entry = json_array_get(cases, i);

		for (next = i + 1; next < nr; next++) {
			const json_t *other = json_array_get(cases, next);

			if (!same_text(entry, other, "status") ||
			    !same_text(entry, other, "reason"))
				break;
		}
		if (!is_ok(entry))
			print_fate(cases, i, next - i);
	}
}

static int print_table(struct table *table, const json_t *result)
{
	bool boots = json_array_size(json_object_get(result, "boots")) > 1;
	json_t *constant = json_object();
	int bad = !constant || sort_params(table->cases, constant, table->varying);

	choose_columns(table, boots);
	if (!bad) {
		kb_print_header(result, stdout);
		print_constant(constant);
		putchar('\n');
		bad = print_rows(table);
		print_counter_notes(table);
		bad = bad || kb_print_latencies(table->cases, table->varying, boots);
		print_others(table->cases);
		kb_print_ratios(result, stdout);
		kb_print_perf(table->cases, stdout);
	}
	json_decref(constant);
	return bad ? -1 : 0;
}

int kb_result_table(const json_t *result, struct kb_error *err)
{
	struct table table = {
		.cases = json_object_get(result, "cases"), .varying = json_object(),
	};
	struct kb_screen screen;
	int ret = -1;

	kb_screen_begin(&screen);
	if (table.varying)
		ret = print_table(&table, result);
	kb_screen_end(&screen);
	json_decref(table.varying);
	if (ret)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while printing the table");
	/* Who reads only the head of it (a pager, head) needs no word about that. */
	if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE)
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "cannot write the table: %s; free some space or print it elsewhere",
			       strerror(errno));
	return 0;
}
