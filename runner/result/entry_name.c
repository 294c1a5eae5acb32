// SPDX-License-Identifier: GPL-2.0
#include "entry_name.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

__attribute__((format(printf, 3, 4)))
static size_t append(char name[KB_ENTRY_NAME_LEN], size_t length, const char *format, ...)
{
	va_list args;

	if (length >= KB_ENTRY_NAME_LEN)
		return length;
	va_start(args, format);
	length += (size_t)vsnprintf(name + length, KB_ENTRY_NAME_LEN - length, format, args);
	va_end(args);
	return length;
}

void kb_entry_name(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool with_list)
{
	json_int_t cpus = json_integer_value(json_object_get(entry, "cpus"));
	const char *phase = kb_text(entry, "phase"), *param;
	const json_t *value;
	size_t length, i;

	length = append(name, 0, "%s/%s%s%s", kb_text(entry, "suite"), kb_text(entry, "bench"),
			*phase ? ":" : "", phase);
	json_object_foreach(json_object_get(entry, "params"), param, value)
		length = append(name, length, " %s=%" JSON_INTEGER_FORMAT, param,
				json_integer_value(value));
	length = append(name, length, ", %" JSON_INTEGER_FORMAT " CPU%s", cpus,
			cpus == 1 ? "" : "s");
	if (with_list)
		json_array_foreach(json_object_get(entry, "cpu_list"), i, value)
			length = append(name, length, "%s%" JSON_INTEGER_FORMAT, i ? "," : " ",
					json_integer_value(value));
	append(name, length, " (%s)", kb_text(entry, "context"));
}

/* What a word of a name asks for may stand anywhere behind the bench. */
static bool has_word(const char *name, const char *word, size_t length)
{
	for (const char *at = name; (at = strpbrk(at, " ,")); ) {
		at += strspn(at, " ,");
		if (!strncmp(at, word, length) && (!at[length] || strchr(" ,", at[length])))
			return true;
	}
	return false;
}

/* A count, with its "CPUs" behind it where there is one. Return: what follows */
static const char *skip_cpus(const char *word)
{
	const char *next = word + strspn(word, " ,");

	if (strncmp(next, "CPU", 3) != 0)
		return word;
	next += 3 + (next[3] == 's');
	return !*next || strchr(" ,", *next) ? next : word;
}

bool kb_entry_is(const json_t *entry, const char *wanted)
{
	json_int_t cpus = json_integer_value(json_object_get(entry, "cpus"));
	char name[KB_ENTRY_NAME_LEN];
	size_t bench, length;

	kb_entry_name(name, entry, true);
	wanted += strspn(wanted, " ");
	bench = strcspn(name, " ,");
	if (strcspn(wanted, " ,") != bench || strncmp(name, wanted, bench) != 0)
		return false;
	for (wanted += bench; *(wanted += strspn(wanted, " ,")); wanted += length) {
		const char *after;

		length = strcspn(wanted, " ,");
		after = skip_cpus(wanted + length);
		if (!strncmp(wanted, "cpus=", 5) || after != wanted + length) {
			if (strtoll(wanted + (*wanted == 'c' ? 5 : 0), NULL, 10) != cpus)
				return false;
			length = (size_t)(after - wanted);
		} else if (!has_word(name, wanted, length)) {
			return false;
		}
	}
	return true;
}
