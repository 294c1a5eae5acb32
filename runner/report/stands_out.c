// SPDX-License-Identifier: GPL-2.0
/* What a reader should not miss, in words. */
#include "writeup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "paths.h"
#include "ratio.h"
#include "table.h"

/* Of each kind, so many. */
#define MOST		3

/* Of each comparison, where there are several. */
#define MOST_OF_MANY	1

/* Smaller differences of what CPUs or latencies cost are no news. */
#define NEWS		1.5

/** struct find - something that a case has more of than others: @times as much */
struct find {
	char	*text;
	double	times;
};

/** struct finds - the largest first */
struct finds {
	struct find	list[MOST];
	size_t		nr;
};

/* Takes @text over. */
static void keep(struct finds *finds, char *text, double times)
{
	size_t i = finds->nr;

	while (i && finds->list[i - 1].times < times)
		i--;
	if (i == MOST) {
		free(text);
		return;
	}
	if (finds->nr == MOST)
		free(finds->list[--finds->nr].text);
	memmove(&finds->list[i + 1], &finds->list[i],
		(finds->nr - i) * sizeof(finds->list[0]));
	finds->list[i] = (struct find){ text, times };
	finds->nr++;
}

static void put_finds(struct kb_writeup *page, const char *lead, struct finds *finds)
{
	for (size_t i = 0; i < finds->nr; i++) {
		kb_document_item(&page->doc, lead, "%s", finds->list[i].text);
		free(finds->list[i].text);
	}
	finds->nr = 0;
}

static void put_counts(struct kb_writeup *page, const struct kb_writeup_verdicts *verdicts)
{
	const struct kb_comparison *comparison = &verdicts->comparison;
	size_t regressed = kb_comparison_count(comparison, KB_REGRESSED);
	size_t improved = kb_comparison_count(comparison, KB_IMPROVED);
	size_t inconclusive = kb_comparison_count(comparison, KB_INCONCLUSIVE);
	char *lead = kb_path("%s against %s:", page->sides[verdicts->b].name,
			     page->sides[verdicts->a].name);

	if (verdicts->refused)
		kb_document_item(&page->doc, lead, "not compared: %s.", verdicts->refused);
	else if (inconclusive == comparison->nr)
		kb_document_item(&page->doc, lead, "none of %zu cases tells: all are "
				 "inconclusive.", comparison->nr);
	else if (!regressed && !improved)
		kb_document_item(&page->doc, lead, "no case of %zu regressed or improved; %zu are "
				 "inconclusive.", comparison->nr, inconclusive);
	else
		kb_document_item(&page->doc, lead, "of %zu cases %zu regressed and %zu improved; "
				 "%zu are inconclusive.", comparison->nr, regressed, improved,
				 inconclusive);
	free(lead);
}

static int put_changes(struct kb_writeup *page, const struct kb_writeup_verdicts *verdicts)
{
	const struct kb_pair **sorted = kb_writeup_by_effect(&verdicts->comparison);
	size_t most = page->nr_verdicts > 1 ? MOST_OF_MANY : MOST;

	for (size_t i = 0; sorted && i < verdicts->comparison.nr && i < most; i++) {
		char change[KB_CHANGE_LEN];
		char *lead;

		if (sorted[i]->verdict != KB_REGRESSED && sorted[i]->verdict != KB_IMPROVED)
			break;
		lead = kb_path("%s:", kb_verdict_name(sorted[i]->verdict));
		kb_writeup_change(change, sorted[i]->judgement.difference);
		kb_document_item(&page->doc, lead, "%s, %s.",
				 kb_writeup_label(page, sorted[i]->name), change);
		free(lead);
	}
	free(sorted);
	return sorted ? 0 : -1;
}

static int put_verdicts(struct kb_writeup *page)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < page->nr_verdicts; i++) {
		put_counts(page, &page->verdicts[i]);
		if (!page->verdicts[i].refused)
			bad = put_changes(page, &page->verdicts[i]);
	}
	return bad;
}

static json_int_t cpus_of(const json_t *entry)
{
	return json_integer_value(json_object_get(entry, "cpus"));
}

/* Costs are held against each other on as many CPUs, the most that the suite was measured on. */
static json_int_t most_cpus(const struct kb_writeup_rows *rows)
{
	json_int_t most = 0;

	for (size_t i = 0; i < rows->nr; i++) {
		json_int_t cpus = cpus_of(rows->rows[i].entry);

		most = cpus > most ? cpus : most;
	}
	return most;
}

static void put_range(struct kb_writeup *page, const char *suite,
		      const struct kb_writeup_rows *rows, size_t side)
{
	const struct kb_writeup_row *least = NULL, *most = NULL;
	char low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];
	double cheapest = INFINITY, dearest = 0;
	json_int_t cpus = most_cpus(rows);
	char *lead, times[KB_CHANGE_LEN];

	for (size_t i = 0; i < rows->nr; i++) {
		const struct kb_writeup_row *row = &rows->rows[i];
		double value = kb_writeup_figure(row->entries[side]).value;

		if (!(value > 0) || cpus_of(row->entry) != cpus)
			continue;
		if (value < cheapest) {
			cheapest = value;
			least = row;
		}
		if (value > dearest) {
			dearest = value;
			most = row;
		}
	}
	if (!least || dearest < NEWS * cheapest)
		return;
	kb_format_figure(low, cheapest, kb_text(least->entry, "unit"));
	kb_format_figure(high, dearest, kb_text(least->entry, "unit"));
	lead = kb_path("%s%s%s:", suite, page->nr_sides > 1 ? " on " : "",
		       page->nr_sides > 1 ? page->sides[side].name : "");
	kb_writeup_times(times, dearest / cheapest);
	kb_document_item(&page->doc, lead, "the cheapest is %s, %s; the dearest %s, %s, %s times "
			 "as much.", kb_writeup_label(page, least->name), low,
			 kb_writeup_label(page, most->name), high, times);
	free(lead);
}

