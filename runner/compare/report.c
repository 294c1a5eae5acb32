// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <libsmartcols.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rank.h"
#include "table.h"

#define CELL_LEN	48

static bool is_shown(const struct kb_pair *pair, const struct kb_report_options *options)
{
	return options->only == KB_NR_VERDICTS || pair->verdict == options->only;
}

static void percent(char text[CELL_LEN], double logarithm)
{
	snprintf(text, CELL_LEN, "%+.2f %%", 100 * expm1(logarithm));
}

static void fill_a(char cell[CELL_LEN], const struct kb_pair *pair)
{
	kb_format_figure(cell, kb_report_estimate(pair, &pair->a), kb_text(pair->a.entry, "unit"));
}

static void fill_b(char cell[CELL_LEN], const struct kb_pair *pair)
{
	kb_format_figure(cell, kb_report_estimate(pair, &pair->b), kb_text(pair->b.entry, "unit"));
}

static void fill_ratio(char cell[CELL_LEN], const struct kb_pair *pair)
{
	snprintf(cell, CELL_LEN, "%.4f", pair->ratio);
}

static void fill_interval(char cell[CELL_LEN], const struct kb_pair *pair)
{
	const double *interval = pair->judgement.interval;

	if (pair->exact)
		snprintf(cell, CELL_LEN, "exact");
	else if (pair->judgement.known)
		snprintf(cell, CELL_LEN, "%.4f..%.4f", exp(interval[0]), exp(interval[1]));
}

static void fill_detectable(char cell[CELL_LEN], const struct kb_pair *pair)
{
	if (!pair->exact && pair->judgement.known)
		percent(cell, pair->judgement.detectable);
}

static void fill_verdict(char cell[CELL_LEN], const struct kb_pair *pair)
{
	const struct kb_judgement *judgement = &pair->judgement;

	snprintf(cell, CELL_LEN, "%s%s%s", kb_verdict_name(pair->verdict),
		 judgement->differs && pair->verdict == KB_INCONCLUSIVE ? ", differs" : "",
		 judgement->robust_disagrees ? " *" : "");
}

static void fill_counter(char cell[CELL_LEN], const struct kb_side *side, const char *counter)
{
	double events;

	if (kb_report_counter(&events, side, counter))
		kb_format_count(cell, events);
}

static void fill_cycles_a(char cell[CELL_LEN], const struct kb_pair *pair)
{
	fill_counter(cell, &pair->a, "cycles");
}

static void fill_cycles_b(char cell[CELL_LEN], const struct kb_pair *pair)
{
	fill_counter(cell, &pair->b, "cycles");
}

static void fill_instructions_a(char cell[CELL_LEN], const struct kb_pair *pair)
{
	fill_counter(cell, &pair->a, "instructions");
}

static void fill_instructions_b(char cell[CELL_LEN], const struct kb_pair *pair)
{
	fill_counter(cell, &pair->b, "instructions");
}

static void fill_threshold(char cell[CELL_LEN], const struct kb_pair *pair)
{
	if (!pair->exact)
		snprintf(cell, CELL_LEN, "%.2f %%", 100 * expm1(pair->delta));
}

/*
 * @which: shown where there are verdicts, also only with each case's threshold, or where there are
 * none and some case has a figure
 */
static const struct column {
	const char	*title;
	enum { ALWAYS, JUDGED, FLOORED, COUNTED } which;
	bool		left;
	void		(*fill)(char cell[CELL_LEN], const struct kb_pair *pair);
} columns[] = {
	{ "A", ALWAYS, false, fill_a },
	{ "B", ALWAYS, false, fill_b },
	{ "RATIO", ALWAYS, false, fill_ratio },
	{ "INTERVAL", ALWAYS, false, fill_interval },
	{ "DETECTABLE", JUDGED, false, fill_detectable },
	{ "THRESHOLD", FLOORED, false, fill_threshold },
	{ "CYCLES A", COUNTED, false, fill_cycles_a },
	{ "CYCLES B", COUNTED, false, fill_cycles_b },
	{ "INSNS A", COUNTED, false, fill_instructions_a },
	{ "INSNS B", COUNTED, false, fill_instructions_b },
	{ "VERDICT", JUDGED, true, fill_verdict },
};

#define NR_COLUMNS	(sizeof(columns) / sizeof(columns[0]))

/** struct layout - the columns of a table: @nr of them, by their places in columns[] */
struct layout {
	size_t	columns[NR_COLUMNS];
	size_t	nr;
};

static bool has_figure(const struct kb_comparison *comparison, const struct column *column)
{
	for (size_t i = 0; i < comparison->nr; i++) {
		char cell[CELL_LEN] = "";

		column->fill(cell, &comparison->pairs[i]);
		if (*cell)
			return true;
	}
	return false;
}

static bool is_wanted(const struct column *column, const struct kb_comparison *comparison,
		      const struct kb_report_options *options)
{
	bool judged = kb_compare_judges(comparison->by);

	switch (column->which) {
	case JUDGED:
		return judged;
	case FLOORED:
		return judged && options->thresholds;
	case COUNTED:
		return !judged && has_figure(comparison, column);
	default:
		return true;
	}
}

