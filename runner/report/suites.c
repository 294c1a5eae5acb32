// SPDX-License-Identifier: GPL-2.0
/* A suite: a table of its cases, and pictures. */
#include "writeup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "writeup_pictures.h"
#include "paths.h"
#include "table.h"
#include "table_cells.h"

/* Rows that are seen at once; the others are behind them. */
#define FOLDED		60

/** struct scale - of drawings: logarithmic, from @low to @high */
struct scale {
	double	low;
	double	high;
};

/**
 * struct ranked - a row with what it is sorted by
 * @cpus:  rows of as many CPUs stand together
 * @place: in the order of the file
 */
struct ranked {
	const struct kb_writeup_row	*row;
	struct kb_writeup_figure		figure;
	json_int_t			cpus;
	size_t				place;
};

/**
 * struct suite - one that is written
 * @list:    its rows, in their order
 * @ranked:  within those of as many CPUs the cheapest comes first
 * @single:  the only side that has cases of it, or NULL
 * @counters: object of the names of perf counters
 */
struct suite {
	struct kb_writeup			*page;
	const char			*name;
	struct kb_writeup_rows		rows;
	struct ranked			*list;
	bool				ranked;
	const struct kb_writeup_side	*single;
	size_t				single_place;
	json_t				*counters;
	struct scale			scale;
};

static json_int_t integer(const json_t *entry, const char *name)
{
	return json_integer_value(json_object_get(entry, name));
}

static struct kb_writeup_figure first_figure(const struct kb_writeup *page,
					     const struct kb_writeup_row *row)
{
	struct kb_writeup_figure figure = { .nr_boots = 0 };

	for (size_t s = 0; !figure.nr_boots && s < page->nr_sides; s++)
		if (row->entries[s])
			figure = kb_writeup_figure(row->entries[s]);
	return figure;
}

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->cpus != y->cpus)
		return x->cpus < y->cpus ? -1 : 1;
	if (x->figure.value != y->figure.value)
		return x->figure.value < y->figure.value ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/*
 * Which of them to choose is what people ask of counters, and of every suite that has each of its
 * benches once for a number of CPUs. Sweeps and pairs of CPUs stay together.
 */
static bool is_ranked(const struct suite *suite)
{
	json_t *seen = json_object();
	bool once = seen;

	for (size_t i = 0; once && i < suite->rows.nr; i++) {
		const json_t *entry = suite->rows.rows[i].entry;
		char key[256];

		snprintf(key, sizeof(key), "%s:%s:%s %" JSON_INTEGER_FORMAT,
			 kb_text(entry, "bench"), kb_text(entry, "phase"),
			 kb_text(entry, "context"), integer(entry, "cpus"));
		once = !json_object_get(seen, key) && !json_object_set_new(seen, key, json_true());
	}
	json_decref(seen);
	return once || !strcmp(suite->name, "counters");
}

static void widen(struct scale *scale, const struct kb_writeup_figure *figure)
{
	if (!(figure->value > 0))
		return;
	scale->low = fmin(scale->low, figure->value);
	scale->high = fmax(scale->high, figure->value);
	if (figure->low > 0 && isfinite(figure->high)) {
		scale->low = fmin(scale->low, figure->low);
		scale->high = fmax(scale->high, figure->high);
	}
}

static int order_rows(struct suite *suite)
{
	suite->list = calloc(suite->rows.nr + 1, sizeof(*suite->list));
	if (!suite->list)
		return -1;
	suite->scale = (struct scale){ INFINITY, 0 };
	for (size_t i = 0; i < suite->rows.nr; i++) {
		const struct kb_writeup_row *row = &suite->rows.rows[i];

		suite->list[i] = (struct ranked){
			.row = row, .figure = first_figure(suite->page, row),
			.cpus = integer(row->entry, "cpus"), .place = i,
		};
		widen(&suite->scale, &suite->list[i].figure);
	}
	suite->ranked = is_ranked(suite);
	if (suite->ranked)
		qsort(suite->list, suite->rows.nr, sizeof(*suite->list), by_rank);
	return 0;
}

/* The side that has cases of the suite, when it is the only one. */
static void find_single(struct suite *suite)
{
	const struct kb_writeup *page = suite->page;
	size_t nr = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		for (size_t i = 0; i < suite->rows.nr; i++) {
			if (!suite->rows.rows[i].entries[s])
				continue;
			suite->single = &page->sides[s];
			suite->single_place = s;
			nr++;
			break;
		}
	if (nr != 1)
		suite->single = NULL;
}

static int find_counters(struct suite *suite)
{
	const char *name;
	json_t *counter;
	int bad = 0;

	suite->counters = json_object();
	for (size_t i = 0; i < suite->rows.nr; i++)
		json_object_foreach(json_object_get(suite->rows.rows[i].entry, "counters"), name,
				    counter)
			bad |= json_object_set_new(suite->counters, name, json_true());
	return suite->counters ? bad : -1;
}

