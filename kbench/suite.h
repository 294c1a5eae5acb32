/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a suite author includes, and all that a suite author includes beside the headers of the
 * primitives that are timed. A complete suite:
 *
 *	#include <kbench/suite.h>
 *	#include <linux/spinlock.h>
 *
 *	static KB_SHARED DEFINE_SPINLOCK(lock);
 *
 *	KBENCH(spinlock, "spin_lock and spin_unlock of one shared lock",
 *	       .context = KB_ATOMIC, KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK))
 *	{
 *		spin_lock(&lock);
 *		kb_critical_section(kb);
 *		spin_unlock(&lock);
 *	}
 *
 *	KBENCH_SUITE(locks, "Mutual exclusion", spinlock);
 *
 * The body is one op. The macro makes a timed loop of it: the op is inlined KB_UNROLL times an
 * iteration, with a compiler barrier between the copies, and is never called. In a second loop,
 * for latencies, each op is timed alone.
 */
#ifndef _KBENCH_SUITE_H
#define _KBENCH_SUITE_H

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "clock.h"
#include "describe.h"

/** Copies of the op in one iteration of the timed loop; overhead is about 3/KB_UNROLL insn. */
#define KB_UNROLL	16

/** For .contexts: an op whose lock spins, but sleeps on PREEMPT_RT (spinlock_t, rwlock_t). */
#define KB_SPIN_CONTEXT	(IS_ENABLED(CONFIG_PREEMPT_RT) ? KB_IRQS_ON : KB_ANY_CONTEXT)

/**
 * struct kb - a worker's context, the `kb` in an op
 * @index:      this worker's number, 0 to @nr_workers - 1
 * @cpu:        the CPU it is bound to
 * @next_cpu:   the next worker's CPU, the first's for the last; for one alone the next that is
 *              online, its own when there is no other: for ops that need somebody elsewhere
 * @nr_workers: how many workers the case has
 * @context:    enum kbench_context that its ops run in
 * @failed:     set by kb_fail()
 * @stop:       nonzero once the round is to end; read through kb_should_stop()
 * @cs:         length of the critical section in work units (parameter "cs", else 0)
 * @think:      length of the pause between ops in work units (parameter "think", else 0)
 * @readers:    percent of the ops that read (parameter "readers", else KB_ALL)
 * @turn:       private: what kb_reads() has gathered of the next op that reads, in percent
 * @slots:      phased benches: one pointer per op of the batch, zeroed before the first phase
 * @reason:     set by .setup or .setup_worker that returns -EOPNOTSUPP: a constant text that says
 *              why this kernel or machine cannot run the bench. An op that calls kb_fail() may
 *              set it too, to say why.
 * @data:       per case, the bench's own: set by .setup, freed by .teardown
 * @priv:       per worker, the bench's own: set by .setup_worker, freed by .teardown_worker
 * @param:      parameter values in the order of KB_PARAMS()
 *
 * Each worker's struct is alone on its cache lines.
 */
struct kb {
	unsigned int	index;
	unsigned int	cpu;
	unsigned int	next_cpu;
	unsigned int	nr_workers;
	unsigned int	context;
	int		failed;
	int		*stop;
	unsigned long	cs;
	unsigned long	think;
	unsigned int	readers;
	unsigned int	turn;
	void		**slots;
	const char	*reason;
	void		*data;
	void		*priv;
	s64		param[KBENCH_MAX_PARAMS];
} __aligned(KB_LINE);

/** A timed loop: @ops ops, the ticks they took as its value. */
typedef u64 (*kb_loop_fn)(struct kb *kb, unsigned long ops);

/** @ops ops, each timed alone into @histogram until the round stops. Return: how many were */
typedef u64 (*kb_latency_fn)(struct kb *kb, unsigned long ops,
			     struct kbench_histogram *histogram);

