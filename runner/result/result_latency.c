// SPDX-License-Identifier: GPL-2.0
/* The member "histogram" of a case. */
#include "result_parts.h"

#include <stdlib.h>

#include "latency.h"

static json_t *build_cpu(const struct kb_latency_cpu *cpu)
{
	json_t *object = json_pack("{s:i, s:I}", "cpu", (int)cpu->cpu,
				   "count", (json_int_t)cpu->count);

	/* A worker all of whose ops met a clock that went backwards has no figures. */
	if (!object || kb_result_set_real(object, "p50", cpu->p50) ||
	    kb_result_set_real(object, "p99", cpu->p99) ||
	    kb_result_set_real(object, "max", cpu->max)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *build_cpus(const struct kb_latency *latency)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < latency->nr_cpus; i++) {
		if (json_array_append_new(array, build_cpu(&latency->cpus[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* Columns of the buckets that are not empty. */
static json_t *build_buckets(const struct kb_latency *latency)
{
	json_t *index = json_array(), *count = json_array();
	int bad = 0;

	for (int i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		if (latency->buckets[i])
			bad |= json_array_append_new(index, json_integer(i)) ||
			       json_array_append_new(count, json_integer(
						     (json_int_t)latency->buckets[i]));
	if (!bad)
		return json_pack("{s:o, s:o}", "index", index, "count", count);
	json_decref(index);
	json_decref(count);
	return NULL;
}

static json_t *build_histogram(const struct kb_latency *latency)
{
	const struct {
		const char	*name;
		double		value;
	} figures[] = {
		{ "p50", latency->p50 }, { "p90", latency->p90 }, { "p99", latency->p99 },
		{ "p99_9", latency->p99_9 }, { "max", latency->max },
		{ "max_at", latency->max_at }, { "timer_cost", latency->clock_cost },
		{ "resolution", latency->resolution },
	};
	json_t *object = json_pack("{s:I, s:I, s:I, s:i, s:i, s:o, s:o}",
				   "count", (json_int_t)latency->count,
				   "beyond", (json_int_t)latency->beyond,
				   "backward", (json_int_t)latency->backward,
				   "max_cpu", (int)latency->max_cpu,
				   "sub_buckets", 1 << KBENCH_HISTOGRAM_SUB_BITS,
				   "per_cpu", build_cpus(latency),
				   "buckets", build_buckets(latency));
	int bad = !object;

	for (size_t i = 0; !bad && i < sizeof(figures) / sizeof(figures[0]); i++)
		bad = kb_result_set_real(object, figures[i].name, figures[i].value);
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

int kb_result_set_histogram(json_t *entry, const struct kb_measured *measured, unsigned int phase)
{
	struct kb_latency *latency = malloc(sizeof(*latency));
	int ret = latency ? kb_latency_summarize(latency, measured, phase) : -1;

	if (!ret)
		ret = json_object_set_new(entry, "histogram", build_histogram(latency));
	if (latency)
		kb_latency_free(latency);
	free(latency);
	return ret < 0 ? -1 : 0;
}
