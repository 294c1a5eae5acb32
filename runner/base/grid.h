/* SPDX-License-Identifier: GPL-2.0 */
/* Tables for people that fit their screen. */
#ifndef KB_GRID_H
#define KB_GRID_H

#include <stdbool.h>
#include <stddef.h>

/**
 * enum kb_grid_flag - what a column is like
 * @KB_GRID_RIGHT: its figures stand below each other's right end
 * @KB_GRID_WRAP:  text that may take several lines; broken at words
 * @KB_GRID_SPARE: left out when no row has anything to say in it
 */
enum kb_grid_flag {
	KB_GRID_RIGHT	= 1,
	KB_GRID_WRAP	= 2,
	KB_GRID_SPARE	= 4,
};

/**
 * struct kb_grid_column
 * @title: "" of a column that explains itself
 * @flags: of enum kb_grid_flag
 * @drop:  0, or its turn, from 1, to be left out where the screen is too narrow; that is said
 */
struct kb_grid_column {
	const char	*title;
	int		flags;
	unsigned int	drop;
};

/** kb_grid_new() - a table without rows; @columns are copied, their titles not. NULL: no memory */
struct kb_grid *kb_grid_new(const struct kb_grid_column *columns, size_t nr);

/** kb_grid_add() - a row: copies of @cells, NULL is empty, control characters are "?". 0 or -1 */
int kb_grid_add(struct kb_grid *grid, const char *const *cells);

/** kb_grid_colour() - "red", "green", "yellow" or NULL for a cell of the last row, where wanted */
void kb_grid_colour(struct kb_grid *grid, size_t column, const char *colour);

/** kb_grid_is_empty() - it has no rows, so nothing will be printed */
bool kb_grid_is_empty(const struct kb_grid *grid);

/**
 * kb_grid_print() - on stdout
 *
 * As wide as it likes where stdout is no screen. On a screen columns are wrapped and dropped until
 * all fit; where that does not suffice each row becomes a paragraph, with a line for each column.
 * Return: 0, or -1 when out of memory; whether stdout took it shows when that is flushed
 */
int kb_grid_print(struct kb_grid *grid);
void kb_grid_free(struct kb_grid *grid);

/** kb_grid_end() - print it unless @bad or @grid is NULL, free it. Return: 0 or -1 */
int kb_grid_end(struct kb_grid *grid, int bad);

#endif
