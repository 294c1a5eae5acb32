// SPDX-License-Identifier: GPL-2.0
#include "lean_values.h"

#include <stdlib.h>
#include <string.h>

/* With the point and an exponent of two digits. */
#define MOST_CHARACTERS	30
#define MOST_DIGITS	18

static size_t hash(const char *text, size_t length)
{
	size_t value = 14695981039346656037UL;

	for (size_t i = 0; i < length; i++)
		value = (value ^ (unsigned char)text[i]) * 1099511628211UL;
	return value;
}

bool kb_lean_add_name(struct kb_lean_names *names, const char *text, size_t length)
{
	size_t name = hash(text, length);

	for (size_t i = 0; i < names->nr; i++)
		if (names->hashes[i] == name)
			return false;
	if (names->nr == KB_MOST_NAMES)
		return false;
	names->hashes[names->nr++] = name;
	return true;
}

static json_t *integer(struct kb_lean_values *values, const char *copy)
{
	long long value = strtoll(copy, NULL, 10);

	if (value < 0 || value >= KB_NR_SHARED)
		return json_integer(value);
	if (!values->integers[value])
		values->integers[value] = json_integer(value);
	return json_incref(values->integers[value]);
}

json_t *kb_lean_number(struct kb_lean_values *values, const char *text, size_t length, bool whole)
{
	char copy[MOST_CHARACTERS + 2];

	memcpy(copy, text, length);
	copy[length] = '\0';
	return whole ? integer(values, copy) : json_real(strtod(copy, NULL));
}

bool kb_lean_is_plain(const char *text, size_t length, bool *whole)
{
	size_t exponent = length;

	*whole = true;
	for (size_t i = 0; i < length; i++) {
		/* Digits, signs and the point are below. */
		if (text[i] > '9')
			exponent = i;
		if (text[i] > '9' || text[i] == '.')
			*whole = false;
	}
	if (length > (*whole ? MOST_DIGITS : MOST_CHARACTERS))
		return false;
	return exponent == length || length - exponent <=
	       (text[exponent + 1] == '-' || text[exponent + 1] == '+' ? 4 : 3);
}

/* Strings are few: suites, contexts, names of benches. */
json_t *kb_lean_string(struct kb_lean_values *values, const char *text, size_t length)
{
	json_t **shared = &values->strings[hash(text, length) % KB_NR_SHARED];

	if (!*shared || json_string_length(*shared) != length ||
	    memcmp(json_string_value(*shared), text, length) != 0) {
		json_decref(*shared);
		*shared = json_stringn(text, length);
	}
	return json_incref(*shared);
}

bool kb_lean_is_ascii(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] <= 0)
			return false;
	return true;
}

void kb_lean_values_free(struct kb_lean_values *values)
{
	for (size_t i = 0; i < KB_NR_SHARED; i++) {
		json_decref(values->strings[i]);
		json_decref(values->integers[i]);
	}
}
