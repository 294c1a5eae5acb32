// SPDX-License-Identifier: GPL-2.0
#include "symbols.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* No function is longer: what lies further behind the last symbol is something else. */
#define MAX_FUNCTION	(1UL << 20)

/* One entry as it comes; @global: its type is written large. */
struct entry {
	uint64_t	address;
	bool		global;
	char		*name;
};

static int lost(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_TARGET, "the names of the guest's functions did not come "
		       "whole: run it again");
}

/* "1f0tname ", ended where the blank was. Return: what follows, or NULL */
static char *parse_entry(struct entry *entry, char *at, uint64_t before)
{
	char *end = strchr(at, ' '), *name;
	uint64_t distance = strtoull(at, &name, 16);

	if (!end || name == at || !*name || !strchr("tTwW", *name) || name + 1 >= end)
		return NULL;
	*end = '\0';
	*entry = (struct entry){
		.address = before + distance, .global = *name == 'T' || *name == 'W',
		.name = name + 1,
	};
	return end + 1;
}

/* "vfs_read.part.0" is vfs_read; what begins with a dot is a name as a whole. */
static void cut_suffix(char *name)
{
	char *dot = *name ? strchr(name + 1, '.') : NULL;

	if (dot)
		*dot = '\0';
}

static int parse_text(struct entry *entries, size_t room, size_t *nr, char *text)
{
	uint64_t before = 0;

	while (*text) {
		if (*nr == room)
			return -1;
		text = parse_entry(&entries[*nr], text, before);
		if (!text)
			return -1;
		before = entries[*nr].address;
		cut_suffix(entries[(*nr)++].name);
	}
	return 0;
}

/* arm64's "$x": from here on there is code. Where it stands alone that is a module's veneers. */
static bool is_mark(const char *name)
{
	return *name == '$';
}

static size_t underscores(const char *name)
{
	return is_mark(name) ? SIZE_MAX : strspn(name, "_");
}

/* By address; of one address the best name first. */
static int by_address(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t lx = strlen(x->name), ly = strlen(y->name);

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (underscores(x->name) != underscores(y->name))
		return underscores(x->name) < underscores(y->name) ? -1 : 1;
	if (x->global != y->global)
		return x->global ? -1 : 1;
	if (lx != ly)
		return lx < ly ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void keep_best(struct kb_symbols *symbols, struct entry *entries, size_t nr)
{
	qsort(entries, nr, sizeof(*entries), by_address);
	for (size_t i = 0; i < nr; i++)
		if (!i || entries[i].address != entries[i - 1].address)
			symbols->items[symbols->nr++] = (struct kb_symbol){
				.address = entries[i].address, .name = entries[i].name,
			};
}

/* The number that the last record gives; 0: it did not come. */
static size_t announced(const json_t *records)
{
	const json_t *last = json_array_get(records, json_array_size(records) - 1);
	json_int_t all = json_integer_value(json_object_get(last, "all"));

	return all > 0 && all < 1 << 24 ? (size_t)all : 0;
}

static int read_all(struct kb_symbols *symbols, struct entry *entries, size_t all,
		    const json_t *records)
{
	const json_t *record;
	size_t i, nr = 0;

	json_array_foreach(records, i, record) {
		const char *text = json_string_value(json_object_get(record, "text"));
		char *copy = text ? strdup(text) : NULL;

		if (!copy)
			return -1;
		symbols->texts[symbols->nr_texts++] = copy;
		if (json_integer_value(json_object_get(record, "first")) != (json_int_t)nr ||
		    parse_text(entries, all, &nr, copy))
			return -1;
	}
	if (nr != all)
		return -1;
	keep_best(symbols, entries, nr);
	return 0;
}

int kb_symbols_read(struct kb_symbols *symbols, const json_t *records, struct kb_error *err)
{
	size_t all = announced(records);
	struct entry *entries = calloc(all + 1, sizeof(*entries));
	int bad;

	memset(symbols, 0, sizeof(*symbols));
	symbols->items = calloc(all + 1, sizeof(*symbols->items));
	symbols->texts = calloc(json_array_size(records) + 1, sizeof(*symbols->texts));
	if (!entries || !symbols->items || !symbols->texts) {
		free(entries);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	bad = !all || read_all(symbols, entries, all, records);
	free(entries);
	return bad ? lost(err) : 0;
}

void kb_symbols_free(struct kb_symbols *symbols)
{
	for (size_t i = 0; i < symbols->nr_texts; i++)
		free(symbols->texts[i]);
	free(symbols->texts);
	free(symbols->items);
	memset(symbols, 0, sizeof(*symbols));
}

const char *kb_symbols_find(const struct kb_symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->nr;

	/* The first that lies behind @address; before it is the one it is in. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->items[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - symbols->items[low - 1].address >= MAX_FUNCTION)
		return NULL;
	return is_mark(symbols->items[low - 1].name) ? NULL : symbols->items[low - 1].name;
}
