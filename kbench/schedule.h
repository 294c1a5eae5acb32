/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long batches get and what of them falls into the common window: arithmetic that the core
 * module and the agent, which runs BPF programs, do alike. All times in ns.
 */
#ifndef _KBENCH_SCHEDULE_H
#define _KBENCH_SCHEDULE_H

#include "uapi/kbench.h"

#ifdef __KERNEL__
#include <linux/math64.h>
#include <linux/types.h>
#define kb_div_(a, b)		div64_u64(a, b)
#define kb_part_(a, b, c)	mul_u64_u64_div_u64(a, b, c)
#else
#include <stdbool.h>
#define kb_div_(a, b)		((a) / (b))
#define kb_part_(a, b, c)	((__u64)((unsigned __int128)(a) * (b) / (c)))
#endif

/** Interrupt-off batches stay below this; a longer one is flagged KBENCH_SAMPLE_LONG_OFF. */
#define KB_MAX_OFF_NS		10000000ULL

/** And batches without preemption below this. */
#define KB_MAX_ATOMIC_NS	100000000ULL

/** Batches of one length that calibration looks at before it believes how long they take. */
#define KB_CALIBRATE_TRIES	4

/* Native batches last at least this many times the cost of reading the clock. */
#define KB_BATCH_CLOCKS_	1000

/*
 * The shorter batch gets this part of a sample's share of the round. The longer one takes twice as
 * long, and where locks are unfair or CPUs are shared, some workers are several times slower.
 */
#define KB_BATCH_SHARE_		6

#define KB_LEAST_BATCH_NS_	20000ULL

/** struct kb_edge - a batch that is partly inside the common window; times as CLOCK_MONOTONIC ns */
struct kb_edge {
	__u64	begin;
	__u64	end;
	__u64	ops;
};

static inline __u64 kb_least_(__u64 a, __u64 b)
{
	return a < b ? a : b;
}

static inline __u64 kb_most_(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

/**
 * kb_choose_batch_ns() - how long the shorter batch of a case is to take
 * @max_samples: per worker
 * @context:     that the ops run in
 * @clock_ns:    what reading the clock costs
 */
static inline __u64 kb_choose_batch_ns(const struct kbench_run *run, __u32 max_samples,
				       __u32 context, __u64 clock_ns)
{
	__u64 wanted = run->batch_ns;

	if (!wanted) {
		wanted = kb_div_(run->duration_ns, (__u64)max_samples * KB_BATCH_SHARE_);
		wanted = kb_least_(kb_most_(wanted, KB_LEAST_BATCH_NS_), KB_MAX_ATOMIC_NS);
	}
	wanted = kb_most_(wanted, KB_BATCH_CLOCKS_ * clock_ns);
	/* The longer batch takes twice as long, and has to stay below the limit. */
	if (context == KBENCH_CTX_IRQ_OFF || context == KBENCH_CTX_BH_OFF)
		return kb_least_(wanted, KB_MAX_OFF_NS / 4);
	if (context == KBENCH_CTX_ATOMIC)
		return kb_least_(wanted, KB_MAX_ATOMIC_NS / 4);
	return wanted;
}

/**
 * kb_tried_enough() - calibration has seen @tries batches of one length, the shortest of @least
 * Far from the aim one is enough, and shows how far; beyond it two.
 */
static inline bool kb_tried_enough(unsigned int tries, __u64 least, __u64 wanted)
{
	return tries >= KB_CALIBRATE_TRIES || least < wanted / 8 || (tries > 1 && least > wanted);
}

/**
 * kb_next_ops() - the length to try after one of @ops took @took
 * @batch_ops: out: the length found so far
 * Grows at most eightfold at a time, since a first batch runs cold. Return: 0: the length is found
 */
static inline __u64 kb_next_ops(__u64 ops, __u64 took, __u64 wanted, __u64 limit,
				__u64 *batch_ops)
{
	__u64 next;

	*batch_ops = ops;
	took = kb_most_(took, 1);
	if (took >= wanted / 2 || ops >= limit) {
		if (took > wanted)
			*batch_ops = kb_most_(kb_div_(ops * wanted, took), 1);
		return 0;
	}
	next = kb_div_(ops * wanted, took);
	next = kb_least_(kb_most_(next, ops + 1), ops * 8);
	return kb_least_(next, limit);
}

/** kb_edge_share() - the ops of a batch that fall into the window, taken to be spread evenly */
static inline __u64 kb_edge_share(const struct kb_edge *edge, __u64 window_begin,
				  __u64 window_end)
{
	__u64 begin = kb_most_(edge->begin, window_begin);
	__u64 end = kb_least_(edge->end, window_end);

	if (begin >= end)
		return 0;
	return kb_part_(edge->ops, end - begin, edge->end - edge->begin);
}

#endif /* _KBENCH_SCHEDULE_H */
