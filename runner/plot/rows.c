// SPDX-License-Identifier: GPL-2.0
/* The measured cases of a result, each once, with its boots taken together. */
#include "panels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "medium.h"
#include "table.h"

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

static bool is_pair(const json_t *entry)
{
	return !strcmp(kb_text(entry, "placement"), "pair") &&
	       json_array_size(json_object_get(entry, "cpu_list")) == 2;
}

static void start_row(struct kb_row *row, const json_t *entry)
{
	const char *phase = kb_text(entry, "phase");
	const json_t *per_op = json_object_get(entry, "per_op");
	const json_t *interval = json_object_get(per_op, "ci95");

	row->entry = entry;
	row->suite = kb_text(entry, "suite");
	row->unit = kb_text(entry, "unit");
	kb_text_add(row->name, sizeof(row->name), "%s%s%s", kb_text(entry, "bench"),
		    *phase ? ":" : "", phase);
	row->pair = is_pair(entry);
	row->cpus = (long)json_integer_value(json_object_get(entry, "cpus"));
	row->value = number(per_op, "median");
	row->low = json_number_value(json_array_get(interval, 0));
	row->high = json_number_value(json_array_get(interval, 1));
	/* No interval reaches what no operation takes; without one there are no whiskers. */
	if (row->low <= 0)
		row->low = row->value;
	if (!(row->high >= row->value))
		row->high = row->value;
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

bool kb_suite_is_own(const char *name)
{
	return !strcmp(name, "selfcheck");
}

bool kb_suite_is_wanted(const char *name, const char *suite, bool others)
{
	return suite ? !strcmp(name, suite) : !others || !kb_suite_is_own(name);
}

static bool has_others(const json_t *cases)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(cases, i, entry)
		if (!kb_suite_is_own(kb_text(entry, "suite")))
			return true;
	return false;
}

/* Not a figure that no axis can hold: per_op is above 0 in all that kbench writes. */
static bool is_drawable(const json_t *entry)
{
	double median = number(json_object_get(entry, "per_op"), "median");

	return !strcmp(kb_text(entry, "status"), "ok") && isfinite(median) && median > 0;
}

/*
 * Of each suite's parameters the value, or null where there are several: an object of objects.
 * NULL: no memory
 */
static json_t *common_values(const struct kb_panels *panels)
{
	json_t *suites = json_object();

	for (size_t i = 0; i < panels->nr_rows; i++) {
		const struct kb_row *row = &panels->rows[i];
		json_t *known = json_object_get(suites, row->suite), *value, *other;
		const char *name;

		if (!known) {
			known = json_object();
			if (json_object_set_new(suites, row->suite, known)) {
				json_decref(suites);
				return NULL;
			}
		}
		json_object_foreach(json_object_get(row->entry, "params"), name, value) {
			other = json_object_get(known, name);
			if (!other)
				json_object_set(known, name, value);
			else if (!json_equal(other, value))
				json_object_set_new(known, name, json_null());
		}
	}
	return suites;
}

/* Those that differ in the suite. */
static int set_params(struct kb_panels *panels)
{
	json_t *suites = common_values(panels), *value;
	int bad = !suites;

	for (size_t i = 0; !bad && i < panels->nr_rows; i++) {
		struct kb_row *row = &panels->rows[i];
		const json_t *known = json_object_get(suites, row->suite);
		const char *name;

		row->params = json_object();
		bad = !row->params;
		json_object_foreach(json_object_get(row->entry, "params"), name, value)
			if (json_is_null(json_object_get(known, name)))
				bad |= json_object_set(row->params, name, value);
	}
	json_decref(suites);
	return bad ? -1 : 0;
}

/* Take @entry in: as a boot of the row that @places has under its name, or as a new one. */
static int take(struct kb_panels *panels, json_t *places, const json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN];
	const json_t *place;
	struct kb_row *row;

	kb_entry_name(name, entry, true);
	place = json_object_get(places, name);
	if (place) {
		row = &panels->rows[json_integer_value(place)];
		add_boot(row, entry);
	} else {
		if (json_object_set_new_nocheck(places, name,
						json_integer((json_int_t)panels->nr_rows)))
			return -1;
		row = &panels->rows[panels->nr_rows++];
		start_row(row, entry);
	}
	if (row->nr_boots > panels->nr_boots)
		panels->nr_boots = row->nr_boots;
	return 0;
}

/* When all rows are there: which cases have none, or not of each boot. */
static int take_losses(struct kb_panels *panels, const json_t *places, const json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN];

	kb_entry_name(name, entry, true);
	return kb_losses_add(json_object_get(places, name) ? &panels->gaps : &panels->missing,
			     entry, panels->nr_results);
}

int kb_rows_make(struct kb_panels *panels, const json_t *result, const char *suite)
{
	const json_t *cases = json_object_get(result, "cases"), *entry;
	json_t *places = json_object();
	bool others = has_others(cases);
	int ret = 0;
	size_t i;

	panels->rows = calloc(json_array_size(cases) + 1, sizeof(*panels->rows));
	if (!panels->rows || !places)
		ret = -1;
	json_array_foreach(cases, i, entry)
		if (!ret && is_drawable(entry) &&
		    kb_suite_is_wanted(kb_text(entry, "suite"), suite, others))
			ret = take(panels, places, entry);
	json_array_foreach(cases, i, entry)
		if (!ret && !is_drawable(entry) &&
		    kb_suite_is_wanted(kb_text(entry, "suite"), suite, others))
			ret = take_losses(panels, places, entry);
	panels->nr_results++;
	json_decref(places);
	return ret ? -1 : set_params(panels);
}

void kb_rows_free(struct kb_panels *panels)
{
	for (size_t i = 0; i < panels->nr_rows; i++)
		json_decref(panels->rows[i].params);
	free(panels->rows);
	panels->rows = NULL;
	panels->nr_rows = 0;
}

static json_int_t cpu_of(const struct kb_row *row, size_t worker)
{
	const json_t *list = json_object_get(row->entry, "cpu_list");

	return json_integer_value(json_array_get(list, worker));
}

/* A pair of CPUs is part of it: nothing else tells a case from the bench's other pairs. */
void kb_row_label(char label[KB_LABEL_LEN], const struct kb_row *row, const char *axis)
{
	const char *param;
	json_t *value;

	kb_text_add(label, KB_LABEL_LEN, "%s", row->name);
	if (row->pair && strcmp(axis, "pair") != 0)
		kb_text_add(label, KB_LABEL_LEN,
			    " %" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT, cpu_of(row, 0),
			    cpu_of(row, 1));
	json_object_foreach(row->params, param, value)
		if (strcmp(param, axis) != 0)
			kb_text_add(label, KB_LABEL_LEN, "%s%s=%" JSON_INTEGER_FORMAT,
				    *label ? " " : "", param, json_integer_value(value));
}
