// SPDX-License-Identifier: GPL-2.0
#include "online.h"

#include <stdbool.h>
#include <stdlib.h>

static bool is_online(const struct kb_topology *topology, unsigned int number)
{
	for (size_t i = 0; i < topology->nr; i++)
		if (topology->cpus[i].number == number)
			return true;
	return false;
}

static int check_list(const struct kb_cpus *cpus, const struct kb_topology *topology,
		      const char *where, struct kb_error *err)
{
	for (size_t i = 0; i < cpus->nr_list; i++)
		if (!is_online(topology, cpus->list[i]))
			return kb_fail(err, KB_EXIT_USAGE, "--cpu-list: no CPU %u is online %s",
				       cpus->list[i], where);
	return 0;
}

int kb_online_assign(struct kb_request *request, const struct kb_topology *topology,
		     const char *where, struct kb_error *err)
{
	struct kb_cpus *cpus = &request->cpus;
	unsigned int needed = kb_cpus_needed(cpus);
	int ret = 0;

	if (cpus->list)
		return check_list(cpus, topology, where, err);
	if (needed > topology->nr && request->placement == KB_PLACEMENT_NONE)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--cpus %u: only %zu CPUs are online %s", needed, topology->nr,
			       where);
	cpus->list = calloc(needed, sizeof(*cpus->list));
	if (!cpus->list)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	cpus->nr_list = needed;
	if (request->placement != KB_PLACEMENT_NONE)
		ret = kb_placement_choose(cpus->list, needed, topology, request->placement, err);
	else
		for (size_t i = 0; i < needed; i++)
			cpus->list[i] = topology->cpus[i].number;
	return ret;
}
