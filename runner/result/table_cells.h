/* SPDX-License-Identifier: GPL-2.0 */
/* The cells of a result's table: what stands in a row for one entry of cases[]. */
#ifndef KB_TABLE_CELLS_H
#define KB_TABLE_CELLS_H

#include <jansson.h>
#include <stdbool.h>

enum kb_column {
	KB_COLUMN_BENCH,
	KB_COLUMN_PARAMS,
	KB_COLUMN_CPUS,
	KB_COLUMN_BOOT,
	KB_COLUMN_MEDIAN,
	KB_COLUMN_INTERVAL,
	KB_COLUMN_SPREAD,
	KB_COLUMN_RATE,
	KB_COLUMN_FAIRNESS,
	KB_COLUMN_FLAGS,
	KB_NR_COLUMNS,
};

/**
 * kb_cell_text() - what column @column says of @entry, a measured case
 * @varying: an object whose members are the parameters to name
 * Return: malloc()ed text, empty when there is nothing to say; NULL when out of memory
 */
char *kb_cell_text(enum kb_column column, const json_t *entry, const json_t *varying);

/**
 * kb_params_sort() - sort the parameters of @entry into those that had one value so far and others
 * @constant: object of name to value; @varying: object of name to true. Return: 0, or -1: no memory
 */
int kb_params_sort(const json_t *entry, json_t *constant, json_t *varying);

/**
 * kb_print_latencies() - a table of the cases that have a histogram, if there are any
 * @varying: as in kb_cell_text()
 * @boots:   there are several
 * Return: 0, or -1 when out of memory
 */
int kb_print_latencies(const json_t *cases, const json_t *varying, bool boots);

/** kb_counter_text() - what the perf counter @name counted for one operation; as kb_cell_text() */
char *kb_counter_text(const json_t *entry, const char *name);

/** kb_counter_missing() - why @entry has no figure of that counter, or NULL */
const char *kb_counter_missing(const json_t *entry, const char *name);

/** kb_counter_shared() - 1 when it was counted during a part of the time only */
int kb_counter_shared(const json_t *entry, const char *name);

#endif
