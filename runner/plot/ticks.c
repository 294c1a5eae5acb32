// SPDX-License-Identifier: GPL-2.0
#include "ticks.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

/* More are not made, so that no axis can ask for more. */
#define MOST_TICKS	128

/* Between two labels, in letters. */
#define LETTERS_BETWEEN	1.2

/* Of a line of text, in pixels. */
#define LINE_HEIGHT	16.0

/* Ticks in steps, from the finest that is tried. */
static const double steps[] = { 1, 2, 5 };

#define NR_STEPS	(sizeof(steps) / sizeof(steps[0]))

static double position(const struct kb_axis *axis, double at)
{
	double range = axis->log ? log(axis->high / axis->low) : axis->high - axis->low;
	double way = axis->log ? log(at / axis->low) : at - axis->low;

	return range > 0 ? axis->room * way / range : 0;
}

/* What a label takes along the axis, with the gap to the next. */
static double extent(const struct kb_axis *axis, const char *label)
{
	double letter = kb_text_width(axis->medium, "0");

	if (axis->upright)
		return axis->medium->term ? 2 : LINE_HEIGHT;
	return kb_text_width(axis->medium, label) + LETTERS_BETWEEN * letter;
}

static bool has_room(const struct kb_axis *axis, const struct kb_tick *last,
		     const struct kb_tick *tick)
{
	double between = position(axis, tick->at) - position(axis, last->at);

	return between >= (extent(axis, last->label) + extent(axis, tick->label)) / 2;
}

/*
 * gnuplot parses what stands here as a command, and then takes the label for a format: only what
 * means nothing in either is let through.
 */
static void put_tick(FILE *out, const struct kb_tick *tick, bool first)
{
	fputs(first ? "'" : ", '", out);
	for (const char *at = tick->label; *at; at++) {
		if (*at == '%')
			fputc('%', out);
		fputc(isalnum((unsigned char)*at) || strchr(" .+-_~:%/=", *at) ? *at : '_', out);
	}
	fprintf(out, "' %.17g", tick->at);
}

char *kb_ticks(const struct kb_axis *axis, const struct kb_tick *ticks, size_t nr)
{
	const struct kb_tick *last = NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < nr; i++) {
		if (last && !has_room(axis, last, &ticks[i]))
			continue;
		put_tick(out, &ticks[i], !last);
		last = &ticks[i];
	}
	fclose(out);
	return text;
}

static bool all_fit(const struct kb_axis *axis, const struct kb_tick *ticks, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		if (!has_room(axis, &ticks[i - 1], &ticks[i]))
			return false;
	return true;
}

char *kb_ticks_even(const struct kb_axis *axis, const struct kb_tick *ticks, size_t nr)
{
	struct kb_tick *some = calloc(nr + 1, sizeof(*some));
	size_t stride = 1, nr_some;
	char *text;

	if (!some)
		return NULL;
	do {
		nr_some = 0;
		for (size_t i = 0; i < nr; i += stride)
			some[nr_some++] = ticks[i];
		stride *= 2;
	} while (!all_fit(axis, some, nr_some));
	text = kb_ticks(axis, some, nr_some);
	free(some);
	return text;
}

/* "1 us"; numbers, whose unit the axis says, as "10k". */
static void name_figure(struct kb_tick *tick, const char *unit)
{
	static const struct {
		double		least;
		double		factor;
		const char	*suffix;
	} large[] = { { 1e9, 1e-9, "G" }, { 1e6, 1e-6, "M" }, { 1e4, 1e-3, "k" }, { 0, 1, "" } };
	struct kb_scale scale = kb_scale_for(tick->at, unit);
	size_t i = 0;

	if (!strcmp(unit, "ns")) {
		snprintf(tick->label, sizeof(tick->label), "%g %s", tick->at * scale.factor,
			 scale.unit);
		return;
	}
	while (tick->at < large[i].least)
		i++;
	snprintf(tick->label, sizeof(tick->label), "%g%s", tick->at * large[i].factor,
		 large[i].suffix);
}

/* @per_decade of steps[], of every @stride-th decade. */
static size_t make_decades(struct kb_tick *ticks, const struct kb_axis *axis, const char *unit,
			   size_t per_decade, int stride)
{
	int first = (int)floor(log10(axis->low)), last = (int)ceil(log10(axis->high));
	size_t nr = 0;

	for (int decade = first; decade <= last; decade += stride) {
		for (size_t i = 0; i < per_decade && nr < MOST_TICKS; i++) {
			double at = steps[i] * pow(10, decade);

			if (at < axis->low * 0.9999 || at > axis->high * 1.0001)
				continue;
			ticks[nr].at = at;
			name_figure(&ticks[nr++], unit);
		}
	}
	return nr;
}

static size_t make_steps(struct kb_tick *ticks, const struct kb_axis *axis, double step,
			 const char *unit, bool percent)
{
	double first = ceil(axis->low / step - 1e-6);
	size_t nr = 0;

	for (double k = first; k * step <= axis->high + 1e-6 * step && nr < MOST_TICKS; k++) {
		struct kb_tick *tick = &ticks[nr++];

		tick->at = k == 0 ? 0 : k * step;
		if (axis->log)
			name_figure(tick, unit);
		else if (percent && k != 0)
			snprintf(tick->label, sizeof(tick->label), "%+.6g %%", tick->at);
		else
			snprintf(tick->label, sizeof(tick->label), "%.6g", tick->at);
	}
	return nr;
}

static size_t make_linear(struct kb_tick *ticks, const struct kb_axis *axis, const char *unit,
			  bool percent)
{
	double range = axis->high - axis->low;
	int decade = range > 0 ? (int)floor(log10(range)) - 2 : 0;
	size_t nr = 0;

	for (size_t i = 0; i < 4 * NR_STEPS; i++) {
		double step = steps[i % NR_STEPS] * pow(10, decade + (int)(i / NR_STEPS));

		if (range / step >= MOST_TICKS)
			continue;
		nr = make_steps(ticks, axis, step, unit, percent);
		/* A few are enough, whatever the room. */
		if (nr <= 12 && all_fit(axis, ticks, nr))
			break;
	}
	return nr;
}

static size_t make_logarithmic(struct kb_tick *ticks, const struct kb_axis *axis,
			       const char *unit)
{
	size_t nr = make_decades(ticks, axis, unit, NR_STEPS, 1);

	/* Less than a decade: steps tell more. */
	if (nr < 3)
		return make_linear(ticks, axis, unit, false);
	if (all_fit(axis, ticks, nr))
		return nr;
	for (int stride = 1; stride < 16; stride++) {
		nr = make_decades(ticks, axis, unit, 1, stride);
		if (all_fit(axis, ticks, nr))
			break;
	}
	return nr;
}

char *kb_ticks_of_unit(const struct kb_axis *axis, const char *unit, bool percent)
{
	struct kb_tick *ticks = calloc(MOST_TICKS, sizeof(*ticks));
	char *text = NULL;
	size_t nr;

	if (!ticks)
		return NULL;
	nr = axis->log ? make_logarithmic(ticks, axis, unit) :
			 make_linear(ticks, axis, unit, percent);
	text = kb_ticks(axis, ticks, nr);
	free(ticks);
	return text;
}
