// SPDX-License-Identifier: GPL-2.0
/* What changed from kernel to kernel: a verdict for each case, the largest effect first. */
#include "writeup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "writeup_pictures.h"
#include "paths.h"
#include "report.h"
#include "table.h"

/* Rows that are seen at once; the others are behind them. */
#define FOLDED		40
#define FOLDED_OF_MANY	20

/* No drawing is finer than a change of so much either way. */
#define LEAST_RANGE	0.02

static const enum kb_tone tones[KB_NR_VERDICTS] = {
	[KB_REGRESSED] = KB_TONE_BAD, [KB_IMPROVED] = KB_TONE_GOOD,
	[KB_EQUIVALENT] = KB_TONE_SAME, [KB_INCONCLUSIVE] = KB_TONE_OPEN,
};

static bool is_change(const struct kb_pair *pair)
{
	return pair->verdict == KB_REGRESSED || pair->verdict == KB_IMPROVED;
}

/* Changes first; of these, and of the others, the largest effect first. */
static int by_effect(const void *a, const void *b)
{
	const struct kb_pair *x = *(const struct kb_pair *const *)a;
	const struct kb_pair *y = *(const struct kb_pair *const *)b;
	double more = fabs(y->judgement.difference) - fabs(x->judgement.difference);

	if (is_change(x) != is_change(y))
		return is_change(x) ? -1 : 1;
	if (more != 0)
		return more > 0 ? 1 : -1;
	return strcmp(x->name, y->name);
}

const struct kb_pair **kb_writeup_by_effect(const struct kb_comparison *comparison)
{
	const struct kb_pair **sorted = calloc(comparison->nr + 1, sizeof(*sorted));

	for (size_t i = 0; sorted && i < comparison->nr; i++)
		sorted[i] = &comparison->pairs[i];
	if (sorted)
		qsort(sorted, comparison->nr, sizeof(*sorted), by_effect);
	return sorted;
}

void kb_writeup_change(char text[KB_CHANGE_LEN], double logarithm)
{
	double ratio = exp(logarithm);

	/* Twice as much says more than +100 %. */
	if (ratio >= 2 || ratio <= 0.5)
		snprintf(text, KB_CHANGE_LEN, ratio < 1000 ? "%.3g times" : "%.0f times", ratio);
	else
		snprintf(text, KB_CHANGE_LEN, "%+.2f %%", 100 * expm1(logarithm));
}

void kb_writeup_times(char text[KB_CHANGE_LEN], double ratio)
{
	snprintf(text, KB_CHANGE_LEN, ratio < 10 ? "%.2f" : ratio < 100 ? "%.1f" : "%.0f", ratio);
}

/* How far drawings reach to either side: what most rows that are seen at once need. */
static double range_of(const struct kb_pair *const *sorted, size_t nr)
{
	double range = LEAST_RANGE;

	for (size_t i = 0; i < nr && i < FOLDED; i++) {
		const struct kb_judgement *judgement = &sorted[i]->judgement;

		range = fmax(range, fabs(judgement->difference));
		if (is_change(sorted[i]) && judgement->known)
			range = fmax(range, fmax(fabs(judgement->interval[0]),
						 fabs(judgement->interval[1])));
	}
	return 1.1 * range;
}

static float place(double logarithm, double range)
{
	return (float)(0.5 + logarithm / range / 2);
}

static void draw(struct kb_sheet_cell *cell, const struct kb_pair *pair, double range)
{
	const struct kb_judgement *judgement = &pair->judgement;
	bool known = judgement->known;

	cell->tone = tones[pair->verdict];
	cell->mid = fmaxf(0, place(judgement->difference, range));
	cell->low = known ? place(judgement->interval[0], range) : cell->mid;
	cell->high = known ? place(judgement->interval[1], range) : cell->mid;
}

