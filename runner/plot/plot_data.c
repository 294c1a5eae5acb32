// SPDX-License-Identifier: GPL-2.0
/* The data blocks of each kind, as the templates have them. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "judge_pair.h"
#include "plot_script.h"
#include "table.h"

/* On a line; more than these hide it. */
#define MOST_WHISKERS	40

/* What the parts of a panel's data are written with. */
struct writer {
	FILE			*out;
	const struct kb_page	*page;
	const struct kb_panel	*panel;
	const struct kb_frame	*frame;
	const struct kb_shown	*shown;
};

/* A column in double quotes: what is special in there cannot be escaped, so it is replaced. */
static void put_column(FILE *out, const char *text)
{
	fputs(" \"", out);
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			fputc(' ', out);
		else
			fputc(*text == '"' ? '\'' : *text == '\\' ? '/' : *text, out);
	}
	fputc('"', out);
}

static void put_fitted(const struct writer *writer, const char *text, double room)
{
	char fitted[KB_LABEL_LEN] = "";

	kb_text_add(fitted, sizeof(fitted), "%s", text);
	kb_text_fit(&writer->page->medium, fitted, room);
	put_column(writer->out, fitted);
}

static void begin(const struct writer *writer, const char *name)
{
	fprintf(writer->out, "$%s << KB_END\n", name);
}

static void end(const struct writer *writer)
{
	fputs("KB_END\n", writer->out);
}

static double shown(const struct writer *writer, double value)
{
	return (value - writer->shown->origin) * writer->shown->factor;
}

static void put_values(const struct writer *writer, const struct kb_point *point)
{
	fprintf(writer->out, " %.17g %.17g %.17g", shown(writer, point->value),
		shown(writer, point->low), shown(writer, point->high));
}

static void put_bars(const struct writer *writer)
{
	begin(writer, "kb_data");
	for (size_t i = 0; i < writer->panel->nr_lines; i++) {
		const struct kb_line *bar = &writer->panel->lines[i];
		char figure[KB_FIGURE_LEN];

		kb_format_figure(figure, bar->points[0].value, writer->panel->unit);
		fprintf(writer->out, "%zu", i);
		put_values(writer, &bar->points[0]);
		put_fitted(writer, bar->label, writer->frame->labels);
		put_column(writer->out, figure);
		fputc('\n', writer->out);
	}
	end(writer);
}

/* "+3.21 % regressed", or on narrow terminals, which have marks for verdicts, "+3.21 %" */
static void put_verdict(const struct writer *writer, const struct kb_point *point)
{
	const struct kb_medium *medium = &writer->page->medium;
	double percent = 100 * (point->value - 1), room = medium->width - writer->frame->right;
	char text[64], figure[32];

	snprintf(figure, sizeof(figure), "%+.*f %%",
		 fabs(percent) < 99.995 ? 2 : 0, percent);
	snprintf(text, sizeof(text), "%s %s", figure, point->mark < 0 ? "few boots" :
		 kb_verdict_name((enum kb_verdict)point->mark));
	put_column(writer->out, kb_text_width(medium, text) < room ? text : figure);
}

static void put_forest(const struct writer *writer)
{
	begin(writer, "kb_data");
	for (size_t i = 0; i < writer->panel->nr_lines; i++) {
		const struct kb_line *line = &writer->panel->lines[i];
		const struct kb_point *point = &line->points[0];

		fprintf(writer->out, "%zu", i);
		put_values(writer, point);
		put_fitted(writer, line->label, writer->frame->labels);
		put_verdict(writer, point);
		fprintf(writer->out, " %d\n", point->mark);
	}
	end(writer);
	fprintf(writer->out, "kb_same = %.17g\nkb_least = %.17g\nkb_most = %.17g\n",
		shown(writer, 1), shown(writer, 1 / writer->panel->guide),
		shown(writer, writer->panel->guide));
}

/* One block a series, its name on top, two empty lines between. */
static void put_series(const struct writer *writer)
{
	const struct kb_medium *medium = &writer->page->medium;
	double room = medium->term ? medium->width - medium->key_mark : writer->frame->labels;

	begin(writer, "kb_data");
	for (size_t i = 0; i < writer->panel->nr_lines; i++) {
		const struct kb_line *line = &writer->panel->lines[i];

		fputs(i ? "\n\n" : "", writer->out);
		put_fitted(writer, line->label, room);
		fputc('\n', writer->out);
		for (size_t j = 0; j < line->nr_points; j++) {
			fprintf(writer->out, "%.17g", line->points[j].x);
			put_values(writer, &line->points[j]);
			fputc('\n', writer->out);
		}
	}
	end(writer);
}

/* As fast as on the fewest CPUs, however many there are: what a perfect primitive does. */
static void put_ideal(const struct writer *writer)
{
	bool ideal = !strcmp(writer->panel->x_name, "cpus"), dense = false;

	for (size_t i = 0; i < writer->panel->nr_lines; i++)
		dense |= writer->panel->lines[i].nr_points > MOST_WHISKERS;
	begin(writer, "kb_ideal");
	for (size_t i = 0; ideal && i < writer->panel->nr_lines; i++) {
		const struct kb_line *line = &writer->panel->lines[i];

		fputs(i ? "\n\n" : "", writer->out);
		for (size_t j = 0; j < line->nr_points; j += line->nr_points - 1)
			fprintf(writer->out, "%.17g %.17g\n", line->points[j].x,
				shown(writer, line->points[0].value));
	}
	end(writer);
	fprintf(writer->out, "kb_has_ideal = %d\nkb_dense = %d\n", ideal, dense);
}

