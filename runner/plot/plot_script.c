// SPDX-License-Identifier: GPL-2.0
/*
 * The gnuplot script of a page. It holds figures, texts and the page's geometry; how they look is
 * said in plots/page.gp, plots/bars.gp and plots/lines.gp.
 */
#include "plot_script.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* All in pixels of a page that is to be read at its own size. */
#define PAGE_WIDTH	800
#define PAGE_HEAD	64	/* title and what stands below it */
#define PAGE_FOOT	30
#define NOTE_HEIGHT	22
#define PANEL_HEAD	34	/* a panel's title */
#define PANEL_FOOT	58	/* its x axis */
#define BAR_HEIGHT	19
#define LINES_HEIGHT	230
#define CHAR_WIDTH	6.6	/* of the usual letters */
#define LABEL_GAP	22	/* around the names left of bars */
#define KEY_MARK	58	/* a series' mark, beside its name */
#define KEY_MIN		110	/* room right of lines for their names */
#define VALUE_ROOM	84	/* room right of bars for their figures */
#define Y_ROOM		84	/* room left of lines for their axis */
#define PAGE_MAX	30000	/* what cairo can draw */

/* Ranges wider than these get logarithmic axes. */
#define LOG_BARS	40.0
#define LOG_LINES	12.0

/* What the parts of the script are written with. */
struct script {
	FILE			*out;
	const struct kb_panels	*page;
	const char		*plots;
	double			height;
	double			y;	/* from the top, where the next panel begins */
};

/* As gnuplot wants a text in single quotes, in which nothing is special but the quote. */
static void put_quoted(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			fputc(' ', out);
		else if (*text == '\'')
			fputs("''", out);
		else
			fputc(*text, out);
	}
	fputc('\'', out);
}

static void put_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, "%s = ", name);
	put_quoted(out, text);
	fputc('\n', out);
}

/* A column in double quotes: what is special in there cannot be escaped, so it is replaced. */
static void put_column(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			fputc(' ', out);
		else
			fputc(*text == '"' ? '\'' : *text == '\\' ? '/' : *text, out);
	}
	fputc('"', out);
}

static size_t longest_label(const struct kb_panel *panel)
{
	size_t longest = 0;

	for (size_t i = 0; i < panel->nr_lines; i++)
		if (strlen(panel->lines[i].label) > longest)
			longest = strlen(panel->lines[i].label);
	return longest;
}

static double plot_height(const struct kb_panel *panel)
{
	return panel->bars ? BAR_HEIGHT * (double)panel->nr_lines + 8 : LINES_HEIGHT;
}

/* What the labels of all the page's panels of one kind need, so that their axes line up. */
static double label_room(const struct kb_panels *page, bool bars)
{
	double room = 0;

	for (size_t i = 0; i < page->nr_panels; i++)
		if (page->panels[i].bars == bars)
			room = fmax(room, CHAR_WIDTH * (double)longest_label(&page->panels[i]));
	return fmin(room, PAGE_WIDTH * 0.5);
}

/* Where the panel's axes are, in parts of the page from its left and lower edge. */
static void put_geometry(struct script *script, const struct kb_panel *panel)
{
	double top = script->y + PANEL_HEAD, bottom = top + plot_height(panel);
	double labels = label_room(script->page, panel->bars);
	double left = panel->bars ? labels + LABEL_GAP : Y_ROOM;
	double right = PAGE_WIDTH - (panel->bars ? VALUE_ROOM : fmax(labels + KEY_MARK, KEY_MIN));

	fprintf(script->out, "kb_left = %.5f\nkb_right = %.5f\nkb_top = %.5f\nkb_bottom = %.5f\n",
		left / PAGE_WIDTH, right / PAGE_WIDTH, 1 - top / script->height,
		1 - bottom / script->height);
	script->y = bottom + PANEL_FOOT;
}

static void put_bars(FILE *out, const struct kb_panel *panel, const struct kb_scale *scale)
{
	fputs("$kb_data << KB_END\n", out);
	for (size_t i = 0; i < panel->nr_lines; i++) {
		const struct kb_point *point = &panel->lines[i].points[0];
		char figure[KB_FIGURE_LEN];

		kb_format_figure(figure, point->value, panel->unit);
		fprintf(out, "%zu %.17g %.17g %.17g ", i, point->value * scale->factor,
			point->low * scale->factor, point->high * scale->factor);
		put_column(out, panel->lines[i].label);
		fputc(' ', out);
		put_column(out, figure);
		fputc('\n', out);
	}
	fputs("KB_END\n", out);
}

