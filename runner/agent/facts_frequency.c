// SPDX-License-Identifier: GPL-2.0
/* How fast the CPUs may run, as cpufreq says: CPUs of the same kind and settings are one entry. */

#include "facts.h"

#include <stdio.h>
#include <string.h>

#include "sysfile.h"

#define LIST_BYTES	4096

/* A machine has few kinds of CPUs; settings that differ more than that are cut. */
#define MAX_KINDS	16

/**
 * struct kind - CPUs with equal settings
 * @cpus:        as a list, "0-3,8"; its last range is @first to @last and not written yet
 * @current_khz: of the first of them; 0: unknown, as are the others
 */
struct kind {
	char		driver[32];
	char		governor[32];
	uint64_t	min_khz;
	uint64_t	max_khz;
	uint64_t	hardware_min_khz;
	uint64_t	hardware_max_khz;
	uint64_t	current_khz;
	unsigned long	first;
	unsigned long	last;
	char		cpus[LIST_BYTES];
};

static uint64_t khz(const char *root, unsigned long cpu, const char *file)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/cpu%lu/cpufreq/%s", root, cpu,
		 file);
	return sysfile_number(path, 0);
}

static bool read_kind(struct kind *kind, const char *root, unsigned long cpu)
{
	static const char dir[] = "sys/devices/system/cpu";

	memset(kind, 0, sizeof(*kind));
	kind->first = kind->last = cpu;
	sysfile_readf(kind->driver, sizeof(kind->driver), "%s/%s/cpu%lu/cpufreq/scaling_driver",
		      root, dir, cpu);
	if (!sysfile_readf(kind->governor, sizeof(kind->governor),
			   "%s/%s/cpu%lu/cpufreq/scaling_governor", root, dir, cpu))
		return false;
	kind->min_khz = khz(root, cpu, "scaling_min_freq");
	kind->max_khz = khz(root, cpu, "scaling_max_freq");
	kind->hardware_min_khz = khz(root, cpu, "cpuinfo_min_freq");
	kind->hardware_max_khz = khz(root, cpu, "cpuinfo_max_freq");
	return true;
}

static bool same_kind(const struct kind *a, const struct kind *b)
{
	return !strcmp(a->driver, b->driver) && !strcmp(a->governor, b->governor) &&
	       a->min_khz == b->min_khz && a->max_khz == b->max_khz &&
	       a->hardware_min_khz == b->hardware_min_khz &&
	       a->hardware_max_khz == b->hardware_max_khz;
}

/* Adds the range at work to the list. */
static void close_range(struct kind *kind)
{
	size_t length = strlen(kind->cpus);
	size_t room = sizeof(kind->cpus) - length;

	if (kind->first == kind->last)
		snprintf(kind->cpus + length, room, "%s%lu", length ? "," : "", kind->first);
	else
		snprintf(kind->cpus + length, room, "%s%lu-%lu", length ? "," : "", kind->first,
			 kind->last);
}

static void add_cpu(struct kind *kinds, size_t *nr, const struct kind *kind, const char *root)
{
	unsigned long cpu = kind->first;

	for (size_t i = 0; i < *nr; i++) {
		if (!same_kind(&kinds[i], kind))
			continue;
		if (kinds[i].last + 1 != cpu) {
			close_range(&kinds[i]);
			kinds[i].first = cpu;
		}
		kinds[i].last = cpu;
		return;
	}
	if (*nr == MAX_KINDS)
		return;
	kinds[*nr] = *kind;
	/* Of one CPU alone: some kernels take 10 ms to tell. */
	kinds[*nr].current_khz = khz(root, cpu, "scaling_cur_freq");
	(*nr)++;
}

static void emit_khz(struct emit *emit, const char *key, uint64_t value)
{
	if (value)
		emit_u64(emit, key, value);
}

static void emit_kind(struct emit *emit, struct kind *kind)
{
	close_range(kind);
	emit_object(emit, NULL);
	emit_string(emit, "cpus", kind->cpus);
	emit_string(emit, "driver", kind->driver);
	emit_string(emit, "governor", kind->governor);
	emit_khz(emit, "min_khz", kind->min_khz);
	emit_khz(emit, "max_khz", kind->max_khz);
	emit_khz(emit, "hardware_min_khz", kind->hardware_min_khz);
	emit_khz(emit, "hardware_max_khz", kind->hardware_max_khz);
	emit_khz(emit, "current_khz", kind->current_khz);
	emit_object_end(emit);
}

void facts_frequency(struct emit *emit, const char *root)
{
	static struct kind kinds[MAX_KINDS];
	struct kind kind;
	char text[LIST_BYTES];
	const char *cpus = text;
	unsigned long first;
	unsigned long last;
	size_t nr = 0;

	sysfile_readf(text, sizeof(text), "%s/sys/devices/system/cpu/online", root);
	while (cpulist_next(&cpus, &first, &last))
		for (unsigned long cpu = first; cpu <= last; cpu++)
			if (read_kind(&kind, root, cpu))
				add_cpu(kinds, &nr, &kind, root);
	emit_array(emit, "frequency");
	for (size_t i = 0; i < nr; i++)
		emit_kind(emit, &kinds[i]);
	emit_array_end(emit);
}
