// SPDX-License-Identifier: GPL-2.0
/* The cases of one result, by number of CPUs. */
#include "gather.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "paths.h"

static json_int_t cpus_of(const json_t *entries)
{
	return json_integer_value(json_object_get(json_array_get(entries, 0), "cpus"));
}

/* A name around its number of CPUs: the last comma stands before that, a context behind it. */
static void take_apart(char *name, const char **context)
{
	char *comma = strrchr(name, ',');

	*context = "";
	if (!comma)
		return;
	*context = strchr(comma, '(');
	if (!*context)
		*context = "";
	*comma = '\0';
}

/* By name without CPUs: an object of number to entries, one a boot. */
static int add_entry(json_t *cases, json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN], key[KB_ENTRY_NAME_LEN + 2], number[24];
	const char *context;
	json_t *counts;
	int bad = 0;

	kb_entry_name(name, entry, false);
	take_apart(name, &context);
	snprintf(key, sizeof(key), "%s\n%s", name, context);
	snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(entry, "cpus")));
	counts = json_object_get(cases, key);
	if (!counts) {
		counts = json_object();
		bad = json_object_set_new(cases, key, counts);
	}
	return bad | kb_index_add(counts, number, entry);
}

static bool same_boots(const struct kb_side *a, const struct kb_side *b)
{
	return a->nr == b->nr && !memcmp(a->boots, b->boots, a->nr * sizeof(*a->boots));
}

static int add_pair(struct kb_comparison *comparison, const char *key, const json_t *fewest,
		    const json_t *more, bool bpf)
{
	struct kb_pair *pairs = realloc(comparison->pairs,
					(comparison->nr + 1) * sizeof(*comparison->pairs));
	int length = (int)strcspn(key, "\n");
	struct kb_pair *pair;

	if (!pairs)
		return -1;
	comparison->pairs = pairs;
	pair = &pairs[comparison->nr++];
	memset(pair, 0, sizeof(*pair));
	pair->name = kb_path("%.*s, %" JSON_INTEGER_FORMAT " over %" JSON_INTEGER_FORMAT
			     " CPU%s %s", length, key, cpus_of(more), cpus_of(fewest),
			     cpus_of(fewest) == 1 ? "" : "s", key + length + 1);
	if (kb_side_fill(&pair->a, fewest) || kb_side_fill(&pair->b, more))
		return -1;
	kb_pair_set_exact(pair, bpf);
	pair->paired = same_boots(&pair->a, &pair->b);
	return 0;
}

/* @counts: of one case; those that stand for several cases of a boot are left out */
static int add_case(struct kb_comparison *comparison, const char *key, json_t *counts, bool bpf)
{
	const json_t *fewest = NULL, *entries;
	const char *number;
	int bad = 0;

	json_object_foreach(counts, number, entries)
		if (!kb_entries_ambiguous(entries) &&
		    (!fewest || cpus_of(entries) < cpus_of(fewest)))
			fewest = entries;
	json_object_foreach(counts, number, entries)
		if (entries != fewest && !kb_entries_ambiguous(entries))
			bad = bad || add_pair(comparison, key, fewest, entries, bpf);
	return bad;
}

int kb_gather_cpus(struct kb_comparison *comparison, const json_t *result)
{
	json_t *cases = json_object(), *entry, *counts;
	int bad = !cases;
	const char *key;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry)
		if (!bad && kb_entry_is_measured(entry))
			bad = add_entry(cases, entry);
	json_object_foreach(cases, key, counts)
		bad = bad || add_case(comparison, key, counts, kb_is_bpf(result));
	json_decref(cases);
	return bad ? -1 : 0;
}
