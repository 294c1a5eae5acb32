// SPDX-License-Identifier: GPL-2.0
#include "online.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONLINE	"/sys/devices/system/cpu/online"

static int read_online(struct kb_cpus *online, struct kb_error *err)
{
	FILE *file = fopen(ONLINE, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = -1;

	if (!file)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, ONLINE ": %s; is /sys mounted?",
			       strerror(errno));
	if (getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		ret = kb_cpus_parse_list(online, line, err);
	} else {
		kb_fail(err, KB_EXIT_ENVIRONMENT, ONLINE " is empty");
	}
	free(line);
	fclose(file);
	return ret;
}

static bool is_online(const struct kb_cpus *online, unsigned int cpu)
{
	for (size_t i = 0; i < online->nr_list; i++)
		if (online->list[i] == cpu)
			return true;
	return false;
}

static int check_list(const struct kb_cpus *cpus, const struct kb_cpus *online,
		      struct kb_error *err)
{
	for (size_t i = 0; i < cpus->nr_list; i++)
		if (!is_online(online, cpus->list[i]))
			return kb_fail(err, KB_EXIT_USAGE,
				       "--cpu-list: no CPU %u is online here; try --target vm",
				       cpus->list[i]);
	return 0;
}

int kb_online_assign(struct kb_cpus *cpus, struct kb_error *err)
{
	unsigned int needed = kb_cpus_needed(cpus);
	struct kb_cpus online;
	int ret = 0;

	if (read_online(&online, err))
		return -1;
	if (cpus->list) {
		ret = check_list(cpus, &online, err);
	} else if (needed > online.nr_list) {
		ret = kb_fail(err, KB_EXIT_USAGE,
			      "--cpus %u: only %zu CPUs are online here; try --target vm",
			      needed, online.nr_list);
	} else {
		cpus->list = online.list;
		cpus->nr_list = online.nr_list;
		online.list = NULL;
	}
	kb_cpus_free(&online);
	return ret;
}
