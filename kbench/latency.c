// SPDX-License-Identifier: GPL-2.0
/*
 * A worker's part of a latency round: ops timed one by one into histograms. What it writes while it
 * runs is on pages of its own, and was allocated when the case was set up.
 */

#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "core.h"

/* Readings of the clock, in batches. 4,096 in all: enough to tell their median. */
#define CLOCK_BATCHES	16
#define CLOCK_READINGS	256

/* Batches that a worker runs before its ops count: code and data are cold in the first. */
#define WARM_BATCHES	4

/* Longest batch in ops. The length wanted in ns bounds it earlier, unless the op costs nothing. */
#define MAX_BATCH_OPS	(1UL << 20)

static __always_inline void no_op(struct kb *kb, unsigned long i, const bool work)
{
}

/* What timing an op costs when there is none: the same loop as that of the benches. */
kb_latency_loop_(time_clock, no_op, false)

static struct kbench_histogram *histogram_of(const struct kb_worker *worker, unsigned int phase)
{
	return worker->histograms + phase * KB_HISTOGRAM_SIZE;
}

u64 kb_latency_batch(struct kb_worker *worker, unsigned int phase, unsigned long ops)
{
	struct kbench_histogram *histogram = histogram_of(worker, phase);
	const struct kb_case *kase = worker->kase;
	struct kb *kb = &worker->kb;

	if (phase == kase->nr_phases)
		return time_clock(kb, ops, histogram);
	return kase->bench->latency[phase][kase->with_work](kb, ops, histogram);
}

void kb_latency_begin(struct kb_worker *worker)
{
	struct kb_case *kase = worker->kase;
	struct kbench_sample unkept;
	u32 run_flags = 0;
	unsigned int i;

	worker->nr_timed = 0;
	memset(worker->histograms, 0, (kase->nr_phases + 1) * KB_HISTOGRAM_SIZE);
	for (i = 0; i < CLOCK_BATCHES && !READ_ONCE(kase->control.stop); i++) {
		kb_batch_measure(worker, kase->nr_phases, CLOCK_READINGS, &unkept, NULL,
				 &run_flags);
		kb_batch_pause(kase);
	}
}

/* As many ops as last for the time wanted, by the batch before; at most twice as many as in it. */
static unsigned long next_ops(const struct kb_worker *worker, unsigned long ops, u64 took)
{
	u64 limit = min3(worker->max_ops, ops * 2, MAX_BATCH_OPS);
	u64 wanted = worker->kase->round.batch_ns;

	return clamp_t(u64, div64_u64(ops * wanted, max_t(u64, took, 1)), 1, limit);
}

static bool has_enough(const struct kb_worker *worker)
{
	const struct kb_round *round = &worker->kase->round;

	return worker->nr_timed >= max(round->min_samples, 1U) &&
	       ktime_get_ns() - round->begin_ns >= round->duration_ns;
}

void kb_latency_round(struct kb_worker *worker)
{
	struct kbench_sample unkept[KBENCH_MAX_PHASES];
	struct kb_case *kase = worker->kase;
	unsigned long ops = 1;
	bool counts = false;
	u64 took;

	while (!READ_ONCE(kase->control.stop)) {
		/* Batches before the common window are load and warm-up. */
		if (!counts && worker->nr_batches >= WARM_BATCHES &&
		    READ_ONCE(kase->control.all_started)) {
			memset(worker->histograms, 0, kase->nr_phases * KB_HISTOGRAM_SIZE);
			counts = true;
		}
		took = kb_batch_run(worker, ops, unkept, NULL);
		if (counts)
			worker->nr_timed += unkept[0].value;
		ops = next_ops(worker, ops, took);
		if (has_enough(worker))
			kb_worker_finished(worker);
		kb_batch_pause(kase);
	}
	if (!counts)
		memset(worker->histograms, 0, kase->nr_phases * KB_HISTOGRAM_SIZE);
}
