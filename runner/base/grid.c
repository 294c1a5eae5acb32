// SPDX-License-Identifier: GPL-2.0
#include "grid.h"

#include <libsmartcols.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plain_text.h"
#include "screen.h"
#include "wrap.h"

/* In a paragraph what stands below its first line. */
#define INDENT	2

/**
 * struct column - @natural: columns of its widest cell or title, @least: of the longest word in it
 * @width: as chosen; 0: it is left out
 */
struct column {
	struct kb_grid_column	kind;
	size_t			natural;
	size_t			least;
	size_t			width;
	bool			used;
};

struct cell {
	char		*text;
	const char	*colour;
};

/** struct kb_grid - @cells: @nr_rows times @nr of them */
struct kb_grid {
	struct column	*columns;
	size_t		nr;
	struct cell	*cells;
	size_t		nr_rows;
};

struct kb_grid *kb_grid_new(const struct kb_grid_column *columns, size_t nr)
{
	struct kb_grid *grid = calloc(1, sizeof(*grid));

	if (grid)
		grid->columns = calloc(nr + 1, sizeof(*grid->columns));
	if (!grid || !grid->columns) {
		free(grid);
		return NULL;
	}
	grid->nr = nr;
	for (size_t c = 0; c < nr; c++) {
		struct column *column = &grid->columns[c];

		column->kind = columns[c];
		column->natural = kb_columns_of(columns[c].title);
		column->least = column->natural;
	}
	return grid;
}

void kb_grid_free(struct kb_grid *grid)
{
	for (size_t i = 0; grid && i < grid->nr_rows * grid->nr; i++)
		free(grid->cells[i].text);
	if (grid) {
		free(grid->cells);
		free(grid->columns);
	}
	free(grid);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

int kb_grid_add(struct kb_grid *grid, const char *const *cells)
{
	struct cell *more = reallocarray(grid->cells, grid->nr * (grid->nr_rows + 1),
					 sizeof(*more)), *row;
	int bad = 0;

	if (!more)
		return -1;
	grid->cells = more;
	row = more + grid->nr * grid->nr_rows++;
	for (size_t c = 0; c < grid->nr; c++) {
		struct column *column = &grid->columns[c];
		char *text = kb_plain_text(cells[c] ? cells[c] : "");

		row[c] = (struct cell){ .text = text };
		bad |= !text;
		column->used |= text && *text;
		column->natural = larger(column->natural, text ? kb_columns_of(text) : 0);
		column->least = larger(column->least, text ? kb_word_width(text) : 0);
	}
	return bad ? -1 : 0;
}

void kb_grid_colour(struct kb_grid *grid, size_t column, const char *colour)
{
	if (grid->nr_rows)
		grid->cells[(grid->nr_rows - 1) * grid->nr + column].colour = colour;
}

static bool is_wrapped(const struct column *column)
{
	return column->kind.flags & KB_GRID_WRAP;
}

/* Columns that a row takes at least, its wrapped cells in lines as short as they can be. */
static size_t least_width(const struct kb_grid *grid)
{
	size_t total = 0;

	for (size_t c = 0; c < grid->nr; c++) {
		const struct column *column = &grid->columns[c];

		if (column->width)
			total += 1 + (is_wrapped(column) ? column->least : column->natural);
	}
	return total ? total - 1 : 0;
}

/* Leave out the next that a narrow screen can do without. Return: false: there is none */
static bool drop_one(struct kb_grid *grid)
{
	struct column *next = NULL;

	for (size_t c = 0; c < grid->nr; c++) {
		struct column *column = &grid->columns[c];

		if (column->width && column->kind.drop &&
		    (!next || column->kind.drop < next->kind.drop))
			next = column;
	}
	if (next)
		next->width = 0;
	return next != NULL;
}

/* What is left of the screen goes to the wrapped columns, by what each lacks. */
static void share(struct kb_grid *grid, size_t screen)
{
	size_t spare = screen - least_width(grid), lack = 0;

	for (size_t c = 0; c < grid->nr; c++)
		if (grid->columns[c].width && is_wrapped(&grid->columns[c]))
			lack += grid->columns[c].natural - grid->columns[c].least;
	for (size_t c = 0; c < grid->nr; c++) {
		struct column *column = &grid->columns[c];
		size_t want = column->natural - column->least, get;

		if (!column->width || !is_wrapped(column))
			continue;
		get = lack <= spare ? want : want * spare / lack;
		column->width = column->least + get;
	}
}

/* Return: whether the rows fit */
static bool choose_widths(struct kb_grid *grid)
{
	size_t screen = kb_screen_width();

	for (size_t c = 0; c < grid->nr; c++) {
		struct column *column = &grid->columns[c];
		bool shown = column->used || !(column->kind.flags & KB_GRID_SPARE);

		column->width = shown ? larger(column->natural, 1) : 0;
	}
	if (!screen)
		return true;
	while (least_width(grid) > screen)
		if (!drop_one(grid))
			return false;
	share(grid, screen);
	return true;
}

/* @text in lines of @width; malloc()ed, or NULL. */
static char *broken(const char *text, size_t width)
{
	char *lines = NULL;
	size_t size;
	FILE *out = open_memstream(&lines, &size);

	while (out && *text) {
		const char *next;
		size_t length = kb_wrap_next(text, width, &next);

		fprintf(out, "%.*s%s", (int)length, text, *next ? "\n" : "");
		text = next;
	}
	if (out)
		fclose(out);
	return lines;
}

/* Newlines, made here, are where cells are broken. */
static int make_column(struct libscols_table *table, const struct column *column)
{
	int flags = column->kind.flags & KB_GRID_RIGHT ? SCOLS_FL_RIGHT : 0;
	struct libscols_column *made;

	if (is_wrapped(column))
		flags |= SCOLS_FL_WRAP;
	made = scols_table_new_column(table, column->kind.title, 0, flags);
	if (!made)
		return -1;
	return !is_wrapped(column) ? 0 : scols_column_set_safechars(made, "\n") ||
	       scols_column_set_wrapfunc(made, scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
					 NULL);
}

static int make_line(struct libscols_table *table, const struct kb_grid *grid, size_t row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	size_t place = 0;

	for (size_t c = 0; line && c < grid->nr; c++) {
		const struct cell *cell = &grid->cells[row * grid->nr + c];
		const struct column *column = &grid->columns[c];
		char *text;

		if (!column->width)
			continue;
		text = is_wrapped(column) ? broken(cell->text, column->width) : strdup(cell->text);
		/* The line takes the text over. */
		if (!text || scols_line_refer_data(line, place, text)) {
			free(text);
			return -1;
		}
		if (cell->colour)
			scols_cell_set_color(scols_line_get_cell(line, place), cell->colour);
		place++;
	}
	return line ? 0 : -1;
}

static int print_table(const struct kb_grid *grid)
{
	struct libscols_table *table = scols_new_table();
	int bad = !table;

	/* All fits already; and what is cut by a screen is lost. */
	bad = bad || scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER) ||
	      scols_table_enable_colors(table, kb_screen_colours());
	for (size_t c = 0; !bad && c < grid->nr; c++)
		if (grid->columns[c].width)
			bad = make_column(table, &grid->columns[c]);
	for (size_t row = 0; !bad && row < grid->nr_rows; row++)
		bad = make_line(table, grid, row);
	if (!bad)
		scols_table_set_stream(table, stdout);
	bad = bad || scols_print_table(table);
	scols_unref_table(table);
	return bad ? -1 : 0;
}

