// SPDX-License-Identifier: GPL-2.0
/* Numbers as people read them. */
#include "table.h"

#include <math.h>
#include <string.h>

/* A sixteenth of an instruction, which is what the loop shares out among its ops. */
#define COUNT_DECIMALS	4

/* Decimals that make @significant digits of @value, which is best between 1 and 1000. */
static int decimals_for(double value, int significant)
{
	int digits = value > 0 ? (int)floor(log10(value)) + 1 : 1;

	if (digits >= significant)
		return 0;
	return digits < 1 ? significant - 1 : significant - digits;
}

/* Counts are exact: all decimals that they have, up to a limit. */
static int decimals_of(double value)
{
	int decimals = 0;

	while (decimals < COUNT_DECIMALS && fabs(value - round(value)) > 1e-6) {
		value *= 10;
		decimals++;
	}
	return decimals;
}

struct kb_scale kb_scale_for(double value, const char *unit)
{
	static const struct kb_scale times[] = {
		{ "s", 1e-9, 0 }, { "ms", 1e-6, 0 }, { "us", 1e-3, 0 }, { "ns", 1, 0 },
	};
	struct kb_scale scale = { "insn", 1, 0 };

	value = fabs(value);
	if (!strcmp(unit, "ns")) {
		size_t i = 0;

		/* 999.95 is the first that four digits would round to 1000. */
		while (i < 3 && value * times[i].factor < 0.99995)
			i++;
		scale = times[i];
	}
	scale.decimals = strcmp(unit, "insn") ? decimals_for(value * scale.factor, 4) :
						decimals_of(value);
	return scale;
}

void kb_format_scaled(char text[KB_FIGURE_LEN], double value, const struct kb_scale *scale)
{
	snprintf(text, KB_FIGURE_LEN, "%.*f", scale->decimals, value * scale->factor);
}

void kb_format_figure(char text[KB_FIGURE_LEN], double value, const char *unit)
{
	struct kb_scale scale = kb_scale_for(value, unit);

	snprintf(text, KB_FIGURE_LEN, "%.*f %s", scale.decimals, value * scale.factor, scale.unit);
}

void kb_format_count(char text[KB_FIGURE_LEN], double value)
{
	/* Whole numbers as they are, the others with four digits. */
	if (value == floor(value) && value < 1e9)
		snprintf(text, KB_FIGURE_LEN, "%.0f", value);
	else if (value < 0.001 || value >= 1e9)
		snprintf(text, KB_FIGURE_LEN, "%.1e", value);
	else
		snprintf(text, KB_FIGURE_LEN, "%.*f", decimals_for(value, 4), value);
}

void kb_format_rate(char text[KB_FIGURE_LEN], double per_second)
{
	static const struct {
		double		factor;
		const char	*prefix;
	} steps[] = { { 1e-9, " G" }, { 1e-6, " M" }, { 1e-3, " k" }, { 1, " " } };
	size_t i = 0;

	while (i < 3 && per_second * steps[i].factor < 0.9995)
		i++;
	per_second *= steps[i].factor;
	snprintf(text, KB_FIGURE_LEN, "%.*f%s/s", decimals_for(per_second, 3), per_second,
		 steps[i].prefix);
}
