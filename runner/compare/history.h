/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The course of cases over many results, and where it changes. Boots are values as in comparisons:
 * logarithms of medians, or counts, which change exactly where they differ.
 */
#ifndef KB_HISTORY_H
#define KB_HISTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "comparison.h"
#include "edivisive.h"
#include "error.h"

/** enum kb_history_order - KB_HISTORY_AUTO: by kernel where a series has several, else by date */
enum kb_history_order {
	KB_HISTORY_AUTO = 0,
	KB_HISTORY_KERNEL,
	KB_HISTORY_DATE,
};

/**
 * struct kb_history_point - what one result says of one case
 * @result: its place in the series' results[]
 * @side:   its boots; entries are not kept
 * @exact:  the figure is a count, and
 * @bpf:    one by a clock that rounds
 */
struct kb_history_point {
	size_t		result;
	struct kb_side	side;
	bool		exact;
	bool		bpf;
};

/**
 * struct kb_history_case - a case over the results that have measured it
 * @entry:   one of its entries in cases[]
 * @points:  in the order of the series
 * @starts, @values: the same boots as a course; @nr + 1 of starts
 * @exact:   all of its figures are counts
 * @p:       of no change at all, before it is corrected for the number of cases; NaN: not tested
 * @changes: in order; at is a place in points[]. Of counts p is 0.
 */
struct kb_history_case {
	char			*name;
	json_t			*entry;
	struct kb_history_point	*points;
	size_t			nr;
	size_t			*starts;
	double			*values;
	bool			exact;
	double			p;
	struct kb_change	*changes;
	size_t			nr_changes;
};

/**
 * struct kb_history_result - one of a series
 * @added: how many were added before
 * @facts: object: kernel, machine, environment and kbench of the result, and its boots' seeds
 */
struct kb_history_result {
	char	*path;
	char	*release;
	char	*started;
	size_t	added;
	json_t	*facts;
};

/**
 * struct kb_history_series - results that can be compared
 * @name:  what they have in common, for people
 * @about: object: arch, machine, fidelity, backend, unit, flavour, and tree if there is one
 * @index: object: names of cases to places in @cases
 * @cases: in the order in which they were met
 * @tested: cases with times (or counts that move) that have room for a change, and
 * @level: at which further changes of a case were tested
 */
struct kb_history_series {
	char				*name;
	json_t				*about;
	json_t				*index;
	struct kb_history_result	*results;
	size_t				nr_results;
	struct kb_history_case		*cases;
	size_t				nr;
	bool				by_kernel;
	size_t				tested;
	double				level;
};

/**
 * struct kb_history - all series
 * @names: object: every "suite/bench" that was met, wanted or not
 * @known: object: ids of the results and boots that were added, to the paths of their results
 */
struct kb_history {
	struct kb_history_series	*series;
	size_t				nr;
	json_t				*names;
	json_t				*known;
};

/**
 * kb_history_known() - has @result been added? Its boots would count twice
 * @again: whether it is that very result, rather than one that shares a boot with it
 * Return: the path under which it was, or NULL: it has not
 */
const char *kb_history_known(bool *again, const struct kb_history *history, const json_t *result);

/**
 * kb_history_add() - take what is wanted of @result, which is not kept and not known
 * @wanted: words of kb_entry_is(), @nr_wanted of them; none: all cases
 * Return: 0, or -1: no memory
 */
int kb_history_add(struct kb_history *history, const char *path, const json_t *result,
		   char *const *wanted, size_t nr_wanted);

/**
 * kb_history_finish() - put results in order and find the changes, when all have been added
 *
 * Times are tested by kb_edivisive_next(). Of the cases of a series those have changed whose p,
 * adjusted after Benjamini and Hochberg, is at most @level. Their further change points are tested
 * at @level times the part of the cases that have changed, one after the other until one is not
 * significant: Y. Benjamini and M. Bogomolov, Selective inference on multiple families of
 * hypotheses, J. R. Statist. Soc. B 76 (2014), 297-318.
 *
 * Return: 0, or -1: no memory
 */
int kb_history_finish(struct kb_history *history, enum kb_history_order order, double level);

void kb_history_free(struct kb_history *history);

/**
 * kb_history_differs() - what differs in settings between a result of @series and the one before
 * it, beside the release: array of strings; NULL: no memory
 */
json_t *kb_history_differs(const struct kb_history_series *series, size_t result);

/** kb_history_estimate() - of points @from up to @to: geometric mean of boots, or mean count */
double kb_history_estimate(const struct kb_history_case *one, size_t from, size_t to);

#endif
