// SPDX-License-Identifier: GPL-2.0
#include "history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry_name.h"
#include "files_settings.h"
#include "gather.h"
#include "history_changes.h"
#include "paths.h"
#include "table.h"
#include "version.h"

/* One more element at the end of @array, all zero; NULL: no memory, and @array is as it was. */
static void *grow(void *array, size_t *nr, size_t size)
{
	char *more = array;

	/* Room is a power of two. */
	if (!(*nr & (*nr - 1)))
		more = realloc(array, size * (*nr ? 2 * *nr : 1));
	if (more)
		memset(more + size * (*nr)++, 0, size);
	return more;
}

static char *series_name(const json_t *result, const char *machine)
{
	const json_t *environment = json_object_get(result, "environment");
	const json_t *kernel = json_object_get(result, "kernel");
	const char *flavour = kb_text(kernel, "flavour"), *tree = kb_text(kernel, "tree");

	return kb_path("%s, %s, %s kernels%s%s, %s, %s, %s",
		       kb_text(json_object_get(result, "machine"), "arch"), machine,
		       *flavour ? flavour : "plain", *tree ? " of " : "", tree,
		       kb_text(environment, "fidelity"), kb_text(environment, "backend"),
		       kb_files_unit(result));
}

static json_t *series_about(const json_t *result, const char *machine)
{
	const json_t *environment = json_object_get(result, "environment");
	const json_t *kernel = json_object_get(result, "kernel");

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:O*}",
			 "arch", kb_text(json_object_get(result, "machine"), "arch"),
			 "machine", machine, "fidelity", kb_text(environment, "fidelity"),
			 "backend", kb_text(environment, "backend"),
			 "unit", kb_files_unit(result), "flavour", kb_text(kernel, "flavour"),
			 "tree", json_object_get(kernel, "tree"));
}

/* The series to which @result belongs, made if there is none; NULL: no memory. */
static struct kb_history_series *series_of(struct kb_history *history, const char *path,
					   const json_t *result)
{
	char *machine = kb_files_machine(result, path), *name = series_name(result, machine);
	struct kb_history_series *series = NULL, *more;

	for (size_t i = 0; i < history->nr && !series; i++)
		if (!strcmp(history->series[i].name, name))
			series = &history->series[i];
	if (!series) {
		more = grow(history->series, &history->nr, sizeof(*more));
		if (more) {
			history->series = more;
			series = &more[history->nr - 1];
			*series = (struct kb_history_series){
				.name = kb_path("%s", name), .index = json_object(),
				.about = series_about(result, machine),
			};
		}
	}
	free(machine);
	free(name);
	return series && series->index && series->about ? series : NULL;
}

static bool is_wanted(const json_t *entry, char *const *wanted, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (kb_entry_is(entry, wanted[i]))
			return true;
	return !nr;
}

static struct kb_history_case *case_of(struct kb_history_series *series, const char *name,
				       json_t *entry)
{
	const json_t *place = json_object_get(series->index, name);
	struct kb_history_case *more;

	if (place)
		return &series->cases[json_integer_value(place)];
	more = grow(series->cases, &series->nr, sizeof(*more));
	if (!more)
		return NULL;
	series->cases = more;
	more += series->nr - 1;
	more->name = kb_path("%s", name);
	more->entry = json_incref(entry);
	if (json_object_set_new(series->index, name, json_integer((json_int_t)series->nr - 1)))
		return NULL;
	return more;
}

static int add_point(struct kb_history_series *series, const char *name, const json_t *entries,
		     bool bpf)
{
	struct kb_history_case *one = case_of(series, name, json_array_get(entries, 0));
	struct kb_history_point *more;

	more = one ? grow(one->points, &one->nr, sizeof(*more)) : NULL;
	if (!more)
		return -1;
	one->points = more;
	more += one->nr - 1;
	more->result = series->nr_results - 1;
	more->bpf = bpf;
	if (kb_side_fill(&more->side, entries))
		return -1;
	more->exact = kb_side_is_exact(&more->side, bpf);
	json_decref(more->side.entries);
	more->side.entries = NULL;
	more->side.entry = NULL;
	return 0;
}

static int add_name(json_t *names, const json_t *entry)
{
	char name[KB_ENTRY_NAME_LEN];

	snprintf(name, sizeof(name), "%s/%s", kb_text(entry, "suite"), kb_text(entry, "bench"));
	return json_object_get(names, name) ? 0 : json_object_set_new(names, name, json_true());
}

