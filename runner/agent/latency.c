// SPDX-License-Identifier: GPL-2.0
/* Histograms of single ops, as the pairs of bucket and count that are not 0. */

#include "session.h"

static const struct kbench_histogram *histogram_at(const struct kbench_map_header *header,
						   uint32_t worker, uint32_t number)
{
	return (const struct kbench_histogram *)((const char *)header +
						 backend_workers(header)[worker].histograms +
						 number * header->histogram_size);
}

static bool has_ops(const struct kbench_histogram *histogram)
{
	if (histogram->beyond)
		return true;
	for (uint32_t i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		if (histogram->buckets[i])
			return true;
	return false;
}

bool latency_is_whole(const struct kbench_map_header *header)
{
	for (uint32_t i = 0; i < header->nr_workers; i++)
		for (uint32_t phase = 0; phase <= header->nr_phases; phase++)
			if (!has_ops(histogram_at(header, i, phase)))
				return false;
	return true;
}

static void emit_buckets(struct emit *emit, const struct kbench_histogram *histogram)
{
	emit_array(emit, "index");
	for (uint32_t i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		if (histogram->buckets[i])
			emit_u64(emit, NULL, i);
	emit_array_end(emit);
	emit_array(emit, "count");
	for (uint32_t i = 0; i < KBENCH_HISTOGRAM_BUCKETS; i++)
		if (histogram->buckets[i])
			emit_u64(emit, NULL, histogram->buckets[i]);
	emit_array_end(emit);
}

/* @number: a phase, or behind the last one that of reading the clock */
static void emit_histogram(struct emit *emit, unsigned int id,
			   const struct kbench_map_header *header, uint32_t worker,
			   uint32_t number)
{
	const struct kbench_histogram *histogram = histogram_at(header, worker, number);
	bool clock = number == header->nr_phases;
	uint64_t max_at = histogram->max_at;

	emit_open(emit, "latency");
	emit_u64(emit, "id", id);
	emit_u64(emit, "worker", worker);
	emit_u64(emit, "cpu", backend_workers(header)[worker].cpu);
	emit_bool(emit, "clock", clock);
	emit_u64(emit, "phase", clock ? 0 : number);
	emit_u64(emit, "beyond", histogram->beyond);
	emit_u64(emit, "backward", histogram->backward);
	emit_u64(emit, "max", histogram->max);
	emit_u64(emit, "max_at", max_at > header->ticks_begin ? max_at - header->ticks_begin : 0);
	emit_buckets(emit, histogram);
	emit_close(emit);
}

unsigned int emit_latencies(struct emit *emit, unsigned int id,
			    const struct kbench_map_header *header)
{
	for (uint32_t i = 0; i < header->nr_workers; i++)
		for (uint32_t number = 0; number <= header->nr_phases; number++)
			emit_histogram(emit, id, header, i, number);
	return header->nr_workers * (header->nr_phases + 1);
}
