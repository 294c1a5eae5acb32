// SPDX-License-Identifier: GPL-2.0
/* Short names of cases: "locks/mutex, 8 CPUs", with those parameters alone that differ here. */
#include "writeup.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "table.h"
#include "table_cells.h"

/* An object of suite to { constant, varying }, see kb_params_sort(). */
static int sort_params(json_t *suites, const json_t *entry)
{
	const char *suite = kb_text(entry, "suite");
	json_t *both = json_object_get(suites, suite);
	int bad = 0;

	if (!both) {
		both = json_pack("{s:{}, s:{}}", "constant", "varying");
		bad = json_object_set_new(suites, suite, both);
	}
	return bad || kb_params_sort(entry, json_object_get(both, "constant"),
				     json_object_get(both, "varying"));
}

static char *make_label(const json_t *entry, const json_t *varying)
{
	char *bench = kb_cell_text(KB_COLUMN_BENCH, entry, varying);
	char *params = kb_cell_text(KB_COLUMN_PARAMS, entry, varying);
	char *cpus = kb_cell_text(KB_COLUMN_CPUS, entry, varying);
	bool pair = kb_writeup_is_pair(entry);
	bool one = cpus && !strcmp(cpus, "1");
	char *label = kb_path("%s%s%s, %s%s%s", bench ? bench : "", params && *params ? " " : "",
			      params ? params : "", pair ? "CPUs " : "", cpus ? cpus : "",
			      pair ? "" : one ? " CPU" : " CPUs");

	free(bench);
	free(params);
	free(cpus);
	return label;
}

/* A label that another case has already is none: both keep their names. */
static int add_label(json_t *labels, json_t *owners, const char *name, const char *label)
{
	const char *owner = json_string_value(json_object_get(owners, label));

	if (!owner)
		return json_object_set_new(owners, label, json_string(name)) |
		       json_object_set_new(labels, name, json_string(label));
	if (!strcmp(owner, name))
		return 0;
	return json_object_set_new(labels, owner, json_string(owner)) |
	       json_object_set_new(labels, name, json_string(name));
}

static int add_labels(struct kb_writeup *page, const json_t *suites, json_t *owners)
{
	const json_t *entries;
	const char *name;
	int bad = 0;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries) {
			const json_t *entry = json_array_get(entries, 0);
			const json_t *both = json_object_get(suites, kb_text(entry, "suite"));
			char *label = make_label(entry, json_object_get(both, "varying"));

			bad |= add_label(page->labels, owners, name, label);
			free(label);
		}
	return bad;
}

int kb_writeup_labels_make(struct kb_writeup *page)
{
	json_t *suites = json_object(), *owners = json_object();
	const json_t *entries;
	const char *name;
	int bad;

	page->labels = json_object();
	bad = !suites || !owners || !page->labels;
	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries)
			bad = bad || sort_params(suites, json_array_get(entries, 0));
	bad = bad || add_labels(page, suites, owners);
	json_decref(suites);
	json_decref(owners);
	return bad ? -1 : 0;
}

const char *kb_writeup_label(const struct kb_writeup *page, const char *name)
{
	const char *label = json_string_value(json_object_get(page->labels, name));

	return label ? label : name;
}
