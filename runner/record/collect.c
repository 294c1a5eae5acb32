// SPDX-License-Identifier: GPL-2.0
#include "collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intake.h"
#include "lines.h"
#include "record.h"

#define NS_PER_S		1000000000ULL
#define BOOT_TIMEOUT_S		120

/* What a target may need beside a case's deadline: its setup, its records' way. */
#define SLACK_NS		(20 * NS_PER_S)

/* What the agent allows perf to take beside that: begin, end, two reports. */
#define PERF_NS			(60 * NS_PER_S)

/**
 * struct collector - one kb_collect()
 * @record_ns: when the last record came, or the target was started
 * @damaged:   lines that began as records and do not check
 */
struct collector {
	struct kb_target	*target;
	const struct kb_plan	*plan;
	struct kb_intake	intake;
	struct kb_lines		lines;
	struct kb_sequence	sequence;
	uint64_t		record_ns;
	size_t			damaged;
};

static int start_target(struct collector *collector, const unsigned char *pending,
			struct kb_error *err)
{
	struct kb_target *target = collector->target;
	struct kb_error unsaid = { 0 };
	size_t length = 0;
	char *text = NULL;
	FILE *file;
	int failed;

	file = open_memstream(&text, &length);
	if (!file)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "no memory for the plan");
	failed = kb_plan_write(collector->plan, pending, file);
	if (fclose(file))
		failed = -1;
	if (failed) {
		free(text);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "no memory for the plan");
	}
	collector->intake.start_ns = collector->record_ns = kb_now_ns();
	collector->lines.fd = target->ops->start(target, text, length, err);
	free(text);
	if (collector->lines.fd >= 0)
		return 0;
	/* start() may have got half way. */
	target->ops->finish(target, true, &unsaid);
	return -1;
}

static uint64_t time_limit(const struct collector *collector)
{
	unsigned int boot_s = collector->target->boot_timeout_s;
	unsigned int slowness = collector->target->slowness;

	if (!collector->intake.hello)
		return (boot_s ? boot_s : BOOT_TIMEOUT_S) * NS_PER_S;
	return collector->plan->deadline_ns * (slowness ? slowness : 1) + SLACK_NS +
	       (collector->plan->perf ? PERF_NS : 0);
}

/* A listener hears of records in the order in which they are taken. */
static void tell_record(const struct collector *collector, const char *line, size_t length)
{
	const struct kb_progress_ops *progress = collector->intake.progress;

	if (progress && progress->record)
		progress->record(progress->ctx, line, length);
}

static void fail_current(struct collector *collector, const char *reason)
{
	const struct kb_progress_ops *progress = collector->intake.progress;

	if (progress && progress->lost)
		progress->lost(progress->ctx, reason);
	kb_intake_fail_current(&collector->intake, reason);
}

static void take_line(struct collector *collector, const char *line, size_t length)
{
	struct kb_record record;

	switch (kb_record_parse(&record, line, length)) {
	case KB_LINE_NOISE:
		return;
	case KB_LINE_DAMAGED:
		collector->damaged++;
		return;
	case KB_LINE_RECORD:
		break;
	}
	if (!kb_sequence_take(&collector->sequence, record.seq)) {
		collector->record_ns = kb_now_ns();
		tell_record(collector, line, length);
		kb_intake_record(&collector->intake, record.json);
	}
	json_decref(record.json);
}

/* Lines that are no records come without end where a kernel complains without end. */
static bool late(const struct collector *collector)
{
	return kb_now_ns() - collector->record_ns > time_limit(collector);
}

/* Reads until goodbye, the end of the stream, a time-out or an interrupt. */
static enum kb_lines_event read_records(struct collector *collector)
{
	enum kb_lines_event event;
	char *line;
	size_t size;

	while (!collector->intake.bye) {
		event = kb_lines_next(&collector->lines, collector->record_ns,
				      time_limit(collector), &line, &size);
		if (event == KB_LINES_OVERSIZE)
			collector->damaged++;
		else if (event == KB_LINES_LINE)
			take_line(collector, line, size);
		else
			return event;
		if (late(collector))
			return KB_LINES_TIMEOUT;
	}
	return KB_LINES_LINE;
}

/* Which exit code an error of the agent means. */
static enum kb_exit error_exit(const struct collector *collector)
{
	static const char *const environment[] = {
		"lockdown", "signature", "version", "privilege", "no-modules", "bpf",
	};
	const char *code = collector->intake.code;

	for (size_t i = 0; i < sizeof(environment) / sizeof(environment[0]); i++)
		if (!strcmp(code, environment[i]))
			return KB_EXIT_ENVIRONMENT;
	/* A guest boots anew; a host that lost a CPU is of no more use to this run. */
	if (!strcmp(code, "stuck") && !collector->target->kernel_spec)
		return KB_EXIT_ENVIRONMENT;
	return KB_EXIT_TARGET;
}

