/* SPDX-License-Identifier: GPL-2.0 */
/* What a picture of results shows: what was measured, sorted into diagrams. */
#ifndef KB_PANELS_H
#define KB_PANELS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "losses.h"
#include "plot.h"
#include "ticks.h"

#define KB_PANEL_SERIES		7	/* lines that can be told apart in one panel */
#define KB_LABEL_LEN		128	/* longest label, with the 0; longer ones are cut */

/**
 * struct kb_row - one measured case, its boots taken together
 * @name:  bench, or bench:phase
 * @pair:  is one of a bench's pairs of CPUs
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

/** struct kb_point - @mark: see the kinds of struct kb_panel */
struct kb_point {
	double	x, value, low, high;
	int	mark;
};

/** struct kb_line - a series; a bar is one with a single point */
struct kb_line {
	char		label[KB_LABEL_LEN];
	struct kb_point	*points;	/* by x */
	size_t		nr_points;
};

/**
 * struct kb_panel - one diagram
 * @kind:   any but KB_PLOT_OVERVIEW. What @lines are:
 *	KB_PLOT_BARS:        a bar each
 *	KB_PLOT_SCALING:     a series each, x CPUs or a parameter
 *	KB_PLOT_HEATMAP:     a CPU each, x the place of the other CPU's line
 *	KB_PLOT_PERCENTILES: a case each, x 1 / (1 - p)
 *	KB_PLOT_HISTOGRAM:   first the bins: x and high their ends, value their ops; then one with
 *	                     the percentiles 50, 99 and 99.9 as values
 *	KB_PLOT_HISTORY:     first the results: x from 1 on, mark where it changed, by how many
 *	                     hundredths of a percent, else 0; then the boots
 *	KB_PLOT_FOREST:      a case each: a ratio, mark the verdict, or -1: too few boots for one
 * @suite:  whose it is
 * @title:  suite, and what all its cases have in common
 * @x_name: "cpus", the parameter along the x axis, or what else is there; empty: not needed
 * @places: what x is called, @nr_places of them, ascending; NULL: by its number. malloc()ed
 * @low, @high: of all values in the suite's panels of this kind, whiskers included. Whoever makes
 *          a panel that stands for itself fills them in, else kb_panels_finish() does
 * @from:   object, its keys the paths of the results that it shows; NULL: all
 * @least_boots, @most_boots: that any of its figures is made of; 0: it is not made of medians
 * @guide:  percentiles and histogram: what timing alone takes, 0 when it is not known; forest: the
 *          smallest ratio that matters
 */
struct kb_panel {
	enum kb_plot_kind kind;
	char		suite[KB_LABEL_LEN];
	char		title[256];
	char		x_name[KB_LABEL_LEN];
	struct kb_tick	*places;
	size_t		nr_places;
	const char	*unit;
	struct kb_line	*lines;
	size_t		nr_lines;
	double		low, high;
	json_t		*from;
	size_t		least_boots, most_boots;
	double		guide;
};

/**
 * struct kb_panels - all diagrams, and what is said of them
 * @most_cells: a row of a heat map can have; CPUs share cells where there are more. To be set first
 * @rows:  of the result that was added last
 * @foot:  how to read it, and what is not shown
 */
struct kb_panels {
	size_t		most_cells;
	struct kb_row	*rows;
	size_t		nr_rows;
	struct kb_panel	*panels;
	size_t		nr_panels;
	size_t		nr_boots;	/* most that any row has */
	size_t		nr_results;	/* that rows were made of */
	struct kb_losses missing;	/* cases that were skipped or failed */
	struct kb_losses gaps;		/* those that have a row of their other boots */
	char		foot[256];
};

/**
 * kb_panels_add() - sort the cases of a result into panels, for KB_PLOT_OVERVIEW of all kinds:
 *
 * A bench of several pairs of CPUs is a heat map. A suite measured on several CPU counts has lines
 * over them. Else, when a parameter has three values or more, it has lines over those. What is none
 * of these is a bar; bars are in the order of what they cost. KB_PLOT_BARS makes all bars,
 * KB_PLOT_SCALING and KB_PLOT_HEATMAP leave out what is no line and no pair.
 *
 * @suite: NULL: all
 * @name:  of the result, for titles: empty when it is the only one
 * Return: 0, or -1 when out of memory. @result has to live as long as the panels.
 */
int kb_panels_add(struct kb_panels *panels, const json_t *result, enum kb_plot_kind kind,
		  const char *suite, const char *name);

/** kb_panels_finish() - ranges: panels of one suite and kind compare at a glance */
void kb_panels_finish(struct kb_panels *panels);

/**
 * kb_panels_from() - the panels from number @first on, which were made together, show the result of
 * @path, beside those that this was said of before. Return: 0, or -1: no memory
 */
int kb_panels_from(struct kb_panels *panels, size_t first, const char *path);

/** kb_panel_is_from() - does it show anything of the result of that path? */
bool kb_panel_is_from(const struct kb_panel *panel, const char *path);

/** kb_panel_count_boots() - a figure of it is made of so many boots */
void kb_panel_count_boots(struct kb_panel *panel, size_t nr);

/** kb_panels_free() - of any state, also after a failure */
void kb_panels_free(struct kb_panels *panels);

/*
 * The parts of these.
 */

/** kb_suite_is_own() - what kbench measures of itself beside everything */
bool kb_suite_is_own(const char *name);

/**
 * kb_suite_is_wanted() - with @suite that alone, else all; of what is kbench's own only where there
 * are no @others: a picture of these is not about it
 */
bool kb_suite_is_wanted(const char *name, const char *suite, bool others);

/** kb_rows_make() - the rows of @suite (NULL: of all) alone; 0, or -1 when out of memory */
int kb_rows_make(struct kb_panels *panels, const json_t *result, const char *suite);

/** kb_rows_free() */
void kb_rows_free(struct kb_panels *panels);

/**
 * kb_row_label() - append the name of a row, its pair of CPUs and its parameters, but what is along
 * @axis: "pair", or a parameter
 */
void kb_row_label(char label[KB_LABEL_LEN], const struct kb_row *row, const char *axis);

/**
 * kb_heatmaps_add() - a panel for each bench of @suite with @least pairs of CPUs or more
 * @result: what the result is called, or empty. Return: 0, or -1: no memory
 */
int kb_heatmaps_add(struct kb_panels *panels, const char *suite, const char *result,
		    size_t least);

/** kb_panel_add() - a new one with room for that many lines, or NULL: no memory */
struct kb_panel *kb_panel_add(struct kb_panels *panels, enum kb_plot_kind kind, size_t most_lines);

#endif
