/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The backend that runs benches as BPF programs in the running kernel: what its parts share.
 * Data goes one way: session (session.c), case (case.c), round (round.c), worker (worker.c).
 */
#ifndef KB_AGENT_BPF_H
#define KB_AGENT_BPF_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../../kbench/schedule.h"
#include "../../../kbench/uapi/bpf.h"
#include "../backend.h"
#include "suites.h"

/**
 * struct bpf_round - what a round is to do, and how far it is
 * @calibrate:    find a batch length instead of taking samples
 * @duration_ns:  see struct kbench_run
 * @batch_ns:     length wanted for the shorter batch
 * @iterations:   of the shorter batch; KB_BPF_UNROLL ops each
 * @min_samples:  per worker
 * @begin_ns:     CLOCK_MONOTONIC at its begin
 * @all_started:  every worker has left the barrier: the common window has begun
 * @window_begin: CLOCK_MONOTONIC ns of that
 * @window_end:   and of the first worker's leaving
 * @arrived:      workers at the barrier
 * @started:      and those that have left it
 * @unfinished:   workers that still want samples
 * @flags:        KBENCH_RUN_* gathered by the workers
 * @run_error:    why the kernel did not run a program, negative; 0: it ran them all
 * @over:         posted when no worker wants more
 *
 * Members from @all_started on are the workers' too: they use atomic operations.
 */
struct bpf_round {
	bool		calibrate;
	uint64_t	duration_ns;
	uint64_t	batch_ns;
	uint64_t	iterations;
	uint32_t	min_samples;
	uint64_t	begin_ns;
	uint32_t	all_started;
	uint64_t	window_begin;
	uint64_t	window_end;
	uint32_t	arrived;
	uint32_t	started;
	uint32_t	unfinished;
	uint32_t	flags;
	int		run_error;
	sem_t		over;
};

/** Times of a round at which a worker was kept from its CPU, as far as they are kept. */
#define BPF_MAX_PAUSES	64

/** struct bpf_pause - a worker ran nothing: CLOCK_MONOTONIC ns */
struct bpf_pause {
	uint64_t	begin;
	uint64_t	end;
};

struct bpf_case;

/**
 * struct bpf_worker - a thread on a CPU; only that thread writes it while a round runs
 * @shared:     what it and the program tell each other
 * @samples:    its array in the case's map; @nr_samples are filled
 * @counts:     in the map, for each sample one for each counter
 * @counter_fd: open perf events of this round, or -1
 * @counter_error: why one is not, a positive errno
 * @iterations: calibration: length found
 * @inside_ops: ops of the batches inside the common window
 * @edges:      the last batch that began before it, and the first that ended after it
 * @pauses:     between two of its batches, @nr_pauses of them
 * @last_end:   of its last batch; 0: there was none
 * @finished:   has enough samples, goes on as load
 */
struct bpf_worker {
	struct bpf_case		*kase;
	struct kb_bpf_worker	*shared;
	pthread_t		thread;
	uint32_t		cpu;
	struct kbench_sample	*samples;
	struct kbench_count	*counts;
	int			counter_fd[KBENCH_MAX_COUNTERS];
	int			counter_error[KBENCH_MAX_COUNTERS];
	uint32_t		nr_samples;
	uint64_t		nr_batches;
	__u64			iterations;
	uint64_t		inside_ops;
	struct kb_edge		edges[2];
	struct bpf_pause	pauses[BPF_MAX_PAUSES];
	uint32_t		nr_pauses;
	uint64_t		last_end;
	bool			finished;
} __attribute__((aligned(256)));

/**
 * struct bpf_case - a bench loaded and set up on some CPUs
 * @object:  libbpf's, which holds program and maps in the kernel
 * @program: descriptor of the program
 * @bss:     the programs' variables, @bss_size bytes shared with them
 * @stop:    in there: nonzero ends the round
 * @ring:    libbpf's reader of the ring buffer that ops fill, or NULL; @ring_lock: one at a time
 * @max_iterations: longest of the longer batches
 * @map:     what user space would map of the module: header, workers, samples, counts
 */
struct bpf_case {
	struct bpf_object	*object;
	int			program;
	void			*bss;
	size_t			bss_size;
	int			*stop;
	uint32_t		context;
	uint32_t		nr_workers;
	uint32_t		max_samples;
	struct kbench_counter	counters[KBENCH_MAX_COUNTERS];
	uint32_t		nr_counters;
	struct bpf_worker	*workers;
	struct ring_buffer	*ring;
	pthread_mutex_t		ring_lock;
	uint64_t		max_iterations;
	struct kbench_map_header *map;
	size_t			map_size;
	bool			calibrated;
	struct bpf_round	round;
};

/* object.c */

/** bpf_bench_find() - description of a bench. Return: 0, -ENOENT */
int bpf_bench_find(const struct bpf_suite **suite, struct kb_bpf_bench_desc *desc,
		   const char *suite_name, const char *bench);
/**
 * bpf_object_load() - load @desc's program for @kase->context, and nothing else of the object
 * @reason: one line when the kernel refuses; @log: malloc()ed, what the verifier said, or NULL
 * Return: 0 or a negative errno; -EOPNOTSUPP: this kernel cannot run it
 */
int bpf_object_load(struct bpf_case *kase, const struct bpf_suite *suite,
		    const struct kb_bpf_bench_desc *desc, char reason[KBENCH_REASON_LEN],
		    char **log);
void bpf_object_unload(struct bpf_case *kase);

/* case.c */

/** bpf_case_create() - load and set up; see struct backend_ops.setup. NULL: *@error is why */
struct bpf_case *bpf_case_create(const struct plan_case *plan, char reason[KBENCH_REASON_LEN],
				 char **log, int *error);
void bpf_case_free(struct bpf_case *kase);
/** bpf_case_entry() - a worker's entry in the map */
struct kbench_map_worker *bpf_case_entry(const struct bpf_case *kase, uint32_t index);

/* worker.c */

/**
 * bpf_thread_start() - a thread that never leaves @cpu
 * Return: 0 or a negative errno; -EINVAL: @cpu is offline, or this process may not run on it
 */
int bpf_thread_start(pthread_t *thread, uint32_t cpu, void *(*start)(void *arg), void *arg);
/** bpf_run() - one run of the program on this CPU. Return: 0 or a negative errno */
int bpf_run(const struct bpf_case *kase);
/** bpf_worker_round() - a thread's part of a round; @arg is its struct bpf_worker */
void *bpf_worker_round(void *arg);

/* counters.c */

/** bpf_counters_open() - of the calling thread; those that are not there say why */
void bpf_counters_open(struct bpf_worker *worker);
void bpf_counters_close(struct bpf_worker *worker);
/** bpf_counters_read() - one entry of @counts for each counter */
void bpf_counters_read(const struct bpf_worker *worker, struct kbench_count *counts);

/* round.c */

/** bpf_round_run() - see struct backend_ops.run */
int bpf_round_run(struct bpf_case *kase, struct kbench_run *run);

#endif
