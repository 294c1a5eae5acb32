// SPDX-License-Identifier: GPL-2.0
#include "entry_name.h"

#include <stdlib.h>
#include <string.h>

#include "table.h"

/** struct text - a name that grows; what does not fit is left out */
struct text {
	char	*at;
	size_t	room;
};

/* By hand: comparisons name tens of thousands of entries. */
static void add(struct text *text, const char *part)
{
	size_t length = strlen(part);

	if (length >= text->room)
		length = text->room - 1;
	memcpy(text->at, part, length);
	text->at += length;
	text->room -= length;
	*text->at = '\0';
}

static void add_number(struct text *text, const char *before, const json_t *value)
{
	json_int_t number = json_integer_value(value);
	bool negative = number < 0;
	char digits[24], *at = digits + sizeof(digits) - 1;

	*at = '\0';
	do {
		int digit = (int)(number % 10);

		*--at = (char)('0' + (negative ? -digit : digit));
	} while (number /= 10);
	if (negative)
		*--at = '-';
	add(text, before);
	add(text, at);
}

void kb_entry_name(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool with_list)
{
	struct text text = { .at = name, .room = KB_ENTRY_NAME_LEN };
	const json_t *cpus = json_object_get(entry, "cpus"), *value;
	const char *phase = kb_text(entry, "phase"), *param;
	size_t i;

	add(&text, kb_text(entry, "suite"));
	add(&text, "/");
	add(&text, kb_text(entry, "bench"));
	add(&text, *phase ? ":" : "");
	add(&text, phase);
	json_object_foreach(json_object_get(entry, "params"), param, value) {
		add(&text, " ");
		add(&text, param);
		add_number(&text, "=", value);
	}
	add_number(&text, ", ", cpus);
	add(&text, json_integer_value(cpus) == 1 ? " CPU" : " CPUs");
	if (with_list)
		json_array_foreach(json_object_get(entry, "cpu_list"), i, value)
			add_number(&text, i ? "," : " ", value);
	add(&text, " (");
	add(&text, kb_text(entry, "context"));
	add(&text, ")");
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
