// SPDX-License-Identifier: GPL-2.0
/* What has no figure, and why; and what the results and this page warn of. */
#include "writeup.h"

#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "paths.h"
#include "table.h"

static const json_t *cases_of(const struct kb_writeup_side *side)
{
	return json_object_get(side->result, "cases");
}

static bool is_ok(const json_t *entry)
{
	return !strcmp(kb_text(entry, "status"), "ok");
}

/** struct fate - what became of a case, or of one that was measured; @nr_boots: in so many boots */
struct fate {
	const json_t	*entry;
	size_t		nr_boots;
};

static bool same_fate(const struct fate *a, const struct fate *b)
{
	return !strcmp(kb_text(a->entry, "status"), kb_text(b->entry, "status")) &&
	       !strcmp(kb_text(a->entry, "reason"), kb_text(b->entry, "reason")) &&
	       a->nr_boots == b->nr_boots;
}

/* Each case once, however many boots it had the same fate in; malloc()ed, NULL: no memory */
static struct fate *find_fates(const json_t *cases, size_t *nr)
{
	struct fate *fates = calloc(json_array_size(cases) + 1, sizeof(*fates));
	json_t *places = json_object();
	const json_t *entry, *place;
	size_t i;

	*nr = 0;
	json_array_foreach(cases, i, entry) {
		char name[KB_ENTRY_NAME_LEN], *key;

		if (!fates)
			break;
		kb_entry_name(name, entry, true);
		key = kb_path("%s\n%s\n%s", name, kb_text(entry, "status"),
			      kb_text(entry, "reason"));
		place = json_object_get(places, key);
		if (place) {
			fates[json_integer_value(place)].nr_boots++;
		} else {
			json_object_set_new_nocheck(places, key, json_integer((json_int_t)*nr));
			fates[(*nr)++] = (struct fate){ entry, 1 };
		}
		free(key);
	}
	json_decref(places);
	return fates;
}

bool kb_writeup_has_unmeasured(const struct kb_writeup *page)
{
	const json_t *entry;
	size_t i;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_array_foreach(cases_of(&page->sides[s]), i, entry)
			if (!is_ok(entry))
				return true;
	return false;
}

/* Neighbours with the same fate share a row: @nr of them up to @last. */
static void add_row(struct kb_sheet *sheet, const struct kb_writeup_side *side,
		    const struct fate *fate, const json_t *last, size_t nr)
{
	const json_t *entry = fate->entry;
	struct kb_sheet_cell *row = kb_sheet_row(sheet);
	char first_name[KB_ENTRY_NAME_LEN], last_name[KB_ENTRY_NAME_LEN];

	if (!row)
		return;
	kb_entry_name(first_name, entry, false);
	kb_entry_name(last_name, last, false);
	kb_cell(&row[0], "%s%s%s", first_name, nr > 1 ? " to " : "", nr > 1 ? last_name : "");
	kb_cell(&row[1], "%zu", nr);
	kb_cell(&row[2], "%zu", fate->nr_boots);
	kb_cell(&row[3], "%s", kb_text(entry, "status"));
	row[3].tone = strcmp(kb_text(entry, "status"), "failed") ? KB_TONE_OPEN : KB_TONE_BAD;
	kb_cell(&row[4], "%s", kb_text(entry, "reason"));
	kb_cell(&row[5], "%s", side->name);
}

static int add_side(struct kb_sheet *sheet, const struct kb_writeup_side *side)
{
	size_t nr;
	struct fate *fates = find_fates(cases_of(side), &nr);

	if (!fates)
		return -1;
	for (size_t i = 0, next; i < nr; i = next) {
		for (next = i + 1; next < nr; next++)
			if (!same_fate(&fates[i], &fates[next]))
				break;
		if (!is_ok(fates[i].entry))
			add_row(sheet, side, &fates[i], fates[next - 1].entry, next - i);
	}
	free(fates);
	return 0;
}

int kb_writeup_unmeasured(struct kb_writeup *page)
{
	struct kb_sheet sheet;
	int ret = 0;

	kb_sheet_begin(&sheet, "Cases without a figure, and why");
	kb_sheet_column(&sheet, "CASE", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "CASES", KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, "BOOTS", KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, "STATUS", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "WHY", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "KERNEL", KB_SHEET_LEFT);
	if (!sheet.bad)
		sheet.columns[0].wide = sheet.columns[4].wide = true;
	for (size_t s = 0; !ret && s < page->nr_sides; s++)
		ret = add_side(&sheet, &page->sides[s]);
	kb_document_sheet(&page->doc, &sheet);
	kb_sheet_free(&sheet);
	return ret;
}

static const json_t *warnings_of(const struct kb_writeup_side *side)
{
	return json_object_get(json_object_get(side->result, "environment"), "warnings");
}

static const json_t *errors_of(const struct kb_writeup_side *side)
{
	return json_object_get(side->result, "errors");
}

bool kb_writeup_has_warnings(const struct kb_writeup *page)
{
	bool has = json_array_size(page->notes) || page->pictureless;

	for (size_t s = 0; s < page->nr_sides; s++)
		has |= json_array_size(warnings_of(&page->sides[s])) ||
		       json_array_size(errors_of(&page->sides[s]));
	return has;
}

static void put_each(struct kb_writeup *page, const char *lead, const json_t *texts)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
		kb_document_item(&page->doc, lead, "%s", json_string_value(text));
}

void kb_writeup_warnings(struct kb_writeup *page)
{
	put_each(page, NULL, page->notes);
	if (page->pictureless)
		kb_document_item(&page->doc, NULL, "There are no plots: %s.",
				 page->pictureless);
	for (size_t s = 0; s < page->nr_sides; s++) {
		char *lead = kb_path("%s:", page->sides[s].name);

		put_each(page, lead, warnings_of(&page->sides[s]));
		put_each(page, lead, errors_of(&page->sides[s]));
		free(lead);
	}
}