/**
 * struct kbench_bench - a bench, as KBENCH() and KBENCH_PHASED() fill it
 * @loop:            one pair per phase: [0] without, [1] with critical section, think time and
 *                   ops that write where the others read
 * @latency:         likewise, the loops that time each op alone
 * @setup:           once per case, before the workers exist; may sleep; 0 or -errno
 *                   (-EOPNOTSUPP: not on this kernel, reported as skipped). @kb is worker 0's,
 *                   its .data is given to all.
 * @teardown:        once per case, also when @setup or @setup_worker failed half way
 * @setup_worker:    once per worker, in the worker's thread on its CPU; may sleep
 * @teardown_worker: once per worker for which @setup_worker was called, also when that failed
 * @lacks:           the bench is listed and always skipped, for this reason: see KBENCH_LACKING()
 * @settle:          after each batch, untimed and in process context; may sleep. For ops that leave
 *                   work for later, to bound how much: @ops is the length of the batch
 * @live_bytes:      bytes that one op takes. Phased benches keep them until the batch's last phase:
 *                   batches stay under the cap on live memory (NULL: a page). Others keep them for
 *                   the op: the case is skipped when all workers together could take too much.
 *
 * The members before @loop are those of struct kbench_bench_desc. KBENCH() aligns each to 8, or
 * the compiler would leave gaps between them in their section.
 */
struct kbench_bench {
	KBENCH_BENCH_DESC_MEMBERS
	kb_loop_fn	loop[KBENCH_MAX_PHASES][2];
	kb_latency_fn	latency[KBENCH_MAX_PHASES][2];
	int		(*setup)(struct kb *kb);
	void		(*teardown)(struct kb *kb);
	int		(*setup_worker)(struct kb *kb);
	void		(*teardown_worker)(struct kb *kb);
	void		(*settle)(struct kb *kb, unsigned long ops);
	size_t		(*live_bytes)(const struct kb *kb);
	const char	*lacks;
};

/** struct kbench_suite - made by KBENCH_SUITE() */
struct kbench_suite {
	const struct kbench_suite_desc	*desc;
	struct kbench_bench *const	*benches;
	unsigned int			nr_benches;
	struct module			*owner;
	struct list_head		node;	/* private: registry's */
};

/**
 * kbench_register_suite() - make a suite's benches known to /dev/kbench
 * Return: 0; -EINVAL a bench breaks the rules (logged); -EEXIST the name is taken.
 */
int kbench_register_suite(struct kbench_suite *suite);

/** kbench_unregister_suite() - the reverse; sessions hold the module, so none uses it any more */
void kbench_unregister_suite(struct kbench_suite *suite);

/** kbench_hrtimer_setup() - hrtimer_setup(), which older kernels have under another name */
void kbench_hrtimer_setup(struct hrtimer *timer,
			  enum hrtimer_restart (*function)(struct hrtimer *timer),
			  clockid_t clock, enum hrtimer_mode mode);

/**
 * kbench_may_take() - whether the objects of a case, @bytes for all its workers, fit the machine
 *
 * For setup functions, before they allocate: nothing that a user asks for wakes the OOM killer.
 * Return: 0; -EOPNOTSUPP with kb->reason set when it is more than an eighth of what is free.
 */
int kbench_may_take(struct kb *kb, u64 bytes);

/**
 * kbench_wait_kfree_rcu() - sleeps until what any CPU has given to kfree_rcu() is free
 *
 * Before kernel 6.12 there is nothing to wait for it with: then it is nearly all of it.
 */
void kbench_wait_kfree_rcu(void);

/**
 * kb_work() - compute for @units work units: a chain of dependent additions, one per unit
 *
 * The asm is volatile, since nobody needs the sum and the compiler would drop the chain.
 */
static __always_inline void kb_work(unsigned long units)
{
	unsigned long x = units;

	while (units--) {
		x += units;
		asm volatile("" : "+r" (x));
	}
}

/** kb_critical_section() - put between lock and unlock: as long as the parameter cs says */
#define kb_critical_section(kb)	do { if (kb_work_) kb_work((kb)->cs); } while (0)

/* Adds the readers' share, and takes a whole when there is one: no division, and no randomness. */
static __always_inline bool kb_takes_turn_(struct kb *kb)
{
	unsigned int turn = kb->turn + kb->readers;
	bool whole = turn >= KB_ALL;

	kb->turn = whole ? turn - KB_ALL : turn;
	return whole;
}

/**
 * kb_reads() - whether this op is one that reads, by the parameter readers (KB_PARAM_READERS)
 *
 * Of any 100 ops of a worker in a row exactly readers read, evenly spread; workers begin at
 * different places of that pattern. Ask once an op. With readers=100 no code is left of it.
 */
