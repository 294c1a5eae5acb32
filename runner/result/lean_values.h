/* SPDX-License-Identifier: GPL-2.0 */
/* Names and values of a JSON text, as the lean reader takes them. */
#ifndef KB_LEAN_VALUES_H
#define KB_LEAN_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Names in an object that is left out; results have a dozen. */
#define KB_MOST_NAMES	32
#define KB_NR_SHARED	256

/** struct kb_lean_names - hashes of names, to find one that comes twice */
struct kb_lean_names {
	size_t	hashes[KB_MOST_NAMES];
	size_t	nr;
};

/** kb_lean_add_name() - false: it was there, or there is no room */
bool kb_lean_add_name(struct kb_lean_names *names, const char *text, size_t length);

/** struct kb_lean_values - values that have been made and may come again */
struct kb_lean_values {
	json_t	*strings[KB_NR_SHARED];
	json_t	*integers[KB_NR_SHARED];
};

/** kb_lean_string() - a new reference to a string of that text; NULL: no memory, or no UTF-8 */
json_t *kb_lean_string(struct kb_lean_values *values, const char *text, size_t length);

/**
 * kb_lean_number() - a number of a text that kb_lean_is_plain() takes
 * @whole: as that one says
 */
json_t *kb_lean_number(struct kb_lean_values *values, const char *text, size_t length, bool whole);

/**
 * kb_lean_is_plain() - whether a number is so short that it overflows nothing
 * @whole: out: it has no point and no exponent
 */
bool kb_lean_is_plain(const char *text, size_t length, bool *whole);

/** kb_lean_is_ascii() - and without zeros */
bool kb_lean_is_ascii(const char *text, size_t length);

void kb_lean_values_free(struct kb_lean_values *values);

#endif
