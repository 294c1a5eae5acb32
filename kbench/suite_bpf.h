/* SPDX-License-Identifier: GPL-2.0 */
/*
 * suite.h for BPF programs: the same macros make of a suite's ops programs that the running kernel
 * loads where it loads no modules. See kbench/uapi/bpf.h for how they are run.
 *
 * An op of a BPF program ends: the kernel's verifier proves it. So ops wait through kb_wait_for(),
 * and the parameters cs, think and readers keep their defaults.
 */
#ifndef _KBENCH_SUITE_BPF_H
#define _KBENCH_SUITE_BPF_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf_helpers.h>

#include "describe.h"
#include "uapi/bpf.h"

typedef __u32 u32;
typedef __s32 s32;
typedef __u64 u64;
typedef __s64 s64;

/** KB_SPIN_CONTEXT - the locks of BPF programs never sleep */
#define KB_SPIN_CONTEXT	KB_ANY_CONTEXT

/** struct kb - a worker's context, the `kb` in an op: of suite.h's, what its members mean here */
struct kb {
	unsigned int	index;
	unsigned int	cpu;
	unsigned int	next_cpu;
	unsigned int	nr_workers;
	unsigned int	context;
	int		failed;
	int		left_out;
	const int	*stop;
	const char	*reason;
	void		*data;
	void		*priv;
	s64		param[KBENCH_MAX_PARAMS];
};

/**
 * struct kbench_bench - a bench; see suite.h for the callbacks
 * @needs, @ring_bytes: see struct kb_bpf_bench_desc
 *
 * setup and setup_worker run before each batch, on every worker's CPU: they may only place pointers
 * and look at parameters. Nothing is freed.
 */
struct kbench_bench {
	KBENCH_BENCH_DESC_MEMBERS
	char	needs[KB_BPF_MAX_NEEDS][KBENCH_NAME_LEN];
	u64	ring_bytes;
	int	(*setup)(struct kb *kb);
	void	(*teardown)(struct kb *kb);
	int	(*setup_worker)(struct kb *kb);
};

/** KB_NEEDS() - option of a bench: kernel functions that its op calls */
#define KB_NEEDS(...)	.needs = { __VA_ARGS__ }

struct kb_bpf_worker kb_workers[KB_BPF_CPUS];

/** What user space sets to end a round: ops that wait look at it. Alone on its lines. */
int kb_stop[KB_LINE / sizeof(int)] __attribute__((aligned(KB_LINE)));

/* Bytes of the memory that kb_line_zalloc() gives, a power of two. */
#define KB_AREA_BYTES	(KB_BPF_CPUS * KB_LINE)

/* One line more, so that what begins at the last byte of the area is still inside. */
static char kb_area[KB_AREA_BYTES + KB_LINE] __attribute__((aligned(KB_LINE)));

#define KB_SHARED	__attribute__((aligned(KB_LINE))) SEC(".data.kb_shared")

/** kb_line_zalloc() - the one memory that a case has; zeroed when the case is set up */
#define kb_line_zalloc(size)	((size) <= KB_AREA_BYTES ? (void *)kb_area : NULL)
#define kvfree(memory)		((void)(memory))

/** kb_at() - the object at @offset of what kb_line_zalloc() gave; the verifier sees the bound */
static __always_inline void *kb_at(void *base, size_t offset)
{
	return base + (offset & (KB_AREA_BYTES - 1));
}

#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile typeof(x) *)&(x) = (value))

/** kb_nops() - @n additions of 0: the kernel takes out real no-ops, and moves to the same place */
#define kb_nops(n)		asm volatile(".rept " #n "\n\t%0 += 0\n\t.endr" : : "r" (kb))

static __always_inline void kb_fail(struct kb *kb)
{
	kb->failed = 1;
}

/** kb_leave_out() - this batch does not count, through no fault of the op: a full ring buffer */
static __always_inline void kb_leave_out(struct kb *kb)
{
	kb->left_out = 1;
}

static __always_inline int kb_should_stop(const struct kb *kb)
{
	return READ_ONCE(*kb->stop);
}

/** kb_reads() - whether this op is one that reads: all do */
#define kb_reads(kb)			true
/** kb_critical_section() - no work in it */
#define kb_critical_section(kb)		do { } while (0)
/** kb_index() - number of this op in its batch */
#define kb_index()			(kb_i_)

/*
 * Atomics as the kernel's own, fully ordered where they return a value (the JIT makes LOCK
 * instructions or LSE's acquire-release forms of them).
 */
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;

#define ATOMIC_INIT(value)		{ (value) }
#define atomic_read(v)			READ_ONCE((v)->counter)
#define atomic_inc(v)			((void)__sync_fetch_and_add(&(v)->counter, 1))
#define atomic_add_return(i, v)		(__sync_fetch_and_add(&(v)->counter, (i)) + (i))
#define atomic64_read(v)		READ_ONCE((v)->counter)
#define atomic64_inc(v)			((void)__sync_fetch_and_add(&(v)->counter, 1))
#define atomic64_add_return(i, v)	(__sync_fetch_and_add(&(v)->counter, (i)) + (i))
#define atomic64_cmpxchg(v, old, new)	__sync_val_compare_and_swap(&(v)->counter, (old), (new))
#define atomic64_xchg(v, new)		__sync_lock_test_and_set(&(v)->counter, (new))

/* What one wait looks at. */
struct kb_wait_ {
	unsigned long	*word;
	unsigned long	value;
	const int	*stop;
	bool		found;
};

