// SPDX-License-Identifier: GPL-2.0
/* The variables that tell a panel's template what its axes are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot_script.h"
#include "table.h"

/* Ranges wider than these get logarithmic axes. */
#define LOG_BARS	40.0
#define LOG_LINES	12.0

/* Of more places than these, round numbers are named. */
#define MOST_PLACES	24

/* Ratios further apart than this are drawn on a logarithmic axis. */
#define LOG_RATIOS	3.0

/* Whether the values' axis is along the rows, not up. */
static bool is_lying(const struct kb_panel *panel)
{
	return panel->kind == KB_PLOT_BARS || panel->kind == KB_PLOT_FOREST;
}

static bool is_logarithmic(const struct kb_panel *panel)
{
	switch (panel->kind) {
	case KB_PLOT_BARS:
	case KB_PLOT_HEATMAP:
		return panel->high > LOG_BARS * panel->low;
	case KB_PLOT_SCALING:
		return panel->high > LOG_LINES * panel->low;
	case KB_PLOT_FOREST:
		return panel->high > LOG_RATIOS || panel->low < 1 / LOG_RATIOS;
	case KB_PLOT_HISTORY:
		return panel->high > LOG_BARS * panel->low;
	default:
		return true;
	}
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
static void name_place(struct kb_tick *tick, double x)
{
	static const char suffixes[] = "KMG";
	long value = (long)x;
	int step = -1;

	while (step < 2 && value && value % 1024 == 0) {
		value /= 1024;
		step++;
	}
	tick->at = x;
	if (step < 0)
		snprintf(tick->label, sizeof(tick->label), "%g", x);
	else
		snprintf(tick->label, sizeof(tick->label), "%ld%c", value, suffixes[step]);
}

static int compare_ticks(const void *a, const void *b)
{
	const struct kb_tick *p = a, *q = b;

	return (p->at > q->at) - (p->at < q->at);
}

/* A tick at each place where something was measured, as long as they can be read. */
static char *ticks_of_places(const struct kb_panel *panel, const struct kb_axis *axis)
{
	size_t nr = 0, all = 0;
	struct kb_tick *ticks;
	char *text;

	for (size_t i = 0; i < panel->nr_lines; i++)
		all += panel->lines[i].nr_points;
	ticks = calloc(all + 1, sizeof(*ticks));
	if (!ticks)
		return NULL;
	for (size_t i = 0; i < panel->nr_lines; i++)
		for (size_t j = 0; j < panel->lines[i].nr_points; j++)
			name_place(&ticks[nr++], panel->lines[i].points[j].x);
	qsort(ticks, nr, sizeof(*ticks), compare_ticks);
	all = nr;
	nr = 0;
	for (size_t i = 0; i < all; i++)
		if (!nr || ticks[i].at > ticks[nr - 1].at)
			ticks[nr++] = ticks[i];
	if (nr > MOST_PLACES)
		text = kb_ticks_of_unit(axis, "", false);
	else
		text = kb_ticks(axis, ticks, nr);
	free(ticks);
	return text;
}

/* Percentiles: x is one over the share of the operations that took longer. */
static char *ticks_of_percentiles(const struct kb_axis *axis)
{
	static const char *const names[] = {
		"50 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %",
		"7 nines", "8 nines", "9 nines",
	};
	struct kb_tick ticks[sizeof(names) / sizeof(names[0])];
	size_t nr = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		double at = i ? pow(10, (double)i) : 2;

		if (at > axis->high * 1.001)
			break;
		ticks[nr].at = at;
		snprintf(ticks[nr++].label, sizeof(ticks[0].label), "%s", names[i]);
	}
	return kb_ticks(axis, ticks, nr);
}

/* Heat maps have a line for each place. */
static char *ticks_of_lines(const struct kb_panel *panel, const struct kb_axis *axis)
{
	struct kb_tick *ticks = calloc(panel->nr_lines + 1, sizeof(*ticks));
	char *text;

	if (!ticks)
		return NULL;
	for (size_t i = 0; i < panel->nr_lines; i++) {
		ticks[i].at = (double)i;
		snprintf(ticks[i].label, sizeof(ticks[i].label), "%.60s", panel->lines[i].label);
	}
	text = kb_ticks_even(axis, ticks, panel->nr_lines);
	free(ticks);
	return text;
}

