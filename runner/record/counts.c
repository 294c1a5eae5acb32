// SPDX-License-Identifier: GPL-2.0
/* Records of perf counters: columns that belong to a series, and which counters are missing. */

#include <stdlib.h>
#include <string.h>

#include "intake.h"

void kb_counts_free(struct kb_counts *counts)
{
	free(counts->value);
	free(counts->enabled);
	free(counts->running);
	memset(counts, 0, sizeof(*counts));
}

static uint64_t *read_column(const json_t *record, const char *key, size_t nr)
{
	uint64_t *column = calloc(nr + 1, sizeof(*column));

	if (column && !kb_json_u64_column(column, json_object_get(record, key), nr))
		return column;
	free(column);
	return NULL;
}

static int read_columns(struct kb_counts *counts, const json_t *record, size_t nr)
{
	counts->value = read_column(record, "value", nr);
	if (!counts->value)
		return -1;
	/* Without times it had its hardware counter all the time. */
	if (!json_object_get(record, "enabled") && !json_object_get(record, "running"))
		return 0;
	counts->enabled = read_column(record, "enabled", nr);
	counts->running = read_column(record, "running", nr);
	if (!counts->enabled || !counts->running)
		return -1;
	for (size_t i = 0; i < nr; i++)
		if (counts->running[i] > counts->enabled[i])
			return -1;
	return 0;
}

static struct kb_series *find_series(const struct kb_measured *measured, uint64_t worker,
				     uint64_t phase)
{
	for (size_t i = 0; i < measured->nr_series; i++)
		if (measured->series[i].worker == worker && measured->series[i].phase == phase)
			return &measured->series[i];
	return NULL;
}

int kb_counts_read(struct kb_measured *measured, const json_t *record, unsigned int nr_counters)
{
	uint64_t worker, phase, counter;
	struct kb_counts *counts;
	struct kb_series *series;

	if (!nr_counters || kb_json_u64(record, "worker", UINT32_MAX, &worker) ||
	    kb_json_u64(record, "phase", UINT32_MAX, &phase) ||
	    kb_json_u64(record, "counter", nr_counters - 1, &counter))
		return -1;
	series = find_series(measured, worker, phase);
	if (!series || series->counts[counter].value)
		return -1;
	counts = &series->counts[counter];
	if (!read_columns(counts, record, series->nr))
		return 0;
	kb_counts_free(counts);
	return -1;
}

/* Whether each series has the columns of every counter that is not missing, and no others. */
static int check_complete(const struct kb_measured *measured, unsigned int nr_counters)
{
	for (size_t i = 0; i < measured->nr_series; i++)
		for (unsigned int j = 0; j < nr_counters; j++)
			if (!measured->series[i].counts[j].value != !!measured->missing[j])
				return -1;
	return 0;
}

int kb_counts_finish(struct kb_measured *measured, const json_t *record, unsigned int nr_counters)
{
	const json_t *reasons = json_object_get(record, "counters");

	if (!nr_counters)
		return 0;
	/* A case that was not set up knows nothing of its counters. */
	if (!json_array_size(reasons))
		return measured->nr_series ? -1 : 0;
	if (json_array_size(reasons) != nr_counters)
		return -1;
	for (unsigned int i = 0; i < nr_counters; i++) {
		const char *reason = json_string_value(json_array_get(reasons, i));

		if (!reason)
			return -1;
		if (!*reason)
			continue;
		measured->missing[i] = strdup(reason);
		if (!measured->missing[i])
			return -1;
	}
	return check_complete(measured, nr_counters);
}
