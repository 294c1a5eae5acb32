// SPDX-License-Identifier: GPL-2.0
/*
 * A round, from the side of the one who asked for it: calibrate, give the order, watch, stop, and
 * fill in what user space reads. The watcher sleeps; the workers stop by themselves when all have
 * enough.
 */

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/math64.h>

#include "core.h"

#define say(reason, ...)	snprintf(reason, KBENCH_REASON_LEN, __VA_ARGS__)

/* Rounds over which free memory has to fall with the ops before that is called a leak. */
#define LEAK_ROUNDS		3

/* How often the watcher looks at the deadline, at memory and at the CPUs. */
#define WATCH_MS		20

static void round_reset(struct kb_case *kase)
{
	struct kb_control *control = &kase->control;
	unsigned int i;

	control->stop = 0;
	control->all_started = 0;
	control->low_memory = 0;
	control->window_begin = 0;
	atomic64_set(&control->window_end, 0);
	atomic_set(&control->arrived, 0);
	atomic_set(&control->started, 0);
	atomic_set(&control->unfinished, kase->nr_ready);
	atomic_set(&control->flags, 0);
	for (i = 0; i < kase->nr_ready; i++) {
		kase->workers[i]->kb.failed = 0;
		kase->workers[i]->nr_batches = 0;
		kase->workers[i]->nr_ops = 0;
		kase->workers[i]->nr_samples = 0;
		kase->workers[i]->nr_timed = 0;
	}
	kase->round.begin_ns = ktime_get_ns();
	kase->round.free_pages = kb_memory_free_pages();
	kase->round.fall_pages = kb_memory_fall_pages();
}

static void round_stop(struct kb_case *kase, u32 flags)
{
	atomic_or(flags, &kase->control.flags);
	WRITE_ONCE(kase->control.stop, 1);
}

static bool cpu_is_gone(const struct kb_case *kase)
{
	unsigned int i;

	for (i = 0; i < kase->nr_ready; i++)
		if (!cpu_online(kase->workers[i]->kb.cpu))
			return true;
	return false;
}

/* A worker that has begun and not ended one batch by the deadline is in an op that does not end. */
static u32 judge_deadline(struct kb_case *kase)
{
	unsigned int i;

	if (atomic_read(&kase->control.started) < kase->nr_ready)
		return 0;
	for (i = 0; i < kase->nr_ready; i++)
		if (!READ_ONCE(kase->workers[i]->nr_batches))
			return KBENCH_RUN_OVERRAN;
	return 0;
}

static enum hrtimer_restart deadline_passed(struct hrtimer *timer)
{
	struct kb_case *kase = container_of(timer, struct kb_case, deadline);

	atomic_or(judge_deadline(kase), &kase->control.flags);
	WRITE_ONCE(kase->control.stop, 1);
	return HRTIMER_NORESTART;
}

/* Return: 0, or -EINTR when a signal came. All workers are idle then, or the case is stuck. */
static int round_watch(struct kb_case *kase)
{
	long left;

	do {
		left = wait_event_interruptible_timeout(kase->reports, kb_workers_idle(kase),
							msecs_to_jiffies(WATCH_MS));
		if (left)
			break;
		if (cpu_is_gone(kase))
			round_stop(kase, KBENCH_RUN_CPU_GONE);
	} while (!READ_ONCE(kase->control.stop));

	if (left < 0)
		round_stop(kase, 0);
	if (!wait_event_timeout(kase->reports, kb_workers_idle(kase),
				nsecs_to_jiffies(KB_STUCK_NS + 4 * kase->round.batch_ns))) {
		kase->stuck = true;
		atomic_or(KBENCH_RUN_STUCK | KBENCH_RUN_OVERRAN, &kase->control.flags);
	}
	return left < 0 ? -EINTR : 0;
}

/* Both clocks at once: an interrupt between them would scale every sample of the round. */
static void stamp(u64 *ticks, u64 *ns)
{
	unsigned long flags;

	local_irq_save(flags);
	*ns = ktime_get_ns();
	*ticks = kb_clock_begin();
	local_irq_restore(flags);
}

static int round_once(struct kb_case *kase, bool calibrate, u64 deadline)
{
	struct kbench_map_header *header = kb_case_header(kase);
	int err;

	kase->round.calibrate = calibrate;
	round_reset(kase);
	stamp(&header->ticks_begin, &header->ns_begin);
	hrtimer_start(&kase->deadline, ns_to_ktime(deadline), HRTIMER_MODE_ABS_HARD);
	kb_workers_order(kase);
	err = round_watch(kase);
	hrtimer_cancel(&kase->deadline);
	stamp(&header->ticks_end, &header->ns_end);
	return err;
}