/* Where @value is between the ends of the scale. */
static float place(double value, const struct scale *scale)
{
	double range = log(scale->high / scale->low);

	return range > 0 ? (float)(log(value / scale->low) / range) : 0.5F;
}

static void draw(struct kb_sheet_cell *cell, const struct kb_writeup_figure *figure,
		 const struct scale *scale)
{
	if (!figure->nr_boots || !(figure->value > 0))
		return;
	cell->mid = place(figure->value, scale);
	cell->low = figure->low > 0 ? place(figure->low, scale) : 0;
	cell->high = isfinite(figure->high) ? place(figure->high, scale) : 1;
}

/* Takes the text over. */
static void take(struct kb_sheet_cell *cell, char *text)
{
	free(cell->text);
	cell->text = text;
}

static void fill_interval(struct kb_sheet_cell *cell, const struct kb_writeup_figure *figure,
			  const char *unit)
{
	const struct kb_scale scale = kb_scale_for(figure->value, unit);
	char low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];

	if (!figure->nr_boots || !isfinite(figure->high) || figure->low == figure->high)
		return;
	kb_format_scaled(low, figure->low, &scale);
	kb_format_scaled(high, figure->high, &scale);
	kb_cell(cell, "%s..%s", low, high);
}

static void fill_value(struct kb_sheet_cell *cell, const struct kb_writeup_figure *figure,
		       const char *unit)
{
	char text[KB_FIGURE_LEN];

	if (!figure->nr_boots)
		return;
	kb_format_figure(text, figure->value, unit);
	kb_cell(cell, "%s", text);
}

static void fill_ratio(struct kb_sheet_cell *cell, double ratio)
{
	char text[KB_CHANGE_LEN];

	kb_writeup_times(text, ratio);
	kb_cell(cell, "%s", text);
}

/* Over the boots. */
static void fill_rate(struct kb_sheet_cell *cell, const json_t *entries)
{
	const json_t *entry, *rate;
	char text[KB_FIGURE_LEN];
	double sum = 0;
	size_t i, nr = 0;

	json_array_foreach(entries, i, entry) {
		rate = json_object_get(entry, "throughput_ops_s");
		sum += json_number_value(rate);
		nr += rate != NULL;
	}
	if (!nr)
		return;
	kb_format_rate(text, sum / (double)nr);
	kb_cell(cell, "%s", text);
}

/* Those of all boots, each once. */
static void fill_flags(struct kb_sheet_cell *cell, const json_t *entries, const json_t *varying)
{
	json_t *all = json_array(), *merged = json_pack("{s:O}", "flags", all);
	const json_t *entry, *flag, *known;
	size_t i, j, k;

	json_array_foreach(entries, i, entry)
		json_array_foreach(json_object_get(entry, "flags"), j, flag) {
			bool seen = false;

			json_array_foreach(all, k, known)
				seen |= json_equal(known, flag);
			if (!seen)
				json_array_append(all, (json_t *)flag);
		}
	take(cell, kb_cell_text(KB_COLUMN_FLAGS, merged, varying));
	if (cell->text && *cell->text)
		cell->tone = KB_TONE_WARN;
	json_decref(all);
	json_decref(merged);
}

static void label(const struct suite *suite, struct kb_sheet_cell *cells, size_t i)
{
	const json_t *entry = suite->list[i].row->entry;

	cells[0].apart = suite->ranked && i && suite->list[i].cpus != suite->list[i - 1].cpus;
	take(&cells[0], kb_writeup_bench(entry));
	take(&cells[1], kb_cell_text(KB_COLUMN_PARAMS, entry, suite->rows.varying));
	take(&cells[2], kb_cell_text(KB_COLUMN_CPUS, entry, suite->rows.varying));
}

/* What the cheapest of as many CPUs costs; rows are in the order of rank. */
static double cheapest(const struct suite *suite, size_t i)
{
	while (i && suite->list[i - 1].cpus == suite->list[i].cpus)
		i--;
	return suite->list[i].figure.value;
}

static void add_single(const struct suite *suite, struct kb_sheet *sheet, size_t i)
{
	const struct ranked *ranked = &suite->list[i];
	const json_t *entries = ranked->row->entries[suite->single_place], *counter;
	const json_t *entry = json_array_get(entries, 0);
	const char *unit = kb_text(entry, "unit"), *name;
	struct kb_sheet_cell *row = kb_sheet_row(sheet);
	size_t c = 10;

	if (!row)
		return;
	label(suite, row, i);
	fill_value(&row[3], &ranked->figure, unit);
	draw(&row[4], &ranked->figure, &suite->scale);
	if (suite->ranked && cheapest(suite, i) > 0)
		fill_ratio(&row[5], ranked->figure.value / cheapest(suite, i));
	fill_interval(&row[6], &ranked->figure, unit);
	if (ranked->figure.nr_boots == 1)
		take(&row[7], kb_cell_text(KB_COLUMN_SPREAD, entry, suite->rows.varying));
	fill_rate(&row[8], entries);
	if (ranked->figure.nr_boots == 1)
		take(&row[9], kb_cell_text(KB_COLUMN_FAIRNESS, entry, suite->rows.varying));
	json_object_foreach(suite->counters, name, counter)
		take(&row[c++], kb_counter_text(entry, name));
	fill_flags(&row[c], entries, suite->rows.varying);
}