/* One block a series, its name on top, two empty lines between. */
static void put_lines(FILE *out, const struct kb_panel *panel, const struct kb_scale *scale)
{
	fputs("$kb_data << KB_END\n", out);
	for (size_t i = 0; i < panel->nr_lines; i++) {
		const struct kb_line *line = &panel->lines[i];

		fputs(i ? "\n\n" : "", out);
		put_column(out, line->label);
		fputc('\n', out);
		for (size_t j = 0; j < line->nr_points; j++)
			fprintf(out, "%.17g %.17g %.17g %.17g\n", line->points[j].x,
				line->points[j].value * scale->factor,
				line->points[j].low * scale->factor,
				line->points[j].high * scale->factor);
	}
	fputs("KB_END\n", out);
}

/* Steps that grow, as 1, 2, 4, 8, are drawn evenly; 1, 2, 3, 4 are as they are. */
static bool is_geometric(const struct kb_panel *panel)
{
	for (size_t i = 0; i < panel->nr_lines; i++) {
		const struct kb_line *line = &panel->lines[i];

		for (size_t j = 0; j < line->nr_points; j++)
			if (line->points[j].x <= 0 ||
			    (j && line->points[j].x < 1.5 * line->points[j - 1].x))
				return false;
	}
	return true;
}

/* 1024 as "1K", so that sizes are read as such; other numbers as they are. */
static void put_x_tick(FILE *out, double x)
{
	static const char suffixes[] = "KMG";
	long value = (long)x;
	int step = -1;

	while (step < 2 && value && value % 1024 == 0) {
		value /= 1024;
		step++;
	}
	if (step < 0)
		fprintf(out, "'%g' %.17g", x, x);
	else
		fprintf(out, "'%ld%c' %.17g", value, suffixes[step], x);
}

