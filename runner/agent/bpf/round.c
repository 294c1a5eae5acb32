// SPDX-License-Identifier: GPL-2.0
/*
 * A round, from the side of the one who asked for it: start the workers' threads, wait for their
 * end, a signal or the deadline, and fill in what is read of it.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../stop.h"
#include "bpf.h"

#define say(reason, ...)	snprintf(reason, KBENCH_REASON_LEN, __VA_ARGS__)

#define NS_PER_S		1000000000ULL

static int round_reset(struct bpf_case *kase, bool calibrate)
{
	struct bpf_round *round = &kase->round;

	round->calibrate = calibrate;
	round->all_started = 0;
	round->window_begin = 0;
	round->window_end = 0;
	round->arrived = 0;
	round->started = 0;
	round->unfinished = kase->nr_workers;
	*kase->stop = 0;
	round->begin_ns = now_ns();
	return sem_init(&round->over, 0, 0) ? -errno : 0;
}

static void round_stop(struct bpf_case *kase, uint32_t flags)
{
	__atomic_or_fetch(&kase->round.flags, flags, __ATOMIC_RELAXED);
	__atomic_store_n(kase->stop, 1, __ATOMIC_RELEASE);
}

/* Return: how many threads run; fewer than there are workers: *@err is why */
static uint32_t threads_start(struct bpf_case *kase, int *err)
{
	uint32_t nr = 0;

	*err = 0;
	while (nr < kase->nr_workers && !*err) {
		struct bpf_worker *worker = &kase->workers[nr];

		*err = bpf_thread_start(&worker->thread, worker->cpu, bpf_worker_round, worker);
		nr += !*err;
	}
	return nr;
}

/* A CPU that is gone is no error of the call: the case has failed. */
static int start_failed(struct bpf_case *kase, int err)
{
	round_stop(kase, err == -EINVAL ? KBENCH_RUN_CPU_GONE : 0);
	return err == -EINVAL ? 0 : err;
}

/* Return: 0, -EINTR when a signal came, -ETIMEDOUT */
static int wait_over(struct bpf_case *kase, uint64_t deadline)
{
	const struct timespec until = {
		.tv_sec = (time_t)(deadline / NS_PER_S), .tv_nsec = (long)(deadline % NS_PER_S),
	};
	int err = sem_clockwait(&kase->round.over, CLOCK_MONOTONIC, &until) ? errno : 0;

	return err == EINTR || err == ETIMEDOUT ? -err : 0;
}

/* Past the deadline: a worker that has begun and not ended one batch is in one that is too long. */
static uint32_t judge_deadline(const struct bpf_case *kase)
{
	if (kase->round.started < kase->nr_workers)
		return 0;
	for (uint32_t i = 0; i < kase->nr_workers; i++)
		if (!kase->workers[i].nr_batches)
			return KBENCH_RUN_OVERRAN;
	return 0;
}

static int round_once(struct bpf_case *kase, bool calibrate, uint64_t deadline)
{
	int err = round_reset(kase, calibrate), start_err;
	uint32_t nr;

	if (err)
		return err;
	kase->map->ns_begin = now_ns();
	nr = threads_start(kase, &start_err);
	if (start_err)
		err = start_failed(kase, start_err);
	else
		err = wait_over(kase, deadline);
	round_stop(kase, err == -ETIMEDOUT ? judge_deadline(kase) : 0);
	if (err == -ETIMEDOUT)
		err = 0;
	for (uint32_t i = 0; i < nr; i++)
		pthread_join(kase->workers[i].thread, NULL);
	kase->map->ns_end = now_ns();
	/* The programs' clock is this clock. */
	kase->map->ticks_begin = kase->map->ns_begin;
	kase->map->ticks_end = kase->map->ns_end;
	sem_destroy(&kase->round.over);
	return err;
}

/* What two readings of the clock cost in ns: the least of many. */
static uint64_t clock_cost_ns(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 64; i++) {
		uint64_t begin = now_ns(), cost = now_ns() - begin;

		least = cost < least ? cost : least;
	}
	return least ? least : 1;
}

/* All workers get the same length: the shortest that one of them found. */
static uint64_t common_iterations(const struct bpf_case *kase)
{
	uint64_t iterations = UINT64_MAX;

	for (uint32_t i = 0; i < kase->nr_workers; i++)
		if (kase->workers[i].iterations < iterations)
			iterations = kase->workers[i].iterations;
	return iterations;
}

static int calibrate(struct bpf_case *kase, const struct kbench_run *run)
{
	int err;

	kase->round.batch_ns = kb_choose_batch_ns(run, kase->max_samples, kase->context,
						  clock_cost_ns());
	/* Half of the time, so that a bench too slow to calibrate still gives some samples. */
	err = round_once(kase, true, now_ns() + run->deadline_ns / 2);
	if (err || (kase->round.flags & KBENCH_RUN_FATAL))
		return err;
	kase->round.iterations = common_iterations(kase);
	kase->calibrated = true;
	return 0;
}