static void widen_x(const struct kb_panel *panel, double *low, double *high)
{
	for (size_t i = 0; i < panel->nr_lines; i++) {
		const struct kb_line *line = &panel->lines[i];

		for (size_t j = 0; j < line->nr_points; j++) {
			bool bins = panel->kind == KB_PLOT_HISTOGRAM && !i;

			*low = fmin(*low, line->points[j].x);
			*high = fmax(*high, bins ? line->points[j].high : line->points[j].x);
		}
	}
}

/* Names that are no longer than a version or a date, so that those at the ends have room. */
static char *ticks_of_names(const struct kb_panel *panel, const struct kb_axis *axis)
{
	struct kb_tick *ticks = calloc(panel->nr_places + 1, sizeof(*ticks));
	double room = kb_text_width(axis->medium, "0000-00-00");
	char *text;

	if (!ticks)
		return NULL;
	memcpy(ticks, panel->places, panel->nr_places * sizeof(*ticks));
	for (size_t i = 0; i < panel->nr_places; i++)
		kb_text_fit(axis->medium, ticks[i].label, room);
	text = kb_ticks_even(axis, ticks, panel->nr_places);
	free(ticks);
	return text;
}

/* Latencies of one suite are drawn over the same range, so that they compare at a glance. */
static void x_range(const struct kb_page *page, const struct kb_panel *panel, double *low,
		    double *high)
{
	bool latency = panel->kind == KB_PLOT_HISTOGRAM || panel->kind == KB_PLOT_PERCENTILES;

	*low = HUGE_VAL;
	*high = 0;
	if (panel->places) {
		*low = panel->places[0].at;
		*high = panel->places[panel->nr_places - 1].at;
	} else if (!latency) {
		widen_x(panel, low, high);
	}
	for (size_t i = 0; latency && i < page->panels->nr_panels; i++)
		if (!strcmp(page->panels->panels[i].suite, panel->suite))
			widen_x(&page->panels->panels[i], low, high);
}

static const char *x_label(const struct kb_panel *panel)
{
	return strcmp(panel->x_name, "cpus") ? panel->x_name : "CPUs";
}

static char *x_ticks(const struct kb_panel *panel, const struct kb_axis *axis)
{
	if (panel->places)
		return ticks_of_names(panel, axis);
	if (panel->kind == KB_PLOT_PERCENTILES)
		return ticks_of_percentiles(axis);
	if (panel->kind == KB_PLOT_HISTOGRAM)
		return kb_ticks_of_unit(axis, panel->unit, false);
	if (panel->kind == KB_PLOT_HEATMAP)
		return ticks_of_lines(panel, axis);
	return ticks_of_places(panel, axis);
}

/* The axis along which places are, which rows do not have. */
static int put_x_axis(FILE *out, const struct kb_page *page, const struct kb_panel *panel,
		      const struct kb_frame *frame)
{
	struct kb_axis axis = {
		.medium = &page->medium, .room = frame->right - frame->left,
	};
	char *ticks;

	x_range(page, panel, &axis.low, &axis.high);
	axis.log = panel->kind == KB_PLOT_PERCENTILES || panel->kind == KB_PLOT_HISTOGRAM ||
		   (panel->kind == KB_PLOT_SCALING && is_geometric(panel));
	ticks = x_ticks(panel, &axis);
	if (!ticks)
		return -1;
	fprintf(out, "kb_x_low = %.17g\nkb_x_high = %.17g\nkb_x_log = %d\nkb_x_ticks = \"%s\"\n",
		axis.low, axis.high, axis.log, ticks);
	free(ticks);
	kb_put_fitted(out, "kb_x_label", page, x_label(panel));
	return 0;
}

