// SPDX-License-Identifier: GPL-2.0
#include "number.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <stddef.h>
#include <string.h>

#define NS_PER_DAY	86400000000000ULL

int kb_number_unsigned(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return -1;
		if (__builtin_mul_overflow(sum, 10U, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum) || sum > max)
			return -1;
	}
	*value = sum;
	return 0;
}

/* Return: the bits that a size suffix shifts by, or -1 when @suffix is none. */
static int suffix_shift(const char *suffix)
{
	if (!*suffix)
		return 0;
	if (suffix[1])
		return -1;
	switch (suffix[0]) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	default:
		return -1;
	}
}

int kb_number_size(const char *text, int64_t *value)
{
	int negative = *text == '-';
	int64_t sum = 0;
	int shift;

	text += negative;
	if (!isdigit((unsigned char)*text))
		return -1;
	for (; isdigit((unsigned char)*text); text++) {
		int64_t digit = *text - '0';

		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, negative ? -digit : digit, &sum))
			return -1;
	}
	shift = suffix_shift(text);
	if (shift < 0 || __builtin_mul_overflow(sum, 1LL << shift, &sum))
		return -1;
	*value = sum;
	return 0;
}

static uint64_t unit_ns(const char *unit, uint64_t default_unit)
{
	static const struct {
		const char	*name;
		uint64_t	ns;
	} units[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
		{ "m", 60000000000ULL }, { "min", 60000000000ULL },
	};

	if (!*unit)
		return default_unit;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(unit, units[i].name))
			return units[i].ns;
	return 0;
}

int kb_number_duration(const char *text, uint64_t default_unit, uint64_t *ns)
{
	const char *end = text;
	double number = 0, place = 1;
	uint64_t unit;
	int digits = 0;

	for (; isdigit((unsigned char)*end); end++, digits++)
		number = number * 10 + (*end - '0');
	if (*end == '.')
		for (end++; isdigit((unsigned char)*end); end++, digits++)
			number += (*end - '0') * (place /= 10);
	unit = unit_ns(end, default_unit);
	if (!digits || digits > 18 || !unit)
		return -1;
	number *= (double)unit;
	if (number < 1 || number > (double)NS_PER_DAY)
		return -1;
	*ns = (uint64_t)(number + 0.5);
	return 0;
}

int kb_number_percent(const char *text, double *part)
{
	char *end;
	double value;

	errno = 0;
	value = strtod(text, &end);
	if (end == text || errno || (*end && strcmp(end, "%")) || !(value >= 0) || value >= 100)
		return -1;
	*part = value / 100;
	return 0;
}
