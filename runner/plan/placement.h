/* SPDX-License-Identifier: GPL-2.0 */
/* Which CPUs the workers of a case get: --placement. */
#ifndef KB_PLACEMENT_H
#define KB_PLACEMENT_H

#include "topology.h"

/**
 * enum kb_placement - a policy
 * @KB_PLACEMENT_NONE:    CPUs by number, or those that the user listed
 * @KB_PLACEMENT_COMPACT: all threads of a core, then the next core; a whole package, then the next
 * @KB_PLACEMENT_SPREAD:  one thread of each core before a second one, and of the cores those whose
 *                        package, then node, has fewest workers yet
 * @KB_PLACEMENT_SMT:     threads of one core side by side, as compact, but no core of one thread
 * @KB_PLACEMENT_NODE:    all on the first node that has enough CPUs, there as spread
 */
enum kb_placement {
	KB_PLACEMENT_NONE = 0,
	KB_PLACEMENT_COMPACT,
	KB_PLACEMENT_SPREAD,
	KB_PLACEMENT_SMT,
	KB_PLACEMENT_NODE,
};

/** kb_placement_parse() - "compact", "spread", "smt", "node"; 0 or -1 with KB_EXIT_USAGE */
int kb_placement_parse(enum kb_placement *placement, const char *text, struct kb_error *err);

/** kb_placement_name() - the reverse; NULL for KB_PLACEMENT_NONE */
const char *kb_placement_name(enum kb_placement placement);

/**
 * kb_placement_choose() - @nr CPUs by @placement, which is not KB_PLACEMENT_NONE
 * @list: out, room for @nr: CPU numbers, the first worker's first. Its first n CPUs are what the
 *        policy chooses for n, but that node keeps to the node of @nr.
 * Return: 0, or -1 with KB_EXIT_USAGE: the machine has too few such CPUs
 */
int kb_placement_choose(unsigned int *list, size_t nr, const struct kb_topology *topology,
			enum kb_placement placement, struct kb_error *err);

#endif
