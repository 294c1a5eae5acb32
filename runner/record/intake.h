/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records become a boot. Nothing in a record is believed before it is checked: it may come from an
 * agent of another version, or from a target gone mad.
 */
#ifndef KB_INTAKE_H
#define KB_INTAKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "boot.h"
#include "collect.h"
#include "plan.h"

/**
 * struct kb_intake - what has come in
 * @pending:  as in kb_collect()
 * @start_ns: when the target was started (kb_now_ns())
 * @current:  the case that has begun and not ended, or -1
 * @hello, @bye: those records came
 * @invalid:  records that do not have the shape they should
 * @code, @message: of the agent's error record; empty until one came
 */
struct kb_intake {
	struct kb_boot			*boot;
	const struct kb_plan		*plan;
	unsigned char			*pending;
	const struct kb_progress_ops	*progress;
	uint64_t			start_ns;
	long				current;
	bool				hello;
	bool				bye;
	size_t				invalid;
	char				code[24];
	char				message[1024];
};

/** kb_intake_record() - take one record in. Return: 0, or -1 (and counted) when it is invalid */
int kb_intake_record(struct kb_intake *intake, const json_t *record);

/**
 * kb_intake_fail_current() - the target died of the case that had begun: it has failed
 * Nothing happens when none had.
 */
void kb_intake_fail_current(struct kb_intake *intake, const char *reason);

/** kb_intake_warn() - add a line to the boot's warnings, once */
void kb_intake_warn(struct kb_intake *intake, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * kb_series_read() - a samples record as a series, checked against its case
 * Return: 0, or -1 with nothing allocated
 */
int kb_series_read(struct kb_series *series, const json_t *record, const struct kb_case *kase);
void kb_series_free(struct kb_series *series);

/**
 * kb_histogram_read() - a latency record as a histogram, checked against its case
 * Return: 0, or -1 with nothing allocated
 */
int kb_histogram_read(struct kb_histogram *histogram, const json_t *record,
		      const struct kb_case *kase);
void kb_histogram_free(struct kb_histogram *histogram);

/**
 * kb_counts_read() - a counts record into its series, which has come before
 * @nr_counters: of the plan. Return: 0 or -1
 */
int kb_counts_read(struct kb_measured *measured, const json_t *record, unsigned int nr_counters);
void kb_counts_free(struct kb_counts *counts);

/**
 * kb_perf_read() - a perf record into its case @id, and what went wrong into the boot's warnings
 * Return: 0 or -1
 */
int kb_perf_read(struct kb_intake *intake, const json_t *record, size_t id);

/**
 * kb_counts_finish() - take from a case record which counters are missing, and why
 * Return: 0, or -1 when columns of the others did not come
 */
int kb_counts_finish(struct kb_measured *measured, const json_t *record, unsigned int nr_counters);

/** kb_json_u64_column() - @nr integers from 0 to INT64_MAX. Return: 0 or -1 */
int kb_json_u64_column(uint64_t *column, const json_t *array, size_t nr);

/** kb_json_u64() - a member that is an integer from 0 to @max. Return: 0 or -1 */
int kb_json_u64(const json_t *object, const char *key, uint64_t max, uint64_t *value);

#endif
