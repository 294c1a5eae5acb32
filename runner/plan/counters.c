// SPDX-License-Identifier: GPL-2.0
#include "counters.h"

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

#define HARDWARE(event, id) \
	{ event, PERF_TYPE_HARDWARE, PERF_COUNT_HW_##id }
#define SOFTWARE(event, id) \
	{ event, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##id }
#define CACHE(event, cache, op, result) \
	{ event, PERF_TYPE_HW_CACHE, \
	  PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##op << 8 | \
	  PERF_COUNT_HW_CACHE_RESULT_##result << 16 }

/* The two names of each pair that perf list gives stand beside each other. */
static const struct kb_counter known[] = {
	HARDWARE("cycles", CPU_CYCLES),
	HARDWARE("cpu-cycles", CPU_CYCLES),
	HARDWARE("instructions", INSTRUCTIONS),
	HARDWARE("cache-references", CACHE_REFERENCES),
	HARDWARE("cache-misses", CACHE_MISSES),
	HARDWARE("branches", BRANCH_INSTRUCTIONS),
	HARDWARE("branch-instructions", BRANCH_INSTRUCTIONS),
	HARDWARE("branch-misses", BRANCH_MISSES),
	HARDWARE("bus-cycles", BUS_CYCLES),
	HARDWARE("ref-cycles", REF_CPU_CYCLES),
	HARDWARE("stalled-cycles-frontend", STALLED_CYCLES_FRONTEND),
	HARDWARE("idle-cycles-frontend", STALLED_CYCLES_FRONTEND),
	HARDWARE("stalled-cycles-backend", STALLED_CYCLES_BACKEND),
	HARDWARE("idle-cycles-backend", STALLED_CYCLES_BACKEND),

	CACHE("L1-dcache-loads", L1D, READ, ACCESS),
	CACHE("L1-dcache-load-misses", L1D, READ, MISS),
	CACHE("L1-dcache-stores", L1D, WRITE, ACCESS),
	CACHE("L1-dcache-store-misses", L1D, WRITE, MISS),
	CACHE("L1-dcache-prefetches", L1D, PREFETCH, ACCESS),
	CACHE("L1-dcache-prefetch-misses", L1D, PREFETCH, MISS),
	CACHE("L1-icache-loads", L1I, READ, ACCESS),
	CACHE("L1-icache-load-misses", L1I, READ, MISS),
	CACHE("L1-icache-prefetches", L1I, PREFETCH, ACCESS),
	CACHE("L1-icache-prefetch-misses", L1I, PREFETCH, MISS),
	CACHE("LLC-loads", LL, READ, ACCESS),
	CACHE("LLC-load-misses", LL, READ, MISS),
	CACHE("LLC-stores", LL, WRITE, ACCESS),
	CACHE("LLC-store-misses", LL, WRITE, MISS),
	CACHE("LLC-prefetches", LL, PREFETCH, ACCESS),
	CACHE("LLC-prefetch-misses", LL, PREFETCH, MISS),
	CACHE("dTLB-loads", DTLB, READ, ACCESS),
	CACHE("dTLB-load-misses", DTLB, READ, MISS),
	CACHE("dTLB-stores", DTLB, WRITE, ACCESS),
	CACHE("dTLB-store-misses", DTLB, WRITE, MISS),
	CACHE("iTLB-loads", ITLB, READ, ACCESS),
	CACHE("iTLB-load-misses", ITLB, READ, MISS),
	CACHE("branch-loads", BPU, READ, ACCESS),
	CACHE("branch-load-misses", BPU, READ, MISS),
	CACHE("node-loads", NODE, READ, ACCESS),
	CACHE("node-load-misses", NODE, READ, MISS),
	CACHE("node-stores", NODE, WRITE, ACCESS),
	CACHE("node-store-misses", NODE, WRITE, MISS),

	SOFTWARE("context-switches", CONTEXT_SWITCHES),
	SOFTWARE("cs", CONTEXT_SWITCHES),
	SOFTWARE("cpu-migrations", CPU_MIGRATIONS),
	SOFTWARE("migrations", CPU_MIGRATIONS),
	SOFTWARE("page-faults", PAGE_FAULTS),
	SOFTWARE("faults", PAGE_FAULTS),
	SOFTWARE("minor-faults", PAGE_FAULTS_MIN),
	SOFTWARE("major-faults", PAGE_FAULTS_MAJ),
	SOFTWARE("alignment-faults", ALIGNMENT_FAULTS),
	SOFTWARE("emulation-faults", EMULATION_FAULTS),
	SOFTWARE("cgroup-switches", CGROUP_SWITCHES),
	SOFTWARE("cpu-clock", CPU_CLOCK),
};

#define NR_KNOWN	(sizeof(known) / sizeof(known[0]))

static const struct kb_counter *find_known(const char *name)
{
	for (size_t i = 0; i < NR_KNOWN; i++)
		if (!strcmp(known[i].name, name))
			return &known[i];
	return NULL;
}

/* "r01c2": digits all through, and no more than fit. */
static bool parse_raw(struct kb_counter *counter, const char *name)
{
	size_t digits = strlen(name + 1);

	if (name[0] != 'r' || strspn(name + 1, "0123456789abcdefABCDEF") != digits ||
	    digits < 1 || digits > 16)
		return false;
	*counter = (struct kb_counter){
		.type = PERF_TYPE_RAW, .config = strtoull(name + 1, NULL, 16),
	};
	strcpy(counter->name, name);
	return true;
}

static int unknown(const char *name, struct kb_error *err)
{
	const char *names[NR_KNOWN], *near;

	if (strpbrk(name, ":/"))
		return kb_fail(err, KB_EXIT_USAGE,
			       "--counters: '%s': write a plain name, or a raw event as rNNN; "
			       "modifiers are not for counting inside the kernel", name);
	for (size_t i = 0; i < NR_KNOWN; i++)
		names[i] = known[i].name;
	near = kb_near(name, names, NR_KNOWN);
	if (near)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--counters: no counter '%s'; did you mean '%s'?", name, near);
	return kb_fail(err, KB_EXIT_USAGE,
		       "--counters: no counter '%s'; names are those of perf list, such as cycles, "
		       "instructions, cache-misses, LLC-load-misses or context-switches, raw "
		       "events rNNN in hexadecimal", name);
}

static int add(struct kb_counters *counters, const char *name, struct kb_error *err)
{
	const struct kb_counter *named = find_known(name);
	struct kb_counter counter;

	if (named)
		counter = *named;
	else if (!parse_raw(&counter, name))
		return unknown(name, err);
	for (unsigned int i = 0; i < counters->nr; i++)
		if (counters->list[i].type == counter.type &&
		    counters->list[i].config == counter.config)
			return kb_fail(err, KB_EXIT_USAGE,
				       "--counters: %s counts what %s counts; name it once", name,
				       counters->list[i].name);
	if (counters->nr == KBENCH_MAX_COUNTERS)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--counters takes at most %d at a time; count %s in another run",
			       KBENCH_MAX_COUNTERS, name);
	counters->list[counters->nr++] = counter;
	return 0;
}

int kb_counters_parse(struct kb_counters *counters, const char *text, struct kb_error *err)
{
	char *copy = strdup(text), *rest = copy, *name;
	int ret = 0;

	if (!copy)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	while (!ret && (name = strsep(&rest, ","))) {
		if (*name)
			ret = add(counters, name, err);
		else
			ret = kb_fail(err, KB_EXIT_USAGE,
				      "--counters '%s': an empty name; write names, commas between",
				      text);
	}
	free(copy);
	return ret;
}
