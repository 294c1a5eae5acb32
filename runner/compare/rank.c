// SPDX-License-Identifier: GPL-2.0
#include "rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "table.h"

/* Of two times three boots all orders are 20: both sides clear by chance, 1 in 200. */
#define LEAST_BOOTS	3

static bool is_same(const json_t *a, const json_t *b, const char *name)
{
	const json_t *x = json_object_get(a, name), *y = json_object_get(b, name);

	return x == y || (x && y && json_equal(x, y));
}

/* Whether the two are benches between which people choose. */
static bool are_rivals(const struct kb_pair *x, const struct kb_pair *y)
{
	const json_t *a = x->a.entry, *b = y->a.entry;

	return is_same(a, b, "suite") && is_same(a, b, "cpus") && is_same(a, b, "phase") &&
	       is_same(a, b, "params") && x->exact == y->exact && !is_same(a, b, "bench");
}

static double least(const struct kb_side *side)
{
	double value = INFINITY;

	for (size_t i = 0; i < side->nr; i++)
		value = fmin(value, side->values[i]);
	return value;
}

static double most(const struct kb_side *side)
{
	double value = -INFINITY;

	for (size_t i = 0; i < side->nr; i++)
		value = fmax(value, side->values[i]);
	return value;
}

static bool is_below(const struct kb_side *x, const struct kb_side *y, bool exact)
{
	if (exact)
		return x->mean < y->mean;
	return x->nr >= LEAST_BOOTS && y->nr >= LEAST_BOOTS && most(x) < least(y);
}

/* Whether @x is clearly cheaper than @y on the first side, and dearer on the second. */
static bool trade_places(const struct kb_pair *x, const struct kb_pair *y)
{
	return is_below(&x->a, &y->a, x->exact) && is_below(&y->b, &x->b, x->exact) &&
	       are_rivals(x, y);
}

/* The benches that are dearer than @cheap on the first side only: "mutex, semaphore"; or NULL. */
static char *dearer(const struct kb_comparison *comparison, const struct kb_pair *cheap)
{
	char *list = NULL;

	for (size_t i = 0; i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];
		char *longer;

		if (pair == cheap || !trade_places(cheap, pair))
			continue;
		longer = kb_path("%s%s%s", list ? list : "", list ? ", " : "",
				 kb_text(pair->a.entry, "bench"));
		free(list);
		list = longer;
	}
	return list;
}

json_t *kb_rankings(const struct kb_comparison *comparison, const char *a, const char *b)
{
	json_t *lines = json_array();
	int bad = !lines;

	for (size_t i = 0; !bad && i < comparison->nr; i++) {
		const struct kb_pair *cheap = &comparison->pairs[i];
		char *list = dearer(comparison, cheap), *line;

		if (!list)
			continue;
		line = kb_path("on %s %s costs less than %s; on %s more", a, cheap->name, list, b);
		bad = json_array_append_new(lines, json_string(line));
		free(line);
		free(list);
	}
	if (!bad)
		return lines;
	json_decref(lines);
	return NULL;
}