static void fill_interval(struct kb_sheet_cell *cell, const struct kb_pair *pair)
{
	char low[KB_CHANGE_LEN], high[KB_CHANGE_LEN];

	if (pair->exact) {
		kb_cell(cell, "exact");
	} else if (pair->judgement.known) {
		kb_writeup_change(low, pair->judgement.interval[0]);
		kb_writeup_change(high, pair->judgement.interval[1]);
		kb_cell(cell, "%s to %s", low, high);
	}
}

static void fill_verdict(struct kb_sheet_cell *cell, const struct kb_pair *pair)
{
	cell->tone = tones[pair->verdict];
	kb_cell(cell, "%s%s%s", kb_verdict_name(pair->verdict),
		pair->judgement.differs && pair->verdict == KB_INCONCLUSIVE ? ", differs" : "",
		pair->judgement.robust_disagrees ? " *" : "");
}

static void add_row(const struct kb_writeup *page, struct kb_sheet *sheet,
		    const struct kb_pair *pair, double range)
{
	struct kb_sheet_cell *row = kb_sheet_row(sheet);
	const char *unit = kb_text(pair->a.entry, "unit");
	char text[KB_CHANGE_LEN];

	if (!row)
		return;
	kb_cell(&row[0], "%s", kb_writeup_label(page, pair->name));
	kb_writeup_change(text, pair->judgement.difference);
	kb_cell(&row[1], "%s", text);
	row[1].tone = is_change(pair) ? tones[pair->verdict] : KB_TONE_PLAIN;
	fill_verdict(&row[2], pair);
	draw(&row[3], pair, range);
	fill_interval(&row[4], pair);
	kb_format_figure(text, kb_report_estimate(pair, &pair->a), unit);
	kb_cell(&row[5], "%s", text);
	kb_format_figure(text, kb_report_estimate(pair, &pair->b), unit);
	kb_cell(&row[6], "%s", text);
	if (!pair->exact && pair->judgement.known) {
		kb_writeup_change(text, pair->judgement.detectable);
		kb_cell(&row[7], "%s", text);
	}
}

static int put_table(struct kb_writeup *page, const struct kb_writeup_verdicts *verdicts)
{
	const struct kb_comparison *comparison = &verdicts->comparison;
	const struct kb_writeup_side *a = &page->sides[verdicts->a], *b = &page->sides[verdicts->b];
	const struct kb_pair **sorted = kb_writeup_by_effect(comparison);
	char low[KB_CHANGE_LEN], high[KB_CHANGE_LEN];
	struct kb_sheet sheet;
	double range;

	if (!sorted)
		return -1;
	range = range_of(sorted, comparison->nr);
	kb_sheet_begin(&sheet, "Changes first, the largest effect first");
	kb_writeup_change(low, -range);
	kb_writeup_change(high, range);
	sheet.legend = kb_path("drawn from %s to %s, right of the line costs more on %s", low,
			       high, b->name);
	sheet.mark = b->mark ? b->mark : a->mark;
	sheet.origin = 0.5F;
	sheet.folded = page->nr_verdicts > 1 ? FOLDED_OF_MANY : FOLDED;
	kb_sheet_column(&sheet, "CASE", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "CHANGE", KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, "VERDICT", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "", KB_SHEET_DRAWN);
	kb_sheet_column(&sheet, "95 % INTERVAL", KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, a->name, KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, b->name, KB_SHEET_RIGHT);
	kb_sheet_column(&sheet, "DETECTABLE", KB_SHEET_RIGHT);
	for (size_t i = 0; i < comparison->nr; i++)
		add_row(page, &sheet, sorted[i], range);
	kb_document_sheet(&page->doc, &sheet);
	kb_sheet_free(&sheet);
	free(sorted);
	return 0;
}

static int put_suites(struct kb_writeup *page, const struct kb_comparison *comparison)
{
	json_t *suites = kb_report_suites(comparison);
	const json_t *ratio;
	const char *name;

	json_object_foreach(suites, name, ratio) {
		char text[KB_CHANGE_LEN];

		kb_writeup_change(text, log(json_number_value(ratio)));
		kb_document_item(&page->doc, name, "%s on the whole (geometric mean of the ratios)",
				 text);
	}
	json_decref(suites);
	return suites ? 0 : -1;
}

