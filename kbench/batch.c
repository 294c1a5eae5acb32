// SPDX-License-Identifier: GPL-2.0
/*
 * A worker's part of a round: the common start, then batches until the round stops. Nothing here
 * allocates, takes a lock or writes a line that another worker reads between two batches, but for
 * the stop and start words of struct kb_control, which change once a round.
 */

#include <linux/bottom_half.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "core.h"
#include "interrupts.h"
#include "mark.h"

/* Longest batch in ops: times a second in ns it fits 64 bits. */
#define MAX_BATCH_OPS	(1UL << 30)

/* What has to be the same after a batch as before it. */
struct entry_state {
	unsigned long	flags;
	int		preempt;
	unsigned long	nvcsw;
	unsigned long	nivcsw;
	unsigned long	interrupts;
};

static bool context_may_sleep(u32 context)
{
	/* KB_ATOMIC and KB_BH_OFF are process context with migration off on PREEMPT_RT. */
	return context == KBENCH_CTX_PROCESS ||
	       (IS_ENABLED(CONFIG_PREEMPT_RT) && context != KBENCH_CTX_IRQ_OFF);
}

static void context_enter(u32 context, struct entry_state *state)
{
	switch (context) {
	case KBENCH_CTX_ATOMIC:
		if (IS_ENABLED(CONFIG_PREEMPT_RT))
			migrate_disable();
		else
			preempt_disable();
		break;
	case KBENCH_CTX_BH_OFF:
		local_bh_disable();
		break;
	case KBENCH_CTX_IRQ_OFF:
		local_irq_save(state->flags);
		break;
	}
	state->preempt = preempt_count();
	state->nvcsw = current->nvcsw;
	state->nivcsw = current->nivcsw;
	state->interrupts = kb_interrupts();
}

static void context_leave(u32 context, struct entry_state *state)
{
	switch (context) {
	case KBENCH_CTX_ATOMIC:
		if (IS_ENABLED(CONFIG_PREEMPT_RT))
			migrate_enable();
		else
			preempt_enable();
		break;
	case KBENCH_CTX_BH_OFF:
		local_bh_enable();
		break;
	case KBENCH_CTX_IRQ_OFF:
		local_irq_restore(state->flags);
		break;
	}
}

/* Puts right what an op left changed, so that only its own case suffers, and says so. */
static u32 context_check(u32 context, const struct entry_state *state, u32 *run_flags)
{
	u32 flags = 0;

	if (current->nvcsw != state->nvcsw && !context_may_sleep(context)) {
		*run_flags |= KBENCH_RUN_SLEPT;
		flags |= KBENCH_SAMPLE_SLEPT;
	}
	if (current->nivcsw != state->nivcsw)
		flags |= KBENCH_SAMPLE_RESCHED;
	if (kb_interrupts() != state->interrupts)
		flags |= KBENCH_SAMPLE_IRQ;
	if (preempt_count() != state->preempt) {
		preempt_count_set(state->preempt);
		*run_flags |= KBENCH_RUN_UNBALANCED;
	}
	if (irqs_disabled() != (context == KBENCH_CTX_IRQ_OFF)) {
		if (context != KBENCH_CTX_IRQ_OFF)
			local_irq_enable();
		*run_flags |= KBENCH_RUN_UNBALANCED;
	}
	return flags;
}

static u64 batch_time(struct kb_worker *worker, unsigned int phase, unsigned long ops)
{
	const struct kb_case *kase = worker->kase;
	struct kb *kb = &worker->kb;
	u64 time;

	if (kase->round.latency)
		return kb_latency_batch(worker, phase, ops);
	kb_mark(KB_MARK_BEGIN);
	time = kase->bench->loop[phase][kase->with_work](kb, ops);
	kb_mark(KB_MARK_END);
	return time;
}

void kb_batch_measure(struct kb_worker *worker, unsigned int phase, unsigned long ops,
		      struct kbench_sample *sample, struct kbench_count *counts, u32 *run_flags)
{
	const struct kb_case *kase = worker->kase;
	const struct kb *kb = &worker->kb;
	struct entry_state state = {};

