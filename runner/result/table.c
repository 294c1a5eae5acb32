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

#include "result.h"
#include "table_cells.h"

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

/*
 * @cases:   cases[] of the result
 * @varying: names of parameters that differ between cases; the same ones stand in the header
 * @width:   widest cell of each column; 0 when the column has nothing to say
 * @dropped: columns left out for want of width
 */
struct table {
	const json_t	*cases;
	json_t		*varying;
	size_t		width[KB_NR_COLUMNS];
	bool		dropped[KB_NR_COLUMNS];
};

static bool is_ok(const json_t *entry)
{
	return !strcmp(kb_text(entry, "status"), "ok");
}

/*
 * Sort the parameters of all measured cases into those with one value everywhere and the others.
 * @constant: name to value; @varying: name to true
 */
static int sort_params(const json_t *cases, json_t *constant, json_t *varying)
{
	json_t *entry, *value;
	const char *name;
	size_t i;
	int bad = 0;

	json_array_foreach(cases, i, entry) {
		if (!is_ok(entry))
			continue;
		json_object_foreach(json_object_get(entry, "params"), name, value) {
			json_t *known = json_object_get(constant, name);

			if (!known)
				bad |= json_object_set(constant, name, value);
			else if (!json_equal(known, value))
				bad |= json_object_set_new(varying, name, json_true());
		}
	}
	json_object_foreach(varying, name, value)
		json_object_del(constant, name);
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

/* The widths of all columns, titles included. */
static int measure(struct table *table)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry) {
		for (int c = 0; is_ok(entry) && c < KB_NR_COLUMNS; c++) {
			char *text = kb_cell_text((enum kb_column)c, entry, table->varying);
			size_t width;

			if (!text)
				return -1;
			width = strlen(text);
			if (width && width < strlen(column_kinds[c].title))
				width = strlen(column_kinds[c].title);
			if (width > table->width[c])
				table->width[c] = width;
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

	for (int c = 0; c < KB_NR_COLUMNS; c++)
		if (table->width[c] && !table->dropped[c])
			total += table->width[c] + 1;
	return total;
}

static void drop_columns(struct table *table)
{
	size_t screen = kb_screen_width();

	for (size_t i = 0; screen && i < NR_DISPENSABLE; i++)
		if (total_width(table) > screen)
			table->dropped[dispensable[i]] = table->width[dispensable[i]] > 0;
}

static void print_dropped(const struct table *table)
{
	const char *before = "too wide for this terminal, see --json:";

	for (int c = 0; c < KB_NR_COLUMNS; c++) {
		if (!table->dropped[c])
			continue;
		printf("%s %s", before, column_kinds[c].title);
		before = ",";
	}
	if (*before == ',')
		putchar('\n');
}

static int make_columns(const struct table *table, struct libscols_table *scols,
			struct libscols_column *columns[KB_NR_COLUMNS])
{
	for (int c = 0; c < KB_NR_COLUMNS; c++) {
		columns[c] = NULL;
		if (!table->width[c] || table->dropped[c])
			continue;
		columns[c] = scols_table_new_column(scols, column_kinds[c].title, 0,
						    column_kinds[c].flags);
		if (!columns[c])
			return -1;
	}
	return 0;
}

static int add_row(const struct table *table, struct libscols_table *scols,
		   struct libscols_column *columns[KB_NR_COLUMNS], const json_t *entry)
{
	struct libscols_line *line = scols_table_new_line(scols, NULL);

	for (int c = 0; line && c < KB_NR_COLUMNS; c++) {
		char *text;

		if (!columns[c])
			continue;
		text = kb_cell_text((enum kb_column)c, entry, table->varying);
		/* The line takes the text over. */
		if (!text || scols_line_refer_column_data(line, columns[c], text)) {
			free(text);
			return -1;
		}
	}
	return line ? 0 : -1;
}

static int print_rows(const struct table *table)
{
	struct libscols_table *scols = scols_new_table();
	struct libscols_column *columns[KB_NR_COLUMNS];
	int bad = !scols || make_columns(table, scols, columns);
	const json_t *entry;
	size_t i;

	json_array_foreach(table->cases, i, entry)
		if (!bad && is_ok(entry))
			bad = add_row(table, scols, columns, entry);
	if (!bad && !scols_table_is_empty(scols))
		bad = scols_print_table(scols);
	scols_unref_table(scols);
	return bad ? -1 : 0;
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
	int bad = !constant || sort_params(table->cases, constant, table->varying) ||
		  measure(table);

	if (!bad) {
		if (!boots)
			table->width[KB_COLUMN_BOOT] = 0;
		drop_columns(table);
		kb_print_header(result, stdout);
		print_constant(constant);
		putchar('\n');
		bad = print_rows(table);
		print_dropped(table);
		bad = bad || kb_print_latencies(table->cases, table->varying, boots);
		print_others(table->cases);
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