static int compare_doubles(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

/* A tick at each place where something was measured, as long as they can be read. */
static int put_x_axis(FILE *out, const struct kb_panel *panel)
{
	size_t nr = 0, all = 0;
	double *places;

	for (size_t i = 0; i < panel->nr_lines; i++)
		all += panel->lines[i].nr_points;
	places = calloc(all + 1, sizeof(*places));
	if (!places)
		return -1;
	for (size_t i = 0; i < panel->nr_lines; i++)
		for (size_t j = 0; j < panel->lines[i].nr_points; j++)
			places[nr++] = panel->lines[i].points[j].x;
	qsort(places, nr, sizeof(*places), compare_doubles);
	all = nr;
	nr = 0;
	for (size_t i = 0; i < all; i++)
		if (!nr || places[i] > places[nr - 1])
			places[nr++] = places[i];
	fprintf(out, "kb_x_low = %.17g\nkb_x_high = %.17g\nkb_x_log = %d\nkb_x_ticks = \"",
		places[0], places[nr - 1], is_geometric(panel));
	for (size_t i = 0; i < nr && nr <= 24; i++) {
		fputs(i ? ", " : "", out);
		put_x_tick(out, places[i]);
	}
	fputs("\"\n", out);
	free(places);
	put_text(out, "kb_x_label", strcmp(panel->x_name, "cpus") ? panel->x_name : "CPUs");
	return 0;
}

/* The axis of the figures: range, ticks, label. */
static int put_value_axis(FILE *out, const struct kb_panel *panel, bool log,
			  const struct kb_scale *scale)
{
	char *ticks = log ? kb_plot_ticks(panel->low, panel->high, panel->unit) : strdup("");
	char label[64];

	if (!ticks)
		return -1;
	fprintf(out, "kb_log = %d\nkb_low = %.17g\nkb_high = %.17g\nkb_ticks = \"%s\"\n", log,
		panel->low * scale->factor, panel->high * scale->factor, ticks);
	free(ticks);
	if (!strcmp(panel->unit, "insn"))
		snprintf(label, sizeof(label), "instructions per operation%s",
			 log ? ", logarithmic" : "");
	else if (log)
		snprintf(label, sizeof(label), "time per operation, logarithmic");
	else
		snprintf(label, sizeof(label), "%s per operation", scale->unit);
	put_text(out, "kb_label", label);
	return 0;
}

static int put_panel(struct script *script, const struct kb_panel *panel)
{
	bool log = panel->high > (panel->bars ? LOG_BARS : LOG_LINES) * panel->low;
	struct kb_scale scale = kb_scale_for(panel->high, panel->unit);
	FILE *out = script->out;

	if (log)
		scale.factor = 1;
	fputc('\n', out);
	put_text(out, "kb_title", panel->title);
	put_geometry(script, panel);
	fprintf(out, "kb_nr = %zu\n", panel->nr_lines);
	if (put_value_axis(out, panel, log, &scale) || (!panel->bars && put_x_axis(out, panel)))
		return -1;
	if (panel->bars)
		put_bars(out, panel, &scale);
	else
		put_lines(out, panel, &scale);
	fputs("load ", out);
	put_quoted(out, script->plots);
	fprintf(out, ".'/%s'\n", panel->bars ? "bars.gp" : "lines.gp");
	return 0;
}

/* "6.12.113 x86_64 on MODEL, CPU, vm (tcg)" */
static void put_subtitle(FILE *out, const json_t *result)
{
	const json_t *kernel = json_object_get(result, "kernel");
	const json_t *machine = json_object_get(result, "machine");
	const json_t *environment = json_object_get(result, "environment");
	const char *cpu = kb_text(machine, "cpu_model");
	char text[160];

	snprintf(text, sizeof(text), *kb_text(kernel, "tree") ? "kernel %s, built in %.60s" :
		 "kernel %s%s", kb_text(kernel, "release"), kb_text(kernel, "tree"));
	put_text(out, "kb_page_title", text);
	if (!*cpu)
		cpu = kb_text(machine, "model");
	snprintf(text, sizeof(text), "%s%s%s%starget %s, %s%s",
		 kb_text(machine, "arch"), *cpu ? ", " : "", cpu, ", ",
		 kb_text(environment, "target"), kb_text(environment, "fidelity"),
		 strcmp(kb_text(environment, "backend"), "bpf") ? "" : ", BPF programs");
	put_text(out, "kb_page_subtitle", text);
}

static void put_foot(FILE *out, const struct kb_panels *page)
{
	char left_out[128] = "", text[256];
	size_t length = 0;

	if (page->nr_left_out)
		length = (size_t)snprintf(left_out, sizeof(left_out),
					  "; %zu case%s skipped or failed, not shown",
					  page->nr_left_out, page->nr_left_out == 1 ? "" : "s");
	if (page->nr_pairs_left_out)
		snprintf(left_out + length, sizeof(left_out) - length,
			 "; %zu pairs of other CPUs not shown", page->nr_pairs_left_out);
	if (page->nr_boots > 1)
		snprintf(text, sizeof(text),
			 "geometric mean of up to %zu boots' medians, whiskers: lowest and "
			 "highest boot%s", page->nr_boots, left_out);
	else
		snprintf(text, sizeof(text), "median, whiskers: its 95%% interval%s", left_out);
	put_text(out, "kb_page_foot", text);
}

static void put_page(struct script *script, const json_t *result, enum kb_plot_format format,
		     const char *note)
{
	FILE *out = script->out;

	fprintf(out, "kb_kind = '%s'\nkb_width = %d\nkb_height = %.0f\n",
		format == KB_PLOT_PNG ? "png" : "svg", PAGE_WIDTH, script->height);
	put_subtitle(out, result);
	put_text(out, "kb_page_note", note ? note : "");
	put_foot(out, script->page);
	fputs("load ", out);
	put_quoted(out, script->plots);
	fputs(".'/page.gp'\n", out);
}

static double page_height(const struct kb_panels *page, double head)
{
	double height = head + PAGE_FOOT;

	for (size_t i = 0; i < page->nr_panels; i++)
		height += PANEL_HEAD + plot_height(&page->panels[i]) + PANEL_FOOT;
	return height;
}

static int put_script(struct script *script, const json_t *result, enum kb_plot_format format)
{
	const json_t *environment = json_object_get(result, "environment");
	const char *note = kb_fidelity_note(kb_text(environment, "fidelity"));

	script->y = PAGE_HEAD + (note ? NOTE_HEIGHT : 0);
	script->height = page_height(script->page, script->y);
	put_page(script, result, format, note);
	for (size_t i = 0; i < script->page->nr_panels; i++)
		if (put_panel(script, &script->page->panels[i]))
			return -1;
	fputs("\nunset multiplot\n", script->out);
	return 0;
}

char *kb_plot_script(const struct kb_panels *panels, const json_t *result,
		     const struct kb_plot_options *options, const char *plots, size_t *size,
		     struct kb_error *err)
{
	char *text = NULL;
	struct script script = { .page = panels, .plots = plots };
	int bad;

	script.out = open_memstream(&text, size);
	bad = !script.out || put_script(&script, result, options->format);
	if (script.out && fclose(script.out))
		bad = 1;
	if (bad)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	else if (script.height > PAGE_MAX)
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"%zu diagrams are too many for one picture: draw one suite at a time "
			"with --suite", panels->nr_panels);
	else
		return text;
	free(text);
	return NULL;
}
