/* SPDX-License-Identifier: GPL-2.0 */
/* Figures for people: the same words in tables, plots and progress lines. */
#ifndef KB_TABLE_H
#define KB_TABLE_H

#include <jansson.h>
#include <stdio.h>

#define KB_FIGURE_LEN	32	/* room for any figure, with the 0 */

/**
 * struct kb_scale - how to show figures of about one size
 * @unit:     "ns", "us", "ms", "s" or "insn"
 * @factor:   what to multiply with
 * @decimals: digits after the point that make four significant ones
 */
struct kb_scale {
	const char	*unit;
	double		factor;
	int		decimals;
};

/** kb_scale_for() - for figures like @value of @unit ("ns" or "insn") */
struct kb_scale kb_scale_for(double value, const char *unit);

/** kb_format_scaled() - @value as @scale says, without the unit */
void kb_format_scaled(char text[KB_FIGURE_LEN], double value, const struct kb_scale *scale);

/** kb_format_figure() - "12.34 ns", "1.234 us": @value of @unit, scaled by its own size */
void kb_format_figure(char text[KB_FIGURE_LEN], double value, const char *unit);

/** kb_format_count() - "12.34", "0", "1.5e-06": events for one operation */
void kb_format_count(char text[KB_FIGURE_LEN], double value);

/** kb_format_rate() - "81.3 M/s": operations a second */
void kb_format_rate(char text[KB_FIGURE_LEN], double per_second);

/** kb_print_header() - what was measured: kernel, machine, target, fidelity, warnings */
void kb_print_header(const json_t *result, FILE *out);

/** kb_fidelity_note() - one line on what figures of that fidelity are not good for, or NULL */
const char *kb_fidelity_note(const char *fidelity);

/** kb_text() - the string @name of @object, or "" */
const char *kb_text(const json_t *object, const char *name);

#endif
