/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers as users write them: strict, so that a typing mistake is not taken for a value. */
#ifndef KB_NUMBER_H
#define KB_NUMBER_H

#include <stdint.h>

/** kb_number_unsigned() - decimal digits only, 0 to @max. Return: 0, or -1 for other text */
int kb_number_unsigned(const char *text, uint64_t max, uint64_t *value);

/** kb_number_size() - a signed number; suffixes K, M, G mean 2^10, 2^20, 2^30. Return: 0 or -1 */
int kb_number_size(const char *text, int64_t *value);

/**
 * kb_number_duration() - "100ms", "1.5s", "20us", "1000ns", "2m": in ns
 * @default_unit: ns that a number without unit counts; 0: a unit is needed
 * Return: 0, or -1 when @text is no duration above 0 or is longer than a day
 */
int kb_number_duration(const char *text, uint64_t default_unit, uint64_t *ns);

/** kb_number_percent() - "2%", "2" or "0.5%" as a part, 0 to below 1. Return: 0 or -1 */
int kb_number_percent(const char *text, double *part);

#endif
