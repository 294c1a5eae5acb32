// SPDX-License-Identifier: GPL-2.0
#include "short_names.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "medium.h"

/* The length of the word that @at begins with, "8 CPUs" being one, without what parts words. */
static size_t word_length(const char *at)
{
	size_t length = strcspn(at, " ,");

	if (!strncmp(at + length, " CPU", 4))
		length += 1 + strcspn(at + length + 1, " ,");
	return length;
}

static const char *next_word(const char *at)
{
	at += word_length(at);
	return at + strspn(at, " ,");
}

/* Count each word of @name once, in an object of words to numbers. */
static int count_words(json_t *counts, const char *name)
{
	json_t *own = json_object();
	int bad = !own;

	for (const char *at = next_word(name); !bad && *at; at = next_word(at)) {
		char *word = strndup(at, word_length(at));
		json_int_t nr = word ? json_integer_value(json_object_get(counts, word)) : 0;

		if (!word || json_object_get(own, word)) {
			bad = !word;
			free(word);
			continue;
		}
		bad = json_object_set_new_nocheck(own, word, json_true()) ||
		      json_object_set_new_nocheck(counts, word, json_integer(nr + 1));
		free(word);
	}
	json_decref(own);
	return bad;
}

static bool is_common(const json_t *counts, const char *at, size_t length, size_t nr)
{
	char *word = strndup(at, length);
	bool common = word && (size_t)json_integer_value(json_object_get(counts, word)) == nr;

	free(word);
	return common;
}

/* In place: what stays is never longer. */
static void shorten(char *name, const json_t *counts, size_t nr, char *common, size_t size)
{
	char *to = name + word_length(name);
	const char *next;

	for (const char *at = next_word(name); *at; at = next) {
		size_t length = word_length(at);

		next = next_word(at);
		if (is_common(counts, at, length, nr)) {
			if (common)
				kb_text_add(common, size, "%s%.*s", !*common ? "" :
					    memmem(at, length, " CPU", 4) ? ", " : " ",
					    (int)length, at);
			continue;
		}
		*to++ = ' ';
		memmove(to, at, length);
		to += length;
	}
	*to = '\0';
}

int kb_names_shorten(char *const *names, size_t nr, char *common, size_t size)
{
	json_t *counts = json_object();
	int bad = !counts;

	*common = '\0';
	for (size_t i = 0; !bad && i < nr; i++)
		bad = count_words(counts, names[i]);
	/* Of a single name all words are common, and tell it from nothing. */
	for (size_t i = 0; !bad && i < nr; i++)
		shorten(names[i], counts, nr, i ? NULL : common, size);
	json_decref(counts);
	return bad ? -1 : 0;
}
