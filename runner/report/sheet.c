// SPDX-License-Identifier: GPL-2.0
#include "sheet.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

void kb_sheet_begin(struct kb_sheet *sheet, const char *caption, ...)
{
	va_list args;

	*sheet = (struct kb_sheet){ .origin = -1 };
	va_start(args, caption);
	sheet->caption = kb_vpath(caption, args);
	va_end(args);
}

void kb_sheet_free(struct kb_sheet *sheet)
{
	for (size_t i = 0; i < sheet->nr_rows * sheet->nr_columns; i++)
		free(sheet->cells[i].text);
	for (size_t c = 0; c < sheet->nr_columns; c++)
		free(sheet->columns[c].title);
	free(sheet->cells);
	free(sheet->columns);
	free(sheet->caption);
	free(sheet->legend);
	memset(sheet, 0, sizeof(*sheet));
}

void kb_sheet_column(struct kb_sheet *sheet, const char *title, enum kb_sheet_kind kind)
{
	struct kb_sheet_column *more = realloc(sheet->columns,
					       (sheet->nr_columns + 1) * sizeof(*more));

	sheet->bad |= !more;
	if (!more)
		return;
	sheet->columns = more;
	more[sheet->nr_columns++] = (struct kb_sheet_column){
		.title = kb_path("%s", title), .kind = kind,
	};
}

struct kb_sheet_cell *kb_sheet_row(struct kb_sheet *sheet)
{
	struct kb_sheet_cell *row;

	if (sheet->bad)
		return NULL;
	if (sheet->nr_rows == sheet->room) {
		size_t room = sheet->room ? 2 * sheet->room : 32;
		struct kb_sheet_cell *more = realloc(sheet->cells, room * sheet->nr_columns *
								   sizeof(*more));

		sheet->bad = !more;
		if (!more)
			return NULL;
		sheet->cells = more;
		sheet->room = room;
	}
	row = sheet->cells + sheet->nr_rows++ * sheet->nr_columns;
	for (size_t c = 0; c < sheet->nr_columns; c++)
		row[c] = (struct kb_sheet_cell){ .mid = -1 };
	return row;
}

void kb_cell(struct kb_sheet_cell *cell, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	cell->text = kb_vpath(format, args);
	va_end(args);
}

void kb_sheet_end(struct kb_sheet *sheet)
{
	for (size_t i = 0; i < sheet->nr_rows * sheet->nr_columns; i++) {
		const struct kb_sheet_cell *cell = &sheet->cells[i];

		sheet->columns[i % sheet->nr_columns].used |= cell->mid >= 0 ||
							      (cell->text && *cell->text);
	}
}

const struct kb_sheet_cell *kb_sheet_at(const struct kb_sheet *sheet, size_t row, size_t column)
{
	return &sheet->cells[row * sheet->nr_columns + column];
}