static bool overlaps(const struct kbench_sample *sample, const struct bpf_worker *other)
{
	uint64_t length = sample->end_ns - sample->start_ns, within = 0;

	for (uint32_t i = 0; i < other->nr_pauses; i++) {
		const struct bpf_pause *pause = &other->pauses[i];
		uint64_t begin = pause->begin > sample->start_ns ? pause->begin : sample->start_ns;
		uint64_t end = pause->end < sample->end_ns ? pause->end : sample->end_ns;

		within += end > begin ? end - begin : 0;
	}
	return within > length / 10;
}

static bool is_alone(const struct bpf_case *kase, uint32_t worker, uint32_t sample)
{
	for (uint32_t i = 0; i < kase->nr_workers; i++)
		if (i != worker &&
		    overlaps(&kase->workers[worker].samples[sample], &kase->workers[i]))
			return true;
	return false;
}

static uint32_t count_alone(const struct bpf_case *kase, uint32_t worker)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < kase->workers[worker].nr_samples; i++)
		nr += is_alone(kase, worker, i);
	return nr;
}

/*
 * Samples that were taken while another worker was kept from its CPU are not of all workers. Where
 * that is the rule, since there are fewer CPUs than workers (emulated guests), all count.
 */
static void mark_pauses(struct bpf_case *kase)
{
	for (uint32_t i = 0; i < kase->nr_workers; i++)
		if (2 * count_alone(kase, i) > kase->workers[i].nr_samples)
			return;
	for (uint32_t i = 0; i < kase->nr_workers; i++)
		for (uint32_t j = 0; j < kase->workers[i].nr_samples; j++)
			if (is_alone(kase, i, j))
				kase->workers[i].samples[j].flags |= KBENCH_SAMPLE_OUTSIDE;
}

static void fill_map(struct bpf_case *kase, struct kbench_run *run)
{
	struct kbench_map_header *header = kase->map;

	header->window_begin = kase->round.window_begin;
	header->window_end = kase->round.window_end;
	if (!header->window_begin || header->window_end < header->window_begin)
		header->window_begin = header->window_end;
	header->rounds++;
	mark_pauses(kase);
	for (uint32_t i = 0; i < kase->nr_workers; i++) {
		const struct bpf_worker *worker = &kase->workers[i];
		struct kbench_map_worker *entry = bpf_case_entry(kase, i);

		entry->nr_samples = worker->nr_samples;
		entry->total_ops = worker->inside_ops;
		for (int edge = 0; edge < 2; edge++)
			entry->total_ops += kb_edge_share(&worker->edges[edge],
							  header->window_begin,
							  header->window_end);
		if (worker->nr_samples < kase->round.min_samples)
			run->result_flags |= KBENCH_RUN_FEW_SAMPLES;
		for (uint32_t j = 0; j < kase->nr_counters; j++)
			if (worker->counter_error[j])
				header->counter_errors[j] = (uint32_t)worker->counter_error[j];
	}
}

static void fill_reason(const struct bpf_case *kase, struct kbench_run *run)
{
	uint32_t flags = run->result_flags;

	if (flags & KBENCH_RUN_CPU_GONE)
		say(run->reason,
		    "a CPU of the case went offline, or this process may not run on it");
	else if (flags & KBENCH_RUN_OVERRAN)
		say(run->reason, "a batch did not end within the deadline of %llu ms",
		    (unsigned long long)run->deadline_ns / 1000000);
	else if (kase->round.run_error)
		say(run->reason, "its program cannot be run: %s", strerror(-kase->round.run_error));
	else if (flags & KBENCH_RUN_OP_FAILED)
		say(run->reason, "an op reported that it failed");
}

/* The module's limits: whoever may start the agent may have fewer rights than it. */
static bool run_valid(const struct bpf_case *kase, const struct kbench_run *run)
{
	if (run->deadline_ns < 1000000 || run->deadline_ns > 3600 * NS_PER_S ||
	    (run->batch_ns && (run->batch_ns < 1000 || run->batch_ns > NS_PER_S)))
		return false;
	return !(run->flags & ~KBENCH_RUN_CALIBRATE) &&
	       (kase->calibrated || (run->flags & KBENCH_RUN_CALIBRATE));
}

int bpf_round_run(struct bpf_case *kase, struct kbench_run *run)
{
	uint64_t deadline = now_ns() + run->deadline_ns;
	int err = 0;

	if (!run_valid(kase, run))
		return -EINVAL;
	kase->round.flags = 0;
	kase->round.run_error = 0;
	kase->round.duration_ns = run->duration_ns;
	kase->round.min_samples = run->min_samples < kase->max_samples ? run->min_samples :
									kase->max_samples;
	if (run->flags & KBENCH_RUN_CALIBRATE)
		err = calibrate(kase, run);
	if (!err && !(kase->round.flags & KBENCH_RUN_FATAL))
		err = round_once(kase, false, deadline);
	run->result_flags = kase->round.flags;
	run->batch_ops = kase->round.iterations * KB_BPF_UNROLL;
	fill_map(kase, run);
	fill_reason(kase, run);
	return err;
}
