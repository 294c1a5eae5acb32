// SPDX-License-Identifier: GPL-2.0
/*
 * A worker's part of a round: the common start, then batches until the round stops. A batch is one
 * run of the program, which reads the clock itself.
 */

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../stop.h"
#include "bpf.h"

#define NO_CPU		UINT32_MAX

/* Shorter pauses between batches are the agent's own. */
#define PAUSE_NS	50000

static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static bool stopped(const struct bpf_case *kase)
{
	return __atomic_load_n(kase->stop, __ATOMIC_ACQUIRE) != 0;
}

static void stop_round(struct bpf_case *kase, uint32_t flags)
{
	__atomic_or_fetch(&kase->round.flags, flags, __ATOMIC_RELAXED);
	__atomic_store_n(kase->stop, 1, __ATOMIC_RELEASE);
	sem_post(&kase->round.over);
}

/* How often the thread was preempted so far. */
static long preemptions(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) ? 0 : usage.ru_nivcsw;
}

/* With preemption off only the calls around the program can be. */
static bool may_be_preempted(const struct bpf_case *kase)
{
	return kase->context == KBENCH_CTX_PROCESS;
}

int bpf_run(const struct bpf_case *kase)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);
	int err = bpf_prog_test_run_opts(kase->program, &options);

	return err < 0 ? -errno : 0;
}

static void subtract(struct kbench_count *counts, const struct kbench_count *begin, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++) {
		counts[i].value -= begin[i].value;
		counts[i].enabled -= begin[i].enabled;
		counts[i].running -= begin[i].running;
	}
}

/* Run a batch. Return: KBENCH_RUN_* */
static uint32_t measure(struct bpf_worker *worker, uint64_t iterations,
			struct kbench_sample *sample, struct kbench_count *counts)
{
	struct kbench_count begin[KBENCH_MAX_COUNTERS];
	struct kb_bpf_worker *shared = worker->shared;
	long preempted = preemptions();
	uint32_t flags = 0;
	int err;

	shared->iterations = (uint32_t)iterations;
	shared->cpu_end = NO_CPU;
	shared->failed = 0;
	shared->error = 0;
	shared->left_out = 0;
	if (counts)
		bpf_counters_read(worker, begin);
	err = bpf_run(worker->kase);
	if (counts) {
		bpf_counters_read(worker, counts);
		subtract(counts, begin, worker->kase->nr_counters);
	}
	if (err)
		__atomic_store_n(&worker->kase->round.run_error, err, __ATOMIC_RELAXED);
	/* On another CPU the program found another worker's part, or none. */
	if (!err && !shared->error && shared->cpu_end != worker->cpu)
		flags |= KBENCH_RUN_CPU_GONE;
	if (err || shared->error || shared->failed)
		flags |= KBENCH_RUN_OP_FAILED;
	*sample = (struct kbench_sample) {
		.value = shared->end_ns - shared->start_ns,
		.ops = iterations * KB_BPF_UNROLL,
		.start_ns = shared->start_ns,
		.end_ns = shared->end_ns,
		.cpu_start = shared->cpu_start,
		.cpu_end = shared->cpu_end,
		.flags = may_be_preempted(worker->kase) && preemptions() != preempted ?
			 KBENCH_SAMPLE_RESCHED : 0,
	};
	if (sample->cpu_start != sample->cpu_end)
		sample->flags |= KBENCH_SAMPLE_MIGRATED;
	return flags;
}

/* What ops put into the ring buffer is read by nobody. */
static void empty_ring(struct bpf_case *kase)
{
	if (!kase->ring)
		return;
	pthread_mutex_lock(&kase->ring_lock);
	ring_buffer__consume(kase->ring);
	pthread_mutex_unlock(&kase->ring_lock);
}

/*
 * Nothing but reading counters and emptying a ring lies between two batches. What lasts longer than
 * that and a tenth of a batch was somebody else's work.
 */
static void note_pause(struct bpf_worker *worker, const struct kbench_sample *sample)
{
	uint64_t begin = worker->last_end, length = sample->end_ns - sample->start_ns;

	worker->last_end = sample->end_ns;
	if (!begin || sample->start_ns - begin < PAUSE_NS ||
	    sample->start_ns - begin < length / 10 || worker->kase->ring)
		return;
	/* The last place grows to hold all that come after it. */
	if (worker->nr_pauses == BPF_MAX_PAUSES)
		worker->pauses[BPF_MAX_PAUSES - 1].end = sample->start_ns;
	else
		worker->pauses[worker->nr_pauses++] =
			(struct bpf_pause) { begin, sample->start_ns };
}

/* Return: ns of the batch */
static uint64_t batch_run(struct bpf_worker *worker, uint64_t iterations,
			  struct kbench_sample *sample, struct kbench_count *counts)
{
	struct bpf_case *kase = worker->kase;
	bool late = load(&kase->round.all_started), inside;
	uint32_t flags = measure(worker, iterations, sample, counts);