static void put_label(FILE *out, const struct kb_page *page, const struct kb_panel *panel, bool log,
		      const char *unit)
{
	const char *logarithmic = log ? ", logarithmic" : "";
	bool counted = !strcmp(panel->unit, "insn");
	char label[80];

	if (panel->kind == KB_PLOT_HISTOGRAM)
		snprintf(label, sizeof(label), "operations");
	else if (panel->kind == KB_PLOT_FOREST)
		snprintf(label, sizeof(label), "%s of %s per operation%s",
			 log ? "ratio" : "change", counted ? "instructions" : "time",
			 logarithmic);
	else if (panel->kind == KB_PLOT_PERCENTILES)
		snprintf(label, sizeof(label), "latency%s", logarithmic);
	else if (counted)
		snprintf(label, sizeof(label), "instructions per operation%s", logarithmic);
	else if (log && panel->kind != KB_PLOT_HEATMAP)
		snprintf(label, sizeof(label), "time per operation, logarithmic");
	else
		snprintf(label, sizeof(label), "%s per operation%s", unit, logarithmic);
	kb_put_fitted(out, "kb_label", page, label);
}

/* Each kind's range, in the values' own unit. */
static void value_range(const struct kb_panel *panel, bool log, double *low, double *high)
{
	double slack = 0.08 * (panel->high - panel->low);

	*low = panel->low;
	*high = panel->high;
	switch (panel->kind) {
	case KB_PLOT_HEATMAP:
		break;
	case KB_PLOT_BARS:
		/* On a logarithmic axis there is no zero to start from: bars start at a decade. */
		*low = log ? pow(10, floor(log10(0.8 * *low))) : 0;
		*high *= log ? 1.1 : 1.04;
		break;
	case KB_PLOT_HISTORY:
		slack = slack > 0 ? slack : 0.02 * *high;
		*low = log ? 0.85 * *low : fmax(0, *low - slack);
		*high = log ? 1.3 * *high : *high + 2 * slack;
		break;
	case KB_PLOT_FOREST:
		*low = log ? *low / 1.1 : *low - fmax(slack, 0.001);
		*high = log ? *high * 1.1 : *high + fmax(slack, 0.001);
		break;
	default:
		*low = log ? 0.85 * *low : 0;
		*high *= log ? 1.2 : 1.06;
		break;
	}
}

/* Logarithmic axes name the unit at each tick, the others once. Ratios are shown in percent. */
static struct kb_shown shown_as(const struct kb_panel *panel, bool log,
				const struct kb_scale *scale)
{
	if (panel->kind == KB_PLOT_FOREST && !log)
		return (struct kb_shown){ .origin = 1, .factor = 100 };
	if (panel->kind == KB_PLOT_HEATMAP || !log)
		return (struct kb_shown){ .log = log, .factor = scale->factor };
	return (struct kb_shown){ .log = true, .factor = 1 };
}

static char *value_ticks(const struct kb_panel *panel, const struct kb_axis *axis)
{
	bool plain = panel->kind == KB_PLOT_HISTOGRAM || panel->kind == KB_PLOT_FOREST ||
		     panel->kind == KB_PLOT_HEATMAP;

	return kb_ticks_of_unit(axis, plain ? "" : panel->unit, panel->kind == KB_PLOT_FOREST);
}

int kb_put_panel(FILE *out, const struct kb_page *page, const struct kb_panel *panel,
		 const struct kb_frame *frame)
{
	bool log = is_logarithmic(panel), lying = is_lying(panel);
	const struct kb_scale scale = kb_scale_for(panel->high, panel->unit);
	const struct kb_shown shown = shown_as(panel, log, &scale);
	struct kb_axis axis = {
		.medium = &page->medium, .log = log, .upright = !lying,
		.room = lying ? frame->right - frame->left : frame->bottom - frame->top,
	};
	char *ticks;

	value_range(panel, log, &axis.low, &axis.high);
	axis.low = (axis.low - shown.origin) * shown.factor;
	axis.high = (axis.high - shown.origin) * shown.factor;
	ticks = value_ticks(panel, &axis);
	if (!ticks)
		return -1;
	kb_put_fitted(out, "kb_title", page, panel->title);
	fprintf(out, "kb_nr = %zu\nkb_log = %d\nkb_low = %.17g\nkb_high = %.17g\n"
		"kb_ticks = \"%s\"\n", panel->nr_lines, log, axis.low, axis.high, ticks);
	free(ticks);
	put_label(out, page, panel, log, scale.unit);
	if (!lying && put_x_axis(out, page, panel, frame))
		return -1;
	kb_put_data(out, page, panel, frame, &shown);
	return 0;
}
