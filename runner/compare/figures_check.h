/* SPDX-License-Identifier: GPL-2.0 */
/* Whether figures are what a comparison takes them for: anybody may write a file. */
#ifndef KB_FIGURES_CHECK_H
#define KB_FIGURES_CHECK_H

#include "comparison.h"

/**
 * kb_boots_check() - each boot is there once: else its values would count as several
 * Return: 0, or -1 with KB_EXIT_USAGE: a case is twice in a boot, or a boot twice in a result
 */
int kb_boots_check(const struct kb_comparison *comparison, const json_t *a, const json_t *b,
		   struct kb_error *err);

/**
 * kb_figures_check() - both sides of each case are in the same unit
 * @force: then a difference is no error
 * Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_figures_check(const struct kb_comparison *comparison, bool force, struct kb_error *err);

/** kb_figures_unusable() - entries of cases[] that are ok and whose figure is no cost: 0 or less */
size_t kb_figures_unusable(const json_t *result);

#endif
