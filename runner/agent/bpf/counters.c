// SPDX-License-Identifier: GPL-2.0
/* Perf counters of a worker's thread. They count the kernel's part alone: what the program does. */

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf.h"

static int counter_open(const struct kbench_counter *counter)
{
	struct perf_event_attr attr = {
		.type = counter->type,
		.size = sizeof(attr),
		.config = counter->config,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING,
		.exclude_user = 1,
		.exclude_hv = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void bpf_counters_open(struct bpf_worker *worker)
{
	for (uint32_t i = 0; i < worker->kase->nr_counters; i++) {
		worker->counter_fd[i] = counter_open(&worker->kase->counters[i]);
		worker->counter_error[i] = worker->counter_fd[i] < 0 ? errno : 0;
	}
}

void bpf_counters_close(struct bpf_worker *worker)
{
	for (uint32_t i = 0; i < worker->kase->nr_counters; i++)
		if (worker->counter_fd[i] >= 0)
			close(worker->counter_fd[i]);
}

void bpf_counters_read(const struct bpf_worker *worker, struct kbench_count *counts)
{
	for (uint32_t i = 0; i < worker->kase->nr_counters; i++) {
		memset(&counts[i], 0, sizeof(counts[i]));
		if (worker->counter_fd[i] < 0)
			continue;
		/* Value, time enabled, time running: the layout of struct kbench_count. */
		if (read(worker->counter_fd[i], &counts[i], sizeof(counts[i])) !=
		    (ssize_t)sizeof(counts[i]))
			memset(&counts[i], 0, sizeof(counts[i]));
	}
}
