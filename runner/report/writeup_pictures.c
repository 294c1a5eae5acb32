// SPDX-License-Identifier: GPL-2.0
#include "writeup_pictures.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "plot.h"

/* A picture takes some tenths of a second and 50 kB: a page is given so many. */
#define MOST_PICTURES	24

/* Of each the first page: what people look for is on it. */
#define MOST_HEIGHT	1000

/* More rows than these have no room there. */
#define MOST_ROWS	45

/* Kinds whose cases need no bars beside. */
#define INSTEAD_OF_BARS	(1u << KB_PLOT_SCALING | 1u << KB_PLOT_HEATMAP)

static const struct {
	enum kb_plot_kind	kind;
	const char		*says;
} kinds[] = {
	{ KB_PLOT_SCALING, "how the cost grows" },
	{ KB_PLOT_HEATMAP, "what each pair of CPUs costs" },
	{ KB_PLOT_BARS, "what one operation costs, with intervals" },
	{ KB_PLOT_PERCENTILES, "what so many of the operations stay below" },
	{ KB_PLOT_HISTOGRAM, "how many operations took how long" },
};

void kb_writeup_pictures_begin(struct kb_writeup *page, bool unwanted)
{
	char *gnuplot = kb_find_program("gnuplot");

	page->drawing = !unwanted && gnuplot;
	if (!unwanted && !gnuplot)
		page->pictureless = kb_path("gnuplot is missing; 'apt install gnuplot-nox' brings "
					    "it");
	free(gnuplot);
}

/* The first time that it fails is the last: what is wrong with gnuplot does not go away. */
static void give_up(struct kb_writeup *page, const char *why)
{
	page->drawing = false;
	page->pictureless = kb_path("%s", why);
	kb_document_note(&page->doc, KB_TONE_WARN, "A plot is missing here: %s.", why);
}

static void draw(struct kb_writeup *page, enum kb_plot_kind kind, const char *suite,
		 const struct kb_named_result *results, size_t nr,
		 const struct kb_picture_text *text)
{
	const struct kb_plot_options options = {
		.kind = kind, .format = KB_PLOT_SVG, .suite = suite, .bare = true,
		.height = MOST_HEIGHT,
	};
	struct kb_error err = { 0 };
	char *picture = NULL;
	size_t size;

	if (!page->drawing)
		return;
	if (page->pictures == MOST_PICTURES) {
		page->drawing = false;
		kb_document_note(&page->doc, KB_TONE_OPEN, "This page has %d plots; 'kbench plot' "
				 "draws the others.", MOST_PICTURES);
		return;
	}
	if (!kb_plot_draw(&picture, &size, &options, results, nr, &err)) {
		kb_document_picture(&page->doc, text, picture, size);
		page->pictures++;
	} else if (err.exit == KB_EXIT_INTERRUPTED) {
		page->drawing = false;
		page->failed = err;
	} else if (err.exit != KB_EXIT_USAGE) {
		give_up(page, err.text);
	}
	free(picture);
}

void kb_writeup_picture_forest(struct kb_writeup *page, const struct kb_writeup_verdicts *verdicts)
{
	const struct kb_writeup_side *a = &page->sides[verdicts->a], *b = &page->sides[verdicts->b];
	const struct kb_named_result results[] = {
		{ .path = a->name, .argument = 0, .result = a->result },
		{ .path = b->name, .argument = 1, .result = b->result },
	};
	struct kb_picture_text text = { .mark = b->mark ? b->mark : a->mark };
	char *caption = kb_path("%s against %s: ratios, the largest effects first%s", b->name,
				a->name, verdicts->comparison.nr > MOST_ROWS ?
				"; the table has all" : "");

	text.caption = caption;
	draw(page, KB_PLOT_FOREST, NULL, results, 2, &text);
	free(caption);
}

/* What kernels differ by is in the forests, so that bars of each would say little. */
static void draw_side(struct kb_writeup *page, const char *suite, size_t rows,
		      const struct kb_writeup_side *side)
{
	const struct kb_named_result result = { .path = side->name, .result = side->result };
	unsigned int bits = kb_plot_kinds(&result, 1, suite);

	if ((bits & INSTEAD_OF_BARS) || page->compared)
		bits &= ~(1u << KB_PLOT_BARS);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct kb_picture_text text = { .mark = side->mark };
		char *caption;

		if (!(bits & 1u << kinds[i].kind))
			continue;
		caption = kb_path("%s%s%s: %s%s", suite, page->nr_sides > 1 ? " on " : "",
				  page->nr_sides > 1 ? side->name : "", kinds[i].says,
				  rows > MOST_ROWS ? "; not all cases have room, the table has "
				  "them" : "");
		text.caption = caption;
		draw(page, kinds[i].kind, suite, &result, 1, &text);
		free(caption);
	}
}

/* Of many kernels the first and the last, which differ most. */
void kb_writeup_pictures(struct kb_writeup *page, const char *suite, size_t rows)
{
	for (size_t s = 0; page->drawing && s < page->nr_sides; s++)
		if (!page->compared || !s || s == page->nr_sides - 1)
			draw_side(page, suite, rows, &page->sides[s]);
}

void kb_writeup_picture_history(struct kb_writeup *page)
{
	struct kb_named_result *results = calloc(page->nr_sides + 1, sizeof(*results));
	const struct kb_picture_text text = {
		.caption = "The cases that changed most, from kernel to kernel",
		.mark = kb_writeup_mark(page, NULL),
	};

	for (size_t s = 0; results && s < page->nr_sides; s++)
		results[s] = (struct kb_named_result){
			.path = page->sides[s].name, .argument = (int)s,
			.result = page->sides[s].result,
		};
	if (results)
		draw(page, KB_PLOT_HISTORY, NULL, results, page->nr_sides, &text);
	free(results);
}
