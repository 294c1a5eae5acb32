/* SPDX-License-Identifier: GPL-2.0 */
/* A table of texts, some of them with a drawing beside: what a document prints. */
#ifndef KB_SHEET_H
#define KB_SHEET_H

#include <stdbool.h>
#include <stddef.h>

/** enum kb_tone - how a text is coloured; every one says in words what its colour says */
enum kb_tone {
	KB_TONE_PLAIN = 0,
	KB_TONE_GOOD,
	KB_TONE_BAD,
	KB_TONE_SAME,
	KB_TONE_OPEN,
	KB_TONE_WARN,
	KB_NR_TONES,
};

/** enum kb_sheet_kind - KB_SHEET_DRAWN: no text but a drawing, which only HTML has */
enum kb_sheet_kind {
	KB_SHEET_LEFT = 0,
	KB_SHEET_RIGHT,
	KB_SHEET_DRAWN,
};

/**
 * struct kb_sheet_column
 * @wide: its texts are long and may be broken into lines
 * @used: some row has something in it; others are not printed
 */
struct kb_sheet_column {
	char			*title;
	enum kb_sheet_kind	kind;
	bool			wide;
	bool			used;
};

/**
 * struct kb_sheet_cell
 * @text: NULL: empty
 * @apart: of the first of a row: it begins a group, apart from what stands above it
 * @low, @mid, @high: of a drawing, as parts of its width, from 0 to 1; @mid below 0: there is none
 */
struct kb_sheet_cell {
	char		*text;
	enum kb_tone	tone;
	bool		apart;
	float		low, mid, high;
};

/**
 * struct kb_sheet - rows of cells, row by row
 * @caption: what the table shows, or NULL
 * @legend:  how to read its drawings, or NULL
 * @mark:    what figures like these are not good for, or NULL; borrowed
 * @origin:  where drawings have a line for "no difference", as a part of the width; below 0: none
 * @folded:  rows that are seen at once; the others are there when a reader asks for them. 0: all
 */
struct kb_sheet {
	char			*caption;
	char			*legend;
	const char		*mark;
	struct kb_sheet_column	*columns;
	size_t			nr_columns;
	struct kb_sheet_cell	*cells;
	size_t			nr_rows;
	size_t			room;
	float			origin;
	size_t			folded;
	bool			bad;
};

/** kb_sheet_begin() - an empty one; kb_sheet_free() in any case. No memory is told by @bad */
void kb_sheet_begin(struct kb_sheet *sheet, const char *caption, ...)
	__attribute__((format(printf, 2, 3)));
void kb_sheet_free(struct kb_sheet *sheet);

/** kb_sheet_column() - all of them come before the first row */
void kb_sheet_column(struct kb_sheet *sheet, const char *title, enum kb_sheet_kind kind);

/** kb_sheet_row() - begin a row. Return: its cells, to be filled; NULL: no memory */
struct kb_sheet_cell *kb_sheet_row(struct kb_sheet *sheet);

/** kb_cell() - set the text of a cell */
void kb_cell(struct kb_sheet_cell *cell, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** kb_sheet_end() - all rows are there: find out which columns are used */
void kb_sheet_end(struct kb_sheet *sheet);

/** kb_sheet_at() */
const struct kb_sheet_cell *kb_sheet_at(const struct kb_sheet *sheet, size_t row, size_t column);

#endif
