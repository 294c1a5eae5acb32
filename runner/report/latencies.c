// SPDX-License-Identifier: GPL-2.0
/* Operations that were timed one by one: what most of them stay below, and the slowest. */
#include "writeup.h"

#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "table_cells.h"

#define FOLDED	40

static const struct {
	const char	*title;
	const char	*member;
} columns[] = {
	{ "P50", "p50" }, { "P90", "p90" }, { "P99", "p99" }, { "P99.9", "p99_9" },
	{ "SLOWEST", "max" }, { "TIMER", "timer_cost" },
};

#define NR_COLUMNS	(sizeof(columns) / sizeof(columns[0]))

/* Of the first boot that has one: buckets of several are not added up. */
const json_t *kb_writeup_histogram(const json_t *entries)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(entries, i, entry)
		if (json_object_get(entry, "histogram"))
			return json_object_get(entry, "histogram");
	return NULL;
}

static void add_row(struct kb_sheet *sheet, const struct kb_writeup_side *side,
		    const struct kb_writeup_rows *rows, const struct kb_writeup_row *row,
		    const json_t *histogram)
{
	struct kb_sheet_cell *cells = kb_sheet_row(sheet);
	const char *unit = kb_text(row->entry, "unit");

	if (!cells)
		return;
	cells[0].text = kb_writeup_bench(row->entry);
	cells[1].text = kb_cell_text(KB_COLUMN_PARAMS, row->entry, rows->varying);
	cells[2].text = kb_cell_text(KB_COLUMN_CPUS, row->entry, rows->varying);
	kb_cell(&cells[3], "%s", side ? side->name : "");
	for (size_t c = 0; c < NR_COLUMNS; c++) {
		const json_t *value = json_object_get(histogram, columns[c].member);
		char text[KB_FIGURE_LEN];

		if (!value)
			continue;
		kb_format_figure(text, json_number_value(value), unit);
		kb_cell(&cells[4 + c], "%s", text);
	}
	kb_cell(&cells[4 + NR_COLUMNS], "%" JSON_INTEGER_FORMAT,
		json_integer_value(json_object_get(histogram, "max_cpu")));
}

int kb_writeup_latencies(struct kb_writeup *page, const struct kb_writeup_rows *rows)
{
	struct kb_sheet sheet;
	size_t least;

	kb_sheet_begin(&sheet, "Operations timed one at a time: what 50 to 99.9 %% of them stay "
		       "below, the slowest and its CPU. Reading the clock (TIMER) is in all of "
		       "these.%s", kb_writeup_boots(page, &least) > 1 ?
		       " Of each side's first boot." : "");
	sheet.mark = kb_writeup_mark(page, kb_text(rows->rows[0].entry, "suite"));
	sheet.folded = FOLDED;
	kb_sheet_column(&sheet, "BENCH", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "PARAMETERS", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "CPUS", KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, "KERNEL", KB_SHEET_LEFT);
	for (size_t c = 0; c < NR_COLUMNS; c++)
		kb_sheet_column(&sheet, columns[c].title, KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, "ON CPU", KB_SHEET_RIGHT);
	for (size_t i = 0; i < rows->nr; i++)
		for (size_t s = 0; s < page->nr_sides; s++) {
			const struct kb_writeup_row *row = &rows->rows[i];
			const json_t *histogram = kb_writeup_histogram(row->entries[s]);

			if (histogram)
				add_row(&sheet, page->nr_sides > 1 ? &page->sides[s] : NULL, rows,
					row, histogram);
		}
	kb_document_sheet(&page->doc, &sheet);
	kb_sheet_free(&sheet);
	return 0;
}
