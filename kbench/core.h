/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside the core module: a session (open file) holds one case, a case holds its workers, a
 * worker is a kthread bound to a CPU. Data goes one way: device, session, case, round, worker.
 */
#ifndef _KBENCH_CORE_H
#define _KBENCH_CORE_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "compat.h"
#include "schedule.h"
#include "suite.h"

/** How long a worker may take to notice a stop, beside its batch, before it counts as stuck. */
#define KB_STUCK_NS		(10ULL * NSEC_PER_SEC)

/** Most ops in one batch of a phased bench: the length of its slots array. */
#define KB_MAX_SLOTS		4096UL

/**
 * struct kb_control - what all workers of a case look at while they run
 * @stop:        nonzero: leave after the batch at hand. Read by all between batches, written once
 *               a round, so it stays shared in every cache.
 * @all_started: nonzero once every worker has left the barrier: the common window has begun
 * @window_begin: CLOCK_MONOTONIC ns of that
 * @window_end:  and of the first worker's leaving
 * @arrived:     workers at the start barrier
 * @started:     workers that have left it
 * @unfinished:  workers that still want samples
 * @flags:       KBENCH_RUN_* gathered by the workers
 * @low_memory:  the round was stopped because free memory fell too far
 *
 * The counters are written once per worker and round; they stay off the line that is polled.
 */
struct kb_control {
	int		stop;
	int		all_started;
	int		low_memory;
	u64		window_begin;
	atomic64_t	window_end;
	atomic_t	arrived __aligned(KB_LINE);
	atomic_t	started;
	atomic_t	unfinished;
	atomic_t	flags;
} __aligned(KB_LINE);

/**
 * struct kb_round - what a round is to do; written by its caller while no worker runs
 * @calibrate:   find a batch length instead of taking samples
 * @latency:     time single ops into the histograms instead
 * @begin_ns:    CLOCK_MONOTONIC at its begin
 * @duration_ns: see struct kbench_run
 * @batch_ns:    length wanted for the shorter batch
 * @batch_ops:   ops of the shorter batch (found by calibration)
 * @min_samples: per worker and phase
 * @free_pages:  free pages of the machine at its begin, and
 * @fall_pages:  by how many they may fall before it stops
 */
struct kb_round {
	bool		calibrate;
	bool		latency;
	u64		begin_ns;
	u64		duration_ns;
	u64		batch_ns;
	unsigned long	batch_ops;
	unsigned int	min_samples;
	unsigned long	free_pages;
	unsigned long	fall_pages;
};

/**
 * struct kb_counter - a perf event of a worker, on its CPU
 * @event: NULL when there is none
 * @error: why, as a positive errno; else 0
 * @begin: what it had counted before the batch at hand
 */
struct kb_counter {
	struct perf_event	*event;
	int			error;
	struct kbench_count	begin;
};

/**
 * struct kb_worker - one thread of a case; only its own thread writes it while a round runs
 * @kb:          what ops see
 * @task:        valid while @kase->alive counts it
 * @seen:        last generation of orders that it has taken
 * @set_up:      setup_worker was called
 * @error:       of its setup
 * @samples:     its array in the map
 * @nr_samples:  filled entries
 * @counters:    the case's counters, or NULL when it has none
 * @counts:      in the map, for each entry of @samples one for each counter
 * @histograms:  its first histogram in the map, or NULL
 * @nr_timed:    ops timed alone in this round, in the common window
 * @nr_batches:  batches finished in this round
 * @nr_ops:      and their ops
 * @batch_ops:   calibration: length found
 * @max_ops:     most ops that the longer batch may have
 * @inside_ops:  ops of the batches inside the common window
 * @edges:       the last batch that began before the window, and the first that ended after it:
 *               their share of the window is added
 * @finished:    has enough samples, goes on as load
 */
struct kb_worker {
	struct kb		kb;
	struct kb_case		*kase;
	struct task_struct	*task;
	unsigned int		seen;
	bool			set_up;
	int			error;
	struct kbench_sample	*samples;
	unsigned int		nr_samples;
	struct kb_counter	*counters;
	struct kbench_count	*counts;
	void			*histograms;
	u64			nr_timed;
	unsigned long		nr_batches;
	u64			nr_ops;
	u64			batch_ops;
	unsigned long		max_ops;
	u64			inside_ops;
	struct kb_edge		edges[2];
	bool			finished;
} __aligned(KB_LINE);