static struct layout make_layout(const struct kb_comparison *comparison,
				 const struct kb_report_options *options)
{
	struct layout layout = { .nr = 0 };

	for (size_t c = 0; c < NR_COLUMNS; c++)
		if (is_wanted(&columns[c], comparison, options))
			layout.columns[layout.nr++] = c;
	return layout;
}

static int add_line(struct libscols_table *table, const struct layout *layout,
		    const struct kb_pair *pair)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	int bad = !line || scols_line_set_data(line, 0, pair->name);

	for (size_t i = 0; !bad && i < layout->nr; i++) {
		char cell[CELL_LEN] = "";

		columns[layout->columns[i]].fill(cell, pair);
		bad = scols_line_set_data(line, i + 1, cell);
	}
	return bad;
}

static int print_table(const struct kb_comparison *comparison, const struct layout *layout,
		       const struct kb_report_options *options)
{
	struct libscols_table *table = scols_new_table();
	int bad = !table || !scols_table_new_column(table, "CASE", 0, 0);

	for (size_t i = 0; !bad && i < layout->nr; i++) {
		const struct column *column = &columns[layout->columns[i]];

		bad = !scols_table_new_column(table, column->title, 0,
					      column->left ? 0 : SCOLS_FL_RIGHT);
	}
	for (size_t i = 0; !bad && i < comparison->nr; i++)
		if (is_shown(&comparison->pairs[i], options))
			bad = add_line(table, layout, &comparison->pairs[i]);
	if (!bad && !scols_table_is_empty(table))
		bad = scols_print_table(table);
	scols_unref_table(table);
	return bad ? -1 : 0;
}

static void print_row(const struct layout *layout, const struct kb_pair *pair)
{
	printf("| `%s` ", pair->name);
	for (size_t i = 0; i < layout->nr; i++) {
		char cell[CELL_LEN] = "";

		columns[layout->columns[i]].fill(cell, pair);
		printf("| %s ", cell);
	}
	puts("|");
}

static void print_markdown(const struct kb_comparison *comparison, const struct layout *layout,
			   const struct kb_report_options *options)
{
	printf("| CASE ");
	for (size_t i = 0; i < layout->nr; i++)
		printf("| %s ", columns[layout->columns[i]].title);
	printf("|\n|---");
	for (size_t i = 0; i < layout->nr; i++)
		printf("|%s", columns[layout->columns[i]].left ? "---" : "--:");
	puts("|");
	for (size_t i = 0; i < comparison->nr; i++)
		if (is_shown(&comparison->pairs[i], options))
			print_row(layout, &comparison->pairs[i]);
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
	printf("%-8s %zu cases", "summary", comparison->nr);
	if (kb_compare_judges(comparison->by)) {
		printf(":");
		for (enum kb_verdict verdict = KB_REGRESSED; verdict < KB_NR_VERDICTS; verdict++)
			printf(" %zu %s,", kb_comparison_count(comparison, verdict),
			       kb_verdict_name(verdict));
		printf(" %zu inconclusive", kb_comparison_count(comparison, KB_INCONCLUSIVE));
	}
	if (comparison->only_a || comparison->only_b)
		printf("; %zu only in A, %zu only in B", comparison->only_a, comparison->only_b);
	putchar('\n');
}

static int print_rankings(const struct kb_comparison *comparison,
			  const struct kb_report_names *names)
{
	json_t *lines;

	if (kb_compare_judges(comparison->by) || comparison->by == KB_COMPARE_CPUS)
		return 0;
	lines = kb_rankings(comparison, names->a, names->b);
	print_each("ranking", lines);
	json_decref(lines);
	return lines ? 0 : -1;
}

/* "6.12.117+deb12-cloud-amd64: a.json, b.json" */
static void print_side(const char *title, const char *name, const json_t *paths, const char *end)
{
	const json_t *path;
	size_t i;

	printf("%-8s ", title);
	kb_print_plain(name, stdout);
	json_array_foreach(paths, i, path) {
		fputs(i ? ", " : ": ", stdout);
		kb_print_plain(json_string_value(path), stdout);
	}
	fputs(end, stdout);
}

int kb_report_print(struct kb_comparison *comparison, const struct kb_report_names *names,
		    const struct kb_report_options *options, struct kb_error *err)
{
	const char *end = options->markdown ? "  \n" : "\n";
	struct layout layout = make_layout(comparison, options);
	int bad = 0;

	kb_report_sort(comparison, options->order);
	print_side("A", names->a, names->paths_a, end);
	print_side("B", names->b, names->paths_b, end);
	print_each("differs", comparison->settings);
	print_each("warning", comparison->warnings);
	putchar('\n');
	if (options->markdown)
		print_markdown(comparison, &layout, options);
	else
		bad = print_table(comparison, &layout, options);
	putchar('\n');
	bad = bad || print_rankings(comparison, names) || print_suites(comparison);
	print_summary(comparison);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while printing") : 0;
}
