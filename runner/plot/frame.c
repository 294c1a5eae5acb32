// SPDX-License-Identifier: GPL-2.0
/* Where things are on a page. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "plot_script.h"
#include "table.h"

/* Of a heat map's cells, in the medium's unit. */
#define CELL_PIXELS	44
#define LEAST_PIXELS	2
#define SCALE_ROOM	118	/* right of it, for its colours' scale */
#define CELL_LETTERS	6

/* Forest: "-12.3 % inconclusive" */
#define VERDICT_PIXELS	150
#define VERDICT_LETTERS	24
#define VERDICT_LEAST	72	/* columns; narrower terminals have marks alone */

static bool is_of_rows(enum kb_plot_kind kind)
{
	return kind == KB_PLOT_BARS || kind == KB_PLOT_FOREST;
}

static bool has_key(const struct kb_panel *panel)
{
	return panel->kind == KB_PLOT_SCALING || panel->kind == KB_PLOT_PERCENTILES;
}

static double longest_label(const struct kb_page *page, const struct kb_panel *panel)
{
	double longest = 0;

	for (size_t i = 0; i < panel->nr_lines; i++)
		longest = fmax(longest, kb_text_width(&page->medium, panel->lines[i].label));
	return longest;
}

/* What the labels of all the page's panels of one kind need, so that their axes line up. */
static double label_room(const struct kb_page *page, enum kb_plot_kind kind)
{
	bool wide = is_of_rows(kind) && !page->medium.term;
	double room = 0;

	for (size_t i = page->first; i < page->end; i++)
		if (page->panels->panels[i].kind == kind)
			room = fmax(room, longest_label(page, &page->panels->panels[i]));
	return fmin(room, floor(page->medium.width * (wide ? 0.5 : 0.4)));
}

/* The same for the figures beside bars. */
static double figure_room(const struct kb_page *page)
{
	const struct kb_medium *medium = &page->medium;
	double room = medium->value_room;

	for (size_t i = page->first; i < page->end; i++) {
		const struct kb_panel *panel = &page->panels->panels[i];
		char figure[KB_FIGURE_LEN];

		for (size_t j = 0; panel->kind == KB_PLOT_BARS && j < panel->nr_lines; j++) {
			kb_format_figure(figure, panel->lines[j].points[0].value, panel->unit);
			room = fmax(room, kb_text_width(medium, figure) + medium->gap);
		}
	}
	return room;
}

/* A heat map is a square of pixels; on a terminal its cells are as wide as a figure. */
static double map_width(const struct kb_medium *medium, size_t nr)
{
	double room = medium->width - medium->y_room - (medium->term ? 2 : SCALE_ROOM);

	if (medium->term)
		return (double)nr * fmin(CELL_LETTERS, floor(room / (double)nr));
	return fmin((double)nr * CELL_PIXELS, room);
}

static double map_height(const struct kb_medium *medium, size_t nr)
{
	return medium->term ? (double)nr + 1 : fmax(map_width(medium, nr), 3.0 * CELL_PIXELS);
}

static double axes_height(const struct kb_page *page, const struct kb_panel *panel)
{
	const struct kb_medium *medium = &page->medium;
	double nr = (double)panel->nr_lines;

	if (is_of_rows(panel->kind))
		return medium->bar * nr + (medium->term ? 1 : 8);
	if (panel->kind == KB_PLOT_HEATMAP)
		return map_height(medium, panel->nr_lines);
	if (panel->kind == KB_PLOT_SCALING || panel->kind == KB_PLOT_PERCENTILES)
		return medium->lines;
	return medium->low_lines;
}

/* On a terminal names of series stand below, as their curves need the width. */
static double key_height(const struct kb_page *page, const struct kb_panel *panel)
{
	return page->medium.term && has_key(panel) ? (double)panel->nr_lines : 0;
}

double kb_panel_height(const struct kb_page *page, const struct kb_panel *panel)
{
	return page->medium.panel_head + axes_height(page, panel) + page->medium.panel_foot +
	       key_height(page, panel);
}

static double room_right(const struct kb_page *page, const struct kb_panel *panel, double labels)
{
	const struct kb_medium *medium = &page->medium;

	switch (panel->kind) {
	case KB_PLOT_BARS:
		return figure_room(page);
	case KB_PLOT_FOREST:
		if (!medium->term)
			return VERDICT_PIXELS;
		return medium->width < VERDICT_LEAST ? medium->value_room : VERDICT_LETTERS;
	case KB_PLOT_SCALING:
	case KB_PLOT_PERCENTILES:
		return medium->term ? 2 : fmax(labels + medium->key_mark, medium->key_min);
	case KB_PLOT_HEATMAP:
		return medium->width - medium->y_room - map_width(medium, panel->nr_lines);
	default:
		return medium->term ? 2 : 30;
	}
}

struct kb_frame kb_frame_of(const struct kb_page *page, const struct kb_panel *panel, double y)
{
	const struct kb_medium *medium = &page->medium;
	double labels = label_room(page, panel->kind);
	struct kb_frame frame = { .top = y + medium->panel_head, .labels = labels };

	frame.bottom = frame.top + axes_height(page, panel);
	frame.left = is_of_rows(panel->kind) ? labels + medium->gap : medium->y_room;
	frame.right = medium->width - room_right(page, panel, labels);
	return frame;
}

size_t kb_page_choose(struct kb_page *page)
{
	const struct kb_panels *panels = page->panels;
	double most = page->options->height ? page->options->height : page->medium.most;
	double height = 0;
	size_t number = 0;

	page->first = page->end = 0;
	for (size_t i = 0; i < panels->nr_panels; i++) {
		double more = kb_panel_height(page, &panels->panels[i]);

		if (i && height + more > most) {
			number++;
			height = 0;
		}
		height += more;
		if (number < page->options->page)
			page->first = i + 1;
		if (number <= page->options->page)
			page->end = i + 1;
	}
	return number + 1;
}