	if (counts)
		kb_counters_begin(worker);
	context_enter(kase->context, &state);
	sample->cpu_start = raw_smp_processor_id();
	sample->start_ns = ktime_get_ns();
	sample->value = batch_time(worker, phase, ops);
	sample->end_ns = ktime_get_ns();
	sample->cpu_end = raw_smp_processor_id();
	sample->flags = context_check(kase->context, &state, run_flags);
	context_leave(kase->context, &state);
	if (counts)
		kb_counters_end(worker, counts);

	sample->ops = ops;
	sample->phase = phase;
	if (sample->cpu_start != sample->cpu_end)
		sample->flags |= KBENCH_SAMPLE_MIGRATED;
	if (sample->cpu_start != kb->cpu || sample->cpu_end != kb->cpu)
		*run_flags |= KBENCH_RUN_CPU_GONE;
	if (kase->context == KBENCH_CTX_IRQ_OFF &&
	    sample->end_ns - sample->start_ns > KB_MAX_OFF_NS)
		sample->flags |= KBENCH_SAMPLE_LONG_OFF;
}

/*
 * Every phase runs whatever happened in the one before, since the second frees what the first
 * allocated.
 */
u64 kb_batch_run(struct kb_worker *worker, unsigned long ops, struct kbench_sample *samples,
		 struct kbench_count *counts)
{
	struct kb_case *kase = worker->kase;
	bool late = READ_ONCE(kase->control.all_started), inside;
	u64 begin, end;
	u32 run_flags = 0;
	unsigned int phase;

	if (worker->kb.slots)
		memset(worker->kb.slots, 0, ops * sizeof(void *));
	for (phase = 0; phase < kase->nr_phases; phase++)
		kb_batch_measure(worker, phase, ops, &samples[phase],
				 counts ? counts + phase * kase->nr_counters : NULL, &run_flags);
	worker->nr_batches++;
	worker->nr_ops += ops;
	if (READ_ONCE(worker->kb.failed))
		run_flags |= KBENCH_RUN_OP_FAILED;
	if (run_flags) {
		atomic_or(run_flags, &kase->control.flags);
		WRITE_ONCE(kase->control.stop, 1);
	}

	begin = samples[0].start_ns;
	end = samples[kase->nr_phases - 1].end_ns;
	inside = late && !READ_ONCE(kase->control.stop);
	if (inside)
		worker->inside_ops += ops;
	else
		worker->edges[late] = (struct kb_edge) { begin, end, ops };
	for (phase = 0; phase < kase->nr_phases; phase++) {
		if (!inside)
			samples[phase].flags |= KBENCH_SAMPLE_OUTSIDE;
		if (worker->nr_batches % 2 == 0)
			samples[phase].flags |= KBENCH_SAMPLE_DOUBLE;
	}
	if (kase->bench->settle)
		kase->bench->settle(&worker->kb, ops);
	return end - begin;
}

/* The barrier: all arrive, then all leave. Gives up when the round stops. */
static void wait_start(struct kb_case *kase)
{
	struct kb_control *control = &kase->control;

	atomic_inc(&control->arrived);
	while (atomic_read(&control->arrived) < kase->nr_workers && !READ_ONCE(control->stop)) {
		cpu_relax();
		cond_resched();
	}
}

/* The last worker to leave the barrier opens the common window. */
static void mark_started(struct kb_case *kase)
{
	struct kb_control *control = &kase->control;

	if (atomic_inc_return(&control->started) < kase->nr_workers)
		return;
	WRITE_ONCE(control->window_begin, ktime_get_ns());
	smp_store_release(&control->all_started, 1);
}

void kb_worker_finished(struct kb_worker *worker)
{
	struct kb_control *control = &worker->kase->control;

	if (worker->finished)
		return;
	worker->finished = true;
	if (atomic_dec_and_test(&control->unfinished))
		WRITE_ONCE(control->stop, 1);
}