static int agent_failed(struct collector *collector, struct kb_error *err)
{
	if (!collector->intake.message[0])
		return 0;
	return kb_fail(err, error_exit(collector), "%s", collector->intake.message);
}

static int said_goodbye(struct collector *collector, struct kb_error *err)
{
	struct kb_error finish_err = { 0 };

	/* All is said and stays valid, even when the target then does not end as it should. */
	if (collector->target->ops->finish(collector->target, false, &finish_err))
		kb_note("%s", finish_err.text);
	return agent_failed(collector, err);
}

static int interrupted(struct collector *collector, struct kb_error *err)
{
	struct kb_error unsaid = { 0 };

	collector->target->ops->finish(collector->target, true, &unsaid);
	return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
}

/* "while locks/spin_lock ran" or where else the target was. */
static void name_place(const struct collector *collector, char *text, size_t size)
{
	const struct kb_intake *intake = &collector->intake;

	if (!intake->hello)
		snprintf(text, size, "before the agent's first record");
	else if (intake->current < 0)
		snprintf(text, size, "between cases");
	else
		snprintf(text, size, "while %s/%s ran",
			 intake->plan->cases[intake->current].bench->suite,
			 intake->plan->cases[intake->current].bench->name);
}

static const char *last_log(const struct collector *collector)
{
	const json_t *log = collector->intake.boot->log;
	size_t size = json_array_size(log);
	const char *text = size ? json_string_value(json_array_get(log, size - 1)) : NULL;

	return text ? text : "";
}

/* The target died (@timeout: fell silent) without a goodbye. */
static int target_lost(struct collector *collector, bool timeout, struct kb_error *err)
{
	struct kb_error finish_err = { 0 };
	char place[160], what[64];
	unsigned long long limit_s = time_limit(collector) / NS_PER_S;

	name_place(collector, place, sizeof(place));
	if (timeout)
		snprintf(what, sizeof(what), "was silent for %llu s", limit_s);
	else
		snprintf(what, sizeof(what), "ended without a goodbye");
	collector->target->ops->finish(collector->target, timeout, &finish_err);
	if (kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	if (agent_failed(collector, err))
		return -1;
	/* A case is run once more where nothing that it did can be the reason. */
	if (!collector->target->tripped)
		fail_current(collector, timeout ? "the target hung while this case ran" :
			     "the target died while this case ran");
	/* What cannot work here says so in finish_err: sudo refused, the emulator is missing. */
	if (finish_err.exit == KB_EXIT_ENVIRONMENT)
		return kb_fail(err, finish_err.exit, "%s", finish_err.text);
	if (finish_err.text[0])
		return kb_fail(err, KB_EXIT_TARGET, "the target %s %s: %s", what, place,
			       finish_err.text);
	return kb_fail(err, KB_EXIT_TARGET, "the target %s %s%s%s", what, place,
		       last_log(collector)[0] ? "; last kernel message: " : "",
		       last_log(collector));
}

static int end_target(struct collector *collector, enum kb_lines_event event,
		      struct kb_error *err)
{
	switch (event) {
	case KB_LINES_LINE:
		return said_goodbye(collector, err);
	case KB_LINES_INTERRUPTED:
		return interrupted(collector, err);
	case KB_LINES_TIMEOUT:
		return target_lost(collector, true, err);
	default:
		return target_lost(collector, false, err);
	}
}

static void warn_of_losses(struct collector *collector)
{
	size_t bad = collector->damaged + collector->intake.invalid +
		     (size_t)collector->sequence.stale;
	unsigned long long missing = collector->sequence.missing;

	if (bad || missing)
		kb_intake_warn(&collector->intake,
			       "%zu record lines came damaged and %llu did not come; a case counts "
			       "only where all of its own came whole", bad, missing);
}

static void stamp_start(struct kb_boot *boot)
{
	time_t now = time(NULL);
	struct tm utc;

	if (boot->started[0])
		return;
	gmtime_r(&now, &utc);
	strftime(boot->started, sizeof(boot->started), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

int kb_collect(struct kb_boot *boot, struct kb_target *target, const struct kb_plan *plan,
	       unsigned char *pending, const struct kb_progress_ops *progress,
	       struct kb_error *err)
{
	struct collector collector = {
		.target = target,
		.plan = plan,
		.intake = {
			.boot = boot, .plan = plan, .pending = pending, .progress = progress,
			.current = -1,
		},
	};
	int ret;

	stamp_start(boot);
	if (start_target(&collector, pending, err))
		return kb_interrupted ? kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted") : -1;
	ret = end_target(&collector, read_records(&collector), err);
	boot->duration_s += (double)(kb_now_ns() - collector.intake.start_ns) / 1e9;
	warn_of_losses(&collector);
	kb_lines_free(&collector.lines);
	return ret;
}
