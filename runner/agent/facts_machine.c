// SPDX-License-Identifier: GPL-2.0
/* The machine: CPUs, their topology and caches, memory. */

#include "facts.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sysfile.h"

#define CPU_DIR		"/sys/devices/system/cpu"
#define LIST_BYTES	8192

/* A CPU has four or five caches; a machine has few kinds of them. */
#define MAX_INDEX	16
#define MAX_CACHES	32

struct cache {
	unsigned long	level;
	char		type[24];
	uint64_t	size_bytes;
	uint64_t	line_bytes;
	unsigned long	shared_cpus;
};

static void online_cpus(char *list, size_t size)
{
	if (!sysfile_read(CPU_DIR "/online", list, size))
		snprintf(list, size, "0");
}

static void online_nodes(char *list, size_t size)
{
	if (!sysfile_read("/sys/devices/system/node/online", list, size))
		snprintf(list, size, "0");
}

static uint64_t cpu_number(unsigned long cpu, const char *file)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), CPU_DIR "/cpu%lu/topology/%s", cpu, file);
	return sysfile_number(path, 0);
}

static unsigned long cpu_node(unsigned long cpu, const char *nodes)
{
	char path[PATH_MAX];
	unsigned long first;
	unsigned long last;

	while (cpulist_next(&nodes, &first, &last)) {
		for (unsigned long node = first; node <= last; node++) {
			snprintf(path, sizeof(path), CPU_DIR "/cpu%lu/node%lu", cpu, node);
			if (!access(path, F_OK))
				return node;
		}
	}
	return 0;
}

static void topology(struct emit *emit, const char *cpus, const char *nodes)
{
	unsigned long first;
	unsigned long last;

	emit_array(emit, "topology");
	while (cpulist_next(&cpus, &first, &last)) {
		for (unsigned long cpu = first; cpu <= last; cpu++) {
			emit_object(emit, NULL);
			emit_u64(emit, "cpu", cpu);
			emit_u64(emit, "core", cpu_number(cpu, "core_id"));
			emit_u64(emit, "package", cpu_number(cpu, "physical_package_id"));
			emit_u64(emit, "node", cpu_node(cpu, nodes));
			emit_object_end(emit);
		}
	}
	emit_array_end(emit);
}

/* "48K", "2048K", "32M" */
static uint64_t parse_size(const char *text)
{
	char *end;
	uint64_t size = strtoull(text, &end, 10);

	switch (*end) {
	case 'K':
		return size << 10;
	case 'M':
		return size << 20;
	case 'G':
		return size << 30;
	default:
		return size;
	}
}

static bool read_cache(unsigned long cpu, unsigned int index, struct cache *cache)
{
	char dir[PATH_MAX / 2];
	char text[LIST_BYTES];

	memset(cache, 0, sizeof(*cache));
	snprintf(dir, sizeof(dir), CPU_DIR "/cpu%lu/cache/index%u", cpu, index);
	if (!sysfile_readf(text, sizeof(text), "%s/level", dir))
		return false;
	cache->level = strtoul(text, NULL, 10);
	sysfile_readf(cache->type, sizeof(cache->type), "%s/type", dir);
	sysfile_readf(text, sizeof(text), "%s/size", dir);
	cache->size_bytes = parse_size(text);
	sysfile_readf(text, sizeof(text), "%s/coherency_line_size", dir);
	cache->line_bytes = strtoull(text, NULL, 10);
	sysfile_readf(text, sizeof(text), "%s/shared_cpu_list", dir);
	cache->shared_cpus = cpulist_count(text);
	return true;
}

static void emit_cache(struct emit *emit, const struct cache *cache)
{
	emit_object(emit, NULL);
	emit_u64(emit, "level", cache->level);
	emit_string(emit, "type", cache->type);
	emit_u64(emit, "size_bytes", cache->size_bytes);
	emit_u64(emit, "line_bytes", cache->line_bytes);
	emit_u64(emit, "shared_cpus", cache->shared_cpus);
	emit_object_end(emit);
}

/* Adds @cache to those seen. Return: false when it is there already, or there is no room. */
static bool add_kind(struct cache *seen, size_t *nr_seen, const struct cache *cache)
{
	for (size_t i = 0; i < *nr_seen; i++)
		if (!memcmp(&seen[i], cache, sizeof(*cache)))
			return false;
	if (*nr_seen == MAX_CACHES)
		return false;
	seen[(*nr_seen)++] = *cache;
	return true;
}

/* Each kind of cache once: a machine with big and small cores has more kinds than one CPU. */
static void caches(struct emit *emit, const char *cpus)
{
	struct cache seen[MAX_CACHES];
	struct cache cache;
	size_t nr_seen = 0;
	unsigned long first;
	unsigned long last;

	emit_array(emit, "caches");
	while (cpulist_next(&cpus, &first, &last))
		for (unsigned long cpu = first; cpu <= last; cpu++)
			for (unsigned int i = 0; i < MAX_INDEX && read_cache(cpu, i, &cache); i++)
				if (add_kind(seen, &nr_seen, &cache))
					emit_cache(emit, &cache);
	emit_array_end(emit);
}

static uint64_t memory_bytes(void)
{
	char text[4096];
	const char *at;

	sysfile_read("/proc/meminfo", text, sizeof(text));
	at = strstr(text, "MemTotal:");
	return at ? strtoull(at + strlen("MemTotal:"), NULL, 10) * 1024 : 0;
}

/* A PC says who made it in DMI, a board in its device tree. */
static void machine_model(char *model, size_t size)
{
	char vendor[128];
	char product[128];

	if (sysfile_read("/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor)) &&
	    sysfile_read("/sys/class/dmi/id/product_name", product, sizeof(product)))
		snprintf(model, size, "%s %s", vendor, product);
	else
		sysfile_read("/proc/device-tree/model", model, size);
}

void facts_machine(struct emit *emit)
{
	char cpus[LIST_BYTES];
	char nodes[LIST_BYTES];
	char text[512];
	struct utsname uts;

	online_cpus(cpus, sizeof(cpus));
	online_nodes(nodes, sizeof(nodes));
	uname(&uts);
	emit_object(emit, "machine");
	emit_string(emit, "arch", uts.machine);
	machine_model(text, sizeof(text));
	emit_string(emit, "model", text);
	facts_cpu_model(text, sizeof(text));
	emit_string(emit, "cpu_model", text);
	emit_u64(emit, "cpus", cpulist_count(cpus));
	emit_u64(emit, "numa_nodes", cpulist_count(nodes));
	emit_u64(emit, "memory_bytes", memory_bytes());
	topology(emit, cpus, nodes);
	caches(emit, cpus);
	emit_object_end(emit);
}
