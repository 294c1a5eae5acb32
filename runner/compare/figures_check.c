// SPDX-License-Identifier: GPL-2.0
#include "figures_check.h"

#include <string.h>

#include "gather.h"
#include "table.h"

/* The id of a boot that is in @result twice, or NULL. */
static const char *boot_twice(const json_t *result)
{
	json_t *seen = json_object();
	const char *found = NULL;
	const json_t *boot;
	size_t i;

	json_array_foreach(json_object_get(result, "boots"), i, boot) {
		const char *id = kb_text(boot, "id");

		if (*id && json_object_get(seen, id))
			found = id;
		json_object_set_new(seen, id, json_true());
	}
	json_decref(seen);
	return found;
}

static int check_ids(const json_t *result, struct kb_error *err)
{
	const char *id = boot_twice(result);

	if (!id)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "boot %s is there twice: was a file named twice, or "
		       "copied? Name each result once", id);
}

static int check_side(const struct kb_pair *pair, const struct kb_side *side, struct kb_error *err)
{
	if (!kb_entries_ambiguous(side->entries))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "%s is there twice in one boot: the file is damaged",
		       pair->name);
}

int kb_boots_check(const struct kb_comparison *comparison, const json_t *a, const json_t *b,
		   struct kb_error *err)
{
	if (check_ids(a, err) || check_ids(b, err))
		return -1;
	for (size_t i = 0; i < comparison->nr; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];

		if (check_side(pair, &pair->a, err) || check_side(pair, &pair->b, err))
			return -1;
	}
	return 0;
}

/* The unit of all entries of @side, or NULL where they differ. */
static const char *unit_of(const struct kb_side *side)
{
	const char *unit = kb_text(side->entry, "unit");
	const json_t *entry;
	size_t i;

	json_array_foreach(side->entries, i, entry)
		if (strcmp(kb_text(entry, "unit"), unit) != 0)
			return NULL;
	return unit;
}

int kb_figures_check(const struct kb_comparison *comparison, bool force, struct kb_error *err)
{
	for (size_t i = 0; i < comparison->nr && !force; i++) {
		const struct kb_pair *pair = &comparison->pairs[i];
		const char *a = unit_of(&pair->a), *b = unit_of(&pair->b);

		if (!a || !b)
			return kb_fail(err, KB_EXIT_USAGE, "%s has figures in several units in one "
				       "file: times and counts are not one series", pair->name);
		if (strcmp(a, b) != 0)
			return kb_fail(err, KB_EXIT_USAGE, "%s is in %s in one file and in %s in "
				       "the other", pair->name, a, b);
	}
	return 0;
}

size_t kb_figures_unusable(const json_t *result)
{
	const json_t *entry;
	size_t nr = 0, i;

	json_array_foreach(json_object_get(result, "cases"), i, entry)
		nr += !strcmp(kb_text(entry, "status"), "ok") &&
		      json_object_get(entry, "per_op") && !kb_entry_is_measured(entry);
	return nr;
}