static u64 round_ops(const struct kb_case *kase)
{
	u64 ops = 0;
	unsigned int i;

	for (i = 0; i < kase->nr_ready; i++)
		ops += kase->workers[i]->nr_ops;
	return ops;
}

/*
 * One round of samples, and by how many pages free memory fell in it when the ops may be the cause,
 * else 0.
 */
static int round_watch_memory(struct kb_case *kase, u64 deadline, s64 *fell, u64 *took)
{
	u64 begin = ktime_get_ns();
	unsigned long before = kb_memory_unused_pages(), after;
	int err = round_once(kase, false, deadline);

	after = kb_memory_unused_pages();
	*took = ktime_get_ns() - begin;
	*fell = 0;
	if (kb_memory_looks_leaked(before, after, round_ops(kase)))
		*fell = (s64)before - (s64)after;
	return err;
}

/*
 * The samples of a case. When free memory fell with the ops, the round is repeated; when it falls
 * in each, the same time is spent idle, since other work of the machine may be the cause. What the
 * deadline leaves no time for is not found out.
 */
static int round_samples(struct kb_case *kase, u64 deadline)
{
	s64 fell, idle;
	unsigned int i;
	u64 took;
	int err;

	for (i = 0; i < LEAK_ROUNDS; i++) {
		err = round_watch_memory(kase, deadline, &fell, &took);
		if (err || !fell || kase->stuck || atomic_read(&kase->control.flags) ||
		    ktime_get_ns() + took > deadline)
			return err;
	}
	idle = kb_memory_unused_pages();
	if (msleep_interruptible(div_u64(took, NSEC_PER_MSEC) + 1))
		return -EINTR;
	idle -= (s64)kb_memory_unused_pages();
	/* Idle, memory has to fall by less than half of that. */
	if (2 * idle < fell)
		atomic_or(KBENCH_RUN_LEAKED, &kase->control.flags);
	return 0;
}

/* All workers get the same length: the shortest that one of them found. */
static unsigned long common_ops(const struct kb_case *kase)
{
	unsigned long ops = ULONG_MAX;
	unsigned int i;

	for (i = 0; i < kase->nr_ready; i++)
		ops = min_t(u64, ops, kase->workers[i]->batch_ops);
	if (ops > KB_UNROLL)
		ops &= ~(KB_UNROLL - 1UL);
	return max(ops, 1UL);
}

/* What two clock readings with nothing between them cost in ns: the least of many. */
static u64 clock_cost_ns(void)
{
	u64 least = U64_MAX, begin_ns, ticks;
	unsigned int i;

	begin_ns = ktime_get_ns();
	ticks = kb_clock_begin();
	for (i = 0; i < 64; i++) {
		u64 begin = kb_clock_begin();

		least = min(least, kb_clock_end() - begin);
	}
	ticks = max_t(u64, kb_clock_end() - ticks, 1);
	/* A coarse counter may not have moved: then its resolution is what counts. */
	return div64_u64(max_t(u64, least, 1) * (ktime_get_ns() - begin_ns), ticks);
}

/* Whether @worker has as much as the round was to give it. */
static bool has_wanted(const struct kb_case *kase, const struct kb_worker *worker)
{
	u64 has = kase->round.latency ? worker->nr_timed : worker->nr_samples / kase->nr_phases;

	return has >= kase->round.min_samples;
}

static void fill_worker(struct kb_case *kase, const struct kb_worker *worker)
{
	struct kbench_map_worker *entry = kb_case_map_worker(kase, worker->kb.index);
	const struct kbench_map_header *header = kb_case_header(kase);
	unsigned int i;

	entry->nr_samples = worker->nr_samples;
	entry->total_ops = worker->inside_ops;
	for (i = 0; i < ARRAY_SIZE(worker->edges); i++)
		entry->total_ops += kb_edge_share(&worker->edges[i], header->window_begin,
						  header->window_end);
}

