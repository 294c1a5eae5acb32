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
#include "same_case.h"

/**
 * enum kb_compare_by - what the two sides differ in
 * Of kernels, and of files as they were named, one can be worse: there are verdicts. Of numbers of
 * CPUs, machines and architectures there are figures side by side.
 */
enum kb_compare_by {
	KB_COMPARE_FILES = 0,
	KB_COMPARE_KERNEL,
	KB_COMPARE_CPUS,
	KB_COMPARE_MACHINE,
	KB_COMPARE_ARCH,
	KB_NR_COMPARE_BY,
};

/** kb_compare_by_names - "files", "kernel", "cpus", "machine", "arch" */
extern const char *const kb_compare_by_names[KB_NR_COMPARE_BY];

/** kb_compare_judges() - whether there are verdicts */
bool kb_compare_judges(enum kb_compare_by by);

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
 * enum kb_unpaired - why boots are not compared in pairs
 * KB_UNPAIRED_ALL:  no boot is of a block that both sides have
 * KB_UNPAIRED_SOME: not enough are
 * KB_UNPAIRED_TIME: those of one block were measured far apart
 */
enum kb_unpaired {
	KB_UNPAIRED_ALL = 0,
	KB_UNPAIRED_SOME,
	KB_UNPAIRED_TIME,
	KB_NR_UNPAIRED,
};

/**
 * struct kb_pair - a case that both files have
 * @exact: counted, and the boots of either side agree: then any difference is one
 * @paired: boots were measured together, block by block; else @why they are not
 * @left_out: boots of both sides that are not in these, as the other side has none of their block
 * @ratio:  b over a: of medians, or of mean counts
 * @delta:  logarithm of the smallest ratio that mattered: the rules', or a larger floor
 * @verdict: corrected for the number of cases
 */
struct kb_pair {
	char			*name;
	struct kb_side		a;
	struct kb_side		b;
	bool			exact;
	bool			paired;
	enum kb_unpaired	why;
	size_t			left_out;
	struct kb_judgement	judgement;
	double			ratio;
	double			delta;
	enum kb_verdict		verdict;
};

/**
 * struct kb_comparison
 * @by:      what the two differ in; where kb_compare_judges() says no, verdicts are not to be read
 * @pairs:   in the order of the first file
 * @only_a, @only_b: cases that the other file has not, or has not measured
 * @settings: array of strings: what differs between the two beside what is compared
 * @warnings: array of strings: what the comparison cannot tell
 */
struct kb_comparison {
	enum kb_compare_by by;
	struct kb_pair	*pairs;
	size_t		nr;
	size_t		only_a;
	size_t		only_b;
	json_t		*settings;
	json_t		*warnings;
};

/**
 * struct kb_compare_rules
 * @by:     what the two differ in
 * @holm:   of the two corrections for many cases that of gates
 * @floors: what boots of one kernel differ by: a case's own floor takes the place of a smaller
 *          delta, where it is in these; or NULL
 */
struct kb_compare_rules {
	enum kb_compare_by by;
	struct kb_rules	rules;
	bool		default_delta;
	bool		holm;
	bool		force;
	const struct kb_same_kernel *floors;
};

/**
 * kb_compare() - @a and @b are results as kb_result_read() gives them, and outlive the comparison
 * Return: 0, or -1 with KB_EXIT_USAGE: they have no case in common, or differ in unit, fidelity or
 * backend and @rules do not force it. kb_comparison_free() in any case.
 */
int kb_compare(struct kb_comparison *comparison, const json_t *a, const json_t *b,
	       const struct kb_compare_rules *rules, struct kb_error *err);

/**
 * kb_compare_cpus() - the cases of one result with more CPUs against those with the fewest
 * A pair's name says "8 over 1 CPUs"; a is the side with fewer. Boots are pairs with themselves.
 * Return: 0, or -1 with KB_EXIT_USAGE: no case was measured on several numbers of CPUs
 */
int kb_compare_cpus(struct kb_comparison *comparison, const json_t *result,
		    const struct kb_compare_rules *rules, struct kb_error *err);
void kb_comparison_free(struct kb_comparison *comparison);

/**
 * kb_count_difference() - of counted instructions: the logarithm of b's over a's, 0 when they agree
 * Of the mean, or where that agrees of the minimum; with @bpf of the minimum, as far as that goes.
 */
double kb_count_difference(const struct kb_side *a, const struct kb_side *b, bool bpf);

/**
 * kb_side_is_exact() - counted, and the same in all of its boots, whatever lies where
 * @bpf: as far as the clock of BPF programs tells
 */
bool kb_side_is_exact(const struct kb_side *side, bool bpf);

/** kb_side_free() - what kb_side_fill() made */
void kb_side_free(struct kb_side *side);

/** kb_comparison_count() - how many cases have that verdict */
size_t kb_comparison_count(const struct kb_comparison *comparison, enum kb_verdict verdict);

#endif