static void add_columns(const struct suite *suite, struct kb_sheet *sheet)
{
	static const char *const titles[] = {
		"RATIO", "95 % INTERVAL", "SPREAD", "OPS", "FAIR",
	};
	const json_t *value;
	const char *name;

	kb_sheet_column(sheet, "PER OP", KB_SHEET_RIGHT);
	kb_sheet_column(sheet, "", KB_SHEET_DRAWN);
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		kb_sheet_column(sheet, titles[i], KB_SHEET_RIGHT);
	json_object_foreach(suite->counters, name, value)
		kb_sheet_column(sheet, name, KB_SHEET_RIGHT);
	kb_sheet_column(sheet, "FLAGS", KB_SHEET_LEFT);
	if (!sheet->bad)
		sheet->columns[sheet->nr_columns - 1].wide = true;
}

static void add_several(const struct suite *suite, struct kb_sheet *sheet, size_t i)
{
	const struct kb_writeup_row *row = suite->list[i].row;
	struct kb_sheet_cell *cells = kb_sheet_row(sheet);

	if (!cells)
		return;
	label(suite, cells, i);
	for (size_t s = 0; s < suite->page->nr_sides; s++) {
		struct kb_writeup_figure figure = kb_writeup_figure(row->entries[s]);

		fill_value(&cells[3 + s], &figure, kb_text(row->entry, "unit"));
	}
}

static void begin_sheet(const struct suite *suite, struct kb_sheet *sheet)
{
	char low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];
	const char *unit = kb_text(suite->rows.rows[0].entry, "unit");

	kb_format_figure(low, suite->scale.low, unit);
	kb_format_figure(high, suite->scale.high, unit);
	kb_sheet_begin(sheet, "What one operation costs%s%s%s",
		       suite->single && suite->page->nr_sides > 1 ? " on " : "",
		       suite->single && suite->page->nr_sides > 1 ? suite->single->name : "",
		       suite->ranked ? ", the cheapest first" : "");
	sheet->legend = kb_path("drawn on a logarithmic scale from %s to %s", low, high);
	sheet->mark = kb_writeup_mark(suite->page, suite->name);
	sheet->folded = FOLDED;
	kb_sheet_column(sheet, "BENCH", KB_SHEET_LEFT);
	kb_sheet_column(sheet, "PARAMETERS", KB_SHEET_LEFT);
	kb_sheet_column(sheet, "CPUS", KB_SHEET_RIGHT);
}

static void put_constant(struct kb_writeup *page, const json_t *constant)
{
	const json_t *value;
	const char *name;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	json_object_foreach((json_t *)constant, name, value)
		fprintf(out, "%s%s=%" JSON_INTEGER_FORMAT, ftell(out) ? ", " : "", name,
			json_integer_value(value));
	fclose(out);
	if (*text)
		kb_document_text(&page->doc, "In all of these cases: %s.", text);
	free(text);
}

/* The mark is above the table; where it is not for all, it says for which. */
static void add_side(const struct kb_writeup *page, struct kb_sheet *sheet,
		     const struct kb_writeup_side *side)
{
	bool mixed = false;
	char *title;

	for (size_t s = 0; s < page->nr_sides; s++)
		mixed |= !page->sides[s].mark;
	title = kb_path("%s%s", side->name, mixed && side->mark ? ", emulated" : "");
	kb_sheet_column(sheet, title, KB_SHEET_RIGHT);
	free(title);
}

static void put_table(const struct suite *suite)
{
	const struct kb_writeup *page = suite->page;
	struct kb_sheet sheet;

	begin_sheet(suite, &sheet);
	if (suite->single)
		add_columns(suite, &sheet);
	for (size_t s = 0; !suite->single && s < page->nr_sides; s++)
		add_side(page, &sheet, &page->sides[s]);
	for (size_t i = 0; i < suite->rows.nr; i++) {
		if (suite->single)
			add_single(suite, &sheet, i);
		else
			add_several(suite, &sheet, i);
	}
	kb_document_sheet(&suite->page->doc, &sheet);
	kb_sheet_free(&sheet);
}

int kb_writeup_suite(struct kb_writeup *page, const char *name)
{
	struct suite suite = { .page = page, .name = name };
	int bad = kb_writeup_rows_make(&suite.rows, page, name) || order_rows(&suite) ||
		  find_counters(&suite);

	if (!bad && suite.rows.nr) {
		find_single(&suite);
		put_constant(page, suite.rows.constant);
		kb_writeup_pictures(page, name, suite.rows.nr);
		put_table(&suite);
		bad = kb_writeup_latencies(page, &suite.rows);
	}
	free(suite.list);
	json_decref(suite.counters);
	kb_writeup_rows_free(&suite.rows);
	return bad;
}
