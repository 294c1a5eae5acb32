// SPDX-License-Identifier: GPL-2.0
#include "pool.h"

#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "table.h"

static const char *experiment_of(const json_t *result)
{
	return kb_text(json_object_get(result, "experiment"), "id");
}

/* Both sides of a comparison come in this order. */
static int by_experiment(const void *a, const void *b)
{
	const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	int order = strcmp(experiment_of(x), experiment_of(y));

	return order ? order : strcmp(kb_text(x, "started"), kb_text(y, "started"));
}

static int add_boots(json_t *boots, const json_t *result)
{
	const char *experiment = experiment_of(result);
	json_t *boot;
	size_t i;
	int bad = 0;

	json_array_foreach(json_object_get(result, "boots"), i, boot) {
		json_t *copy = json_copy(boot);

		bad |= json_object_set_new(copy, "index",
					   json_integer((json_int_t)json_array_size(boots)));
		if (*experiment)
			bad |= json_object_set_new(copy, "experiment", json_string(experiment));
		bad |= json_array_append_new(boots, copy);
	}
	return bad;
}

static int add_cases(json_t *cases, const json_t *result, json_int_t first)
{
	json_t *entry;
	size_t i;
	int bad = 0;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		json_int_t boot = json_integer_value(json_object_get(entry, "boot"));
		json_t *copy = json_copy(entry);

		bad |= json_object_set_new(copy, "boot", json_integer(first + boot));
		bad |= json_array_append_new(cases, copy);
	}
	return bad;
}

static json_t *pool_sorted(json_t *const *results, size_t nr)
{
	json_t *pool = json_copy(results[0]), *boots = json_array(), *cases = json_array();
	int bad = !pool || !boots || !cases;

	for (size_t i = 0; !bad && i < nr; i++) {
		json_int_t first = (json_int_t)json_array_size(boots);

		bad = add_boots(boots, results[i]) || add_cases(cases, results[i], first);
	}
	if (pool)
		bad |= json_object_set(pool, "boots", boots) ||
		       json_object_set(pool, "cases", cases);
	json_decref(boots);
	json_decref(cases);
	if (!bad)
		return pool;
	json_decref(pool);
	return NULL;
}

json_t *kb_pool_results(json_t *const *results, size_t nr)
{
	json_t **sorted, *pool;

	if (nr == 1)
		return json_incref(results[0]);
	sorted = calloc(nr, sizeof(json_t *));
	if (!sorted)
		return NULL;
	memcpy(sorted, results, nr * sizeof(json_t *));
	qsort(sorted, nr, sizeof(json_t *), by_experiment);
	pool = pool_sorted(sorted, nr);
	free(sorted);
	return pool;
}

static int check_alike(const json_t *a, const json_t *b, const char *path_a, const char *path_b,
		       struct kb_error *err)
{
	char *bar = kb_files_bar(a, b);
	json_t *lines = json_array();
	int ret = -1;

	if (!lines)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	else if (!strcmp(kb_text(a, "id"), kb_text(b, "id")))
		kb_fail(err, KB_EXIT_USAGE, "%s and %s are one result: its boots would count "
			"twice", path_a, path_b);
	else if (bar)
		kb_fail(err, KB_EXIT_USAGE, "%s and %s cannot be taken together: %s", path_a,
			path_b, bar);
	else
		ret = kb_files_settings(a, b, lines) ?
			kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
	if (!ret && json_array_size(lines))
		ret = kb_fail(err, KB_EXIT_USAGE, "%s and %s cannot be taken together: %s", path_a,
			      path_b, json_string_value(json_array_get(lines, 0)));
	json_decref(lines);
	free(bar);
	return ret;
}

int kb_pool_check(json_t *const *results, char *const *paths, size_t nr, struct kb_error *err)
{
	for (size_t i = 1; i < nr; i++)
		for (size_t k = 0; k < i; k++)
			if (check_alike(results[k], results[i], paths[k], paths[i], err))
				return -1;
	return 0;
}
