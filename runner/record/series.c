// SPDX-License-Identifier: GPL-2.0
/* A samples record: one worker's samples in one phase, as columns. */

#include <stdlib.h>
#include <string.h>

#include "intake.h"

/* CPU numbers of any machine there is. */
#define MAX_CPU		65535

int kb_json_u64(const json_t *object, const char *key, uint64_t max, uint64_t *value)
{
	const json_t *member = json_object_get(object, key);

	if (!json_is_integer(member) || json_integer_value(member) < 0)
		return -1;
	*value = (uint64_t)json_integer_value(member);
	return *value > max ? -1 : 0;
}

void kb_series_free(struct kb_series *series)
{
	free(series->ops);
	free(series->value);
	free(series->flags);
	free(series->cpu_start);
	free(series->cpu_end);
	for (size_t i = 0; i < KBENCH_MAX_COUNTERS; i++)
		kb_counts_free(&series->counts[i]);
	memset(series, 0, sizeof(*series));
}

static int read_number(const json_t *array, size_t i, uint64_t max, uint64_t *value)
{
	const json_t *element = json_array_get(array, i);

	if (!json_is_integer(element) || json_integer_value(element) < 0)
		return -1;
	*value = (uint64_t)json_integer_value(element);
	return *value > max ? -1 : 0;
}

int kb_json_u64_column(uint64_t *column, const json_t *array, size_t nr)
{
	if (json_array_size(array) != nr)
		return -1;
	for (size_t i = 0; i < nr; i++)
		if (read_number(array, i, INT64_MAX, &column[i]))
			return -1;
	return 0;
}

static int read_u32_column(uint32_t *column, const json_t *array, size_t nr)
{
	uint64_t value;

	if (json_array_size(array) != nr)
		return -1;
	for (size_t i = 0; i < nr; i++) {
		if (read_number(array, i, UINT32_MAX, &value))
			return -1;
		column[i] = (uint32_t)value;
	}
	return 0;
}

/* Samples are on the worker's CPU but for those in "moved": [index, first CPU, last CPU]. */
static int read_cpus(struct kb_series *series, const json_t *moved)
{
	uint64_t index, first, last;
	const json_t *entry;
	size_t i;

	for (i = 0; i < series->nr; i++)
		series->cpu_start[i] = series->cpu_end[i] = series->cpu;
	if (!json_is_array(moved))
		return -1;
	json_array_foreach(moved, i, entry) {
		if (json_array_size(entry) != 3 || read_number(entry, 0, INT64_MAX, &index) ||
		    index >= series->nr || read_number(entry, 1, MAX_CPU, &first) ||
		    read_number(entry, 2, MAX_CPU, &last))
			return -1;
		series->cpu_start[index] = (uint32_t)first;
		series->cpu_end[index] = (uint32_t)last;
	}
	return 0;
}

static int read_head(struct kb_series *series, const json_t *record, const struct kb_case *kase)
{
	unsigned int nr_phases = kase->bench->nr_phases ? kase->bench->nr_phases : 1;
	uint64_t worker, cpu, phase;

	if (kb_json_u64(record, "worker", kase->nr_cpus - 1, &worker) ||
	    kb_json_u64(record, "phase", nr_phases - 1, &phase) ||
	    kb_json_u64(record, "cpu", MAX_CPU, &cpu) ||
	    kb_json_u64(record, "total_ops", INT64_MAX, &series->total_ops))
		return -1;
	series->worker = (unsigned int)worker;
	series->cpu = (unsigned int)cpu;
	series->phase = (unsigned int)phase;
	return 0;
}

static int allocate(struct kb_series *series)
{
	series->ops = calloc(series->nr + 1, sizeof(*series->ops));
	series->value = calloc(series->nr + 1, sizeof(*series->value));
	series->flags = calloc(series->nr + 1, sizeof(*series->flags));
	series->cpu_start = calloc(series->nr + 1, sizeof(*series->cpu_start));
	series->cpu_end = calloc(series->nr + 1, sizeof(*series->cpu_end));
	return series->ops && series->value && series->flags && series->cpu_start &&
	       series->cpu_end ? 0 : -1;
}

static int read_columns(struct kb_series *series, const json_t *record)
{
	const json_t *ops = json_object_get(record, "ops");

	if (!json_is_array(ops))
		return -1;
	series->nr = json_array_size(ops);
	if (allocate(series) || kb_json_u64_column(series->ops, ops, series->nr) ||
	    kb_json_u64_column(series->value, json_object_get(record, "value"), series->nr) ||
	    read_u32_column(series->flags, json_object_get(record, "flags"), series->nr))
		return -1;
	return read_cpus(series, json_object_get(record, "moved"));
}

int kb_series_read(struct kb_series *series, const json_t *record, const struct kb_case *kase)
{
	memset(series, 0, sizeof(*series));
	if (!read_head(series, record, kase) && !read_columns(series, record))
		return 0;
	kb_series_free(series);
	return -1;
}
