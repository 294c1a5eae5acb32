// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "plain_text.h"
#include "rank.h"
#include "screen.h"
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
 * @drop:  as in struct kb_grid_column
 */
static const struct column {
	const char	*title;
	enum { ALWAYS, JUDGED, FLOORED, COUNTED } which;
	bool		left;
	unsigned int	drop;
	void		(*fill)(char cell[CELL_LEN], const struct kb_pair *pair);
} columns[] = {
	{ "A", ALWAYS, false, 0, fill_a },
	{ "B", ALWAYS, false, 0, fill_b },
	{ "RATIO", ALWAYS, false, 0, fill_ratio },
	{ "INTERVAL", ALWAYS, false, 0, fill_interval },
	{ "DETECTABLE", JUDGED, false, 1, fill_detectable },
	{ "THRESHOLD", FLOORED, false, 2, fill_threshold },
	{ "CYCLES A", COUNTED, false, 3, fill_cycles_a },
	{ "CYCLES B", COUNTED, false, 4, fill_cycles_b },
	{ "INSNS A", COUNTED, false, 5, fill_instructions_a },
	{ "INSNS B", COUNTED, false, 6, fill_instructions_b },
	{ "VERDICT", JUDGED, true, 0, fill_verdict },
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

static const char *colour_of(enum kb_verdict verdict)
{
	static const char *const colours[KB_NR_VERDICTS] = {
		[KB_REGRESSED] = "red", [KB_IMPROVED] = "green", [KB_INCONCLUSIVE] = "yellow",
	};

	return colours[verdict];
}

static int add_line(struct kb_grid *grid, const struct layout *layout, const struct kb_pair *pair)
{
	char cells[NR_COLUMNS][CELL_LEN] = { "" };
	const char *row[NR_COLUMNS + 1] = { pair->name };

	for (size_t i = 0; i < layout->nr; i++) {
		columns[layout->columns[i]].fill(cells[i], pair);
		row[i + 1] = cells[i];
	}
	if (kb_grid_add(grid, row))
		return -1;
	for (size_t i = 0; i < layout->nr; i++)
		if (columns[layout->columns[i]].fill == fill_verdict)
			kb_grid_colour(grid, i + 1, colour_of(pair->verdict));
	return 0;
}

static int print_table(const struct kb_comparison *comparison, const struct layout *layout,
		       const struct kb_report_options *options)
{
	struct kb_grid_column made[NR_COLUMNS + 1] = { { "CASE", KB_GRID_WRAP, 0 } };
	struct kb_grid *grid;
	int bad;

	for (size_t i = 0; i < layout->nr; i++) {
		const struct column *column = &columns[layout->columns[i]];

		made[i + 1] = (struct kb_grid_column){
			column->title, column->left ? KB_GRID_WRAP : KB_GRID_RIGHT, column->drop,
		};
	}
	grid = kb_grid_new(made, layout->nr + 1);
	bad = !grid;
	for (size_t i = 0; !bad && i < comparison->nr; i++)
		if (is_shown(&comparison->pairs[i], options))
			bad = add_line(grid, layout, &comparison->pairs[i]);
	return kb_grid_end(grid, bad);
}

static void print_row(const struct layout *layout, const struct kb_pair *pair)
{
	fputs("| `", stdout);
	kb_print_plain(pair->name, stdout);
	fputs("` ", stdout);
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

static void print_each(const char *name, const json_t *texts, const char *end)
{
	const json_t *text;
	size_t i;

	json_array_foreach(texts, i, text) {
		printf("%-8s ", name);
		kb_print_plain(json_string_value(text), stdout);
		fputs(end, stdout);
	}
}

static int print_suites(const struct kb_comparison *comparison, const char *end)
{
	json_t *suites = kb_report_suites(comparison);
	const json_t *ratio;
	const char *name;

	json_object_foreach(suites, name, ratio) {
		printf("%-8s ", "suite");
		kb_print_plain(name, stdout);
		printf(": ratio %.4f (geometric mean)%s", json_number_value(ratio), end);
	}
	json_decref(suites);
	return suites ? 0 : -1;
}

static void print_summary(const struct kb_comparison *comparison, const char *end)
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
	fputs(end, stdout);
}

static int print_rankings(const struct kb_comparison *comparison,
			  const struct kb_report_names *names, const char *end)
{
	json_t *lines;

	if (kb_compare_judges(comparison->by) || comparison->by == KB_COMPARE_CPUS)
		return 0;
	lines = kb_rankings(comparison, names->a, names->b);
	print_each("ranking", lines, end);
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

static int print(struct kb_comparison *comparison, const struct kb_report_names *names,
		 const struct kb_report_options *options)
{
	/* Without two blanks Markdown makes one line of several. */
	const char *end = options->markdown ? "  \n" : "\n";
	struct layout layout = make_layout(comparison, options);
	int bad = 0;

	kb_report_sort(comparison, options->order);
	print_side("A", names->a, names->paths_a, end);
	print_side("B", names->b, names->paths_b, end);
	print_each("differs", comparison->settings, end);
	print_each("warning", comparison->warnings, end);
	putchar('\n');
	if (options->markdown)
		print_markdown(comparison, &layout, options);
	else
		bad = print_table(comparison, &layout, options);
	putchar('\n');
	bad = bad || print_rankings(comparison, names, end) || print_suites(comparison, end);
	print_summary(comparison, end);
	return bad;
}

int kb_report_print(struct kb_comparison *comparison, const struct kb_report_names *names,
		    const struct kb_report_options *options, struct kb_error *err)
{
	struct kb_screen screen = { 0 };
	int bad;

	if (!options->markdown)
		kb_screen_begin(&screen);
	bad = print(comparison, names, options);
	kb_screen_end(&screen);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while printing") : 0;
}
