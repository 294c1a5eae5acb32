/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pictures of results, drawn by gnuplot with the templates in plots/. For `kbench plot`, which
 * writes them to files and terminals, and for reports, which take them as text.
 */
#ifndef KB_PLOT_H
#define KB_PLOT_H

#include <jansson.h>
#include <stddef.h>

#include "error.h"
#include "groups.h"

/**
 * enum kb_plot_kind - what a picture shows
 * KB_PLOT_OVERVIEW:    a diagram or more of each suite, of whichever of the next three kinds fits
 * KB_PLOT_BARS:        what each case costs, with intervals, the cheapest first
 * KB_PLOT_SCALING:     lines over CPU counts, or over a parameter of three values or more
 * KB_PLOT_HEATMAP:     what each pair of CPUs costs, as a matrix (cases of the placement "pair")
 * KB_PLOT_PERCENTILES: what 50, 90, 99, 99.9 % ... of the operations stay below (kbench run
 *                      --latency)
 * KB_PLOT_HISTOGRAM:   how many operations took how long, of the same
 * KB_PLOT_HISTORY:     cases over results of several kernels or dates, change points marked
 * KB_PLOT_FOREST:      one kernel against another: each case's ratio, interval and verdict, the
 *                      largest effect first
 */
enum kb_plot_kind {
	KB_PLOT_OVERVIEW = 0,
	KB_PLOT_BARS,
	KB_PLOT_SCALING,
	KB_PLOT_HEATMAP,
	KB_PLOT_PERCENTILES,
	KB_PLOT_HISTOGRAM,
	KB_PLOT_HISTORY,
	KB_PLOT_FOREST,
	KB_NR_PLOT_KINDS,
};

/** kb_plot_kind_names - "overview", "bars", ...: what --kind takes, and the templates' names */
extern const char *const kb_plot_kind_names[KB_NR_PLOT_KINDS];

/**
 * enum kb_plot_format
 * KB_PLOT_TERM: lines of text, each ended by a newline, for a terminal
 */
enum kb_plot_format {
	KB_PLOT_PNG = 0,
	KB_PLOT_SVG,
	KB_PLOT_PDF,
	KB_PLOT_TERM,
};

/**
 * struct kb_plot_options - how a picture is made; all zero: an overview of all suites as PNG
 * @suite:    draw this one alone; NULL: all. Verdicts of KB_PLOT_FOREST and changes of
 *            KB_PLOT_HISTORY are those that all suites' cases together give, as in tables.
 * @template: path of a gnuplot file in the place of plots/KIND.gp; NULL: that. Not of overviews
 * @width:    pixels, or columns of a terminal; 0: 800, or 80
 * @colour:   KB_PLOT_TERM: with escape sequences for colours
 * @bare:     without the head of the page (kernel, machine, target), for a page that says it
 *            itself; the note on emulated figures stays. Of further pages is said how much they
 *            have, not how to see it: a table is beside it
 * @height:   of a page at most, in pixels or lines, where no diagram is higher; 0: the medium's own
 * @page:     of the pages that there are, which one; 0 is the first
 */
struct kb_plot_options {
	enum kb_plot_kind	kind;
	enum kb_plot_format	format;
	const char		*suite;
	const char		*template;
	unsigned int		width;
	bool			colour;
	bool			bare;
	unsigned int		height;
	unsigned int		page;
};

/**
 * kb_plot_draw() - one picture of @results
 * @picture: out: malloc()ed, *@size bytes and a 0 after them; NULL on failure. SVG begins with the
 *           XML declaration and has a viewBox; several in one HTML document share their ids, so
 *           they are to be embedded as images (data:image/svg+xml), not inline.
 * @results: at least one, in the order of the command line, as kb_result_read() gives them;
 *           kb_result_read_lean() is enough for KB_PLOT_HISTORY and KB_PLOT_FOREST. They are not
 *           changed. Texts in them may hold anything.
 *
 * Return: 0, or -1. KB_EXIT_USAGE: nothing in them is of this kind, or the suite is not there
 * (kb_plot_kinds() tells beforehand); KB_EXIT_ENVIRONMENT: gnuplot is missing or failed;
 * KB_EXIT_INTERRUPTED.
 */
int kb_plot_draw(char **picture, size_t *size, const struct kb_plot_options *options,
		 const struct kb_named_result *results, size_t nr, struct kb_error *err);

/**
 * kb_plot_kinds() - which kinds have something to show of @results
 * @suite: NULL: of any suite
 * Return: the bits 1 << kind
 */
unsigned int kb_plot_kinds(const struct kb_named_result *results, size_t nr, const char *suite);

/**
 * kb_plot_best() - the kind that answers what most people ask of such results: of one, its
 * overview; of two results or kernels, the forest; of more, their history. Where these have nothing
 * to show, or results are of several fidelities, their overview, which shows all.
 * @suite: NULL: of all
 */
enum kb_plot_kind kb_plot_best(const struct kb_named_result *results, size_t nr, const char *suite);

/** kb_plot_format_of() - by the ending of @path: .png, .svg, .pdf; else -1 with KB_EXIT_USAGE */
int kb_plot_format_of(enum kb_plot_format *format, const char *path, struct kb_error *err);

/**
 * kb_plot_write() - draw to the file @path, whose ending has the last word on the format
 * Whether it can be written is looked at before anything is drawn; it is there whole or not at all.
 */
int kb_plot_write(const char *path, const struct kb_plot_options *options,
		  const struct kb_named_result *results, size_t nr, struct kb_error *err);

/** kb_plot_result() - an overview of one result to @path, as kbench run leaves it beside it */
int kb_plot_result(const json_t *result, const char *path, struct kb_error *err);

#endif
