/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many results: which of them are one side of a comparison together, and which sides belong
 * beside each other. Pure functions over results as kb_result_read_lean() gives them.
 */
#ifndef KB_GROUPS_H
#define KB_GROUPS_H

#include <jansson.h>

#include "comparison.h"
#include "error.h"

/** struct kb_named_result - @argument: of the command line, that it came from; nothing is owned */
struct kb_named_result {
	const char	*path;
	int		argument;
	json_t		*result;
};

/**
 * struct kb_pool - results whose boots are taken as boots of one
 * @group:  what sets sides apart: a release, machine or architecture; for people
 * @kind:   what has to be the same on both sides
 * @result: a result with the boots of all; each has "experiment" beside its block
 * @paths:  array of strings
 * @differs: array of strings: settings in which the pooled results are not the same
 */
struct kb_pool {
	char	*group;
	char	*kind;
	json_t	*result;
	json_t	*paths;
	json_t	*differs;
};

/** struct kb_matchup - two sides, as numbers of pools; @a is the base */
struct kb_matchup {
	size_t	a;
	size_t	b;
};

/**
 * struct kb_groups - what is to be compared
 * @notes: array of strings: results that stand alone
 */
struct kb_groups {
	struct kb_pool		*pools;
	size_t			nr_pools;
	struct kb_matchup	*matchups;
	size_t			nr;
	json_t			*notes;
};

/**
 * kb_groups_make() - group @results, pool those that are alike, and match each group's pools
 * with those of the first group that are of the same kind
 * Alike are results of one kernel (release, tree and image) on one machine.
 * @by: KB_COMPARE_KERNEL: releases in the order of versions, trees of one by name; a kind is
 *      architecture, machine, fidelity, backend and unit. KB_COMPARE_MACHINE and
 *      KB_COMPARE_ARCH: in the order of @results; a kind is release (without architecture),
 *      flavour, fidelity, backend and unit.
 * Where no two groups have a kind in common the first pools of groups are matched: whether they
 * can be compared kb_compare() says. Return: 0, or -1 with KB_EXIT_USAGE: there is but one group,
 * or an architecture has several machines. kb_groups_free() in any case.
 */
int kb_groups_make(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		   enum kb_compare_by by, struct kb_error *err);

/**
 * kb_groups_match() - match each result of argument 0 with the one of every other argument that
 * is of the same architecture, flavour, backend, fidelity and unit
 * Return: 0, or -1 with KB_EXIT_USAGE: several are on either side, or none is for any
 */
int kb_groups_match(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		    struct kb_error *err);

/** kb_groups_base() - match the first result with each of the others */
int kb_groups_base(struct kb_groups *groups, const struct kb_named_result *results, size_t nr,
		   struct kb_error *err);

void kb_groups_free(struct kb_groups *groups);

#endif
