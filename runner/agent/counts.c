// SPDX-License-Identifier: GPL-2.0
/* What perf counters counted, as columns beside those of the samples. */

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "session.h"

enum column { COLUMN_VALUE, COLUMN_ENABLED, COLUMN_RUNNING };

/* One counter of one worker in one phase. */
struct place {
	const struct kbench_map_header	*header;
	const struct kbench_map_worker	*worker;
	uint32_t			phase;
	uint32_t			counter;
};

/* Return: NULL when sample @i is of another phase. */
static const struct kbench_count *count_at(const struct place *place, uint32_t i)
{
	const struct kbench_map_header *header = place->header;
	size_t index = (size_t)i * header->nr_counters + place->counter;

	if (backend_sample(header, place->worker, i)->phase != place->phase)
		return NULL;
	return (const struct kbench_count *)((const char *)header + place->worker->counts +
					     index * header->count_size);
}

static bool was_shared(const struct place *place)
{
	for (uint32_t i = 0; i < place->worker->nr_samples; i++) {
		const struct kbench_count *count = count_at(place, i);

		if (count && count->enabled != count->running)
			return true;
	}
	return false;
}

static void emit_column(struct emit *emit, const char *key, enum column column,
			const struct place *place)
{
	emit_array(emit, key);
	for (uint32_t i = 0; i < place->worker->nr_samples; i++) {
		const struct kbench_count *count = count_at(place, i);

		if (count)
			emit_u64(emit, NULL, column == COLUMN_VALUE ? count->value :
					     column == COLUMN_ENABLED ? count->enabled :
					     count->running);
	}
	emit_array_end(emit);
}

static void emit_counter(struct emit *emit, unsigned int id, uint32_t worker,
			 const struct place *place)
{
	emit_open(emit, "counts");
	emit_u64(emit, "id", id);
	emit_u64(emit, "worker", worker);
	emit_u64(emit, "phase", place->phase);
	emit_u64(emit, "counter", place->counter);
	emit_column(emit, "value", COLUMN_VALUE, place);
	/* Times are sent only where they tell something: mostly the two are the same. */
	if (was_shared(place)) {
		emit_column(emit, "enabled", COLUMN_ENABLED, place);
		emit_column(emit, "running", COLUMN_RUNNING, place);
	}
	emit_close(emit);
}

void emit_counts(struct emit *emit, unsigned int id, const struct kbench_map_header *header,
		 uint32_t worker, uint32_t phase)
{
	for (uint32_t i = 0; i < header->nr_counters; i++) {
		const struct place place = {
			.header = header, .worker = &backend_workers(header)[worker],
			.phase = phase, .counter = i,
		};

		if (!header->counter_errors[i])
			emit_counter(emit, id, worker, &place);
	}
}

static void emit_error_text(struct emit *emit, int err)
{
	char text[128];

	switch (err) {
	case 0:
		emit_string(emit, NULL, "");
		return;
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
	case EINVAL:
		emit_string(emit, NULL, "this CPU, or its emulation, has no such counter");
		return;
	case ENOSYS:
		emit_string(emit, NULL, "the kernel is built without CONFIG_PERF_EVENTS");
		return;
	default:
		snprintf(text, sizeof(text), "the kernel refuses it: %s", strerror(err));
		emit_string(emit, NULL, text);
	}
}

void emit_counter_errors(struct emit *emit, const struct kbench_map_header *header)
{
	emit_array(emit, "counters");
	for (uint32_t i = 0; i < header->nr_counters; i++)
		emit_error_text(emit, (int)header->counter_errors[i]);
	emit_array_end(emit);
}

int counts_hold(const struct plan *plan)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CONTEXT_SWITCHES,
	};
	bool wanted = false;

	for (size_t i = 0; i < plan->nr_cases; i++)
		wanted |= plan->cases[i].nr_counters > 0;
	return wanted ? (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1,
				     PERF_FLAG_FD_CLOEXEC) : -1;
}
