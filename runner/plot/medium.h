/* SPDX-License-Identifier: GPL-2.0 */
/* What pages are drawn on: pixels or characters, and what texts take of them. */
#ifndef KB_MEDIUM_H
#define KB_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>

#include "plot.h"

/**
 * struct kb_medium - measures of a page in its unit, pixels of a picture that is to be read at its
 * own size or characters and lines of a terminal
 * @width:      of the page
 * @head:       title and what stands below it; @note: a line more; @foot: below all
 * @panel_head: a panel's title; @panel_foot: its x axis
 * @bar:        height of a bar; @lines: of a panel of lines; @low_lines: of one of many
 * @gap:        around the names left of bars
 * @key_mark:   a series' mark, beside its name; @key_min: least room right of lines for these
 * @value_room: right of bars for their figures; @y_room: left of lines for their axis
 * @most:       height that a page may have; @most_cells: in a row of a heat map
 * @font:       size of letters as gnuplot counts it
 */
struct kb_medium {
	bool	term;
	double	width;
	double	head, note, foot;
	double	panel_head, panel_foot;
	double	bar, lines, low_lines;
	double	gap;
	double	key_mark, key_min;
	double	value_room, y_room;
	double	most;
	size_t	most_cells;
	double	font;
};

/** kb_medium_of() - what @options ask for */
struct kb_medium kb_medium_of(const struct kb_plot_options *options);

/** kb_text_width() - of a text in the medium's unit */
double kb_text_width(const struct kb_medium *medium, const char *text);

/**
 * kb_text_fit() - take from the middle of @text until it is no wider than @room
 * Begin and end of a name tell more than its middle; two dots stand for what is missing.
 */
void kb_text_fit(const struct kb_medium *medium, char *text, double room);

/**
 * kb_text_add() - append to a text of @size bytes what fits of it, by format
 * What is no letter (control characters, halves of cut ones) is replaced, so that the text can
 * stand in any picture and on any terminal.
 */
void kb_text_add(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
