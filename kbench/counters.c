// SPDX-License-Identifier: GPL-2.0
/*
 * Perf counters beside the time: one event per worker and counter, bound to the worker's CPU. So
 * they count all that the CPU does while a batch runs, interrupts included, which is what the time
 * of the batch consists of; and unlike events of a task they cost a context switch nothing.
 *
 * They are read outside of the timed region and of the batch's context, since a reading takes a
 * mutex. What the readings themselves count is the same in batches of both lengths.
 */

#include <linux/err.h>
#include <linux/perf_event.h>
#include <linux/slab.h>

#include "core.h"

#ifdef CONFIG_PERF_EVENTS

static struct perf_event *event_create(const struct kbench_counter *counter, unsigned int cpu)
{
	/* Not pinned: where hardware counters are too few they take turns, as @running shows. */
	struct perf_event_attr attr = {
		.type = counter->type,
		.size = sizeof(attr),
		.config = counter->config,
	};

	return perf_event_create_kernel_counter(&attr, cpu, NULL, NULL, NULL);
}

static void event_read(struct perf_event *event, struct kbench_count *count)
{
	u64 enabled, running;

	count->value = perf_event_read_value(event, &enabled, &running);
	count->enabled = enabled;
	count->running = running;
}

#else

static struct perf_event *event_create(const struct kbench_counter *counter, unsigned int cpu)
{
	return ERR_PTR(-ENOSYS);
}

static void event_read(struct perf_event *event, struct kbench_count *count)
{
}

#endif /* CONFIG_PERF_EVENTS */

int kb_counters_open(struct kb_worker *worker)
{
	const struct kb_case *kase = worker->kase;
	unsigned int i;

	if (!kase->nr_counters)
		return 0;
	worker->counters = kcalloc(kase->nr_counters, sizeof(*worker->counters), GFP_KERNEL);
	if (!worker->counters)
		return -ENOMEM;
	for (i = 0; i < kase->nr_counters; i++) {
		struct kb_counter *counter = &worker->counters[i];
		struct perf_event *event = event_create(&kase->counters[i], worker->kb.cpu);

		if (IS_ERR(event))
			counter->error = -PTR_ERR(event);
		else
			counter->event = event;
	}
	return 0;
}

void kb_counters_close(struct kb_worker *worker)
{
	unsigned int i;

	if (!worker->counters)
		return;
	for (i = 0; i < worker->kase->nr_counters; i++)
		if (worker->counters[i].event)
			perf_event_release_kernel(worker->counters[i].event);
	kfree(worker->counters);
	worker->counters = NULL;
}

void kb_counters_begin(struct kb_worker *worker)
{
	unsigned int i;

	for (i = 0; i < worker->kase->nr_counters; i++)
		if (worker->counters[i].event)
			event_read(worker->counters[i].event, &worker->counters[i].begin);
}

void kb_counters_end(struct kb_worker *worker, struct kbench_count *counts)
{
	unsigned int i;

	for (i = 0; i < worker->kase->nr_counters; i++) {
		const struct kb_counter *counter = &worker->counters[i];
		struct kbench_count now = {};

		if (counter->event) {
			event_read(counter->event, &now);
			now.value -= counter->begin.value;
			now.enabled -= counter->begin.enabled;
			now.running -= counter->begin.running;
		}
		counts[i] = now;
	}
}

void kb_counters_publish(struct kb_case *kase)
{
	struct kbench_map_header *header = kb_case_header(kase);
	unsigned int i, j;

	for (i = 0; i < kase->nr_counters; i++)
		for (j = 0; j < kase->nr_ready && !header->counter_errors[i]; j++)
			header->counter_errors[i] = kase->workers[j]->counters[i].error;
}
