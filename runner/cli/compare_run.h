/* SPDX-License-Identifier: GPL-2.0 */
/* The comparisons that a kbench compare makes, one after the other. */
#ifndef KB_COMPARE_RUN_H
#define KB_COMPARE_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "comparison.h"
#include "error.h"
#include "report.h"

/**
 * struct kb_compare_options - what the user asked for; @paths point into argv, as @floor does
 * @floor:  a result of boots of one kernel, or NULL: else that is
 * @floor_result: and it has
 * @floors: what its boots differ by
 */
struct kb_compare_options {
	char				**paths;
	int				nr_paths;
	const char			*floor;
	json_t				*floor_result;
	struct kb_same_kernel		floors;
	struct kb_compare_rules		rules;
	struct kb_report_options	report;
	bool				gate;
	bool				strict;
	bool				json;
	struct kb_error			*err;
};

/**
 * struct kb_compare_outcome - of all comparisons
 * @nr:        how many were made
 * @documents: array: those that are to be printed as JSON
 */
struct kb_compare_outcome {
	size_t	nr;
	size_t	regressed;
	size_t	inconclusive;
	json_t	*documents;
};

/** kb_compare_run() - make and print all comparisons. Return: 0, or -1 with @options->err */
int kb_compare_run(struct kb_compare_outcome *outcome, const struct kb_compare_options *options);

#endif
