// SPDX-License-Identifier: GPL-2.0
/* What the perf tool saw beside the cases (run --perf): a table for each way of using it. */
#include "writeup.h"

#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "table.h"

/* Of each case; all of them stand in the result. */
#define MAX_SHOWN	5
#define FOLDED		40

/* Behind the case and its kernel. */
#define MAX_COLUMNS	5

static double number(const json_t *item, const char *name)
{
	return json_number_value(json_object_get(item, name));
}

static void put_function(struct kb_sheet_cell *cells, const json_t *item)
{
	const char *name = kb_text(item, "name");

	kb_cell(&cells[0], "%.1f %%", number(item, "share") * 100);
	kb_cell(&cells[1], "%s", strcmp(name, "?") ? name : "(no symbols)");
	kb_cell(&cells[2], "%s", kb_text(item, "object"));
}

static void put_event(struct kb_sheet_cell *cells, const json_t *item)
{
	const char *unit = kb_text(item, "unit");

	if (json_object_get(item, "value"))
		kb_cell(&cells[0], "%.10g%s%s", number(item, "value"), *unit ? " " : "", unit);
	kb_cell(&cells[1], "%s", kb_text(item, "name"));
	kb_cell(&cells[2], "%s", kb_text(item, "reason"));
}

static void put_line(struct kb_sheet_cell *cells, const json_t *item)
{
	const json_t *functions = json_object_get(item, "functions"), *function;
	size_t size, i;
	FILE *out;

	kb_cell(&cells[0], "%.1f %%", number(item, "share") * 100);
	kb_cell(&cells[1], "%s", kb_text(item, "address"));
	kb_cell(&cells[2], "%.0f", number(item, "loads"));
	out = open_memstream(&cells[3].text, &size);
	json_array_foreach(functions, i, function)
		if (out && json_is_string(function))
			fprintf(out, "%s%s", i ? ", " : "", json_string_value(function));
	if (out)
		fclose(out);
}

static void put_lock(struct kb_sheet_cell *cells, const json_t *item)
{
	char text[KB_FIGURE_LEN];

	kb_format_figure(text, number(item, "wait_ns"), "ns");
	kb_cell(&cells[0], "%s", text);
	kb_cell(&cells[1], "%.0f", number(item, "contended"));
	kb_format_figure(text, number(item, "max_wait_ns"), "ns");
	kb_cell(&cells[2], "%s", text);
	kb_cell(&cells[3], "%s", kb_text(item, "type"));
	kb_cell(&cells[4], "%s", kb_text(item, "name"));
}

/**
 * struct list - what perf has found of one kind
 * @name:    of the member of "perf"
 * @caption: of its table
 * @columns: behind the case and its kernel; @right: those of figures, as bits
 */
static const struct list {
	const char	*name;
	const char	*caption;
	const char	*columns[MAX_COLUMNS];
	unsigned int	right;
	void		(*put)(struct kb_sheet_cell *cells, const json_t *item);
} lists[] = {
	{ "functions", "Hot functions: their part of the samples on the case's CPUs",
	  { "PART", "FUNCTION", "IN" }, 1, put_function },
	{ "events", "Events on the case's CPUs, calibration included",
	  { "COUNT", "EVENT", "WHY NOT" }, 1, put_event },
	{ "lines", "Lines of memory that CPUs took from each other: their part of such loads",
	  { "PART", "LINE", "LOADS", "ACCESSED BY" }, 5, put_line },
	{ "locks", "Where CPUs waited for locks",
	  { "WAITED", "TIMES", "LONGEST", "LOCK", "WHERE" }, 7, put_lock },
};

#define NR_LISTS	(sizeof(lists) / sizeof(lists[0]))

static const json_t *cases_of(const struct kb_writeup_side *side)
{
	return json_object_get(side->result, "cases");
}

bool kb_writeup_has_perf(const struct kb_writeup *page)
{
	const json_t *entry;
	size_t i;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_array_foreach(cases_of(&page->sides[s]), i, entry)
			if (json_object_get(entry, "perf"))
				return true;
	return false;
}

static void add_case(const struct kb_writeup *page, struct kb_sheet *sheet,
		     const struct kb_writeup_side *side, const json_t *entry,
		     const struct list *list, const json_t *items)
{
	char name[KB_ENTRY_NAME_LEN];
	const json_t *item;
	size_t i;

	kb_entry_name(name, entry, false);
	json_array_foreach(items, i, item) {
		struct kb_sheet_cell *cells = i < MAX_SHOWN || list->put == put_event ?
					      kb_sheet_row(sheet) : NULL;

		if (!cells)
			return;
		cells[0].apart = !i;
		kb_cell(&cells[0], "%s", i ? "" : kb_writeup_label(page, name));
		kb_cell(&cells[1], "%s", i || page->nr_sides < 2 ? "" : side->name);
		list->put(cells + 2, item);
	}
}

static void add_cases(const struct kb_writeup *page, struct kb_sheet *sheet,
		      const struct kb_writeup_side *side, const struct list *list)
{
	const json_t *entry, *before = NULL;
	size_t i;

	json_array_foreach(cases_of(side), i, entry) {
		const json_t *items = json_object_get(json_object_get(entry, "perf"), list->name);

		/* Phases of a case have the same. */
		if (items && (!before || !json_equal(items, before)))
			add_case(page, sheet, side, entry, list, items);
		before = items;
	}
}

int kb_writeup_perf(struct kb_writeup *page)
{
	kb_document_text(&page->doc, "The perf tool looked on while these cases were measured, "
			 "which disturbs them. Whatever else ran on their CPUs is in this, too.");
	for (size_t k = 0; k < NR_LISTS; k++) {
		const struct list *list = &lists[k];
		struct kb_sheet sheet;

		kb_sheet_begin(&sheet, "%s", list->caption);
		sheet.folded = FOLDED;
		kb_sheet_column(&sheet, "CASE", KB_SHEET_LEFT);
		kb_sheet_column(&sheet, "KERNEL", KB_SHEET_LEFT);
		for (size_t c = 0; c < MAX_COLUMNS && list->columns[c]; c++)
			kb_sheet_column(&sheet, list->columns[c], list->right & 1U << c ?
					KB_SHEET_RIGHT : KB_SHEET_LEFT);
		for (size_t s = 0; s < page->nr_sides; s++)
			add_cases(page, &sheet, &page->sides[s], list);
		kb_document_sheet(&page->doc, &sheet);
		kb_sheet_free(&sheet);
	}
	return 0;
}
