/* SPDX-License-Identifier: GPL-2.0 */
/* Where an axis has ticks, and what stands there: never more than there is room for. */
#ifndef KB_TICKS_H
#define KB_TICKS_H

#include <stdbool.h>
#include <stddef.h>

#include "medium.h"

/**
 * struct kb_axis - @low to @high, which are above 0 where it is @log
 * @room:    its length in the medium's unit
 * @upright: texts lie across it
 */
struct kb_axis {
	const struct kb_medium	*medium;
	double			low, high;
	bool			log;
	double			room;
	bool			upright;
};

/** struct kb_tick - @label: as it is printed */
struct kb_tick {
	double	at;
	char	label[64];
};

/**
 * kb_ticks() - those of @ticks that have room beside the ones before them
 * @ticks: ascending
 * Return: "'1 ns' 1, '10 ns' 10", as gnuplot's set xtics () takes it; malloc()ed, NULL: no memory
 */
char *kb_ticks(const struct kb_axis *axis, const struct kb_tick *ticks, size_t nr);

/** kb_ticks_even() - all of them, or every second, fourth, ... where these have no room */
char *kb_ticks_even(const struct kb_axis *axis, const struct kb_tick *ticks, size_t nr);

/**
 * kb_ticks_of_unit() - of figures in @unit ("ns" or "insn", or "" for plain numbers)
 * On a logarithmic axis at 1, 2 and 5 of each decade or fewer, times as "1 us" where
 * kb_format_figure() would say "1.000 us", counts as "10k". Else plain numbers in steps of 1, 2 or
 * 5 times a power of ten, as "%g" or, with @percent, "+5 %".
 * Return: as kb_ticks()
 */
char *kb_ticks_of_unit(const struct kb_axis *axis, const char *unit, bool percent);

#endif
