// SPDX-License-Identifier: GPL-2.0
#include "topology.h"

#include <errno.h>
#include <glob.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "paths.h"
#include "plan.h"

/* CPU numbers are below this, for the set that a process may run on. */
#define MAX_CPUS	65536

/* The first line of a file, malloc()ed; NULL with errno. */
static char *read_line(const char *path)
{
	char *text = kb_read_text(path, NULL);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

/* CPU numbers as in "0-3,8". Return: 0, or -1 when the file is not there or names none */
static int read_list(struct kb_cpus *list, const char *path)
{
	struct kb_error unsaid = { 0 };
	char *text = read_line(path);
	int ret = -1;

	*list = (struct kb_cpus){ 0 };
	if (text && *text)
		ret = kb_cpus_parse_list(list, text, &unsaid);
	free(text);
	return ret;
}

static int by_number(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return x < y ? -1 : x > y;
}

static struct kb_topology_cpu *find(const struct kb_topology *topology, unsigned int number)
{
	for (size_t i = 0; i < topology->nr; i++)
		if (topology->cpus[i].number == number)
			return &topology->cpus[i];
	return NULL;
}

static void read_cpu(const struct kb_topology *topology, struct kb_topology_cpu *cpu,
		     const char *sys)
{
	char *dir = kb_path("%s/cpu/cpu%u/topology", sys, cpu->number);
	char *siblings = kb_path("%s/thread_siblings_list", dir);
	char *package = kb_path("%s/physical_package_id", dir);
	char *text = read_line(package);
	struct kb_cpus threads;
	uint64_t id;

	/* Some boards say -1. */
	if (text && !kb_number_unsigned(text, UINT32_MAX, &id))
		cpu->package = (unsigned int)id;
	if (!read_list(&threads, siblings))
		for (size_t i = 0; i < threads.nr_list; i++)
			if (threads.list[i] < cpu->core && find(topology, threads.list[i]))
				cpu->core = threads.list[i];
	kb_cpus_free(&threads);
	free(text);
	free(package);
	free(siblings);
	free(dir);
}

/* Nodes are directories that list their CPUs; those that hold only memory list none. */
static void read_nodes(struct kb_topology *topology, const char *sys)
{
	char *pattern = kb_path("%s/node/node[0-9]*/cpulist", sys);
	glob_t found;

	if (!glob(pattern, GLOB_NOSORT, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			const char *name = strstr(found.gl_pathv[i], "/node/node");
			struct kb_cpus list;

			if (read_list(&list, found.gl_pathv[i]))
				continue;
			for (size_t j = 0; j < list.nr_list; j++) {
				struct kb_topology_cpu *cpu = find(topology, list.list[j]);

				if (cpu)
					sscanf(name, "/node/node%u", &cpu->node);
			}
			kb_cpus_free(&list);
		}
		globfree(&found);
	}
	free(pattern);
}

int kb_topology_flat(struct kb_topology *topology, size_t nr, struct kb_error *err)
{
	topology->cpus = calloc(nr + 1, sizeof(*topology->cpus));
	topology->nr = nr;
	if (!topology->cpus)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i < nr; i++)
		topology->cpus[i].number = topology->cpus[i].core = (unsigned int)i;
	return 0;
}

int kb_topology_read(struct kb_topology *topology, const char *sys, struct kb_error *err)
{
	char *path = kb_path("%s/cpu/online", sys);
	struct kb_cpus online;
	int ret = read_list(&online, path);

	*topology = (struct kb_topology){ 0 };
	if (ret)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s: names no CPU; is /sys mounted?", path);
	else
		ret = kb_topology_flat(topology, online.nr_list, err);
	if (!ret) {
		qsort(online.list, online.nr_list, sizeof(*online.list), by_number);
		for (size_t i = 0; i < topology->nr; i++)
			topology->cpus[i].number = topology->cpus[i].core = online.list[i];
		for (size_t i = 0; i < topology->nr; i++)
			read_cpu(topology, &topology->cpus[i], sys);
		read_nodes(topology, sys);
	}
	kb_cpus_free(&online);
	free(path);
	return ret;
}

static int by_cpu(const void *a, const void *b)
{
	const struct kb_topology_cpu *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

/* In facts cores have numbers of their own, within a package; here the first of their CPUs. */
static void number_cores(struct kb_topology *topology)
{
	unsigned int *cores = calloc(topology->nr + 1, sizeof(*cores));

	for (size_t i = 0; cores && i < topology->nr; i++) {
		struct kb_topology_cpu *cpu = &topology->cpus[i];

		cores[i] = cpu->core;
		cpu->core = cpu->number;
		for (size_t j = i; j-- > 0; )
			if (cores[j] == cores[i] && topology->cpus[j].package == cpu->package)
				cpu->core = topology->cpus[j].number;
	}
	free(cores);
}

int kb_topology_of(struct kb_topology *topology, const json_t *machine, struct kb_error *err)
{
	json_t *list = json_object_get(machine, "topology"), *entry;
	size_t i;

	*topology = (struct kb_topology){ 0 };
	if (!json_array_size(list))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "the machine names no CPU: is /sys "
			       "mounted there?");
	if (kb_topology_flat(topology, json_array_size(list), err))
		return -1;
	json_array_foreach(list, i, entry) {
		json_int_t cpu = 0, core = 0, package = 0, node = 0;

		json_unpack(entry, "{s:I, s:I, s?I, s?I}", "cpu", &cpu, "core", &core, "package",
			    &package, "node", &node);
		topology->cpus[i] = (struct kb_topology_cpu){
			.number = (unsigned int)cpu, .core = (unsigned int)core,
			.package = (unsigned int)package, .node = (unsigned int)node,
		};
	}
	qsort(topology->cpus, topology->nr, sizeof(*topology->cpus), by_cpu);
	number_cores(topology);
	return 0;
}

void kb_topology_keep_allowed(struct kb_topology *topology)
{
	size_t size = CPU_ALLOC_SIZE(MAX_CPUS), nr = 0;
	cpu_set_t *allowed = CPU_ALLOC(MAX_CPUS);

	if (allowed && !sched_getaffinity(0, size, allowed)) {
		for (size_t i = 0; i < topology->nr; i++)
			if (CPU_ISSET_S(topology->cpus[i].number, size, allowed))
				topology->cpus[nr++] = topology->cpus[i];
		topology->nr = nr ? nr : topology->nr;
	}
	CPU_FREE(allowed);
}

void kb_topology_free(struct kb_topology *topology)
{
	free(topology->cpus);
	*topology = (struct kb_topology){ 0 };
}
