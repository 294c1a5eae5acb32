// SPDX-License-Identifier: GPL-2.0
/* What else the CPUs do: before the run, and what was taken from them during it. */

#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stop.h"
#include "sysfile.h"

/* How long the machine is watched doing nothing for us. The kernel counts in steps of 10 ms. */
#define WATCH_NS	200000000L

/**
 * struct cpu_times - the line "cpu" of /proc/stat, in clock ticks over all CPUs
 * @idle: doing nothing, or waiting for a disk
 */
struct cpu_times {
	uint64_t	all;
	uint64_t	idle;
	uint64_t	steal;
};

static bool read_times(struct cpu_times *times, const char *root)
{
	/* user nice system idle iowait irq softirq steal; guests' time is part of user and nice */
	uint64_t part[8] = { 0 };
	char text[512];

	memset(times, 0, sizeof(*times));
	sysfile_readf(text, sizeof(text), "%s/proc/stat", root);
	if (sscanf(text, "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64 " %" SCNu64, &part[0], &part[1], &part[2], &part[3],
		   &part[4], &part[5], &part[6], &part[7]) < 4)
		return false;
	for (size_t i = 0; i < 8; i++)
		times->all += part[i];
	times->idle = part[3] + part[4];
	times->steal = part[7];
	return true;
}

/* How many CPUs' worth of other work there is. */
static void busy_cpus(struct emit *emit, const char *root)
{
	const struct timespec watch = { .tv_nsec = WATCH_NS };
	struct cpu_times before, after;
	uint64_t begin_ns = now_ns();
	double ticks;

	if (!read_times(&before, root))
		return;
	nanosleep(&watch, NULL);
	if (!read_times(&after, root))
		return;
	ticks = (double)(now_ns() - begin_ns) / 1e9 * (double)sysconf(_SC_CLK_TCK);
	if (after.all - after.idle < before.all - before.idle || ticks <= 0)
		return;
	emit_double(emit, "busy_cpus", (double)(after.all - after.idle -
						(before.all - before.idle)) / ticks);
}

/* "some avg10=0.12 avg60=...": the share of the last 10 s in which something waited for a CPU. */
static void pressure(struct emit *emit, const char *root)
{
	char text[256];
	double percent;

	sysfile_readf(text, sizeof(text), "%s/proc/pressure/cpu", root);
	if (sscanf(text, "some avg10=%lf", &percent) == 1)
		emit_double(emit, "pressure_percent", percent);
}

void facts_load(struct emit *emit, const char *root)
{
	unsigned long runnable;
	double average;
	char text[128];

	/* In a guest of our own nothing else runs. */
	if (getpid() == 1)
		return;
	emit_object(emit, "load");
	sysfile_readf(text, sizeof(text), "%s/proc/loadavg", root);
	/* "0.20 0.18 0.12 1/80 11206": we are one of those that run. */
	if (sscanf(text, "%lf %*f %*f %lu/", &average, &runnable) == 2) {
		emit_double(emit, "average", average);
		emit_u64(emit, "runnable", runnable ? runnable - 1 : 0);
	}
	pressure(emit, root);
	busy_cpus(emit, root);
	emit_object_end(emit);
}

void facts_during_begin(struct facts_during *during, const char *root)
{
	struct cpu_times times;

	memset(during, 0, sizeof(*during));
	during->begun = true;
	during->root = root;
	during->begin_ns = now_ns();
	if (read_times(&times, root)) {
		during->all = times.all;
		during->steal = times.steal;
	}
	during->throttles_known = facts_throttles(root, &during->throttles);
}

void facts_during_emit(const struct facts_during *during, struct emit *emit)
{
	struct cpu_times times;
	uint64_t throttles;

	if (!during->begun)
		return;
	emit_open(emit, "during");
	emit_double(emit, "seconds", (double)(now_ns() - during->begin_ns) / 1e9);
	if (read_times(&times, during->root) && times.all > during->all &&
	    times.steal >= during->steal)
		emit_double(emit, "steal_percent", 100 * (double)(times.steal - during->steal) /
			    (double)(times.all - during->all));
	if (during->throttles_known && facts_throttles(during->root, &throttles) &&
	    throttles >= during->throttles)
		emit_u64(emit, "throttles", throttles - during->throttles);
	facts_thermal(emit, during->root);
	emit_close(emit);
}
