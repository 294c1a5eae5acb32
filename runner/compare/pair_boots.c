// SPDX-License-Identifier: GPL-2.0
#include "pair_boots.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "gather.h"
#include "table.h"

/** struct place - of a boot: @at, its place in its side; @started may be "" */
struct place {
	const char	*experiment;
	json_int_t	block;
	const char	*started;
	size_t		at;
};

/**
 * struct places - of both sides
 * @a, @b: sorted; @nr of these are pairs, at the same places, once they are matched
 */
struct places {
	struct place	*a;
	struct place	*b;
	size_t		nr;
};

static int by_block(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->experiment, y->experiment);

	return order ? order : (x->block > y->block) - (x->block < y->block);
}

static struct place place_of(const json_t *result, json_int_t boot)
{
	const json_t *facts = json_array_get(json_object_get(result, "boots"), (size_t)boot);
	const json_t *block = json_object_get(facts, "block");
	const char *own = kb_text(facts, "experiment");

	/* Of pooled results each boot has its own. */
	return (struct place){
		.experiment = *own ? own : kb_text(json_object_get(result, "experiment"), "id"),
		.block = json_is_integer(block) ? json_integer_value(block) : -1,
		.started = kb_text(facts, "started"),
	};
}

/* Return: the places of @side, sorted; NULL: no memory. @whole: each is one block's alone */
static struct place *places_of(bool *whole, const struct kb_side *side, const json_t *result)
{
	struct place *places = calloc(side->nr + 1, sizeof(*places));

	for (size_t i = 0; places && i < side->nr; i++) {
		places[i] = place_of(result, side->boots[i]);
		places[i].at = i;
		*whole &= *places[i].experiment && places[i].block >= 0;
	}
	if (!places)
		return NULL;
	qsort(places, side->nr, sizeof(*places), by_block);
	for (size_t i = 1; i < side->nr; i++)
		*whole &= by_block(&places[i - 1], &places[i]) != 0;
	return places;
}

static bool is_of(const struct place *place, const char *experiment)
{
	return !strcmp(place->experiment, experiment);
}

/*
 * Move the pairs to the front. Return: whether the sides have a block in common of each experiment
 * that is on any side.
 */
static bool match(struct places *places, size_t nr_a, size_t nr_b)
{
	size_t i = 0, k = 0;
	bool all = true;

	while (i < nr_a || k < nr_b) {
		bool from_a = k == nr_b ||
			      (i < nr_a && by_block(&places->a[i], &places->b[k]) < 0);
		const char *experiment = from_a ? places->a[i].experiment :
						  places->b[k].experiment;
		size_t before = places->nr;

		while ((i < nr_a && is_of(&places->a[i], experiment)) ||
		       (k < nr_b && is_of(&places->b[k], experiment))) {
			int order = i == nr_a ? 1 : k == nr_b ? -1 :
				    by_block(&places->a[i], &places->b[k]);

			if (!order) {
				places->a[places->nr] = places->a[i];
				places->b[places->nr++] = places->b[k];
			}
			i += order <= 0;
			k += order >= 0;
		}
		all &= places->nr > before;
	}
	return all;
}

static bool is_later(const struct place *a, const struct place *b)
{
	return *a->started && *b->started && strcmp(a->started, b->started) > 0;
}

/* Whether each block began when all of the one before had begun. Times are ISO 8601, in UTC. */
static bool in_order(const struct places *places)
{
	for (size_t i = 1; i < places->nr; i++) {
		const struct place *a = &places->a[i], *b = &places->b[i];

		if (!is_of(a - 1, a->experiment))
			continue;
		if (is_later(a - 1, a) || is_later(a - 1, b) || is_later(b - 1, a) ||
		    is_later(b - 1, b))
			return false;
	}
	return true;
}

/* The entries of those @nr boots of @side alone, in that order. */
static int choose(struct kb_side *side, const struct place *places, size_t nr)
{
	json_t *entries = json_array();
	int bad = !entries;

	for (size_t i = 0; i < nr; i++)
		bad |= json_array_append(entries, json_array_get(side->entries, places[i].at));
	kb_side_free(side);
	*side = (struct kb_side){ 0 };
	bad = bad || kb_side_fill(side, entries);
	json_decref(entries);
	return bad ? -1 : 0;
}

static bool is_whole(const struct kb_side *side, const struct place *places, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (places[i].at != i)
			return false;
	return nr == side->nr;
}

static int use(struct kb_pair *pair, const struct places *places)
{
	size_t nr = places->nr, left = pair->a.nr + pair->b.nr - 2 * nr;

	if (left && (pair->exact || nr < 2)) {
		pair->why = KB_UNPAIRED_SOME;
		return 0;
	}
	pair->paired = true;
	pair->left_out = left;
	if (!is_whole(&pair->a, places->a, nr) && choose(&pair->a, places->a, nr))
		return -1;
	return is_whole(&pair->b, places->b, nr) ? 0 : choose(&pair->b, places->b, nr);
}

int kb_pair_boots(struct kb_pair *pair, const json_t *a, const json_t *b)
{
	bool whole = true;
	struct places places = {
		.a = places_of(&whole, &pair->a, a), .b = places_of(&whole, &pair->b, b),
	};
	int ret = places.a && places.b ? 0 : -1;

	pair->paired = false;
	pair->left_out = 0;
	pair->why = KB_UNPAIRED_ALL;
	if (!ret) {
		bool all = match(&places, pair->a.nr, pair->b.nr);

		if (places.nr && (!whole || !all))
			pair->why = KB_UNPAIRED_SOME;
		else if (places.nr && !in_order(&places))
			pair->why = KB_UNPAIRED_TIME;
		else if (places.nr)
			ret = use(pair, &places);
	}
	free(places.a);
	free(places.b);
	return ret;
}