#define kb_reads(kb)		(!kb_work_ || kb_takes_turn_(kb))

/** kb_slot() - in a phased bench: the place that this op shares with its twin in the other phase */
#define kb_slot(kb)		((kb)->slots[kb_i_])

/** kb_index() - number of this op in its batch */
#define kb_index()		(kb_i_)

/** kb_nops() - @n no-op instructions */
#define kb_nops(n)		asm volatile(".rept " #n "\n\tnop\n\t.endr")

/** kb_fail() - this op failed (an allocation returned NULL): the case is reported as failed */
static __always_inline void kb_fail(struct kb *kb)
{
	WRITE_ONCE(kb->failed, 1);
}

/** kb_should_stop() - for ops that wait: nonzero when the round is over */
static __always_inline int kb_should_stop(const struct kb *kb)
{
	return READ_ONCE(*kb->stop);
}

/* Reads of kb_wait_for() before the next look at whether the round is over: below a microsecond. */
#define KB_SPINS_	1024

/**
 * kb_wait_for() - spin until @word has @value, which another worker is to write
 *
 * No cpu_relax() between two reads: on some machines it takes as long as what is timed. Where CPUs
 * take turns the other worker runs at last after KB_SPINS_ reads. Return: false when the round is
 * over.
 */
static __always_inline bool kb_wait_for(const struct kb *kb, const unsigned long *word,
					unsigned long value)
{
	unsigned int spins = 0;

	while (READ_ONCE(*word) != value) {
		if (++spins % KB_SPINS_)
			continue;
		if (kb_should_stop(kb))
			return false;
		cpu_relax();
	}
	return true;
}

/**
 * KB_SHARED - attribute of an object that is alone on its cache lines:
 * static KB_SHARED DEFINE_SPINLOCK(lock);
 *
 * They have a section to themselves, every object in it begins a line, and padding ends it.
 */
#define KB_SHARED		__aligned(KB_LINE) __section(".data..kb_shared")

static KB_SHARED char kb_pad_first_[KB_LINE] __used = { 1 };

/**
 * kb_line_zalloc() - zeroed memory that is alone on its cache lines, for what .setup makes
 * Return: memory for kvfree(); NULL. A power of two, since such blocks are aligned to their size.
 */
static inline void *kb_line_zalloc(size_t size)
{
	return kvzalloc(roundup_pow_of_two(max_t(size_t, size, KB_LINE)), GFP_KERNEL);
}

/** kb_at() - the object at @offset of memory of the bench's own */
static __always_inline void *kb_at(void *base, size_t offset)
{
	return base + offset;
}

/*
 * Each copy of an op leaves its address in a section that is not loaded, so that the build check
 * can count the copies and look at each. Where no other copy follows, the end leaves one, too.
 */
#define kb_mark_in_(section) \
	asm volatile("77: .pushsection " section ", \"\", %%progbits\n\t" \
		     ".long 77b - .\n\t.popsection" : : : "memory")
#define kb_mark_()	kb_mark_in_(".debug_kbench")
#define kb_mark_end_()	kb_mark_in_(".debug_kbench_end")

#define kb_copy_(op, work, i) \
	do { kb_mark_(); op(kb, (i), (work)); barrier(); } while (0)
#define kb_copy4_(op, work, i) \
	do { \
		kb_copy_(op, work, (i)); kb_copy_(op, work, (i) + 1); \
		kb_copy_(op, work, (i) + 2); kb_copy_(op, work, (i) + 3); \
	} while (0)
#define kb_copy16_(op, work, i) \
	do { \
		kb_copy4_(op, work, (i)); kb_copy4_(op, work, (i) + 4); \
		kb_copy4_(op, work, (i) + 8); kb_copy4_(op, work, (i) + 12); \
	} while (0)

/*
 * The timed loop. What does not fill an iteration runs in a second loop of single ops, so that a
 * batch can be shorter than KB_UNROLL; batches of the usual lengths are multiples of it.
 */
