// SPDX-License-Identifier: GPL-2.0
#include "placement.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[KB_PLACEMENT_COMPACT]	= "compact",
	[KB_PLACEMENT_SPREAD]	= "spread",
	[KB_PLACEMENT_SMT]	= "smt",
	[KB_PLACEMENT_NODE]	= "node",
};

#define NR_PLACEMENTS	(sizeof(names) / sizeof(names[0]))

int kb_placement_parse(enum kb_placement *placement, const char *text, struct kb_error *err)
{
	for (size_t i = KB_PLACEMENT_COMPACT; i < NR_PLACEMENTS; i++) {
		if (!strcmp(text, names[i])) {
			*placement = (enum kb_placement)i;
			return 0;
		}
	}
	return kb_fail(err, KB_EXIT_USAGE, "--placement %s: write compact, spread, smt or node",
		       text);
}

const char *kb_placement_name(enum kb_placement placement)
{
	return placement < NR_PLACEMENTS ? names[placement] : NULL;
}

/*
 * A CPU that may be chosen.
 * @threads: of its core that are online
 * @in_core, @in_package, @in_node: how many CPUs of these are chosen already
 */
struct candidate {
	const struct kb_topology_cpu	*cpu;
	size_t				threads;
	size_t				in_core;
	size_t				in_package;
	size_t				in_node;
	bool				chosen;
};

static int compare(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

/* Neighbours of one package, node and core stand side by side. */
static int by_place(const void *a, const void *b)
{
	const struct kb_topology_cpu *x = ((const struct candidate *)a)->cpu;
	const struct kb_topology_cpu *y = ((const struct candidate *)b)->cpu;
	int order = compare(x->package, y->package);

	if (!order)
		order = compare(x->node, y->node);
	if (!order)
		order = compare(x->core, y->core);
	return order ? order : compare(x->number, y->number);
}

/* Is @a the better next choice of a spread? */
static bool spreads_better(const struct candidate *a, const struct candidate *b)
{
	int order = compare(a->chosen, b->chosen);

	if (!order)
		order = compare(a->in_core, b->in_core);
	if (!order)
		order = compare(a->in_package, b->in_package);
	if (!order)
		order = compare(a->in_node, b->in_node);
	return (order ? order : compare(a->cpu->number, b->cpu->number)) < 0;
}

static void choose_spread(unsigned int *list, size_t nr, struct candidate *candidates,
			  size_t nr_candidates)
{
	for (size_t i = 0; i < nr; i++) {
		struct candidate *best = candidates;

		for (size_t j = 1; j < nr_candidates; j++)
			if (spreads_better(&candidates[j], best))
				best = &candidates[j];
		best->chosen = true;
		list[i] = best->cpu->number;
		for (size_t j = 0; j < nr_candidates; j++) {
			struct candidate *other = &candidates[j];

			other->in_core += other->cpu->core == best->cpu->core;
			other->in_package += other->cpu->package == best->cpu->package;
			other->in_node += other->cpu->node == best->cpu->node;
		}
	}
}

static size_t keep_node(struct candidate *candidates, size_t nr, unsigned int node)
{
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++)
		if (candidates[i].cpu->node == node)
			candidates[kept++] = candidates[i];
	return kept;
}

static size_t keep_smt(struct candidate *candidates, size_t nr)
{
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++)
		if (candidates[i].threads > 1)
			candidates[kept++] = candidates[i];
	return kept;
}

static size_t node_size(const struct kb_topology *topology, unsigned int node)
{
	size_t size = 0;

	for (size_t i = 0; i < topology->nr; i++)
		size += topology->cpus[i].node == node;
	return size;
}

/* The node of lowest number that has @nr CPUs, or the largest when none has. */
static unsigned int find_node(const struct kb_topology *topology, size_t nr)
{
	unsigned int best = topology->cpus[0].node;

	for (size_t i = 1; i < topology->nr; i++) {
		unsigned int node = topology->cpus[i].node;
		size_t size = node_size(topology, node), best_size = node_size(topology, best);

		if (best_size >= nr ? size >= nr && node < best : size > best_size)
			best = node;
	}
	return best;
}

static int too_few(size_t nr, size_t kept, const struct kb_topology *topology,
		   enum kb_placement placement, struct kb_error *err)
{
	if (topology->nr < nr)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--placement %s: %zu CPUs are wanted, and %zu %s online; give a "
			       "smaller --cpus", names[placement], nr, topology->nr,
			       topology->nr == 1 ? "is" : "are");
	if (placement == KB_PLACEMENT_NODE)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--placement node: %zu CPUs are wanted, and the largest node has "
			       "%zu online; give a smaller --cpus, or --placement compact", nr,
			       kept);
	if (!kept)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--placement smt: no core has two threads online (SMT is off, or "
			       "these CPUs have none); choose compact or spread");
	return kb_fail(err, KB_EXIT_USAGE,
		       "--placement smt: %zu CPUs are wanted, and only %zu share a core with "
		       "another; give a smaller --cpus, or --placement compact", nr, kept);
}

static struct candidate *candidates_of(const struct kb_topology *topology)
{
	struct candidate *candidates = calloc(topology->nr + 1, sizeof(*candidates));

	for (size_t i = 0; candidates && i < topology->nr; i++) {
		candidates[i].cpu = &topology->cpus[i];
		for (size_t j = 0; j < topology->nr; j++)
			candidates[i].threads += topology->cpus[j].core == topology->cpus[i].core;
	}
	return candidates;
}

int kb_placement_choose(unsigned int *list, size_t nr, const struct kb_topology *topology,
			enum kb_placement placement, struct kb_error *err)
{
	struct candidate *candidates = candidates_of(topology);
	size_t kept = topology->nr;

	if (!candidates)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (placement == KB_PLACEMENT_NODE)
		kept = keep_node(candidates, kept, find_node(topology, nr));
	else if (placement == KB_PLACEMENT_SMT)
		kept = keep_smt(candidates, kept);
	if (kept < nr) {
		free(candidates);
		return too_few(nr, kept, topology, placement, err);
	}
	if (placement == KB_PLACEMENT_COMPACT || placement == KB_PLACEMENT_SMT) {
		qsort(candidates, kept, sizeof(*candidates), by_place);
		for (size_t i = 0; i < nr; i++)
			list[i] = candidates[i].cpu->number;
	} else {
		choose_spread(list, nr, candidates, kept);
	}
	free(candidates);
	return 0;
}