static void fill_map(struct kb_case *kase, struct kbench_run *run)
{
	struct kbench_map_header *header = kb_case_header(kase);
	unsigned int i;

	header->window_begin = kase->control.window_begin;
	header->window_end = atomic64_read(&kase->control.window_end);
	if (!header->window_begin || header->window_end < header->window_begin)
		header->window_begin = header->window_end;
	header->rounds++;
	for (i = 0; i < kase->nr_ready; i++) {
		const struct kb_worker *worker = kase->workers[i];

		/* A latency round took no samples; those of the last round stay. */
		if (!kase->round.latency)
			fill_worker(kase, worker);
		if (!has_wanted(kase, worker))
			run->result_flags |= KBENCH_RUN_FEW_SAMPLES;
	}
}

/* What an op that failed said of it, if it did. */
static const char *failed_reason(const struct kb_case *kase)
{
	unsigned int i;

	for (i = 0; i < kase->nr_ready; i++)
		if (kase->workers[i]->kb.failed && kase->workers[i]->kb.reason)
			return kase->workers[i]->kb.reason;
	return "an op reported that it failed";
}

static void fill_reason(const struct kb_case *kase, struct kbench_run *run)
{
	u32 flags = run->result_flags;

	if (flags & KBENCH_RUN_STUCK)
		say(run->reason, "an op never ends and cannot be stopped: its CPU is lost");
	else if (flags & KBENCH_RUN_CPU_GONE)
		say(run->reason, "a CPU of the case went offline");
	else if (flags & KBENCH_RUN_SLEPT)
		say(run->reason, "an op slept in a context where it must not");
	else if (flags & KBENCH_RUN_UNBALANCED)
		say(run->reason, "an op left preemption or interrupts changed");
	else if (flags & KBENCH_RUN_LEAKED)
		say(run->reason, "an op leaks: free memory keeps falling while it runs");
	else if (flags & KBENCH_RUN_OVERRAN)
		say(run->reason, "an op did not end within the deadline of %llu ms",
		    div_u64(run->deadline_ns, NSEC_PER_MSEC));
	else if (flags & KBENCH_RUN_OP_FAILED)
		say(run->reason, "%s", failed_reason(kase));
}

static bool run_valid(const struct kb_case *kase, const struct kbench_run *run)
{
	if (run->flags & ~(KBENCH_RUN_CALIBRATE | KBENCH_RUN_LATENCY))
		return false;
	if ((run->flags & KBENCH_RUN_LATENCY) && !kase->latency)
		return false;
	if (run->deadline_ns < NSEC_PER_MSEC || run->deadline_ns > 3600ULL * NSEC_PER_SEC)
		return false;
	if (run->batch_ns && (run->batch_ns < NSEC_PER_USEC || run->batch_ns > NSEC_PER_SEC))
		return false;
	return kase->calibrated || (run->flags & KBENCH_RUN_CALIBRATE);
}

static int run_calibrate(struct kb_case *kase, const struct kbench_run *run)
{
	int err;

	kase->round.batch_ns = kb_choose_batch_ns(run, kase->max_samples, kase->context,
						  clock_cost_ns());
	/* Half of the time, so that a bench too slow to calibrate still gives some samples. */
	err = round_once(kase, true, ktime_get_ns() + run->deadline_ns / 2);
	if (err || (atomic_read(&kase->control.flags) & KBENCH_RUN_FATAL))
		return err;
	kase->round.batch_ops = common_ops(kase);
	kase->calibrated = true;
	return 0;
}

void kb_round_init(struct kb_case *kase)
{
	kb_hrtimer_setup(&kase->deadline, deadline_passed, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_HARD);
}

int kb_round_run(struct kb_case *kase, struct kbench_run *run)
{
	u64 deadline = ktime_get_ns() + run->deadline_ns;
	int err = 0;

	if (kase->stuck)
		return -EIO;
	if (!run_valid(kase, run))
		return -EINVAL;
	atomic_set(&kase->control.flags, 0);
	kase->round.duration_ns = run->duration_ns;
	kase->round.min_samples = min(run->min_samples, kase->max_samples);
	kase->round.latency = false;

	if (run->flags & KBENCH_RUN_CALIBRATE)
		err = run_calibrate(kase, run);
	if (!err && !(atomic_read(&kase->control.flags) & KBENCH_RUN_FATAL)) {
		kase->round.latency = run->flags & KBENCH_RUN_LATENCY;
		err = round_samples(kase, deadline);
	}
	run->result_flags = atomic_read(&kase->control.flags);
	run->batch_ops = kase->round.batch_ops;
	/* A stuck worker still writes its samples: leave the map alone. */
	if (!kase->stuck)
		fill_map(kase, run);
	fill_reason(kase, run);
	return err;
}
