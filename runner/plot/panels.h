/* SPDX-License-Identifier: GPL-2.0 */
/* What a picture of a result shows: its measured cases sorted into panels of bars and lines. */
#ifndef KB_PANELS_H
#define KB_PANELS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define KB_PANEL_SERIES		7	/* lines that can be told apart in one panel */
#define KB_LABEL_LEN		64	/* longest label, with the 0; longer ones are cut */

/**
 * struct kb_row - one measured case, its boots taken together
 * @name:  bench, or bench:phase; of a pair of CPUs "bench 0,3"
 * @pair:  is one of a bench's many pairs of CPUs
 * @params: those that differ within the suite
 * @value: per_op in @unit: the median, of several boots the geometric mean of their medians
 * @low, @high: the median's 95 % interval, of several boots their lowest and highest median
 * @used:  is in a panel already
 */
struct kb_row {
	const char	*suite;
	const char	*unit;
	char		name[KB_LABEL_LEN];
	const json_t	*entry;
	json_t		*params;
	long		cpus;
	double		value, low, high;
	double		log_sum;
	size_t		nr_boots;
	bool		pair;
	bool		used;
};

struct kb_point {
	double	x, value, low, high;
};

/** struct kb_line - a series; a bar is one with a single point */
struct kb_line {
	char		label[KB_LABEL_LEN];
	struct kb_point	*points;	/* by x */
	size_t		nr_points;
};

/**
 * struct kb_panel - one diagram
 * @bars:   bars, else lines
 * @title:  suite, and what all its cases have in common
 * @x_name: lines: "cpus", or the parameter along the x axis
 * @low, @high: of all values in the suite's panels of this kind, whiskers included
 */
struct kb_panel {
	bool		bars;
	char		title[256];
	char		x_name[KB_LABEL_LEN];
	const char	*unit;
	struct kb_line	*lines;
	size_t		nr_lines;
	double		low, high;
};

/** struct kb_panels - a page */
struct kb_panels {
	struct kb_row	*rows;
	size_t		nr_rows;
	struct kb_panel	*panels;
	size_t		nr_panels;
	size_t		nr_boots;	/* most boots that any row has */
	size_t		nr_left_out;	/* entries of cases[] that were skipped or failed */
	size_t		nr_pairs_left_out; /* of more pairs of CPUs than can be told apart */
};

/**
 * kb_panels_make() - sort a result into panels
 *
 * A suite measured on several CPU counts has lines over them. Else, when a parameter has three
 * values or more, it has lines over those. What is no line then, is a bar. Of many pairs of CPUs
 * only those of one CPU are in it.
 * Return: 0, or -1 when out of memory. Free in both cases; @result has to live as long.
 */
int kb_panels_make(struct kb_panels *panels, const json_t *result);
void kb_panels_free(struct kb_panels *panels);

/** kb_rows_make() - the rows alone; part of kb_panels_make() */
int kb_rows_make(struct kb_panels *panels, const json_t *result);

#endif