/* Whose memory it is comes out after the round; here it only stops, before the machine suffers. */
void kb_batch_pause(struct kb_case *kase)
{
	if (kb_memory_free_pages() + kase->round.fall_pages < kase->round.free_pages) {
		WRITE_ONCE(kase->control.low_memory, 1);
		WRITE_ONCE(kase->control.stop, 1);
	}
	cond_resched();
}

/* Shortest of some batches of @ops ops: one of them may have met an interrupt or a cold cache. */
static u64 calibrate_try(struct kb_worker *worker, unsigned long ops)
{
	struct kb_case *kase = worker->kase;
	struct kbench_sample samples[KBENCH_MAX_PHASES];
	u64 wanted = kase->round.batch_ns;
	u64 least = U64_MAX;
	unsigned int tries = 0;

	while (!READ_ONCE(kase->control.stop) &&
	       !(tries && kb_tried_enough(tries, least, wanted))) {
		least = min(least, kb_batch_run(worker, ops, samples, NULL));
		kb_batch_pause(kase);
		tries++;
	}
	return least;
}

/* Grows the batch until it takes as long as wanted. A worker that is done goes on as load. */
static void run_calibration(struct kb_worker *worker)
{
	struct kb_case *kase = worker->kase;
	u64 limit = min(worker->max_ops / 2, MAX_BATCH_OPS);
	u64 ops = 1, took, next;

	worker->batch_ops = 1;
	while (!READ_ONCE(kase->control.stop)) {
		took = calibrate_try(worker, ops);
		if (READ_ONCE(kase->control.stop) || worker->finished)
			continue;
		next = kb_next_ops(ops, took, kase->round.batch_ns, limit, &worker->batch_ops);
		if (next)
			ops = next;
		else
			kb_worker_finished(worker);
	}
}

static bool has_enough(const struct kb_worker *worker)
{
	const struct kb_case *kase = worker->kase;
	const struct kb_round *round = &kase->round;
	unsigned int each = worker->nr_samples / kase->nr_phases;

	if (each >= kase->max_samples)
		return true;
	return each >= round->min_samples && ktime_get_ns() - round->begin_ns >= round->duration_ns;
}

static void run_samples(struct kb_worker *worker)
{
	struct kb_case *kase = worker->kase;
	unsigned int room = kase->max_samples * kase->nr_phases;
	struct kbench_sample unkept[KBENCH_MAX_PHASES];

	do {
		/* Batches before the common window are load and warm-up, not samples. */
		bool keep = worker->nr_samples < room && READ_ONCE(kase->control.all_started);
		bool twice = worker->nr_batches % 2;
		struct kbench_count *counts = NULL;

		if (keep && kase->nr_counters)
			counts = worker->counts + worker->nr_samples * kase->nr_counters;
		kb_batch_run(worker, kase->round.batch_ops << twice,
			     keep ? worker->samples + worker->nr_samples : unkept, counts);
		if (keep)
			worker->nr_samples += kase->nr_phases;
		if (has_enough(worker))
			kb_worker_finished(worker);
		kb_batch_pause(kase);
	} while (!READ_ONCE(kase->control.stop));
}

void kb_worker_round(struct kb_worker *worker)
{
	struct kb_case *kase = worker->kase;

	worker->nr_samples = 0;
	worker->nr_batches = 0;
	worker->inside_ops = 0;
	memset(worker->edges, 0, sizeof(worker->edges));
	worker->finished = false;
	if (kase->round.latency)
		kb_latency_begin(worker);
	wait_start(kase);
	mark_started(kase);
	if (kase->round.calibrate)
		run_calibration(worker);
	else if (kase->round.latency)
		kb_latency_round(worker);
	else if (!READ_ONCE(kase->control.stop))
		run_samples(worker);
	/* The first to leave closes the window for all. */
	atomic64_cmpxchg(&kase->control.window_end, 0, ktime_get_ns());
}
