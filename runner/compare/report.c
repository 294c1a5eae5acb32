// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <libsmartcols.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static const char *const columns[] = { "CASE", "A", "B", "RATIO", "INTERVAL", "DETECTABLE",
				       "VERDICT" };

#define NR_COLUMNS	(sizeof(columns) / sizeof(columns[0]))
#define CELL_LEN	48

static bool is_shown(const struct kb_pair *pair, const struct kb_report_options *options)
{
	return options->only == KB_NR_VERDICTS || pair->verdict == options->only;
}

static void percent(char text[CELL_LEN], double logarithm)
{
	snprintf(text, CELL_LEN, "%+.2f %%", 100 * expm1(logarithm));
}

static void fill_cells(char cells[NR_COLUMNS][CELL_LEN], const struct kb_pair *pair)
{
	const struct kb_judgement *judgement = &pair->judgement;
	const char *unit = kb_text(pair->a.entry, "unit");

	for (size_t c = 0; c < NR_COLUMNS; c++)
		cells[c][0] = '\0';
	kb_format_figure(cells[1], kb_report_estimate(pair, &pair->a), unit);
	kb_format_figure(cells[2], kb_report_estimate(pair, &pair->b), unit);
	snprintf(cells[3], CELL_LEN, "%.4f", pair->ratio);
	if (pair->exact) {
		snprintf(cells[4], CELL_LEN, "exact");
	} else if (judgement->known) {
		snprintf(cells[4], CELL_LEN, "%.4f..%.4f", exp(judgement->interval[0]),
			 exp(judgement->interval[1]));
		percent(cells[5], judgement->detectable);
	}
	snprintf(cells[6], CELL_LEN, "%s%s%s", kb_verdict_name(pair->verdict),
		 judgement->differs && pair->verdict == KB_INCONCLUSIVE ? ", differs" : "",
		 judgement->robust_disagrees ? " *" : "");
}

static int print_table(const struct kb_comparison *comparison,
		       const struct kb_report_options *options)
{
	struct libscols_table *table = scols_new_table();
	int bad = !table;

	for (size_t i = 0; !bad && i < NR_COLUMNS; i++)
		bad = !scols_table_new_column(table, columns[i], 0,
					      i && i < 6 ? SCOLS_FL_RIGHT : 0);
	for (size_t i = 0; !bad && i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];
		char cells[NR_COLUMNS][CELL_LEN];
		struct libscols_line *line;

		if (!is_shown(pair, options))
			continue;
		fill_cells(cells, pair);
		line = scols_table_new_line(table, NULL);
		bad = !line || scols_line_set_data(line, 0, pair->name);
		for (size_t c = 1; !bad && c < NR_COLUMNS; c++)
			bad = scols_line_set_data(line, c, cells[c]);
	}
	if (!bad && !scols_table_is_empty(table))
		bad = scols_print_table(table);
	scols_unref_table(table);
	return bad ? -1 : 0;
}

static void print_markdown(const struct kb_comparison *comparison,
			   const struct kb_report_options *options)
{
	for (size_t c = 0; c < NR_COLUMNS; c++)
		printf("| %s ", columns[c]);
	puts("|\n|---|--:|--:|--:|--:|--:|---|");
	for (size_t i = 0; i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];
		char cells[NR_COLUMNS][CELL_LEN];

		if (!is_shown(pair, options))
			continue;
		fill_cells(cells, pair);
		printf("| `%s` ", pair->name);
		for (size_t c = 1; c < NR_COLUMNS; c++)
			printf("| %s ", cells[c]);
		puts("|");
	}
}

static void print_each(const char *name, const json_t *texts)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text) {
		printf("%-8s ", name);
		kb_print_plain(json_string_value(text), stdout);
		putchar('\n');
	}
}

static int print_suites(const struct kb_comparison *comparison)
{
	json_t *suites = kb_report_suites(comparison);
	const json_t *ratio;
	const char *name;

	json_object_foreach(suites, name, ratio)
		printf("%-8s %s: ratio %.4f (geometric mean)\n", "suite", name,
		       json_number_value(ratio));
	json_decref(suites);
	return suites ? 0 : -1;
}

static void print_summary(const struct kb_comparison *comparison)
{
	printf("%-8s %zu cases:", "summary", comparison->nr);
	for (enum kb_verdict verdict = KB_REGRESSED; verdict < KB_NR_VERDICTS; verdict++)
		printf(" %zu %s,", kb_comparison_count(comparison, verdict),
		       kb_verdict_name(verdict));
	printf(" %zu inconclusive", kb_comparison_count(comparison, KB_INCONCLUSIVE));
	if (comparison->only_a || comparison->only_b)
		printf("; %zu only in A, %zu only in B", comparison->only_a, comparison->only_b);
	putchar('\n');
}

int kb_report_print(struct kb_comparison *comparison, const char *a, const char *b,
		    const struct kb_report_options *options, struct kb_error *err)
{
	const char *end = options->markdown ? "  \n" : "\n";
	int bad = 0;

	kb_report_sort(comparison, options->order);
	printf("%-8s %s%s%-8s %s%s", "A", a, end, "B", b, end);
	print_each("differs", comparison->settings);
	print_each("warning", comparison->warnings);
	putchar('\n');
	if (options->markdown)
		print_markdown(comparison, options);
	else
		bad = print_table(comparison, options);
	putchar('\n');
	bad = bad || print_suites(comparison);
	print_summary(comparison);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while printing") : 0;
}