	note_pause(worker, sample);
	empty_ring(kase);
	worker->nr_batches++;
	if (flags)
		stop_round(kase, flags);
	inside = late && !stopped(kase) && !worker->shared->left_out;
	if (inside)
		worker->inside_ops += sample->ops;
	else if (!worker->shared->left_out)
		worker->edges[late] = (struct kb_edge) { sample->start_ns, sample->end_ns,
							 sample->ops };
	if (!inside)
		sample->flags |= KBENCH_SAMPLE_OUTSIDE;
	if (worker->nr_batches % 2 == 0)
		sample->flags |= KBENCH_SAMPLE_DOUBLE;
	return sample->end_ns - sample->start_ns;
}

/* The barrier: all arrive, then all leave. Gives up when the round stops. */
static void wait_start(struct bpf_case *kase)
{
	struct bpf_round *round = &kase->round;

	__atomic_add_fetch(&round->arrived, 1, __ATOMIC_ACQ_REL);
	while (load(&round->arrived) < kase->nr_workers && !stopped(kase))
		sched_yield();
	if (__atomic_add_fetch(&round->started, 1, __ATOMIC_ACQ_REL) < kase->nr_workers)
		return;
	round->window_begin = now_ns();
	__atomic_store_n(&round->all_started, 1, __ATOMIC_RELEASE);
}

static void worker_finished(struct bpf_worker *worker)
{
	struct bpf_round *round = &worker->kase->round;

	if (worker->finished)
		return;
	worker->finished = true;
	if (!__atomic_sub_fetch(&round->unfinished, 1, __ATOMIC_ACQ_REL))
		stop_round(worker->kase, 0);
}

/* Shortest of some batches: one of them may have met an interrupt or a cold cache. */
static uint64_t calibrate_try(struct bpf_worker *worker, uint64_t iterations)
{
	struct bpf_case *kase = worker->kase;
	struct kbench_sample sample;
	uint64_t least = UINT64_MAX, took;
	unsigned int tries = 0;

	while (!stopped(kase) &&
	       !(tries && kb_tried_enough(tries, least, kase->round.batch_ns))) {
		took = batch_run(worker, iterations, &sample, NULL);
		least = took < least ? took : least;
		tries++;
	}
	return least;
}

/* Grows the batch until it takes as long as wanted. A worker that is done goes on as load. */
static void run_calibration(struct bpf_worker *worker)
{
	struct bpf_case *kase = worker->kase;
	uint64_t iterations = 1, took, next;

	worker->iterations = 1;
	while (!stopped(kase)) {
		took = calibrate_try(worker, iterations);
		if (stopped(kase) || worker->finished)
			continue;
		next = kb_next_ops(iterations, took, kase->round.batch_ns,
				   kase->max_iterations / 2, &worker->iterations);
		if (next)
			iterations = next;
		else
			worker_finished(worker);
	}
}

static bool has_enough(const struct bpf_worker *worker)
{
	const struct bpf_round *round = &worker->kase->round;

	if (worker->nr_samples >= worker->kase->max_samples)
		return true;
	return worker->nr_samples >= round->min_samples &&
	       now_ns() - round->begin_ns >= round->duration_ns;
}

static void run_samples(struct bpf_worker *worker)
{
	struct bpf_case *kase = worker->kase;
	struct kbench_sample unkept;

	do {
		/* Batches before the common window are load and warm-up, not samples. */
		bool keep = worker->nr_samples < kase->max_samples &&
			    load(&kase->round.all_started);
		bool twice = worker->nr_batches % 2;
		struct kbench_count *counts = NULL;

		if (keep && kase->nr_counters)
			counts = worker->counts + (size_t)worker->nr_samples * kase->nr_counters;
		batch_run(worker, kase->round.iterations << twice,
			  keep ? worker->samples + worker->nr_samples : &unkept, counts);
		worker->nr_samples += keep;
		if (has_enough(worker))
			worker_finished(worker);
	} while (!stopped(kase));
}

/* The first to leave ends the common window. */
static void leave(struct bpf_round *round)
{
	uint64_t none = 0;

	__atomic_compare_exchange_n(&round->window_end, &none, now_ns(), false, __ATOMIC_ACQ_REL,
				    __ATOMIC_RELAXED);
}

void *bpf_worker_round(void *arg)
{
	struct bpf_worker *worker = arg;
	struct bpf_case *kase = worker->kase;

	worker->nr_samples = 0;
	worker->nr_batches = 0;
	worker->inside_ops = 0;
	memset(worker->edges, 0, sizeof(worker->edges));
	worker->finished = false;
	worker->nr_pauses = 0;
	worker->last_end = 0;
	bpf_counters_open(worker);
	wait_start(kase);
	if (kase->round.calibrate)
		run_calibration(worker);
	else
		run_samples(worker);
	leave(&kase->round);
	bpf_counters_close(worker);
	return NULL;
}
