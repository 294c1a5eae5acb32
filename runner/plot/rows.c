// SPDX-License-Identifier: GPL-2.0
/* The measured cases of a result, each once, with its boots taken together. */
#include "panels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

static bool same_text(const json_t *a, const json_t *b, const char *name)
{
	return !strcmp(kb_text(a, name), kb_text(b, name));
}

static bool same_case(const json_t *a, const json_t *b)
{
	return same_text(a, b, "suite") && same_text(a, b, "bench") && same_text(a, b, "phase") &&
	       same_text(a, b, "context") && same_text(a, b, "unit") &&
	       json_equal(json_object_get(a, "params"), json_object_get(b, "params")) &&
	       json_equal(json_object_get(a, "cpu_list"), json_object_get(b, "cpu_list"));
}

/*
 * The row of @entry's case, or NULL. Boots list their cases in the same order, so the place after
 * the last hit is tried first.
 */
static struct kb_row *find_row(const struct kb_panels *panels, const json_t *entry, size_t *hint)
{
	for (size_t i = 0; i < panels->nr_rows; i++) {
		size_t at = (*hint + i) % panels->nr_rows;

		if (same_case(panels->rows[at].entry, entry)) {
			*hint = at + 1;
			return &panels->rows[at];
		}
	}
	return NULL;
}

/* Bars of pairs that a picture can hold beside others. */
#define MOST_PAIRS	45

static bool is_pair(const json_t *entry)
{
	return !strcmp(kb_text(entry, "placement"), "pair") &&
	       json_array_size(json_object_get(entry, "cpu_list")) == 2;
}

/* The first CPU of the first pair, when there are more pairs than a picture can hold; else NULL. */
static const json_t *only_first_cpu(const json_t *cases)
{
	const json_t *entry, *first = NULL;
	size_t i, nr = 0;

	json_array_foreach(cases, i, entry) {
		if (!is_pair(entry))
			continue;
		if (!first)
			first = entry;
		if (json_equal(json_object_get(entry, "boot"), json_object_get(first, "boot")))
			nr++;
	}
	return nr > MOST_PAIRS ? json_array_get(json_object_get(first, "cpu_list"), 0) : NULL;
}

/* A pair of CPUs stands in the name: nothing else tells it from the bench's other pairs. */
static void add_pair(struct kb_row *row, const json_t *entry)
{
	const json_t *list = json_object_get(entry, "cpu_list");
	size_t length = strlen(row->name);

	row->pair = is_pair(entry);
	if (row->pair)
		snprintf(row->name + length, sizeof(row->name) - length,
			 " %" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT,
			 json_integer_value(json_array_get(list, 0)),
			 json_integer_value(json_array_get(list, 1)));
}

static void start_row(struct kb_row *row, const json_t *entry)
{
	const char *phase = kb_text(entry, "phase");
	const json_t *per_op = json_object_get(entry, "per_op");
	const json_t *interval = json_object_get(per_op, "ci95");

	row->entry = entry;
	row->suite = kb_text(entry, "suite");
	row->unit = kb_text(entry, "unit");
	snprintf(row->name, sizeof(row->name), "%s%s%s", kb_text(entry, "bench"),
		 *phase ? ":" : "", phase);
	add_pair(row, entry);
	row->cpus = (long)json_integer_value(json_object_get(entry, "cpus"));
	row->value = number(per_op, "median");
	row->low = json_number_value(json_array_get(interval, 0));
	row->high = json_number_value(json_array_get(interval, 1));
	row->log_sum = log(row->value);
	row->nr_boots = 1;
}

static void add_boot(struct kb_row *row, const json_t *entry)
{
	double median = number(json_object_get(entry, "per_op"), "median");

	if (row->nr_boots == 1)
		row->low = row->high = row->value;
	row->low = fmin(row->low, median);
	row->high = fmax(row->high, median);
	row->log_sum += log(median);
	row->nr_boots++;
	row->value = exp(row->log_sum / (double)row->nr_boots);
}

/* What kbench measures of itself beside everything: a picture of others is not about it. */
static bool is_selfcheck(const json_t *entry)
{
	return !strcmp(kb_text(entry, "suite"), "selfcheck");
}

static bool has_others(const json_t *cases)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(cases, i, entry)
		if (!is_selfcheck(entry))
			return true;
	return false;
}

/* Not a figure that no axis can hold: per_op is above 0 in all that kbench writes. */
static bool is_drawable(const json_t *entry)
{
	double median = number(json_object_get(entry, "per_op"), "median");

	return !strcmp(kb_text(entry, "status"), "ok") && isfinite(median) && median > 0;
}

/* Does any other row of the suite have another value of this parameter? */
static bool is_varying(const struct kb_panels *panels, const struct kb_row *row, const char *name,
		       const json_t *value)
{
	for (size_t i = 0; i < panels->nr_rows; i++) {
		const struct kb_row *other = &panels->rows[i];
		const json_t *theirs;

		if (strcmp(other->suite, row->suite))
			continue;
		theirs = json_object_get(json_object_get(other->entry, "params"), name);
		if (theirs && !json_equal(theirs, value))
			return true;
	}
	return false;
}

static int set_params(struct kb_panels *panels)
{
	for (size_t i = 0; i < panels->nr_rows; i++) {
		struct kb_row *row = &panels->rows[i];
		json_t *value;
		const char *name;

		row->params = json_object();
		if (!row->params)
			return -1;
		json_object_foreach(json_object_get(row->entry, "params"), name, value)
			if (is_varying(panels, row, name, value) &&
			    json_object_set(row->params, name, value))
				return -1;
	}
	return 0;
}

int kb_rows_make(struct kb_panels *panels, const json_t *result)
{
	const json_t *cases = json_object_get(result, "cases"), *entry;
	const json_t *only = only_first_cpu(cases);
	bool others = has_others(cases);
	size_t i, hint = 0;

	panels->rows = calloc(json_array_size(cases) + 1, sizeof(*panels->rows));
	if (!panels->rows)
		return -1;
	json_array_foreach(cases, i, entry) {
		struct kb_row *row;

		if (others && is_selfcheck(entry))
			continue;
		if (!is_drawable(entry)) {
			panels->nr_left_out++;
			continue;
		}
		if (only && is_pair(entry) &&
		    !json_equal(json_array_get(json_object_get(entry, "cpu_list"), 0), only)) {
			panels->nr_pairs_left_out++;
			continue;
		}
		row = find_row(panels, entry, &hint);
		if (row) {
			add_boot(row, entry);
		} else {
			row = &panels->rows[panels->nr_rows++];
			start_row(row, entry);
		}
		if (row->nr_boots > panels->nr_boots)
			panels->nr_boots = row->nr_boots;
	}
	return set_params(panels);
}
