/* SPDX-License-Identifier: GPL-2.0 */
/* A write-up of results, as one page: what its parts are made of, and the parts. */
#ifndef KB_WRITEUP_H
#define KB_WRITEUP_H

#include <jansson.h>

#include "comparison.h"
#include "document.h"
#include "groups.h"

/**
 * struct kb_writeup_side - results whose boots are taken together, a column of tables
 * @name:   for people, and no other's: a release; with more where that is not enough
 * @result: borrowed
 * @paths:  array of the files; borrowed
 * @index:  the measured cases, as kb_index() makes it
 * @mark:   what its figures are not good for, or NULL
 */
struct kb_writeup_side {
	char		*name;
	json_t		*result;
	const json_t	*paths;
	json_t		*index;
	const char	*mark;
};

/**
 * struct kb_writeup_verdicts - one side against another
 * @a, @b: places in sides[]
 * @refused: why the two are not compared, or NULL
 */
struct kb_writeup_verdicts {
	size_t			a;
	size_t			b;
	struct kb_comparison	comparison;
	char			*refused;
};

/**
 * struct kb_writeup - all that the parts look at
 * @results:  as they were read; borrowed
 * @sides:    in the order of tables' columns
 * @verdicts: none where all is of one kernel
 * @compared: how many of these were not refused
 * @suites:   object of the suites' names, in the order in which they are shown
 * @labels:   object: names of cases to shorter ones, which tell them apart here
 * @notes:    array of strings: what the report has not, and why
 * @paths:    of sides that are files: an array for each
 * @drawing:  pictures are wanted and can be made
 * @pictures: so far
 * @failed:   what ended the drawing for good: the user did
 * @pictureless: why there are none, or NULL: they are unwanted, or there are some
 */
struct kb_writeup {
	const struct kb_named_result	*results;
	size_t				nr_results;
	struct kb_groups		groups;
	struct kb_writeup_side		*sides;
	size_t				nr_sides;
	struct kb_writeup_verdicts		*verdicts;
	size_t				nr_verdicts;
	size_t				compared;
	json_t				*suites;
	json_t				*labels;
	json_t				*notes;
	json_t				*paths;
	bool				drawing;
	size_t				pictures;
	char				*pictureless;
	struct kb_error			failed;
	struct kb_document		doc;
};

/**
 * struct kb_writeup_row - a case
 * @entry:   one of its entries in cases[]
 * @entries: for each side an array of the entries of its boots, or NULL; borrowed
 */
struct kb_writeup_row {
	const char	*name;
	const json_t	*entry;
	const json_t	**entries;
};

/**
 * struct kb_writeup_rows - the cases of a suite
 * @varying: object of the parameters that tell them apart; @constant: of the others, with values
 */
struct kb_writeup_rows {
	struct kb_writeup_row	*rows;
	size_t			nr;
	const json_t		**entries;
	json_t			*places;
	json_t			*varying;
	json_t			*constant;
};

/**
 * struct kb_writeup_figure - what a case costs on one side, in its unit
 * @value: the median; of several boots the geometric mean of their medians
 * @low, @high: 95 % interval: of one boot that of the median, of several Student's of the mean
 * @nr_boots: 0: it was not measured there
 */
struct kb_writeup_figure {
	double	value;
	double	low;
	double	high;
	size_t	nr_boots;
};

/** kb_writeup_rows_make() - Return: 0, or -1: no memory. kb_writeup_rows_free() in any case */
int kb_writeup_rows_make(struct kb_writeup_rows *rows, const struct kb_writeup *page,
			 const char *suite);
void kb_writeup_rows_free(struct kb_writeup_rows *rows);

/** kb_writeup_figure() - of @entries, an array of one case's boots, or NULL */
struct kb_writeup_figure kb_writeup_figure(const json_t *entries);

/** kb_writeup_bench() - what tables call its bench, without the suite; malloc()ed */
char *kb_writeup_bench(const json_t *entry);

/** kb_writeup_label() - what words and tables of all suites call a case of that name */
const char *kb_writeup_label(const struct kb_writeup *page, const char *name);

/** kb_writeup_labels_make() - fill in labels. Return: 0, or -1: no memory */
int kb_writeup_labels_make(struct kb_writeup *page);

/** kb_writeup_histogram() - latencies of the first of @entries that has some, or NULL */
const json_t *kb_writeup_histogram(const json_t *entries);

/** kb_writeup_is_pair() - of two CPUs that were chosen as a pair, one of many */
bool kb_writeup_is_pair(const json_t *entry);

/** kb_writeup_mark() - what figures of that suite (NULL: of any) are not good for, or NULL */
const char *kb_writeup_mark(const struct kb_writeup *page, const char *suite);

/** Room for a change, with the 0. */
#define KB_CHANGE_LEN	32

/** kb_writeup_change() - "+3.10 %" or "2.5 times", of the logarithm of a ratio */
void kb_writeup_change(char text[KB_CHANGE_LEN], double logarithm);

/** kb_writeup_times() - "1.25", "14.6", "372", "371592": how many times as much */
void kb_writeup_times(char text[KB_CHANGE_LEN], double ratio);

/**
 * kb_writeup_by_effect() - a comparison's pairs, those that regressed or improved first and of
 * these the largest effect first; malloc()ed, NULL: no memory
 */
const struct kb_pair **kb_writeup_by_effect(const struct kb_comparison *comparison);

/**
 * kb_writeup_boots() - the most that a case has on a side, and the least
 * What kbench measures of itself beside others, in every result, does not count.
 */
size_t kb_writeup_boots(const struct kb_writeup *page, size_t *least);

/*
 * The parts, in their order; each writes to page->doc. Return: 0, or -1: no memory
 */
int kb_writeup_summary(struct kb_writeup *page);
int kb_writeup_trust(struct kb_writeup *page);
int kb_writeup_stands_out(struct kb_writeup *page);
int kb_writeup_verdicts(struct kb_writeup *page);
int kb_writeup_suite(struct kb_writeup *page, const char *suite);
int kb_writeup_latencies(struct kb_writeup *page, const struct kb_writeup_rows *rows);
int kb_writeup_perf(struct kb_writeup *page);
int kb_writeup_unmeasured(struct kb_writeup *page);
int kb_writeup_facts(struct kb_writeup *page);

/** kb_writeup_warnings() - what the results say of themselves, and what this page has not */
void kb_writeup_warnings(struct kb_writeup *page);

/** kb_writeup_has_perf(), ..._unmeasured(), ..._warnings() - whether there is something to write */
bool kb_writeup_has_perf(const struct kb_writeup *page);
bool kb_writeup_has_unmeasured(const struct kb_writeup *page);
bool kb_writeup_has_warnings(const struct kb_writeup *page);

#endif