#define kb_loop_(fn, op, work) \
	static noinline notrace __aligned(64) __attribute__((no_icf)) \
	u64 fn(struct kb *kb, unsigned long ops) \
	{ \
		unsigned long i = 0, full = ops & ~(KB_UNROLL - 1UL); \
		u64 begin = kb_clock_begin(); \
		\
		for (; i < full; i += KB_UNROLL) \
			kb_copy16_(op, work, i); \
		for (; i < ops; i++) \
			kb_copy_(op, work, i); \
		return kb_clock_end() - begin; \
	}

#define kb_think_(kb, work)	do { if (work) kb_work((kb)->think); } while (0)

/** kb_histogram_add() - count an op that began at @begin and took @ticks */
static __always_inline void kb_histogram_add(struct kbench_histogram *histogram, u64 begin,
					     u64 ticks)
{
	if (likely(!(ticks >> KBENCH_HISTOGRAM_BITS))) {
		histogram->buckets[kbench_histogram_index(ticks)]++;
	} else if ((s64)ticks < 0) {
		histogram->backward++;
		return;
	} else {
		histogram->beyond++;
	}
	if (unlikely(ticks > histogram->max)) {
		histogram->max = ticks;
		histogram->max_at = begin;
	}
}

/*
 * The loop that times each op alone. Ops that begin when the round is over run, since a later phase
 * may need them, and are not counted. The pause between ops is not timed.
 */
#define kb_latency_loop_(fn, body, work) \
	static noinline notrace __aligned(64) __attribute__((no_icf)) \
	u64 fn(struct kb *kb, unsigned long ops, struct kbench_histogram *histogram) \
	{ \
		u64 begin, ticks, counted = 0; \
		unsigned long i; \
		bool counts; \
		\
		for (i = 0; i < ops; i++) { \
			counts = !kb_should_stop(kb); \
			begin = kb_clock_begin(); \
			kb_mark_(); \
			body(kb, i, work); \
			kb_mark_end_(); \
			ticks = kb_clock_end() - begin; \
			if (counts) { \
				kb_histogram_add(histogram, begin, ticks); \
				counted++; \
			} \
			kb_think_(kb, work); \
		} \
		return counted; \
	}

