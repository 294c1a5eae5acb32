// SPDX-License-Identifier: GPL-2.0
/* A result as a table on stdout. */
#include "table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ratio.h"
#include "result.h"
#include "table_cells.h"

#include "../../kbench/uapi/kbench.h"

static const struct {
	const char	*title;
	int		flags;
} column_kinds[KB_NR_COLUMNS] = {
	[KB_COLUMN_BENCH]	= { "BENCH", 0 },
	[KB_COLUMN_PARAMS]	= { "PARAMS", SCOLS_FL_WRAP },
	[KB_COLUMN_CPUS]	= { "CPUS", SCOLS_FL_RIGHT },
	[KB_COLUMN_BOOT]	= { "BOOT", SCOLS_FL_RIGHT },
	[KB_COLUMN_MEDIAN]	= { "PER OP", SCOLS_FL_RIGHT },
	[KB_COLUMN_INTERVAL]	= { "95% INTERVAL", SCOLS_FL_RIGHT },
	[KB_COLUMN_SPREAD]	= { "SPREAD", SCOLS_FL_RIGHT },
	[KB_COLUMN_RATE]	= { "OPS", SCOLS_FL_RIGHT },
	[KB_COLUMN_FAIRNESS]	= { "FAIR", SCOLS_FL_RIGHT },
	[KB_COLUMN_FLAGS]	= { "FLAGS", SCOLS_FL_WRAP },
};

/* What a narrow terminal goes without, first to last. */
static const enum kb_column dispensable[] = {
	KB_COLUMN_FAIRNESS, KB_COLUMN_RATE, KB_COLUMN_SPREAD, KB_COLUMN_FLAGS,
};

#define NR_DISPENSABLE	(sizeof(dispensable) / sizeof(dispensable[0]))

/* Columns of perf counters stand before the flags, which are long. */
#define MAX_COLUMNS	(KB_NR_COLUMNS + KBENCH_MAX_COUNTERS)

/*
 * @kind:    what it shows, unless it shows a perf counter
 * @counter: name of the perf counter, or NULL; points into the result
 * @width:   of its widest cell; 0 when it has nothing to say
 * @dropped: left out for want of width
 */
struct column {
	enum kb_column		kind;
	const char		*counter;
	size_t			width;
	bool			dropped;
	struct libscols_column	*scols;
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

static const char *column_title(const struct column *column)
{
	return column->counter ? column->counter : column_kinds[column->kind].title;
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
static void choose_columns(struct table *table)
{
	json_t *entry, *counter;
	const char *name;
	size_t i;

	for (int kind = 0; kind < KB_COLUMN_FLAGS; kind++)
		table->columns[table->nr_columns++].kind = (enum kb_column)kind;
	json_array_foreach(table->cases, i, entry)
		json_object_foreach(json_object_get(entry, "counters"), name, counter)
			add_counter(table, name);
	table->columns[table->nr_columns++].kind = KB_COLUMN_FLAGS;
}

static struct column *find_column(struct table *table, enum kb_column kind)
{
	struct column *column = table->columns;

	while (column->counter || column->kind != kind)
		column++;
	return column;
}

/* The widths of all columns, titles included. */
static int measure(struct table *table)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry) {
		for (int c = 0; is_ok(entry) && c < table->nr_columns; c++) {
			struct column *column = &table->columns[c];
			char *text = column_text(column, table, entry);
			size_t width;

			if (!text)
				return -1;
			width = strlen(text);
			if (width && width < strlen(column_title(column)))
				width = strlen(column_title(column));
			if (width > column->width)
				column->width = width;
			free(text);
		}
	}
	return 0;
}

size_t kb_screen_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

static size_t total_width(const struct table *table)
{
	size_t total = 0;

	for (int c = 0; c < table->nr_columns; c++)
		if (table->columns[c].width && !table->columns[c].dropped)
			total += table->columns[c].width + 1;
	return total;
}

static void drop_columns(struct table *table)
{
	size_t screen = kb_screen_width();

	for (size_t i = 0; screen && i < NR_DISPENSABLE; i++) {
		struct column *column = find_column(table, dispensable[i]);

		if (total_width(table) > screen)
			column->dropped = column->width > 0;
	}
}

static void print_dropped(const struct table *table)
{
	const char *before = "too wide for this terminal, see --json:";

	for (int c = 0; c < table->nr_columns; c++) {
		if (!table->columns[c].dropped)
			continue;
		printf("%s %s", before, column_title(&table->columns[c]));
		before = ",";
	}
	if (*before == ',')
		putchar('\n');
}

static int make_columns(struct table *table, struct libscols_table *scols)
{
	for (int c = 0; c < table->nr_columns; c++) {
		struct column *column = &table->columns[c];

		if (!column->width || column->dropped)
			continue;
		column->scols = scols_table_new_column(scols, column_title(column), 0,
						       column->counter ? SCOLS_FL_RIGHT :
						       column_kinds[column->kind].flags);
		if (!column->scols)
			return -1;
	}
	return 0;
}

static int add_row(const struct table *table, struct libscols_table *scols, const json_t *entry)
{
	struct libscols_line *line = scols_table_new_line(scols, NULL);

	for (int c = 0; line && c < table->nr_columns; c++) {
		const struct column *column = &table->columns[c];
		char *text;

		if (!column->scols)
			continue;
		text = column_text(column, table, entry);
		/* The line takes the text over. */
		if (!text || scols_line_refer_column_data(line, column->scols, text)) {
			free(text);
			return -1;
		}
	}
	return line ? 0 : -1;
}

static int print_rows(struct table *table)
{
	struct libscols_table *scols = scols_new_table();
	int bad = !scols || make_columns(table, scols);
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry)
		if (!bad && is_ok(entry))
			bad = add_row(table, scols, entry);
	if (!bad && !scols_table_is_empty(scols))
		bad = scols_print_table(scols);
	scols_unref_table(scols);
	return bad ? -1 : 0;
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

	choose_columns(table);
	bad = bad || measure(table);
	if (!bad) {
		if (!boots)
			find_column(table, KB_COLUMN_BOOT)->width = 0;
		drop_columns(table);
		kb_print_header(result, stdout);
		print_constant(constant);
		putchar('\n');
		bad = print_rows(table);
		print_dropped(table);
		print_counter_notes(table);
		bad = bad || kb_print_latencies(table->cases, table->varying, boots);
		print_others(table->cases);
		kb_print_ratios(result, stdout);
	}
	json_decref(constant);
	return bad ? -1 : 0;
}

int kb_result_table(const json_t *result, struct kb_error *err)
{
	struct table table = {
		.cases = json_object_get(result, "cases"), .varying = json_object(),
	};
	int ret = table.varying ? print_table(&table, result) : -1;

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