/**
 * struct kb_case - a bench set up on some CPUs
 * @bench:      its module is held until the case is freed
 * @generation: number of the order that workers are to take next; stored with release after the
 *              order's data (@round, @control, @exiting), read with acquire
 * @exiting:    the order is to exit
 * @pending:    workers that have not reported the end of the current order
 * @alive:      worker threads that have not exited; under @reports.lock
 * @abandoned:  the session gave up waiting: the last worker to exit frees the case, so that one
 *              that is stuck in an op keeps what the op uses; under @reports.lock
 * @deadline:   sets control.stop from interrupt context: where ops wait without end on every CPU,
 *              no thread comes to do it
 * @with_work:  which of its loops a bench runs: struct kbench_bench.loop[][1] when its parameters
 *              ask for what that has
 * @counters:   perf events that each worker counts, @nr_counters of them
 * @proto:      the kb that setup and teardown see
 * @latency:    has histograms
 * @map:        vmalloc_user() memory: header, workers' entries, samples, counts, histograms
 */
struct kb_case {
	struct kb_control	control;
	struct kbench_bench	*bench;
	struct module		*owner;
	u32			context;
	unsigned int		nr_workers;
	unsigned int		nr_phases;
	unsigned int		max_samples;
	struct kbench_counter	counters[KBENCH_MAX_COUNTERS];
	unsigned int		nr_counters;
	bool			latency;
	bool			set_up;
	bool			with_work;
	bool			calibrated;
	bool			stuck;
	unsigned int		generation;
	bool			exiting;
	atomic_t		pending;
	unsigned int		alive;
	bool			abandoned;
	wait_queue_head_t	orders;
	wait_queue_head_t	reports;
	struct kb_round		round;
	struct hrtimer		deadline;
	struct kb		proto;
	struct kb_worker	**workers;
	unsigned int		nr_ready;	/* entries of @workers in use */
	void			*map;
	size_t			map_size;
};

/**
 * struct kb_session - an open /dev/kbench
 * @lock:  held (tried) by every command
 * @owner: the file table of the process that opened it, and
 * @mm:    its address space: to know that process again, never followed
 */
struct kb_session {
	struct mutex	lock;
	struct kb_case	*kase;
	fl_owner_t	owner;
	const void	*mm;
};

/* registry.c */

/** kb_registry_get() - find a bench and hold its module. Return: bench, ERR_PTR(-ENOENT) */
struct kbench_bench *kb_registry_get(const char *suite, const char *bench, struct module **owner);
/** kb_registry_describe() - copy of the @index-th bench's description. 0 or -ENOENT */
int kb_registry_describe(unsigned int index, struct kbench_bench_desc *desc);
unsigned int kb_registry_count(void);

/* case.c */

/**
 * kb_case_create() - find the bench, take parameters, map and workers
 * @cpus:   setup->nr_cpus CPU numbers
 * @values: setup->nr_params values
 * @counters: setup->nr_counters perf events
 * Return: the case or ERR_PTR; setup->reason is filled on failure.
 */
struct kb_case *kb_case_create(struct kbench_setup *setup, const u32 *cpus,
			       const struct kbench_param_value *values,
			       const struct kbench_counter *counters);
/** kb_case_destroy() - stop the workers, wait for them (stuck ones are left behind), drop it */
void kb_case_destroy(struct kb_case *kase);
/** kb_case_free() - when no worker is left: teardown, and drop all that it holds */
void kb_case_free(struct kb_case *kase);
struct kbench_map_header *kb_case_header(const struct kb_case *kase);
struct kbench_map_worker *kb_case_map_worker(const struct kb_case *kase, unsigned int index);

/* worker.c */

/** kb_workers_start() - create the threads, each bound to its CPU, and set them up; 0 or -errno */
int kb_workers_start(struct kb_case *kase, const u32 *cpus, char *reason);
/** kb_workers_order() - let all ready workers take the next order */
void kb_workers_order(struct kb_case *kase);
/** kb_workers_idle() - whether all have reported its end; what they wrote can be read then */
static inline bool kb_workers_idle(struct kb_case *kase)
{
	return !atomic_read_acquire(&kase->pending);
}
/**
 * kb_workers_exit() - order them to exit and wait
 * Return: 0: the caller frees the case; -ETIMEDOUT: one is stuck, and the last to exit will
 */
