// SPDX-License-Identifier: GPL-2.0
/* A latency record: how long one worker's single ops took in one phase, as a histogram. */

#include <stdlib.h>
#include <string.h>

#include "intake.h"

/* CPU numbers of any machine there is. */
#define MAX_CPU		65535

/* More ops than any round times, and few enough that no sum over a case overflows. */
#define MAX_COUNT	(1ULL << 40)

void kb_histogram_free(struct kb_histogram *histogram)
{
	free(histogram->index);
	free(histogram->count);
	memset(histogram, 0, sizeof(*histogram));
}

static int read_head(struct kb_histogram *histogram, const json_t *record,
		     const struct kb_case *kase)
{
	unsigned int nr_phases = kase->bench->nr_phases ? kase->bench->nr_phases : 1;
	const json_t *clock = json_object_get(record, "clock");
	uint64_t worker, cpu, phase;

	if (!json_is_boolean(clock) ||
	    kb_json_u64(record, "worker", kase->nr_cpus - 1, &worker) ||
	    kb_json_u64(record, "phase", nr_phases - 1, &phase) ||
	    kb_json_u64(record, "cpu", MAX_CPU, &cpu) ||
	    kb_json_u64(record, "beyond", MAX_COUNT, &histogram->beyond) ||
	    kb_json_u64(record, "backward", MAX_COUNT, &histogram->backward) ||
	    kb_json_u64(record, "max", INT64_MAX, &histogram->max) ||
	    kb_json_u64(record, "max_at", INT64_MAX, &histogram->max_at))
		return -1;
	histogram->clock = json_is_true(clock);
	histogram->worker = (unsigned int)worker;
	histogram->cpu = (unsigned int)cpu;
	histogram->phase = (unsigned int)phase;
	return 0;
}

/* An element that is a whole number of @min to @max. */
static int read_element(const json_t *array, size_t i, uint64_t min, uint64_t max, uint64_t *value)
{
	const json_t *element = json_array_get(array, i);

	if (!json_is_integer(element) || json_integer_value(element) < 0)
		return -1;
	*value = (uint64_t)json_integer_value(element);
	return *value < min || *value > max ? -1 : 0;
}

/* Buckets come in ascending order, each once, and none is empty. */
static int read_buckets(struct kb_histogram *histogram, const json_t *record)
{
	const json_t *indices = json_object_get(record, "index");
	const json_t *counts = json_object_get(record, "count");
	size_t nr = json_array_size(indices);
	uint64_t index, next = 0;

	if (!json_is_array(indices) || !json_is_array(counts) || json_array_size(counts) != nr ||
	    nr > KBENCH_HISTOGRAM_BUCKETS)
		return -1;
	histogram->index = calloc(nr + 1, sizeof(*histogram->index));
	histogram->count = calloc(nr + 1, sizeof(*histogram->count));
	if (!histogram->index || !histogram->count)
		return -1;
	for (size_t i = 0; i < nr; i++) {
		if (read_element(indices, i, next, KBENCH_HISTOGRAM_BUCKETS - 1, &index) ||
		    read_element(counts, i, 1, MAX_COUNT, &histogram->count[i]))
			return -1;
		histogram->index[i] = (uint32_t)index;
		next = index + 1;
	}
	histogram->nr = nr;
	return 0;
}

int kb_histogram_read(struct kb_histogram *histogram, const json_t *record,
		      const struct kb_case *kase)
{
	memset(histogram, 0, sizeof(*histogram));
	if (!read_head(histogram, record, kase) && !read_buckets(histogram, record))
		return 0;
	kb_histogram_free(histogram);
	return -1;
}