/* Where @fact is as in the result @before, the two are one object. */
static int set_fact(json_t *facts, const json_t *before, const char *name, json_t *fact)
{
	json_t *same = json_object_get(before, name);

	if (!fact)
		return 0;
	return json_object_set(facts, name, same && json_equal(fact, same) ? same : fact);
}

/* What is kept of a result. */
static json_t *facts_of(const json_t *result, const json_t *before)
{
	static const char *const names[] = { "kernel", "machine", "environment", "kbench" };
	json_t *facts = json_object(), *boots = kb_files_seeded(result);
	int bad = !facts || !boots || set_fact(facts, before, "boots", boots);

	for (size_t i = 0; !bad && i < sizeof(names) / sizeof(names[0]); i++)
		bad = set_fact(facts, before, names[i], json_object_get(result, names[i]));
	json_decref(boots);
	if (!bad)
		return facts;
	json_decref(facts);
	return NULL;
}

static int add_result(struct kb_history_series *series, const char *path, const json_t *result)
{
	struct kb_history_result *more;
	const json_t *before;

	more = grow(series->results, &series->nr_results, sizeof(*more));
	if (!more)
		return -1;
	series->results = more;
	before = series->nr_results > 1 ? more[series->nr_results - 2].facts : NULL;
	more[series->nr_results - 1] = (struct kb_history_result){
		.path = kb_path("%s", path), .added = series->nr_results - 1,
		.release = kb_path("%s", kb_text(json_object_get(result, "kernel"), "release")),
		.started = kb_path("%s", kb_text(result, "started")),
		.facts = facts_of(result, before),
	};
	return more[series->nr_results - 1].facts ? 0 : -1;
}

const char *kb_history_known(bool *again, const struct kb_history *history, const json_t *result)
{
	const char *path = kb_text(history->known, kb_text(result, "id"));
	const json_t *boot;
	size_t i;

	*again = *path;
	json_array_foreach(json_object_get(result, "boots"), i, boot)
		if (!*path)
			path = kb_text(history->known, kb_text(boot, "id"));
	return *path ? path : NULL;
}

static int add_id(struct kb_history *history, const json_t *object, const char *path)
{
	const char *id = kb_text(object, "id");

	return *id ? json_object_set_new(history->known, id, json_string(path)) : 0;
}

static int add_known(struct kb_history *history, const char *path, const json_t *result)
{
	const json_t *boot;
	int bad = 0;
	size_t i;

	if (!history->known)
		history->known = json_object();
	bad = !history->known || add_id(history, result, path);
	json_array_foreach(json_object_get(result, "boots"), i, boot)
		bad = bad || add_id(history, boot, path);
	return bad;
}

int kb_history_add(struct kb_history *history, const char *path, const json_t *result,
		   char *const *wanted, size_t nr_wanted)
{
	const char *backend = kb_text(json_object_get(result, "environment"), "backend"), *name;
	struct kb_history_series *series = series_of(history, path, result);
	json_t *index = kb_index(result), *entries;
	int bad = !series || !index || add_result(series, path, result) ||
		  add_known(history, path, result);

	if (!history->names)
		history->names = json_object();
	json_object_foreach(index, name, entries) {
		json_t *entry = json_array_get(entries, 0);

		bad = bad || add_name(history->names, entry);
		if (!bad && is_wanted(entry, wanted, nr_wanted))
			bad = add_point(series, name, entries, !strcmp(backend, "bpf"));
	}
	json_decref(index);
	return bad ? -1 : 0;
}

static int by_date(const void *a, const void *b)
{
	const struct kb_history_result *x = a, *y = b;
	int order = strcmp(x->started, y->started);

	if (!order)
		order = strcmp(x->path, y->path);
	return order ? order : (x->added > y->added) - (x->added < y->added);
}

static int by_kernel(const void *a, const void *b)
{
	const struct kb_history_result *x = a, *y = b;
	int order = kb_version_compare(x->release, y->release);

	return order ? order : by_date(a, b);
}

static bool has_kernels(const struct kb_history_series *series)
{
	for (size_t i = 1; i < series->nr_results; i++)
		if (strcmp(series->results[i].release, series->results[0].release) != 0)
			return true;
	return false;
}

static int by_result(const void *a, const void *b)
{
	const struct kb_history_point *x = a, *y = b;

	return (x->result > y->result) - (x->result < y->result);
}