int kb_workers_exit(struct kb_case *kase);

/* counters.c */

/**
 * kb_counters_open() - create the perf events of @worker, in its thread
 * Those that the machine does not have are left out. Return: 0 or -ENOMEM.
 */
int kb_counters_open(struct kb_worker *worker);
/** kb_counters_close() - release them; may sleep */
void kb_counters_close(struct kb_worker *worker);
/** kb_counters_begin() - read them before a batch; in process context, takes mutexes */
void kb_counters_begin(struct kb_worker *worker);
/** kb_counters_end() - and after it: fill one @counts entry for each counter */
void kb_counters_end(struct kb_worker *worker, struct kbench_count *counts);
/** kb_counters_publish() - say in the map which of them are missing; no worker is at work */
void kb_counters_publish(struct kb_case *kase);

/* batch.c */

/** kb_worker_round() - a worker's part of a round, in its thread */
void kb_worker_round(struct kb_worker *worker);
/**
 * kb_batch_measure() - one phase of a batch in the case's context
 * @phase:     in a latency round, the number of phases stands for reading the clock
 * @sample:    filled; in a latency round its value is the number of ops counted
 * @counts:    for the case's counters, or NULL: they are not read
 * @run_flags: KBENCH_RUN_* are added
 */
void kb_batch_measure(struct kb_worker *worker, unsigned int phase, unsigned long ops,
		      struct kbench_sample *sample, struct kbench_count *counts, u32 *run_flags);
/**
 * kb_batch_run() - all phases of a batch of @ops ops, a sample of each
 * @counts: for the counters of each phase, or NULL: they are not read
 * Return: ns of the whole
 */
u64 kb_batch_run(struct kb_worker *worker, unsigned long ops, struct kbench_sample *samples,
		 struct kbench_count *counts);
/** kb_batch_pause() - between two batches: free memory is looked at, others may run */
void kb_batch_pause(struct kb_case *kase);
/** kb_worker_finished() - it has what it wants, goes on as load; the last one ends the round */
void kb_worker_finished(struct kb_worker *worker);

/* latency.c */

/** KB_HISTOGRAM_SIZE - bytes of a histogram in the map, on pages of its own */
#define KB_HISTOGRAM_SIZE	PAGE_ALIGN(sizeof(struct kbench_histogram))

/** kb_latency_begin() - a worker's part of a latency round before the start: the clock's cost */
void kb_latency_begin(struct kb_worker *worker);
/** kb_latency_round() - and after it */
void kb_latency_round(struct kb_worker *worker);
/** kb_latency_batch() - the timed part of kb_batch_measure(). Return: ops counted */
u64 kb_latency_batch(struct kb_worker *worker, unsigned int phase, unsigned long ops);

/* round.c */

/** kb_round_init() - once per case */
void kb_round_init(struct kb_case *kase);
/** kb_round_run() - KBENCH_IOC_RUN. Return: 0, -EINTR, -EINVAL, -EIO; run's out members filled */
int kb_round_run(struct kb_case *kase, struct kbench_run *run);

/* memory.c */

/** kb_memory_free_pages() - pages free or in the page cache, approximate and cheap */
unsigned long kb_memory_free_pages(void);
/** kb_memory_unused_pages() - the same and what the page allocator keeps per CPU; slower */
unsigned long kb_memory_unused_pages(void);
/** kb_memory_fall_pages() - by how many they may fall before a round stops */
unsigned long kb_memory_fall_pages(void);
/** kb_memory_looks_leaked() - whether @ops ops explain the fall, or other work has to */
bool kb_memory_looks_leaked(unsigned long pages_before, unsigned long pages_after, u64 ops);
/** kb_memory_max_slots() - ops of one worker's batch, so that all stay under the live cap */
unsigned long kb_memory_max_slots(size_t live_bytes, unsigned int nr_workers);

#endif /* _KBENCH_CORE_H */
