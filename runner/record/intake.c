// SPDX-License-Identifier: GPL-2.0
#include "intake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

/* Kernel messages that are kept: what a reader of an error wants to see, and no more. */
#define LOG_LINES	20

static const char *member_string(const json_t *record, const char *key)
{
	const char *text = json_string_value(json_object_get(record, key));

	return text ? text : "";
}

/* Copies what fits, and never a part of a character: the rest of it would be no UTF-8. */
static void copy_text(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size) {
		length = size - 1;
		while (length && ((unsigned char)from[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(to, from, length);
	to[length] = 0;
}

void kb_intake_warn(struct kb_intake *intake, const char *format, ...)
{
	char whole[4096], text[1024];
	json_t *known;
	va_list args;
	size_t i;

	va_start(args, format);
	vsnprintf(whole, sizeof(whole), format, args);
	va_end(args);
	copy_text(text, sizeof(text), whole);
	json_array_foreach(intake->boot->warnings, i, known)
		if (!strcmp(json_string_value(known), text))
			return;
	json_array_append_new(intake->boot->warnings, json_string(text));
}

static int take_hello(struct kb_intake *intake, const json_t *record)
{
	uint64_t abi;

	if (kb_json_u64(record, "abi", UINT32_MAX, &abi))
		return -1;
	intake->hello = true;
	intake->boot->boot_to_agent_s = (double)(kb_now_ns() - intake->start_ns) / 1e9;
	if (abi != KBENCH_ABI || strcmp(member_string(record, "agent"), KBENCH_VERSION) != 0) {
		snprintf(intake->code, sizeof(intake->code), "version");
		snprintf(intake->message, sizeof(intake->message),
			 "the agent is version %.40s, kbench is version %s: build both anew (make)",
			 member_string(record, "agent"), KBENCH_VERSION);
		return 0;
	}
	if (intake->progress && intake->progress->hello)
		intake->progress->hello(intake->progress->ctx, intake->boot->boot_to_agent_s);
	return 0;
}

static int keep_object(json_t **place, const json_t *record, const char *key)
{
	json_t *object = json_object_get(record, key);

	if (!json_is_object(object))
		return -1;
	json_decref(*place);
	*place = json_incref(object);
	return 0;
}

static int take_facts(struct kb_intake *intake, const json_t *record)
{
	struct kb_boot *boot = intake->boot;

	if (keep_object(&boot->machine, record, "machine") ||
	    keep_object(&boot->kernel, record, "kernel") ||
	    keep_object(&boot->environment, record, "environment"))
		return -1;
	return 0;
}

/* All members but the record's kind are the result's. */
static int take_during(struct kb_intake *intake, const json_t *record)
{
	json_t *during = json_copy((json_t *)record);

	if (!during)
		return 0;
	json_object_del(during, "rec");
	json_decref(intake->boot->during);
	intake->boot->during = during;
	return 0;
}

static int take_module(struct kb_intake *intake, const json_t *record)
{
	const json_t *ok = json_object_get(record, "ok");

	if (!json_is_boolean(ok))
		return -1;
	if (json_is_false(ok))
		kb_intake_warn(intake, "%s: %s", member_string(record, "file"),
			       member_string(record, "error"));
	return 0;
}

/* The case that a record is about, when it is one that was asked for and is not done. */
static int take_id(struct kb_intake *intake, const json_t *record, uint64_t *id)
{
	if (kb_json_u64(record, "id", UINT32_MAX, id) || *id >= intake->plan->nr_cases ||
	    *id >= intake->boot->nr_measured || !intake->pending[*id])
		return -1;
	return 0;
}

static int take_begin(struct kb_intake *intake, const json_t *record)
{
	uint64_t id;

	if (take_id(intake, record, &id))
		return -1;
	kb_measured_clear(&intake->boot->measured[id]);
	intake->current = (long)id;
	if (intake->progress && intake->progress->case_begin)
		intake->progress->case_begin(intake->progress->ctx, (unsigned int)id);
	return 0;
}

static int add_series(struct kb_measured *measured, const struct kb_series *series)
{
	struct kb_series *all;

	for (size_t i = 0; i < measured->nr_series; i++)
		if (measured->series[i].worker == series->worker &&
		    measured->series[i].phase == series->phase)
			return -1;
	all = reallocarray(measured->series, measured->nr_series + 1, sizeof(*all));
	if (!all)
		return -1;
	measured->series = all;
	all[measured->nr_series++] = *series;
	return 0;
}

static int take_samples(struct kb_intake *intake, const json_t *record)
{
	struct kb_series series;
	uint64_t id;

	/* Samples outside of their case: its begin was lost, and so may others have been. */
	if (take_id(intake, record, &id) || (long)id != intake->current ||
	    kb_series_read(&series, record, &intake->plan->cases[id]))
		return -1;
	if (!add_series(&intake->boot->measured[id], &series))
		return 0;
	kb_series_free(&series);
	return -1;
}

static int add_histogram(struct kb_measured *measured, const struct kb_histogram *histogram)
{
	struct kb_histogram *all;

	for (size_t i = 0; i < measured->nr_histograms; i++)
		if (measured->histograms[i].worker == histogram->worker &&
		    measured->histograms[i].phase == histogram->phase &&
		    measured->histograms[i].clock == histogram->clock)
			return -1;
	all = reallocarray(measured->histograms, measured->nr_histograms + 1, sizeof(*all));
	if (!all)
		return -1;
	measured->histograms = all;
	all[measured->nr_histograms++] = *histogram;
	return 0;
}

static int take_latency(struct kb_intake *intake, const json_t *record)
{
	struct kb_histogram histogram;
	uint64_t id;

	if (take_id(intake, record, &id) || (long)id != intake->current ||
	    kb_histogram_read(&histogram, record, &intake->plan->cases[id]))
		return -1;
	if (!add_histogram(&intake->boot->measured[id], &histogram))
		return 0;
	kb_histogram_free(&histogram);
	return -1;
}

static int take_counts(struct kb_intake *intake, const json_t *record)
{
	uint64_t id;

	if (take_id(intake, record, &id) || (long)id != intake->current)
		return -1;
	return kb_counts_read(&intake->boot->measured[id], record, intake->plan->counters.nr);
}

static int take_perf(struct kb_intake *intake, const json_t *record)
{
	uint64_t id;

	if (take_id(intake, record, &id) || (long)id != intake->current)
		return -1;
	return kb_perf_read(intake, record, (size_t)id);
}

static int read_status(const json_t *record, enum kb_case_status *status)
{
	const char *text = member_string(record, "status");

	if (!strcmp(text, "ok"))
		*status = KB_CASE_OK;
	else if (!strcmp(text, "skipped"))
		*status = KB_CASE_SKIPPED;
	else if (!strcmp(text, "failed"))
		*status = KB_CASE_FAILED;
	else
		return -1;
	return 0;
}

/* Whether all series of the case are there: what the record says, and for an ok all there are. */
static bool series_complete(const struct kb_measured *measured, const struct kb_case *kase,
			    enum kb_case_status status, uint64_t nr_series)
{
	size_t nr_phases = kase->bench->nr_phases ? kase->bench->nr_phases : 1;

	if (measured->nr_series != nr_series)
		return false;
	return status != KB_CASE_OK || nr_series == kase->nr_cpus * nr_phases;
}

/* The same for histograms: one for each series, and one of each worker's clock. */
static bool histograms_complete(const struct kb_measured *measured, const struct kb_plan *plan,
				const struct kb_case *kase, enum kb_case_status status,
				uint64_t nr_latencies)
{
	size_t nr_phases = kase->bench->nr_phases ? kase->bench->nr_phases : 1;

	if (measured->nr_histograms != nr_latencies)
		return false;
	return status != KB_CASE_OK ||
	       nr_latencies == (plan->latency ? kase->nr_cpus * (nr_phases + 1) : 0);
}

static int read_scale(struct kb_measured *measured, const json_t *record,
		      enum kb_case_status status)
{
	uint64_t ticks, ns, window_ns;

	if (kb_json_u64(record, "ticks", INT64_MAX, &ticks) ||
	    kb_json_u64(record, "ns", INT64_MAX, &ns) ||
	    kb_json_u64(record, "window_ns", INT64_MAX, &window_ns))
		return -1;
	if (status == KB_CASE_OK && (!ticks || !ns))
		return -1;
	measured->unit_per_tick = ticks ? (double)ns / (double)ticks : 0;
	measured->window_ns = (double)window_ns;
	return 0;
}

static int read_case(struct kb_measured *measured, const json_t *record,
		     const struct kb_plan *plan, const struct kb_case *kase)
{
	uint64_t run_flags, nr_series, nr_latencies;
	enum kb_case_status status;

	if (read_status(record, &status) ||
	    kb_json_u64(record, "run_flags", UINT32_MAX, &run_flags) ||
	    kb_json_u64(record, "batch_ops", INT64_MAX, &measured->batch_ops) ||
	    kb_json_u64(record, "worker_bytes", INT64_MAX, &measured->worker_bytes) ||
	    kb_json_u64(record, "nr_series", SIZE_MAX, &nr_series) ||
	    kb_json_u64(record, "nr_latencies", SIZE_MAX, &nr_latencies) ||
	    read_scale(measured, record, status) ||
	    !series_complete(measured, kase, status, nr_series) ||
	    !histograms_complete(measured, plan, kase, status, nr_latencies) ||
	    kb_counts_finish(measured, record, plan->counters.nr))
		return -1;
	measured->run_flags = (uint32_t)run_flags;
	measured->status = status;
	copy_text(measured->reason, sizeof(measured->reason), member_string(record, "reason"));
	return 0;
}

static void case_done(struct kb_intake *intake, size_t id)
{
	intake->pending[id] = 0;
	if (intake->progress && intake->progress->case_end)
		intake->progress->case_end(intake->progress->ctx, (unsigned int)id,
					   &intake->boot->measured[id]);
}

static int take_case(struct kb_intake *intake, const json_t *record)
{
	uint64_t id;

	if (take_id(intake, record, &id))
		return -1;
	if ((long)id == intake->current)
		intake->current = -1;
	if (read_case(&intake->boot->measured[id], record, intake->plan,
		      &intake->plan->cases[id])) {
		kb_measured_clear(&intake->boot->measured[id]);
		return -1;
	}
	case_done(intake, (size_t)id);
	return 0;
}

static int take_log(struct kb_intake *intake, const json_t *record)
{
	json_t *text = json_object_get(record, "text");

	if (!json_is_string(text))
		return -1;
	if (json_array_size(intake->boot->log) >= LOG_LINES)
		json_array_remove(intake->boot->log, 0);
	json_array_append(intake->boot->log, text);
	return 0;
}

/* What stands in them is looked at by who asked for them. */
static int take_symbols(struct kb_intake *intake, const json_t *record)
{
	if (!intake->plan->symbols || !json_is_string(json_object_get(record, "text")))
		return -1;
	return json_array_append(intake->boot->symbols, (json_t *)record);
}

static int take_error(struct kb_intake *intake, const json_t *record)
{
	const char *message = member_string(record, "message");

	if (!*message)
		return -1;
	if (*intake->message)	/* the first error is the cause of the others */
		return 0;
	copy_text(intake->code, sizeof(intake->code), member_string(record, "code"));
	copy_text(intake->message, sizeof(intake->message), message);
	return 0;
}

static int take_bye(struct kb_intake *intake, const json_t *record)
{
	(void)record;
	intake->bye = true;
	return 0;
}

static const struct {
	const char	*name;
	int		(*take)(struct kb_intake *intake, const json_t *record);
} kinds[] = {
	{ "hello", take_hello },
	{ "facts", take_facts },
	{ "module", take_module },
	{ "begin", take_begin },
	{ "samples", take_samples },
	{ "latency", take_latency },
	{ "counts", take_counts },
	{ "perf", take_perf },
	{ "case", take_case },
	{ "during", take_during },
	{ "symbols", take_symbols },
	{ "log", take_log },
	{ "error", take_error },
	{ "bye", take_bye },
};

int kb_intake_record(struct kb_intake *intake, const json_t *record)
{
	const char *name = member_string(record, "rec");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(name, kinds[i].name) && !kinds[i].take(intake, record))
			return 0;
	intake->invalid++;
	return -1;
}

void kb_intake_fail_current(struct kb_intake *intake, const char *reason)
{
	struct kb_measured *measured;

	if (intake->current < 0)
		return;
	measured = &intake->boot->measured[intake->current];
	kb_measured_clear(measured);
	measured->status = KB_CASE_FAILED;
	snprintf(measured->reason, sizeof(measured->reason), "%s", reason);
	case_done(intake, (size_t)intake->current);
	intake->current = -1;
}
