// SPDX-License-Identifier: GPL-2.0
/* The cases of all sides, each once, and what they cost. */
#include "writeup.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gather.h"
#include "paths.h"
#include "precision.h"
#include "table.h"
#include "table_cells.h"

#define CONFIDENCE	0.95

char *kb_writeup_bench(const json_t *entry)
{
	char *whole = kb_cell_text(KB_COLUMN_BENCH, entry, NULL);
	char *bench = whole ? kb_path("%s", whole + strlen(kb_text(entry, "suite")) + 1) : NULL;

	free(whole);
	return bench;
}

static const char *suite_of(const json_t *entries)
{
	return kb_text(json_array_get(entries, 0), "suite");
}

static size_t count(const struct kb_writeup *page, const char *suite)
{
	const json_t *entries;
	const char *name;
	size_t nr = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries)
			nr += !strcmp(suite_of(entries), suite);
	return nr;
}

static struct kb_writeup_row *row_of(struct kb_writeup_rows *rows, const char *name,
				     const json_t *entries, size_t nr_sides)
{
	const json_t *place = json_object_get(rows->places, name);
	struct kb_writeup_row *row;

	if (place)
		return &rows->rows[json_integer_value(place)];
	if (json_object_set_new(rows->places, name, json_integer((json_int_t)rows->nr)))
		return NULL;
	row = &rows->rows[rows->nr];
	*row = (struct kb_writeup_row){
		.name = name, .entry = json_array_get(entries, 0),
		.entries = rows->entries + rows->nr * nr_sides,
	};
	rows->nr++;
	return row;
}

static int fill(struct kb_writeup_rows *rows, const struct kb_writeup *page,
			 const char *suite)
{
	json_t *entries;
	const char *name;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries) {
			struct kb_writeup_row *row;

			if (strcmp(suite_of(entries), suite) != 0)
				continue;
			row = row_of(rows, name, entries, page->nr_sides);
			if (!row)
				return -1;
			row->entries[s] = entries;
		}
	return 0;
}

static int sort_params(struct kb_writeup_rows *rows)
{
	int bad = 0;

	for (size_t i = 0; i < rows->nr; i++)
		bad |= kb_params_sort(rows->rows[i].entry, rows->constant, rows->varying);
	return bad;
}

int kb_writeup_rows_make(struct kb_writeup_rows *rows, const struct kb_writeup *page,
			 const char *suite)
{
	size_t nr = count(page, suite);

	*rows = (struct kb_writeup_rows){
		.rows = calloc(nr + 1, sizeof(*rows->rows)),
		.entries = calloc(nr * page->nr_sides + 1, sizeof(*rows->entries)),
		.places = json_object(), .varying = json_object(), .constant = json_object(),
	};
	if (!rows->rows || !rows->entries || !rows->places || !rows->varying || !rows->constant)
		return -1;
	return fill(rows, page, suite) | sort_params(rows);
}

void kb_writeup_rows_free(struct kb_writeup_rows *rows)
{
	free(rows->rows);
	free(rows->entries);
	json_decref(rows->places);
	json_decref(rows->varying);
	json_decref(rows->constant);
	memset(rows, 0, sizeof(*rows));
}

/* By this boot's samples; a result that was read without them has the median alone. */
static struct kb_writeup_figure of_one_boot(const json_t *entry)
{
	const json_t *per_op = json_object_get(entry, "per_op");
	const json_t *interval = json_object_get(per_op, "ci95");
	struct kb_writeup_figure figure = {
		.value = json_number_value(json_object_get(per_op, "median")), .nr_boots = 1,
	};

	figure.low = interval ? json_number_value(json_array_get(interval, 0)) : figure.value;
	figure.high = interval ? json_number_value(json_array_get(interval, 1)) : figure.value;
	return figure;
}

struct kb_writeup_figure kb_writeup_figure(const json_t *entries)
{
	struct kb_writeup_figure figure = { .nr_boots = 0 };
	struct kb_side side = { 0 };
	double sum = 0, half;

	if (json_array_size(entries) == 1)
		return of_one_boot(json_array_get(entries, 0));
	if (entries && !kb_side_fill(&side, entries)) {
		for (size_t i = 0; i < side.nr; i++)
			sum += side.values[i];
		sum /= (double)side.nr;
		half = kb_mean_half(side.values, side.nr, CONFIDENCE);
		figure = (struct kb_writeup_figure){
			.value = exp(sum), .low = exp(sum - half), .high = exp(sum + half),
			.nr_boots = side.nr,
		};
	}
	kb_side_free(&side);
	return figure;
}

bool kb_writeup_is_pair(const json_t *entry)
{
	return !strcmp(kb_text(entry, "placement"), "pair") &&
	       json_array_size(json_object_get(entry, "cpu_list")) == 2;
}

static bool has_suite(const struct kb_writeup_side *side, const char *suite)
{
	const json_t *entries;
	const char *name;

	if (!suite)
		return true;
	json_object_foreach(side->index, name, entries)
		if (!strcmp(suite_of(entries), suite))
			return true;
	return false;
}

const char *kb_writeup_mark(const struct kb_writeup *page, const char *suite)
{
	for (size_t s = 0; s < page->nr_sides; s++)
		if (page->sides[s].mark && has_suite(&page->sides[s], suite))
			return page->sides[s].mark;
	return NULL;
}

size_t kb_writeup_boots(const struct kb_writeup *page, size_t *least)
{
	const json_t *entries;
	const char *name;
	size_t most = 0;

	*least = SIZE_MAX;
	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries) {
			size_t nr = json_array_size(entries);

			if (json_object_size(page->suites) > 1 &&
			    !strcmp(suite_of(entries), "selfcheck"))
				continue;
			most = nr > most ? nr : most;
			*least = nr < *least ? nr : *least;
		}
	return most;
}
