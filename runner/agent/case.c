// SPDX-License-Identifier: GPL-2.0
/* One case: begin, samples and case records. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

/* How long the device may overstay a case's deadline before it is interrupted. */
#define GRACE_NS	13000000000ULL

/* For a setup, which allocates and starts threads but measures nothing. */
#define SETUP_NS	10000000000ULL

/**
 * struct outcome - the case record to be
 * @status: "ok", "skipped", "failed"
 * @header: the samples, or NULL
 * @times:  of @header, when the samples had been taken: a latency round has others
 * @timed:  @header has histograms
 * @nr_series, @nr_latencies: records of samples and of histograms
 */
struct outcome {
	const char			*status;
	char				reason[KBENCH_REASON_LEN];
	struct kbench_run		run;
	const struct kbench_map_header	*header;
	struct kbench_map_header	times;
	bool				timed;
	uint32_t			nr_series;
	uint32_t			nr_latencies;
};

static int set_outcome(struct outcome *outcome, const char *status, const char *reason)
{
	outcome->status = status;
	snprintf(outcome->reason, sizeof(outcome->reason), "%s", reason);
	return 0;
}

static int stopped(struct session *session)
{
	emit_error(session->emit, "interrupted", "the agent was asked to stop");
	return -1;
}

enum column { COLUMN_OPS, COLUMN_VALUE, COLUMN_FLAGS };

static void emit_column(struct emit *emit, const char *key, enum column column,
			const struct kbench_map_header *header,
			const struct kbench_map_worker *worker, uint32_t phase)
{
	emit_array(emit, key);
	for (uint32_t i = 0; i < worker->nr_samples; i++) {
		const struct kbench_sample *sample = backend_sample(header, worker, i);

		if (sample->phase != phase)
			continue;
		emit_u64(emit, NULL, column == COLUMN_OPS ? sample->ops :
				     column == COLUMN_VALUE ? sample->value : sample->flags);
	}
	emit_array_end(emit);
}

/* Which samples were not taken on the worker's CPU from begin to end. */
static void emit_moved(struct emit *emit, const struct kbench_map_header *header,
		       const struct kbench_map_worker *worker, uint32_t phase)
{
	uint64_t index = 0;

	emit_array(emit, "moved");
	for (uint32_t i = 0; i < worker->nr_samples; i++) {
		const struct kbench_sample *sample = backend_sample(header, worker, i);

		if (sample->phase != phase)
			continue;
		if (sample->cpu_start != worker->cpu || sample->cpu_end != worker->cpu) {
			emit_array(emit, NULL);
			emit_u64(emit, NULL, index);
			emit_u64(emit, NULL, sample->cpu_start);
			emit_u64(emit, NULL, sample->cpu_end);
			emit_array_end(emit);
		}
		index++;
	}
	emit_array_end(emit);
}

static void emit_samples(struct emit *emit, unsigned int id, struct outcome *outcome)
{
	const struct kbench_map_header *header = outcome->header;
	const struct kbench_map_worker *workers = backend_workers(header);

	for (uint32_t i = 0; i < header->nr_workers; i++) {
		for (uint32_t phase = 0; phase < header->nr_phases; phase++) {
			emit_open(emit, "samples");
			emit_u64(emit, "id", id);
			emit_u64(emit, "worker", i);
			emit_u64(emit, "cpu", workers[i].cpu);
			emit_u64(emit, "phase", phase);
			emit_u64(emit, "total_ops", workers[i].total_ops);
			emit_column(emit, "ops", COLUMN_OPS, header, &workers[i], phase);
			emit_column(emit, "value", COLUMN_VALUE, header, &workers[i], phase);
			emit_column(emit, "flags", COLUMN_FLAGS, header, &workers[i], phase);
			emit_moved(emit, header, &workers[i], phase);
			emit_close(emit);
			outcome->nr_series++;
			emit_counts(emit, id, header, i, phase);
		}
	}
}

static uint64_t positive_difference(uint64_t end, uint64_t begin)
{
	return end > begin ? end - begin : 0;
}