static void find_tails(struct finds *finds, const struct kb_writeup *page,
		       const struct kb_writeup_rows *rows, size_t side)
{
	for (size_t i = 0; i < rows->nr; i++) {
		const struct kb_writeup_row *row = &rows->rows[i];
		const json_t *histogram = kb_writeup_histogram(row->entries[side]);
		double p50 = json_number_value(json_object_get(histogram, "p50"));
		double p99_9 = json_number_value(json_object_get(histogram, "p99_9"));
		char text[KB_FIGURE_LEN], times[KB_CHANGE_LEN];

		if (!(p50 > 0) || p99_9 < NEWS * p50)
			continue;
		kb_format_figure(text, p99_9, kb_text(row->entry, "unit"));
		kb_writeup_times(times, p99_9 / p50);
		keep(finds, kb_path("of %s one operation in 1000 takes %s or more, %s times the "
				    "median.", kb_writeup_label(page, row->name), text, times),
		     p99_9 / p50);
	}
}

/* The suites of the first side that has them; of others the comparison says what differs. */
static int put_costs(struct kb_writeup *page)
{
	struct finds tails = { .nr = 0 };
	const json_t *value;
	const char *suite;
	int bad = 0;

	json_object_foreach(page->suites, suite, value) {
		struct kb_writeup_rows rows;
		size_t side = 0;

		bad |= kb_writeup_rows_make(&rows, page, suite);
		while (!bad && rows.nr && side < page->nr_sides && !rows.rows[0].entries[side])
			side++;
		if (!bad && rows.nr) {
			if (strcmp(suite, "selfcheck") != 0)
				put_range(page, suite, &rows, side);
			find_tails(&tails, page, &rows, side);
		}
		kb_writeup_rows_free(&rows);
	}
	put_finds(page, "Slow ones:", &tails);
	return bad;
}

/* What several CPUs at once make of it: of each case its largest number of CPUs. */
static int put_scaling(struct kb_writeup *page, const struct kb_writeup_side *side)
{
	const struct kb_compare_rules rules = {
		.by = KB_COMPARE_CPUS, .rules = { .confidence = 0.95, .power = 0.8 },
	};
	struct kb_comparison comparison = { 0 };
	struct finds finds = { .nr = 0 };
	struct kb_error err = { 0 };
	int ret = kb_compare_cpus(&comparison, side->result, &rules, &err);

	for (size_t i = 0; !ret && i < comparison.nr; i++) {
		const struct kb_pair *pair = &comparison.pairs[i];
		char name[KB_ENTRY_NAME_LEN], times[KB_CHANGE_LEN];

		if (pair->ratio < NEWS)
			continue;
		kb_entry_name(name, pair->b.entry, false);
		kb_writeup_times(times, pair->ratio);
		keep(&finds, kb_path("%s: %s times what it costs on %" JSON_INTEGER_FORMAT ".",
				     kb_writeup_label(page, name), times, cpus_of(pair->a.entry)),
		     pair->ratio);
	}
	kb_comparison_free(&comparison);
	put_finds(page, "Scaling:", &finds);
	return ret && err.exit != KB_EXIT_USAGE ? -1 : 0;
}

/* Of lines as kbench show prints them what is behind their name. */
static int put_ratios(struct kb_writeup *page, const struct kb_writeup_side *side)
{
	char *text = NULL, *line, *rest;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return -1;
	kb_print_ratios(side->result, out);
	if (fclose(out)) {
		free(text);
		return -1;
	}
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		line += strcspn(line, " ");
		line += strspn(line, " ");
		if (*line)
			kb_document_item(&page->doc, "False sharing:", "%s.", line);
	}
	free(text);
	return 0;
}

static void put_pairs(struct kb_writeup *page, const struct kb_writeup_side *side)
{
	const json_t *entries, *near = NULL, *far = NULL;
	double least = INFINITY, most = 0;
	char low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];
	const char *name, *near_name = "", *far_name = "";

	json_object_foreach(side->index, name, entries) {
		double value;

		if (!kb_writeup_is_pair(json_array_get(entries, 0)))
			continue;
		value = kb_writeup_figure(entries).value;
		if (value < least) {
			least = value;
			near = json_array_get(entries, 0);
			near_name = name;
		}
		if (value > most) {
			most = value;
			far = json_array_get(entries, 0);
			far_name = name;
		}
	}
	if (!near || near == far)
		return;
	kb_format_figure(low, least, kb_text(near, "unit"));
	kb_format_figure(high, most, kb_text(far, "unit"));
	kb_document_item(&page->doc, "Pairs of CPUs:", "nearest %s, %s; farthest %s, %s.",
			 kb_writeup_label(page, near_name), low, kb_writeup_label(page, far_name),
			 high);
}

int kb_writeup_stands_out(struct kb_writeup *page)
{
	int bad;

	kb_document_heading(&page->doc, "What stands out");
	bad = put_verdicts(page) || put_costs(page);
	/* What others differ by from the first side is said already. */
	for (size_t s = 0; !bad && s < (page->compared ? 1 : page->nr_sides); s++) {
		bad = put_scaling(page, &page->sides[s]) || put_ratios(page, &page->sides[s]);
		put_pairs(page, &page->sides[s]);
	}
	if (!page->doc.listing)
		kb_document_text(&page->doc, "Nothing does.");
	return bad;
}
