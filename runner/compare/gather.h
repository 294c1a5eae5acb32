/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of two result files, brought together. */
#ifndef KB_GATHER_H
#define KB_GATHER_H

#include "comparison.h"

/**
 * kb_gather() - fill in pairs, only_a and only_b of @comparison
 * Cases are the same by suite, bench, parameters, phase, context and number of CPUs; where a file
 * has several of these in one boot (pairs of CPUs), by the CPUs' numbers, too. Boots are paired as
 * kb_pair_boots() does it. Return: 0, or -1: no memory
 */
int kb_gather(struct kb_comparison *comparison, const json_t *a, const json_t *b);

/**
 * kb_gather_cpus() - fill in pairs: each case of @result on its smallest number of CPUs with the
 * same on each larger one. Cases of pairs of CPUs are not among them. Return: 0, or -1: no memory
 */
int kb_gather_cpus(struct kb_comparison *comparison, const json_t *result);

/** kb_side_fill() - a side of these entries, one a boot. Return: 0, or -1: no memory */
int kb_side_fill(struct kb_side *side, const json_t *entries);

/** kb_pair_set_exact() - fill in exact of @pair, whose sides are filled; as kb_side_is_exact() */
void kb_pair_set_exact(struct kb_pair *pair, bool bpf);

/** kb_is_bpf() - are the cases of @result BPF programs? */
bool kb_is_bpf(const json_t *result);

/**
 * kb_entry_is_measured() - whether an entry of cases[] has figures to compare: the median is above
 * 0, and of counts the minimum and the mean are, too
 */
bool kb_entry_is_measured(const json_t *entry);

/** kb_entries_ambiguous() - whether two of @entries are of one boot */
bool kb_entries_ambiguous(const json_t *entries);

/**
 * kb_index() - the measured cases of a result: an object of name to array of entries, one a boot
 * NULL: no memory
 */
json_t *kb_index(const json_t *result);

/** kb_index_add() - append to the array that @index, an object, has under @name */
int kb_index_add(json_t *index, const char *name, json_t *entry);

#endif
