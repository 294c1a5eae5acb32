/* SPDX-License-Identifier: GPL-2.0 */
/* Which CPUs a machine has online, and what they share. */
#ifndef KB_TOPOLOGY_H
#define KB_TOPOLOGY_H

#include <jansson.h>
#include <stddef.h>

#include "error.h"

/**
 * struct kb_topology_cpu - a CPU that is online
 * @core:    the lowest number of the CPUs that are threads of its core and online
 * @package: as the kernel numbers packages; 0 where it does not
 * @node:    NUMA node; 0 where there are none
 */
struct kb_topology_cpu {
	unsigned int	number;
	unsigned int	core;
	unsigned int	package;
	unsigned int	node;
};

/** struct kb_topology - sorted by number, at least one CPU */
struct kb_topology {
	struct kb_topology_cpu	*cpus;
	size_t			nr;
};

/**
 * kb_topology_read() - of the running kernel
 * @sys: where it tells: "/sys/devices/system"
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT
 */
int kb_topology_read(struct kb_topology *topology, const char *sys, struct kb_error *err);

/**
 * kb_topology_of() - of another machine, by its agent's facts
 * @machine: with the array "topology": cpu, core, package, node, as in the result file
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT
 */
int kb_topology_of(struct kb_topology *topology, const json_t *machine, struct kb_error *err);

/**
 * kb_topology_keep_allowed() - drop CPUs that this process, and what it starts, may not run on
 * (a cpuset, taskset); all stay when that cannot be found out
 */
void kb_topology_keep_allowed(struct kb_topology *topology);

/** kb_topology_flat() - @nr cores of one thread each in one package: a guest; 0, or -1: memory */
int kb_topology_flat(struct kb_topology *topology, size_t nr, struct kb_error *err);
void kb_topology_free(struct kb_topology *topology);

#endif