static void print_dropped(const struct kb_grid *grid)
{
	const char *before = "too wide for this terminal, see --json:";

	for (size_t c = 0; c < grid->nr; c++) {
		const struct column *column = &grid->columns[c];
		bool shown = column->used || !(column->kind.flags & KB_GRID_SPARE);

		if (column->width || !shown)
			continue;
		printf("%s %s", before, column->kind.title);
		before = ",";
	}
	if (*before == ',')
		putchar('\n');
}

/* The cells without a title, which stand beside the first. */
static void print_head(const struct kb_grid *grid, const struct cell *row, size_t screen)
{
	char *head = NULL;
	size_t size;
	FILE *out = open_memstream(&head, &size);

	if (!out)
		return;
	for (size_t c = 0; c < grid->nr; c++)
		if (*row[c].text && (!c || !*grid->columns[c].kind.title))
			fprintf(out, "%s%s", c ? " " : "", row[c].text);
	fclose(out);
	kb_wrap_line(head, screen, stdout);
	free(head);
}

static const char *colour_sequence(const char *colour)
{
	if (!kb_screen_colours() || !colour)
		return "";
	return !strcmp(colour, "red") ? "\033[31m" : !strcmp(colour, "green") ? "\033[32m" :
		"\033[33m";
}

/* "  TITLE  text", wrapped below the text. */
static void print_item(const struct column *column, const struct cell *cell, size_t name,
		       size_t screen)
{
	size_t used = INDENT + name + 2, room = screen > used ? screen - used : 1;
	const char *sequence = colour_sequence(cell->colour), *text = cell->text;

	for (bool first = true; *text; first = false) {
		const char *next;
		size_t length = kb_wrap_next(text, room, &next);

		printf("%*s%-*s  %s%.*s%s\n", INDENT, "", (int)name,
		       first ? column->kind.title : "", sequence, (int)length, text,
		       *sequence ? "\033[0m" : "");
		text = next;
	}
}

static void print_paragraphs(const struct kb_grid *grid)
{
	size_t screen = kb_screen_width(), name = 0;

	for (size_t c = 1; c < grid->nr; c++)
		if (grid->columns[c].used)
			name = larger(name, kb_columns_of(grid->columns[c].kind.title));
	for (size_t row = 0; row < grid->nr_rows; row++) {
		const struct cell *cells = &grid->cells[row * grid->nr];

		print_head(grid, cells, screen);
		for (size_t c = 1; c < grid->nr; c++)
			if (*grid->columns[c].kind.title)
				print_item(&grid->columns[c], &cells[c], name, screen);
	}
}

bool kb_grid_is_empty(const struct kb_grid *grid)
{
	return !grid->nr_rows;
}

int kb_grid_print(struct kb_grid *grid)
{
	int bad = 0;

	if (kb_grid_is_empty(grid))
		return 0;
	if (choose_widths(grid)) {
		bad = print_table(grid);
		print_dropped(grid);
	} else {
		print_paragraphs(grid);
	}
	return bad ? -1 : 0;
}

int kb_grid_end(struct kb_grid *grid, int bad)
{
	if (!grid || bad || kb_grid_print(grid))
		bad = -1;
	kb_grid_free(grid);
	return bad;
}