/* The op, then its loops. The user's body follows the last line of this macro's expansion. */
#define kb_op_(id) \
	static __always_inline void kb_body_##id(struct kb *kb, unsigned long kb_i_, \
						 const bool kb_work_); \
	static __always_inline void kb_op_##id(struct kb *kb, unsigned long i, const bool work) \
	{ \
		kb_body_##id(kb, i, work); \
		kb_think_(kb, work); \
	} \
	kb_loop_(kb_loop_##id, kb_op_##id, false) \
	kb_loop_(kb_loop_work_##id, kb_op_##id, true) \
	kb_latency_loop_(kb_latency_##id, kb_body_##id, false) \
	kb_latency_loop_(kb_latency_work_##id, kb_body_##id, true)

#define kb_body_(id) \
	static __always_inline void kb_body_##id(struct kb *kb, unsigned long kb_i_, \
						 const bool kb_work_)

#define kb_bench_(id, help_, ...) \
	static struct kbench_bench kb_bench_##id __aligned(8) \
		__attribute__((no_reorder)) __section(".kbench.bench") = { \
		.name = #id, .help = help_, __VA_ARGS__ \
	}

/**
 * KBENCH() - a bench: KBENCH(name, "what it times", options...) { one op }
 *
 * Options are designated members of struct kbench_bench: .context (KB_PROCESS when absent),
 * .contexts (KB_ANY_CONTEXT: what --context may choose), .flags (KBENCH_BENCH_*), .min_cpus,
 * .max_cpus, .setup and the other callbacks, KB_PARAMS(...), KB_PAIRS.
 * The body has `kb`, the worker's struct kb.
 */
#define KBENCH(id, help_, ...) \
	kb_op_(id) \
	kb_bench_(id, help_, .loop = { { kb_loop_##id, kb_loop_work_##id } }, \
		  .latency = { { kb_latency_##id, kb_latency_work_##id } }, ##__VA_ARGS__); \
	kb_body_(id)

/**
 * KBENCH_LACKING() - stands for a bench that this kernel's configuration or version cannot compile:
 * KBENCH_LACKING(name, "what it would time", "CONFIG_X is off"). It is listed, and skipped.
 */
#define KBENCH_LACKING(id, help_, why, ...) \
	KBENCH(id, help_, .lacks = why, ##__VA_ARGS__) { asm volatile("nop"); }

/**
 * KBENCH_PHASE() - one phase of a phased bench: KBENCH_PHASE(bench, phase) { one op of it }
 *
 * All ops of the batch's first phase run, then all of the second, each phase timed apart.
 * kb_slot(kb) carries a pointer from one to the other; it may be NULL when the first failed.
 */
#define KBENCH_PHASE(id, phase) \
	kb_op_(id##_##phase) \
	kb_body_(id##_##phase)

/** KBENCH_PHASED() - after its two phases: KBENCH_PHASED(name, "help", first, second, options) */
#define KBENCH_PHASED(id, help_, first, second, ...) \
	kb_bench_(id, help_, \
		  .loop = { { kb_loop_##id##_##first, kb_loop_work_##id##_##first }, \
			    { kb_loop_##id##_##second, kb_loop_work_##id##_##second } }, \
		  .latency = { { kb_latency_##id##_##first, kb_latency_work_##id##_##first }, \
			       { kb_latency_##id##_##second, \
				 kb_latency_work_##id##_##second } }, \
		  .nr_phases = 2, .phases = { #first, #second }, ##__VA_ARGS__)

/* kb_refs_(a, b, ...) is &kb_bench_a, &kb_bench_b, ...: recursion by deferred expansion. */
#define kb_parens_		()
#define kb_expand_(...)		kb_expand3_(kb_expand3_(kb_expand3_(kb_expand3_(__VA_ARGS__))))
#define kb_expand3_(...)	kb_expand2_(kb_expand2_(kb_expand2_(kb_expand2_(__VA_ARGS__))))
#define kb_expand2_(...)	kb_expand1_(kb_expand1_(kb_expand1_(kb_expand1_(__VA_ARGS__))))
#define kb_expand1_(...)	__VA_ARGS__
#define kb_refs_(...)		kb_expand_(kb_ref_(__VA_ARGS__))
#define kb_ref_(a, ...)		&kb_bench_##a, __VA_OPT__(kb_ref_again_ kb_parens_ (__VA_ARGS__))
#define kb_ref_again_()		kb_ref_

/**
 * KBENCH_SUITE() - last in the file: KBENCH_SUITE(name, "what the suite is about", benches...)
 *
 * At most 60 benches. Makes the module's init and exit functions. A bench that is not in the list
 * does not compile ("defined but not used").
 */
#define KBENCH_SUITE(id, help_, ...) \
	KBENCH_SUITE_EXIT(id, help_, NULL, __VA_ARGS__)

/** KBENCH_SUITE_EXIT() - the same with a function to call when the module goes, or NULL */
#define KBENCH_SUITE_EXIT(id, help_, exit_fn, ...) \
	static KB_SHARED char kb_pad_last_[KB_LINE] __used = { 1 }; \
	static const struct kbench_suite_desc kb_suite_desc_ __used \
		__section(".kbench.suite") = { \
		.name = #id, .help = help_, \
		.bench_size = sizeof(struct kbench_bench), .abi = KBENCH_ABI, \
	}; \
	static struct kbench_bench *const kb_suite_benches_[] = { kb_refs_(__VA_ARGS__) }; \
	static struct kbench_suite kb_suite_ = { \
		.desc = &kb_suite_desc_, .benches = kb_suite_benches_, \
		.nr_benches = ARRAY_SIZE(kb_suite_benches_), .owner = THIS_MODULE, \
	}; \
	static int __init kb_suite_init_(void) \
	{ \
		return kbench_register_suite(&kb_suite_); \
	} \
	static void __exit kb_suite_exit_(void) \
	{ \
		void (*fn)(void) = exit_fn; \
		\
		kbench_unregister_suite(&kb_suite_); \
		if (fn) \
			fn(); \
	} \
	module_init(kb_suite_init_); \
	module_exit(kb_suite_exit_); \
	MODULE_DESCRIPTION("kbench suite " #id ": " help_); \
	MODULE_INFO(kbench_version, KBENCH_VERSION); \
	MODULE_LICENSE("GPL")

#endif /* _KBENCH_SUITE_H */