static void put_guide(const struct writer *writer)
{
	char figure[KB_FIGURE_LEN], label[KB_FIGURE_LEN + 16];

	kb_format_figure(figure, writer->panel->guide, writer->panel->unit);
	snprintf(label, sizeof(label), "timer: %s", figure);
	fprintf(writer->out, "kb_guide = %.17g\n", shown(writer, writer->panel->guide));
	kb_put_text(writer->out, "kb_guide_label", writer->panel->guide > 0 ? label : "");
}

/* Where in the range a figure is, 0 to 1. */
static double shade(const struct kb_panel *panel, double value, bool factors)
{
	double range = factors ? log(panel->high / panel->low) : panel->high - panel->low;
	double way = factors ? log(value / panel->low) : value - panel->low;

	return range > 0 ? way / range : 0;
}

static void put_cells(const struct writer *writer)
{
	const struct kb_medium *medium = &writer->page->medium;
	const struct kb_panel *panel = writer->panel;
	double cell = (writer->frame->right - writer->frame->left) / (double)panel->nr_lines;
	bool texts = cell >= kb_text_width(medium, "0.123") + (medium->term ? 1 : 2);

	begin(writer, "kb_data");
	for (size_t i = 0; i < panel->nr_lines; i++) {
		for (size_t j = 0; j < panel->lines[i].nr_points; j++) {
			const struct kb_point *point = &panel->lines[i].points[j];
			double value = shown(writer, point->value);
			double part = shade(panel, point->value, writer->shown->log);
			char text[16];

			snprintf(text, sizeof(text), "%.*f", value < 10 ? 2 : value < 100 ? 1 : 0,
				 value);
			fprintf(writer->out, "%.17g %zu %.17g", point->x, i, value);
			put_column(writer->out, text);
			fprintf(writer->out, " %.3f\n", part);
		}
	}
	end(writer);
	fprintf(writer->out, "kb_texts = %d\n", texts);
}

static void put_bins(const struct writer *writer)
{
	const struct kb_line *bins = &writer->panel->lines[0], *marks = bins + 1;

	begin(writer, "kb_data");
	for (size_t i = 0; i < bins->nr_points; i++)
		fprintf(writer->out, "%.17g %.17g %.17g\n", bins->points[i].x,
			bins->points[i].high, bins->points[i].value);
	end(writer);
	begin(writer, "kb_marks");
	for (size_t i = 0; i < marks->nr_points; i++)
		fprintf(writer->out, "%.17g\n", marks->points[i].x);
	end(writer);
}

/* "+12.3 %" beside a change, unless the one before is so near that they would overlap. */
static void put_changes(const struct writer *writer)
{
	const struct kb_line *results = &writer->panel->lines[0];
	const struct kb_medium *medium = &writer->page->medium;
	double room = (writer->frame->right - writer->frame->left) / (double)results->nr_points;
	double last = -HUGE_VAL;

	begin(writer, "kb_changes");
	for (size_t i = 0; i < results->nr_points; i++) {
		const struct kb_point *point = &results->points[i];
		char text[32] = "";

		if (!point->mark)
			continue;
		snprintf(text, sizeof(text), "%+.1f %%", point->mark / 100.0);
		if ((point->x - last) * room < kb_text_width(medium, text) + (medium->term ? 1 : 8))
			text[0] = '\0';
		else
			last = point->x;
		fprintf(writer->out, "%.17g", point->x);
		put_column(writer->out, text);
		fputc('\n', writer->out);
	}
	end(writer);
}

static void put_course(const struct writer *writer)
{
	const struct kb_line *results = &writer->panel->lines[0], *boots = results + 1;

	begin(writer, "kb_data");
	for (size_t i = 0; i < results->nr_points; i++) {
		fprintf(writer->out, "%.17g", results->points[i].x);
		put_values(writer, &results->points[i]);
		fputc('\n', writer->out);
	}
	end(writer);
	begin(writer, "kb_boots");
	for (size_t i = 0; i < boots->nr_points; i++)
		fprintf(writer->out, "%.17g %.17g\n", boots->points[i].x,
			shown(writer, boots->points[i].value));
	end(writer);
	put_changes(writer);
}

void kb_put_data(FILE *out, const struct kb_page *page, const struct kb_panel *panel,
		 const struct kb_frame *frame, const struct kb_shown *as)
{
	const struct writer writer = { out, page, panel, frame, as };

	switch (panel->kind) {
	case KB_PLOT_BARS:
		put_bars(&writer);
		break;
	case KB_PLOT_FOREST:
		put_forest(&writer);
		break;
	case KB_PLOT_HEATMAP:
		put_cells(&writer);
		break;
	case KB_PLOT_HISTOGRAM:
		put_bins(&writer);
		put_guide(&writer);
		break;
	case KB_PLOT_HISTORY:
		put_course(&writer);
		break;
	case KB_PLOT_PERCENTILES:
		put_series(&writer);
		put_guide(&writer);
		break;
	default:
		put_series(&writer);
		put_ideal(&writer);
		break;
	}
}