static long kb_wait_look_(__u32 look, void *ctx)
{
	struct kb_wait_ *wait = ctx;

	wait->found = READ_ONCE(*wait->word) == wait->value;
	return wait->found || READ_ONCE(*wait->stop);
}

/**
 * kb_wait_for() - until @word has @value, or the round is over, or for some 50 ms
 *
 * After one wait in vain the other ops of the batch do not wait: preemption may be off, and nobody
 * may be left to end the round. Return: false when @value did not come
 */
static __always_inline bool kb_wait_for(struct kb *kb, unsigned long *word, unsigned long value)
{
	struct kb_wait_ wait = { .word = word, .value = value, .stop = kb->stop };

	if (READ_ONCE(*word) == value)
		return true;
	if (kb->left_out)
		return false;
	bpf_loop(KB_BPF_MAX_ITERATIONS, kb_wait_look_, &wait, 0);
	if (!wait.found)
		kb_leave_out(kb);
	return wait.found;
}

/* Return: whether there is a batch to time. */
static __always_inline bool kb_prepare_(struct kb *kb, const struct kbench_bench *bench,
					struct kb_bpf_worker *worker)
{
	int error = 0;

	kb->index = worker->index;
	kb->cpu = worker->cpu;
	kb->next_cpu = worker->next_cpu;
	kb->nr_workers = worker->nr_workers;
	kb->context = worker->context;
	kb->stop = kb_stop;
	for (unsigned int i = 0; i < KBENCH_MAX_PARAMS; i++)
		kb->param[i] = worker->param[i];
	if (bench->setup)
		error = bench->setup(kb);
	if (!error && bench->setup_worker)
		error = bench->setup_worker(kb);
	worker->error = error;
	return !error && worker->iterations;
}

static __always_inline int kb_batch_(const struct kbench_bench *bench,
				     long (*iterate)(__u32 iteration, void *ctx))
{
	u32 cpu = bpf_get_smp_processor_id();
	struct kb_bpf_worker *worker = &kb_workers[cpu & (KB_BPF_CPUS - 1)];
	struct kb kb = {};
	long done;

	if (!kb_prepare_(&kb, bench, worker))
		return 0;
	worker->cpu_start = cpu;
	worker->start_ns = bpf_ktime_get_ns();
	done = bpf_loop(worker->iterations, iterate, &kb, 0);
	worker->end_ns = bpf_ktime_get_ns();
	worker->cpu_end = bpf_get_smp_processor_id();
	worker->failed = kb.failed;
	worker->left_out = kb.left_out;
	if (done != worker->iterations)
		worker->error = -E2BIG;
	return 0;
}

#define kb_copy_(id, i) \
	do { kb_body_##id(kb, (i), false); barrier(); } while (0)
#define kb_copy4_(id, i) \
	do { \
		kb_copy_(id, (i)); kb_copy_(id, (i) + 1); \
		kb_copy_(id, (i) + 2); kb_copy_(id, (i) + 3); \
	} while (0)
#define kb_copy16_(id, i) \
	do { \
		kb_copy4_(id, (i)); kb_copy4_(id, (i) + 4); \
		kb_copy4_(id, (i) + 8); kb_copy4_(id, (i) + 12); \
	} while (0)
#define kb_copy64_(id, i) \
	do { \
		kb_copy16_(id, (i)); kb_copy16_(id, (i) + 16); \
		kb_copy16_(id, (i) + 32); kb_copy16_(id, (i) + 48); \
	} while (0)

#define kb_body_(id) \
	static __always_inline void kb_body_##id(struct kb *kb, unsigned long kb_i_, \
						 const bool kb_work_)

/** KBENCH() - see suite.h: the op, its description, and its two programs */
#define KBENCH(id, help_, ...) \
	kb_body_(id); \
	static const struct kbench_bench kb_bench_##id \
		__attribute__((aligned(8), used)) SEC(".kbench.bench") = { \
		.name = #id, .help = help_, __VA_ARGS__ \
	}; \
	static long kb_iterate_##id(__u32 iteration, void *ctx) \
	{ \
		struct kb *kb = ctx; \
		unsigned long first = (unsigned long)iteration * KB_BPF_UNROLL; \
		\
		kb_copy64_(id, first); \
		return 0; \
	} \
	SEC("syscall") int kb_process_##id(void *ctx) \
	{ \
		return kb_batch_(&kb_bench_##id, kb_iterate_##id); \
	} \
	SEC("raw_tp") int kb_atomic_##id(void *ctx) \
	{ \
		return kb_batch_(&kb_bench_##id, kb_iterate_##id); \
	} \
	kb_body_(id)

/** KBENCH_SUITE() - last in the file; the list of benches is for the module, which checks it */
#define KBENCH_SUITE(id, help_, ...) \
	static const struct kbench_suite_desc kb_suite_desc_ \
		__attribute__((used)) SEC(".kbench.suite") = { \
		.name = #id, .help = help_, \
		.bench_size = sizeof(struct kbench_bench), .abi = KBENCH_ABI, \
	}; \
	char kb_license_[] SEC("license") = "GPL"

/** KBENCH_SUITE_EXIT() - the same: programs go without being told */
#define KBENCH_SUITE_EXIT(id, help_, exit_fn, ...)	KBENCH_SUITE(id, help_)

#endif /* _KBENCH_SUITE_BPF_H */
