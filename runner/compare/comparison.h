/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two result files, case by case. The boot is the unit of replication: one boot is one value, the
 * logarithm of its median. Counted instructions are compared as they are.
 */
#ifndef KB_COMPARISON_H
#define KB_COMPARISON_H

#include <jansson.h>

#include "error.h"
#include "judge_pair.h"

/**
 * struct kb_side - a case in one of the files
 * @entry:  of its first boot, in cases[]; @entries: array of those of all boots
 * @boots:  their numbers, and
 * @values: the logarithms of their medians, @nr of both
 * @least, @mean: instructions of the first boot, where they are counted
 */
struct kb_side {
	const json_t	*entry;
	json_t		*entries;
	json_int_t	*boots;
	double		*values;
	size_t		nr;
	double		least;
	double		mean;
};

/**
 * struct kb_pair - a case that both files have
 * @exact: counted, and neither side depends on what lies where: then any difference is one
 * @paired: boots were measured together, block by block
 * @ratio:  b over a: of medians, or of mean counts
 * @verdict: corrected for the number of cases
 */
struct kb_pair {
	char			*name;
	struct kb_side		a;
	struct kb_side		b;
	bool			exact;
	bool			paired;
	struct kb_judgement	judgement;
	double			ratio;
	enum kb_verdict		verdict;
};

/**
 * struct kb_comparison
 * @pairs:   in the order of the first file
 * @only_a, @only_b: cases that the other file has not, or has not measured
 * @settings: array of strings: what differs between the two beside what is compared
 * @warnings: array of strings: what the comparison cannot tell
 */
struct kb_comparison {
	struct kb_pair	*pairs;
	size_t		nr;
	size_t		only_a;
	size_t		only_b;
	json_t		*settings;
	json_t		*warnings;
};

/** struct kb_compare_rules - @holm: of the two corrections for many cases that of gates */
struct kb_compare_rules {
	struct kb_rules	rules;
	bool		default_delta;
	bool		holm;
	bool		force;
};

/**
 * kb_compare() - @a and @b are results as kb_result_read() gives them, and outlive the comparison
 * Return: 0, or -1 with KB_EXIT_USAGE: they have no case in common, or differ in unit, fidelity or
 * backend and @rules do not force it. kb_comparison_free() in any case.
 */
int kb_compare(struct kb_comparison *comparison, const json_t *a, const json_t *b,
	       const struct kb_compare_rules *rules, struct kb_error *err);
void kb_comparison_free(struct kb_comparison *comparison);

/** kb_comparison_count() - how many cases have that verdict */
size_t kb_comparison_count(const struct kb_comparison *comparison, enum kb_verdict verdict);

#endif
