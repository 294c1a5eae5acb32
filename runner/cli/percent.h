/* SPDX-License-Identifier: GPL-2.0 */
/* Percentages as users write them. */
#ifndef KB_PERCENT_H
#define KB_PERCENT_H

#include "comparison.h"
#include "error.h"

/**
 * kb_parse_percent() - "2%", "2" or "0.5%", of 0 to below 100 %, as a part
 * @name: of the option, for the message
 * Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_parse_percent(double *part, const char *name, const char *text, struct kb_error *err);

/** kb_parse_confidence() - the same of --confidence, which is 50 % or more */
int kb_parse_confidence(double *part, const char *text, struct kb_error *err);

/** kb_parse_threshold() - the same of --threshold, as the smallest change that matters */
int kb_parse_threshold(struct kb_compare_rules *rules, const char *text, struct kb_error *err);

#endif
