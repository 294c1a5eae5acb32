// SPDX-License-Identifier: GPL-2.0
#include "gather.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "pair_boots.h"
#include "parallel.h"
#include "table.h"

/**
 * struct index - the cases of a file
 * @entries:   object: name of a case to an array of its entries, one a boot
 * @named:     the same with what was not measured, and without telling apart
 * @ambiguous: names that stand for several cases, here or in the other file; borrowed
 */
struct index {
	const json_t	*result;
	json_t		*entries;
	json_t		*named;
	const json_t	*ambiguous;
};

bool kb_is_bpf(const json_t *result)
{
	return !strcmp(kb_text(json_object_get(result, "environment"), "backend"), "bpf");
}

void kb_pair_set_exact(struct kb_pair *pair, bool bpf)
{
	pair->exact = kb_side_is_exact(&pair->a, bpf) && kb_side_is_exact(&pair->b, bpf);
}

static double figure(const json_t *entry, const char *name)
{
	return json_number_value(json_object_get(json_object_get(entry, "per_op"), name));
}

/* Of counts other figures than of times are compared, as logarithms, too. */
bool kb_entry_is_measured(const json_t *entry)
{
	if (strcmp(kb_text(entry, "status"), "ok") != 0 || !(figure(entry, "median") > 0))
		return false;
	return strcmp(kb_text(entry, "unit"), "insn") != 0 ||
	       (figure(entry, "min") > 0 && figure(entry, "mean") > 0);
}

int kb_index_add(json_t *index, const char *name, json_t *entry)
{
	json_t *list = json_object_get(index, name);
	int bad = 0;

	if (!list) {
		list = json_array();
		bad = json_object_set_new(index, name, list);
	}
	return bad | json_array_append(list, entry);
}

/* Every entry of @result, measured or not, by the name of its case. */
static json_t *by_name(const json_t *result)
{
	json_t *index = json_object(), *entry;
	int bad = !index;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		char name[KB_ENTRY_NAME_LEN];

		kb_entry_name(name, entry, false);
		bad = bad || kb_index_add(index, name, entry);
	}
	if (!bad)
		return index;
	json_decref(index);
	return NULL;
}

static int by_number(const void *a, const void *b)
{
	json_int_t x = *(const json_int_t *)a, y = *(const json_int_t *)b;

	return (x > y) - (x < y);
}

static json_int_t boot_of(const json_t *entry)
{
	return json_integer_value(json_object_get(entry, "boot"));
}

/* Pairs of CPUs, which the name does not tell apart. */
bool kb_entries_ambiguous(const json_t *entries)
{
	size_t nr = json_array_size(entries), i;
	json_int_t *boots = calloc(nr + 1, sizeof(*boots));
	const json_t *entry;
	bool twice = false;

	if (!boots)
		return true;
	json_array_foreach(entries, i, entry)
		boots[i] = boot_of(entry);
	qsort(boots, nr, sizeof(*boots), by_number);
	for (i = 1; i < nr; i++)
		twice |= boots[i] == boots[i - 1];
	free(boots);
	return twice;
}

/* Add to @names those that stand for several cases of one boot. */
static int find_ambiguous(json_t *names, const json_t *index)
{
	const json_t *entries;
	const char *name;
	int bad = 0;

	json_object_foreach((json_t *)index, name, entries)
		if (kb_entries_ambiguous(entries))
			bad |= json_object_set_new(names, name, json_true());
	return bad;
}

/* What was measured, cases of ambiguous names by their CPUs' numbers, too. */
static int index_fill(struct index *index)
{
	json_t *entries, *entry;
	const char *name;
	int bad = 0;
	size_t i;

	json_object_foreach(index->named, name, entries) {
		bool with_list = json_object_get(index->ambiguous, name);

		json_array_foreach(entries, i, entry) {
			char longer[KB_ENTRY_NAME_LEN];

			if (!kb_entry_is_measured(entry))
				continue;
			if (with_list)
				kb_entry_name(longer, entry, true);
			bad |= kb_index_add(index->entries, with_list ? longer : name, entry);
		}
	}
	return bad;
}

static int name_one(void *indexes, size_t i)
{
	struct index *index = (struct index *)indexes + i;

	index->named = by_name(index->result);
	return !index->named;
}

static int fill_one(void *indexes, size_t i)
{
	struct index *index = (struct index *)indexes + i;

	index->entries = json_object();
	return !index->entries || index_fill(index);
}

/* A name that is ambiguous in one file is told apart in all, or cases would not find theirs. */
static int index_all(struct index *indexes, size_t nr)
{
	json_t *ambiguous = json_object();
	int bad = !ambiguous || kb_parallel(nr, name_one, indexes);

	for (size_t i = 0; !bad && i < nr; i++) {
		indexes[i].ambiguous = ambiguous;
		bad = find_ambiguous(ambiguous, indexes[i].named);
	}
	bad = bad || kb_parallel(nr, fill_one, indexes);
	json_decref(ambiguous);
	for (size_t i = 0; i < nr; i++)
		json_decref(indexes[i].named);
	return bad ? -1 : 0;
}

int kb_side_fill(struct kb_side *side, const json_t *entries)
{
	const json_t *entry;
	size_t i;

	side->nr = json_array_size(entries);
	side->entry = json_array_get(entries, 0);
	side->entries = json_incref((json_t *)entries);
	side->boots = calloc(side->nr + 1, sizeof(*side->boots));
	side->values = calloc(side->nr + 1, sizeof(*side->values));
	if (!side->boots || !side->values)
		return -1;
	side->least = figure(side->entry, "min");
	side->mean = figure(side->entry, "mean");
	json_array_foreach(entries, i, entry) {
		side->boots[i] = boot_of(entry);
		side->values[i] = log(figure(entry, "median"));
	}
	return 0;
}

static int add_pair(struct kb_comparison *comparison, const char *name, const struct index *a,
		    const struct index *b)
{
	struct kb_pair *pair = &comparison->pairs[comparison->nr++];

	pair->name = strdup(name);
	if (!pair->name || kb_side_fill(&pair->a, json_object_get(a->entries, name)) ||
	    kb_side_fill(&pair->b, json_object_get(b->entries, name)))
		return -1;
	kb_pair_set_exact(pair, kb_is_bpf(a->result) || kb_is_bpf(b->result));
	return kb_pair_boots(pair, a->result, b->result);
}

static int match(struct kb_comparison *comparison, const struct index *a, const struct index *b)
{
	const json_t *list;
	const char *name;
	int bad = 0;

	comparison->pairs = calloc(json_object_size(a->entries) + 1, sizeof(*comparison->pairs));
	if (!comparison->pairs)
		return -1;
	json_object_foreach(a->entries, name, list) {
		if (!json_object_get(b->entries, name))
			comparison->only_a++;
		else if (!bad)
			bad = add_pair(comparison, name, a, b);
	}
	comparison->only_b = json_object_size(b->entries) - comparison->nr;
	return bad;
}

json_t *kb_index(const json_t *result)
{
	struct index index = { .result = result };

	if (!index_all(&index, 1))
		return index.entries;
	json_decref(index.entries);
	return NULL;
}

int kb_gather(struct kb_comparison *comparison, const json_t *a, const json_t *b)
{
	struct index indexes[] = { { .result = a }, { .result = b } };
	int ret = index_all(indexes, 2);

	if (!ret)
		ret = match(comparison, &indexes[0], &indexes[1]) ? -1 : 0;
	json_decref(indexes[0].entries);
	json_decref(indexes[1].entries);
	return ret;
}
