/* SPDX-License-Identifier: GPL-2.0 */
/* A gnuplot script made of panels and the templates in plots/, and what gnuplot makes of it. */
#ifndef KB_PLOT_SCRIPT_H
#define KB_PLOT_SCRIPT_H

#include <stdio.h>

#include "medium.h"
#include "panels.h"
#include "ticks.h"

#define KB_PAGE_NOTES	2	/* there are for TCG and for counted instructions */

/**
 * struct kb_page - what one picture is made of
 * @panels: of all pages; this one has those from @first up to @end
 * @plots:  directory of the templates
 * @title, @subtitle: what was measured, on what
 * @notes:  what the figures must not be taken for, or empty
 * @foot:   two lines: how to read it, and what is not shown
 */
struct kb_page {
	const struct kb_panels		*panels;
	size_t				first;
	size_t				end;
	const struct kb_plot_options	*options;
	struct kb_medium		medium;
	const char			*plots;
	char				title[256];
	char				subtitle[256];
	char				notes[KB_PAGE_NOTES][256];
	char				foot[2][256];
};

/**
 * struct kb_frame - where a panel's axes are, in the medium's unit from the page's left and upper
 * edge, and what its labels may take
 */
struct kb_frame {
	double	left, right, top, bottom;
	double	labels;
};

/** struct kb_shown - values are drawn as (value - @origin) * @factor, on a @log axis or not */
struct kb_shown {
	bool	log;
	double	origin;
	double	factor;
};

/**
 * kb_page_choose() - fill in first and end for the page that the options ask for
 * Return: how many pages there are
 */
size_t kb_page_choose(struct kb_page *page);

/** kb_page_describe() - fill in the texts. @pages: how many there are. 0, or -1: no memory */
int kb_page_describe(struct kb_page *page, const struct kb_named_result *results, size_t nr,
		      size_t pages);

/** kb_frame_of() - of a panel whose upper edge is at @y */
struct kb_frame kb_frame_of(const struct kb_page *page, const struct kb_panel *panel, double y);

/** kb_panel_height() - with title and axis */
double kb_panel_height(const struct kb_page *page, const struct kb_panel *panel);

/**
 * kb_plot_script() - the script that draws @page to gnuplot's standard output; on a terminal its
 * texts are not in it
 * Return: malloc()ed text of *@size bytes, or NULL with @err
 */
char *kb_plot_script(const struct kb_page *page, size_t *size, struct kb_error *err);

/** kb_put_panel() - a panel's part of it: variables and data. Return: 0, or -1: no memory */
int kb_put_panel(FILE *out, const struct kb_page *page, const struct kb_panel *panel,
		 const struct kb_frame *frame);

/** kb_put_data() - its data alone: the block $kb_data and what the kind has beside it */
void kb_put_data(FILE *out, const struct kb_page *page, const struct kb_panel *panel,
		 const struct kb_frame *frame, const struct kb_shown *shown);

/** kb_put_quoted() - @text as an expression of gnuplot */
void kb_put_quoted(FILE *out, const char *text);

/** kb_put_text() - a line that sets the variable @name to @text */
void kb_put_text(FILE *out, const char *name, const char *text);

/** kb_put_fitted() - the same, with no more of it than fits on the page */
void kb_put_fitted(FILE *out, const char *name, const struct kb_page *page, const char *text);

/**
 * kb_gnuplot_run() - run a script
 * @picture: out: what it drew, malloc()ed, *@picture_size bytes and a 0
 * Return: 0, or -1: KB_EXIT_ENVIRONMENT when there is no gnuplot or it failed
 */
int kb_gnuplot_run(const char *script, size_t size, enum kb_plot_format format, char **picture,
		   size_t *picture_size, struct kb_error *err);

/**
 * kb_svg_name_fonts() - an SVG that names further fonts, for where its own is missing; malloc()ed,
 * *@size bytes and a 0. NULL: no memory
 */
char *kb_svg_name_fonts(const char *picture, size_t *size);

/**
 * kb_terminal_page() - the texts of @page around what gnuplot drew, without blanks at line ends and
 * empty lines in a row; malloc()ed, NULL: no memory
 */
char *kb_terminal_page(const struct kb_page *page, const char *drawn, size_t *size);

#endif