static void emit_case(struct emit *emit, unsigned int id, const struct outcome *outcome,
		      uint64_t begin_ns)
{
	const struct kbench_map_header *header = &outcome->times;

	emit_open(emit, "case");
	emit_u64(emit, "id", id);
	emit_string(emit, "status", outcome->status);
	emit_string(emit, "reason", outcome->reason);
	emit_u64(emit, "run_flags", outcome->run.result_flags);
	emit_u64(emit, "batch_ops", outcome->run.batch_ops);
	emit_u64(emit, "ticks", positive_difference(header->ticks_end, header->ticks_begin));
	emit_u64(emit, "ns", positive_difference(header->ns_end, header->ns_begin));
	emit_u64(emit, "window_ns",
		 positive_difference(header->window_end, header->window_begin));
	emit_u64(emit, "worker_bytes", header->worker_bytes);
	emit_u64(emit, "nr_series", outcome->nr_series);
	emit_u64(emit, "nr_latencies", outcome->nr_latencies);
	emit_counter_errors(emit, header);
	emit_double(emit, "duration_s", (double)(now_ns() - begin_ns) / 1e9);
	emit_close(emit);
}

static const char *setup_error_text(int err)
{
	switch (err) {
	case -ENOENT:
		return "the loaded modules have no such suite, bench or parameter";
	case -ERANGE:
		return "a parameter is out of range";
	case -ENODEV:
		return "a CPU of the case is not online";
	case -EOPNOTSUPP:
		return "the bench cannot run on this kernel or in this context";
	case -ENOMEM:
		return "not enough memory for this case";
	default:
		return strerror(-err);
	}
}

/* Return: 0 when the case can run or has its outcome, -1 after an error record. */
static int set_up(struct session *session, const struct plan_case *kase, struct outcome *outcome)
{
	char reason[KBENCH_REASON_LEN];
	bool expired;
	int err;

	stop_arm(session->stop, SETUP_NS);
	err = session->backend.ops->setup(&session->backend, kase, reason);
	expired = stop_disarm(session->stop);
	if (!err)
		return 0;
	if (err == -EINTR && stop_requested(session->stop))
		return stopped(session);
	if (err == -EINTR && expired)
		return set_outcome(outcome, "failed", "the setup did not end within 10 s");
	return set_outcome(outcome, err == -EOPNOTSUPP ? "skipped" : "failed",
			   reason[0] ? reason : setup_error_text(err));
}

static bool lacks_samples(const struct kbench_map_header *header)
{
	const struct kbench_map_worker *workers = backend_workers(header);

	for (uint32_t i = 0; i < header->nr_workers; i++)
		if (workers[i].nr_samples < header->nr_phases)
			return true;
	return false;
}

static int judge_run(struct session *session, struct outcome *outcome)
{
	const struct kbench_run *run = &outcome->run;
	int err = session->backend.ops->samples(&session->backend, &outcome->header);

	if (err) {
		outcome->header = NULL;
		return set_outcome(outcome, "failed", "the samples' layout is another module's");
	}
	outcome->times = *outcome->header;
	if (run->result_flags & KBENCH_RUN_FATAL)
		return set_outcome(outcome, "failed",
				   run->reason[0] ? run->reason : "the op broke the rules");
	if (lacks_samples(outcome->header))
		return set_outcome(outcome, "failed",
				   "the deadline came before each worker had a sample");
	return set_outcome(outcome, "ok", "");
}

/* Return: as set_up(), with an outcome when the round failed. */
static int run_round(struct session *session, struct kbench_run *run, struct outcome *outcome)
{
	bool expired;
	int err;

	stop_arm(session->stop, run->deadline_ns + GRACE_NS);
	err = session->backend.ops->run(&session->backend, run);
	expired = stop_disarm(session->stop);
	if (stop_requested(session->stop))
		return stopped(session);
	if (err == -EINTR)
		return set_outcome(outcome, "failed", expired ?
				   "the round did not end at its deadline" :
				   "the round was interrupted");
	if (err)
		return set_outcome(outcome, "failed",
				   run->reason[0] ? run->reason : strerror(-err));
	return 0;
}

/* The round of samples. Return: as set_up(). */
static int run_samples(struct session *session, const struct plan_case *kase,
		       struct outcome *outcome)
{
	outcome->run = (struct kbench_run) {
		.flags = KBENCH_RUN_CALIBRATE,
		.duration_ns = kase->duration_ns,
		/* A quarter is kept for the round in which single ops are timed. */
		.deadline_ns = kase->latency ? kase->deadline_ns / 4 * 3 : kase->deadline_ns,
		.batch_ns = kase->batch_ns,
		.min_samples = kase->min_samples,
	};
	if (run_round(session, &outcome->run, outcome))
		return -1;
	return outcome->status ? 0 : judge_run(session, outcome);
}

