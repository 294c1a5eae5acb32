// SPDX-License-Identifier: GPL-2.0
/* The seeds that emulated boots started from. */
#include "files_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "paths.h"

/** struct seeds - sorted, each once */
struct seeds {
	json_int_t	*items;
	size_t		nr;
};

static int by_number(const void *a, const void *b)
{
	json_int_t x = *(const json_int_t *)a, y = *(const json_int_t *)b;

	return (x > y) - (x < y);
}

static int seeds_of(struct seeds *seeds, const json_t *result)
{
	const json_t *boots = json_object_get(result, "boots"), *boot;
	size_t i, nr = 0;

	seeds->items = calloc(json_array_size(boots) + 1, sizeof(*seeds->items));
	if (!seeds->items)
		return -1;
	json_array_foreach(boots, i, boot)
		if (json_is_integer(json_object_get(boot, "seed")))
			seeds->items[nr++] = json_integer_value(json_object_get(boot, "seed"));
	qsort(seeds->items, nr, sizeof(*seeds->items), by_number);
	for (i = 0; i < nr; i++)
		if (!seeds->nr || seeds->items[seeds->nr - 1] != seeds->items[i])
			seeds->items[seeds->nr++] = seeds->items[i];
	return 0;
}

/* "1-5 and 9"; @text ends where it is full. */
static void write_seeds(char *text, size_t size, const struct seeds *seeds)
{
	size_t length = 0, end;

	snprintf(text, size, "%s", seeds->nr ? "" : "not told");
	for (size_t i = 0; i < seeds->nr && length < size; i = end) {
		for (end = i + 1; end < seeds->nr; end++)
			if (seeds->items[end] != seeds->items[end - 1] + 1)
				break;
		length += (size_t)snprintf(text + length, size - length, "%s%" JSON_INTEGER_FORMAT,
					   i ? " and " : "", seeds->items[i]);
		if (end > i + 1 && length < size)
			length += (size_t)snprintf(text + length, size - length,
						   "-%" JSON_INTEGER_FORMAT, seeds->items[end - 1]);
	}
}

static int add_line(json_t *lines, const struct seeds *a, const struct seeds *b)
{
	char old[60], new[60], *line;
	int bad;

	if (a->nr == b->nr && !memcmp(a->items, b->items, a->nr * sizeof(*a->items)))
		return 0;
	write_seeds(old, sizeof(old), a);
	write_seeds(new, sizeof(new), b);
	line = kb_path("seeds of the boots: %s, %s", old, new);
	bad = json_array_append_new(lines, json_string(line));
	free(line);
	return bad;
}

int kb_files_seeds(const json_t *a, const json_t *b, json_t *lines)
{
	struct seeds x = { 0 }, y = { 0 };
	int bad = 0;

	if (kb_is_exact(json_object_get(a, "environment")) &&
	    kb_is_exact(json_object_get(b, "environment")))
		bad = seeds_of(&x, a) || seeds_of(&y, b) || add_line(lines, &x, &y);
	free(x.items);
	free(y.items);
	return bad ? -1 : 0;
}

json_t *kb_files_seeded(const json_t *result)
{
	bool counted = kb_is_exact(json_object_get(result, "environment"));
	json_t *seeds = json_array(), *boot;
	int bad = !seeds;
	size_t i;

	json_array_foreach(json_object_get(result, "boots"), i, boot) {
		json_t *seed = json_object_get(boot, "seed");

		if (counted && seed)
			bad = bad || json_array_append_new(seeds, json_pack("{s:O}", "seed", seed));
	}
	if (!bad)
		return seeds;
	json_decref(seeds);
	return NULL;
}