/* Results into their order, and the points of all cases after them. */
static int sort(struct kb_history_series *series, enum kb_history_order order)
{
	size_t *places = calloc(series->nr_results + 1, sizeof(*places));

	if (!places)
		return -1;
	series->by_kernel = order == KB_HISTORY_KERNEL ||
			    (order == KB_HISTORY_AUTO && has_kernels(series));
	qsort(series->results, series->nr_results, sizeof(*series->results),
	      series->by_kernel ? by_kernel : by_date);
	for (size_t i = 0; i < series->nr_results; i++)
		places[series->results[i].added] = i;
	for (size_t i = 0; i < series->nr; i++) {
		struct kb_history_case *one = &series->cases[i];

		for (size_t j = 0; j < one->nr; j++)
			one->points[j].result = places[one->points[j].result];
		qsort(one->points, one->nr, sizeof(*one->points), by_result);
	}
	free(places);
	return 0;
}

/* All boots of a case behind each other. */
static int join(struct kb_history_case *one)
{
	size_t nr = 0;

	for (size_t i = 0; i < one->nr; i++)
		nr += one->points[i].side.nr;
	one->starts = calloc(one->nr + 1, sizeof(*one->starts));
	one->values = calloc(nr + 1, sizeof(*one->values));
	one->changes = calloc(one->nr + 1, sizeof(*one->changes));
	if (!one->starts || !one->values || !one->changes)
		return -1;
	one->exact = one->nr > 0;
	one->p = NAN;
	for (size_t i = 0; i < one->nr; i++) {
		const struct kb_side *side = &one->points[i].side;

		memcpy(one->values + one->starts[i], side->values,
		       side->nr * sizeof(*one->values));
		one->starts[i + 1] = one->starts[i] + side->nr;
		one->exact &= one->points[i].exact;
	}
	return 0;
}

int kb_history_finish(struct kb_history *history, enum kb_history_order order, double level)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < history->nr; i++) {
		struct kb_history_series *series = &history->series[i];

		bad = sort(series, order);
		for (size_t j = 0; !bad && j < series->nr; j++)
			bad = join(&series->cases[j]);
		bad = bad || kb_history_find_changes(series, level);
	}
	return bad ? -1 : 0;
}

static void case_free(struct kb_history_case *one)
{
	for (size_t i = 0; i < one->nr; i++)
		kb_side_free(&one->points[i].side);
	free(one->name);
	json_decref(one->entry);
	free(one->points);
	free(one->starts);
	free(one->values);
	free(one->changes);
}

static void series_free(struct kb_history_series *series)
{
	for (size_t i = 0; i < series->nr; i++)
		case_free(&series->cases[i]);
	for (size_t i = 0; i < series->nr_results; i++) {
		free(series->results[i].path);
		free(series->results[i].release);
		free(series->results[i].started);
		json_decref(series->results[i].facts);
	}
	free(series->name);
	json_decref(series->about);
	json_decref(series->index);
	free(series->results);
	free(series->cases);
}

void kb_history_free(struct kb_history *history)
{
	for (size_t i = 0; i < history->nr; i++)
		series_free(&history->series[i]);
	free(history->series);
	json_decref(history->names);
	json_decref(history->known);
	*history = (struct kb_history){ 0 };
}

static int add_differs(json_t *lines, const json_t *a, const json_t *b)
{
	return kb_files_settings(a, b, lines) || kb_files_seeds(a, b, lines);
}

json_t *kb_history_differs(const struct kb_history_series *series, size_t result)
{
	json_t *lines = json_array();
	size_t i = 0;

	if (!lines || (result && add_differs(lines, series->results[result - 1].facts,
					     series->results[result].facts))) {
		json_decref(lines);
		return NULL;
	}
	/* Another kernel has another configuration. */
	while (i < json_array_size(lines)) {
		const char *line = json_string_value(json_array_get(lines, i));

		if (!strncmp(line, "kernel: ", 8) || !strncmp(line, "kernel configuration", 20))
			json_array_remove(lines, i);
		else
			i++;
	}
	return lines;
}

double kb_history_estimate(const struct kb_history_case *one, size_t from, size_t to)
{
	size_t first = one->starts[from], end = one->starts[to];
	double sum = 0;

	if (one->exact) {
		for (size_t i = from; i < to; i++)
			sum += one->points[i].bpf ? one->points[i].side.least :
						    one->points[i].side.mean;
		return sum / (double)(to - from);
	}
	for (size_t i = first; i < end; i++)
		sum += one->values[i];
	return exp(sum / (double)(end - first));
}