static int judge_latency(const struct kbench_run *run, struct outcome *outcome)
{
	char reason[KBENCH_REASON_LEN];

	outcome->timed = true;
	outcome->run.result_flags |= run->result_flags & KBENCH_RUN_FATAL;
	if (run->result_flags & KBENCH_RUN_FATAL) {
		snprintf(reason, sizeof(reason), "while single ops were timed: %.120s",
			 run->reason[0] ? run->reason : "the op broke the rules");
		return set_outcome(outcome, "failed", reason);
	}
	if (!latency_is_whole(outcome->header))
		return set_outcome(outcome, "failed",
				   "the deadline came before each worker had timed a single op");
	return 0;
}

/* The round in which single ops are timed, with the time that is left. Return: as set_up(). */
static int run_latency(struct session *session, const struct plan_case *kase, uint64_t begin_ns,
		       struct outcome *outcome)
{
	uint64_t used = now_ns() - begin_ns, least = kase->deadline_ns / 8;
	struct kbench_run run = {
		.flags = KBENCH_RUN_LATENCY,
		.duration_ns = kase->duration_ns,
		.deadline_ns = kase->deadline_ns,
		.min_samples = kase->min_samples,
	};

	run.deadline_ns -= used < kase->deadline_ns - least ? used : kase->deadline_ns - least;
	outcome->status = NULL;
	if (run_round(session, &run, outcome))
		return -1;
	if (!outcome->status && judge_latency(&run, outcome))
		return -1;
	return outcome->status ? 0 : set_outcome(outcome, "ok", "");
}

/* What the backend has to say of the failure beside its one line. */
static void emit_log(struct session *session)
{
	char *log = session->backend.log, *line;

	session->backend.log = NULL;
	for (char *rest = log; (line = strsep(&rest, "\n")); ) {
		if (!*line)
			continue;
		emit_open(session->emit, "log");
		emit_u64(session->emit, "level", 6);
		emit_string(session->emit, "text", line);
		emit_close(session->emit);
	}
	free(log);
}

/* The round of samples with perf beside it. @begin_ns: moved on by what is not the round's time */
static int run_observed(struct session *session, const struct plan_case *kase, struct perf *perf,
			uint64_t *begin_ns, struct outcome *outcome)
{
	uint64_t end_ns;
	char name[16];
	int ret;

	snprintf(name, sizeof(name), "%u", kase->id);
	perf_begin(perf, name, kase->cpus, kase->nr_cpus);
	*begin_ns = now_ns();
	ret = run_samples(session, kase, outcome);
	end_ns = now_ns();
	perf_end(perf);
	*begin_ns += now_ns() - end_ns;
	return ret;
}

static int measure(struct session *session, const struct plan_case *kase, const char *skip,
		   struct perf *perf, struct outcome *outcome)
{
	uint64_t begin_ns;

	if (skip)
		return set_outcome(outcome, "skipped", skip);
	if (set_up(session, kase, outcome))
		return -1;
	if (outcome->status) {
		emit_log(session);
		return 0;
	}
	if (run_observed(session, kase, perf, &begin_ns, outcome))
		return -1;
	if (!kase->latency || strcmp(outcome->status, "ok") != 0)
		return 0;
	return run_latency(session, kase, begin_ns, outcome);
}

int case_run(struct session *session, const struct plan_case *kase, const char *skip)
{
	struct emit *emit = session->emit;
	struct outcome outcome = { 0 };
	struct perf perf = {
		.kind = session->plan->perf, .place = session->perf_place,
		.stop = session->stop,
	};
	uint64_t begin_ns = now_ns();

	emit_open(emit, "begin");
	emit_u64(emit, "id", kase->id);
	emit_close(emit);
	/* What the port still sends while a case runs would be measured with it. */
	emit_drain(emit);
	if (measure(session, kase, skip, &perf, &outcome)) {
		perf_free(&perf);
		return -1;
	}
	kmsg_forward(session->kmsg, emit);
	if (outcome.header)
		emit_samples(emit, kase->id, &outcome);
	if (outcome.timed)
		outcome.nr_latencies = emit_latencies(emit, kase->id, outcome.header);
	if (perf.file)
		perf_emit(&perf, emit, kase->id);
	perf_free(&perf);
	emit_case(emit, kase->id, &outcome, begin_ns);
	emit_flush(emit);
	if (!(outcome.run.result_flags & KBENCH_RUN_STUCK))
		return 0;
	emit_error(emit, "stuck", "a worker of %s/%s never came back and keeps its CPU: reboot "
		   "this machine before the next run", kase->suite, kase->bench);
	return -1;
}