static void put_each(struct kb_writeup *page, const char *lead, const json_t *texts)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
		kb_document_item(&page->doc, lead, "%s", json_string_value(text));
}

static int put_comparison(struct kb_writeup *page, const struct kb_writeup_verdicts *verdicts)
{
	const struct kb_writeup_side *a = &page->sides[verdicts->a], *b = &page->sides[verdicts->b];
	const struct kb_comparison *comparison = &verdicts->comparison;

	kb_document_heading(&page->doc, "%s against %s", b->name, a->name);
	if (verdicts->refused) {
		kb_document_note(&page->doc, KB_TONE_WARN, "Not compared: %s.", verdicts->refused);
		return 0;
	}
	kb_writeup_picture_forest(page, verdicts);
	if (put_table(page, verdicts) || put_suites(page, comparison))
		return -1;
	put_each(page, "warning", comparison->warnings);
	put_each(page, "differs", comparison->settings);
	if (comparison->only_a)
		kb_document_item(&page->doc, NULL, "%zu cases were measured on %s alone.",
				 comparison->only_a, a->name);
	if (comparison->only_b)
		kb_document_item(&page->doc, NULL, "%zu cases were measured on %s alone.",
				 comparison->only_b, b->name);
	return 0;
}

static void put_overview_row(const struct kb_writeup *page, struct kb_sheet *sheet,
			     const struct kb_writeup_verdicts *verdicts)
{
	static const enum kb_verdict order[] = {
		KB_REGRESSED, KB_IMPROVED, KB_EQUIVALENT, KB_INCONCLUSIVE,
	};
	struct kb_sheet_cell *row = kb_sheet_row(sheet);

	if (!row)
		return;
	kb_cell(&row[0], "%s", page->sides[verdicts->b].name);
	kb_cell(&row[1], "%s", page->sides[verdicts->a].name);
	if (verdicts->refused) {
		kb_cell(&row[2], "not compared");
		return;
	}
	kb_cell(&row[2], "%zu", verdicts->comparison.nr);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t nr = kb_comparison_count(&verdicts->comparison, order[i]);

		kb_cell(&row[3 + i], "%zu", nr);
		row[3 + i].tone = nr ? tones[order[i]] : KB_TONE_PLAIN;
	}
}

/* All comparisons at a glance, where there are several. */
static void put_overview(struct kb_writeup *page)
{
	static const char *const titles[] = {
		"CASES", "REGRESSED", "IMPROVED", "EQUIVALENT", "INCONCLUSIVE",
	};
	struct kb_sheet sheet;

	kb_sheet_begin(&sheet, "Each kernel against the first of its kind");
	sheet.mark = kb_writeup_mark(page, NULL);
	kb_sheet_column(&sheet, "KERNEL", KB_SHEET_LEFT);
	kb_sheet_column(&sheet, "AGAINST", KB_SHEET_LEFT);
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		kb_sheet_column(&sheet, titles[i], KB_SHEET_RIGHT);
	for (size_t i = 0; i < page->nr_verdicts; i++)
		put_overview_row(page, &sheet, &page->verdicts[i]);
	kb_document_sheet(&page->doc, &sheet);
	kb_sheet_free(&sheet);
}

int kb_writeup_verdicts(struct kb_writeup *page)
{
	int bad = 0;

	if (page->nr_verdicts > 1)
		put_overview(page);
	for (size_t i = 0; !bad && i < page->nr_verdicts; i++)
		bad = put_comparison(page, &page->verdicts[i]);
	if (page->compared > 1 && page->drawing) {
		kb_document_heading(&page->doc, "From kernel to kernel");
		kb_writeup_picture_history(page);
	}
	return bad;
}
