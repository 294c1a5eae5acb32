// SPDX-License-Identifier: GPL-2.0
/*
 * Which counter do I use: the same event counted in every way the kernel offers. An op counts
 * one event (references, which may not grow for ever, are taken and put again), or asks how many
 * there were. All workers count into the same counter, or into their CPU's part of it.
 *
 * Benches that ask have the parameter readers: the other ops count, so that it shows from which
 * share of readers on a counter that is cheap to raise is dearer altogether.
 */
#include <kbench/portable.h>

static KB_SHARED unsigned long plain_count;
static KB_SHARED atomic_t atomic_count;
static KB_SHARED atomic64_t atomic64_count;

#define ANYWHERE	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT
#define THINK_OPTIONS	.flags = KBENCH_BENCH_DEPENDENT, KB_PARAMS(KB_PARAM_THINK)
#define COUNTER_OPTIONS	ANYWHERE, THINK_OPTIONS
#define READER_OPTIONS	ANYWHERE, KB_PARAMS(KB_PARAM_THINK, KB_PARAM_READERS)

/* Loses counts when several CPUs add: what the right ones are measured against. */
KBENCH(plain, "count++ on one variable, which loses counts: what is the least that counting costs?",
       COUNTER_OPTIONS)
{
	plain_count++;
}

KBENCH(once, "WRITE_ONCE(count, READ_ONCE(count) + 1), which loses counts: dearer than count++?",
       COUNTER_OPTIONS)
{
	WRITE_ONCE(plain_count, READ_ONCE(plain_count) + 1);
}

KBENCH(read_once,
       "READ_ONCE of one variable, others do WRITE_ONCE: is reading free until someone writes?",
       READER_OPTIONS)
{
	unsigned long count = READ_ONCE(plain_count);

	if (kb_reads(kb))
		kb_use(count);
	else
		WRITE_ONCE(plain_count, count + 1);
}

KBENCH(atomic_inc, "atomic_inc of one counter: how far does the simplest right answer scale?",
       COUNTER_OPTIONS)
{
	atomic_inc(&atomic_count);
}

KBENCH(atomic_add_return,
       "atomic_add_return, fully ordered: what do the sum and the order add to atomic_inc?",
       COUNTER_OPTIONS)
{
	kb_use(atomic_add_return(1, &atomic_count));
}

KBENCH(atomic_read, "atomic_read, the other ops atomic_inc: what does a writer cost the readers?",
       READER_OPTIONS)
{
	if (kb_reads(kb))
		kb_use(atomic_read(&atomic_count));
	else
		atomic_inc(&atomic_count);
}

KBENCH(atomic64_inc, "atomic64_inc: is a counter that never overflows any dearer than atomic_inc?",
       COUNTER_OPTIONS)
{
	atomic64_inc(&atomic64_count);
}

KBENCH(atomic64_add_return,
       "atomic64_add_return, fully ordered: what the three weaker ones are measured against",
       COUNTER_OPTIONS)
{
	kb_use(atomic64_add_return(1, &atomic64_count));
}

KBENCH(atomic64_cmpxchg,
       "atomic64_cmpxchg of what was read, once: what does it cost, also when it fails?",
       COUNTER_OPTIONS)
{
	s64 old = atomic64_read(&atomic64_count);

	kb_use(atomic64_cmpxchg(&atomic64_count, old, old + 1));
}

KBENCH(atomic64_xchg, "atomic64_xchg: is taking the whole count any cheaper than adding to it?",
       COUNTER_OPTIONS)
{
	kb_use(atomic64_xchg(&atomic64_count, 0));
}

#ifdef KB_MODULE

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/percpu-refcount.h>
#include <linux/percpu_counter.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <asm/local.h>

static KB_SHARED atomic_t positive_count = ATOMIC_INIT(1);
static KB_SHARED refcount_t references = REFCOUNT_INIT(1);
static KB_SHARED struct kref kref = KREF_INIT(1);

static DEFINE_PER_CPU_SHARED_ALIGNED(unsigned long, cpu_count);
static DEFINE_PER_CPU_SHARED_ALIGNED(local_t, cpu_local);

static KB_SHARED struct {
	spinlock_t	lock;
	unsigned long	count;
} spin_counter = { .lock = __SPIN_LOCK_UNLOCKED(spin_counter.lock) };

static KB_SHARED struct {
	struct mutex	lock;
	unsigned long	count;
} mutex_counter = { .lock = __MUTEX_INITIALIZER(mutex_counter.lock) };

KBENCH(atomic_cmpxchg,
       "atomic_try_cmpxchg until it succeeds: what does adding with it lose to atomic_inc?",
       COUNTER_OPTIONS)
{
	int old = atomic_read(&atomic_count);

	while (!atomic_try_cmpxchg(&atomic_count, &old, old + 1))
		;
}

KBENCH(atomic64_add_return_acquire, "atomic64_add_return_acquire: is it cheaper than full order?",
       COUNTER_OPTIONS)
{
	kb_use(atomic64_add_return_acquire(1, &atomic64_count));
}

KBENCH(atomic64_add_return_release, "atomic64_add_return_release: is it cheaper than full order?",
       COUNTER_OPTIONS)
{
	kb_use(atomic64_add_return_release(1, &atomic64_count));
}

KBENCH(atomic64_add_return_relaxed, "atomic64_add_return_relaxed: is it cheaper than full order?",
       COUNTER_OPTIONS)
{
	kb_use(atomic64_add_return_relaxed(1, &atomic64_count));
}

KBENCH(atomic64_cmpxchg_relaxed,
       "atomic64_cmpxchg_relaxed of what was read, once: is it cheaper without order?",
       COUNTER_OPTIONS)
{
	s64 old = atomic64_read(&atomic64_count);

	kb_use(atomic64_cmpxchg_relaxed(&atomic64_count, old, old + 1));
}

KBENCH(atomic64_xchg_relaxed, "atomic64_xchg_relaxed: is it cheaper than the fully ordered one?",
       COUNTER_OPTIONS)
{
	kb_use(atomic64_xchg_relaxed(&atomic64_count, 0));
}

KBENCH(refcount,
       "refcount_inc and refcount_dec_and_test: what do its overflow checks add to two atomics?",
       COUNTER_OPTIONS)
{
	refcount_inc(&references);
	if (refcount_dec_and_test(&references))
		kb_fail(kb);
}

KBENCH(refcount_inc_not_zero,
       "refcount_inc_not_zero and refcount_dec_and_test: what does a look-up pay for the check?",
       COUNTER_OPTIONS)
{
	if (!refcount_inc_not_zero(&references) || refcount_dec_and_test(&references))
		kb_fail(kb);
}

KBENCH(atomic_inc_not_zero,
       "atomic_inc_not_zero and atomic_dec_and_test: refcount_inc_not_zero without checks",
       COUNTER_OPTIONS)
{
	if (!atomic_inc_not_zero(&positive_count) || atomic_dec_and_test(&positive_count))
		kb_fail(kb);
}

/* The count never reaches 0. */
static void kref_released(struct kref *ref)
{
}

KBENCH(kref, "kref_get and kref_put: does kref cost more than the refcount_t in it?",
       COUNTER_OPTIONS)
{
	kref_get(&kref);
	if (kref_put(&kref, kref_released))
		kb_fail(kb);
}

KBENCH(this_cpu_inc, "this_cpu_inc of a per-CPU variable: is it really cheaper than atomic_inc?",
       COUNTER_OPTIONS)
{
	this_cpu_inc(cpu_count);
}

KBENCH(this_cpu_inc_return, "this_cpu_inc_return: what does the new value add to this_cpu_inc?",
       COUNTER_OPTIONS)
{
	kb_use(this_cpu_inc_return(cpu_count));
}

KBENCH(this_cpu_cmpxchg,
       "this_cpu_cmpxchg of what was read, once: is it cheaper than atomic64_cmpxchg?",
       COUNTER_OPTIONS)
{
	unsigned long old = this_cpu_read(cpu_count);

	kb_use(this_cpu_cmpxchg(cpu_count, old, old + 1));
}

KBENCH(raw_cpu_inc,
       "raw_cpu_inc, which may be preempted half way: is it any cheaper than this_cpu_inc?",
       COUNTER_OPTIONS)
{
	raw_cpu_inc(cpu_count);
}

KBENCH(get_cpu_var, "get_cpu_var(count)++ and put_cpu_var: what does this_cpu_inc save?",
       COUNTER_OPTIONS)
{
	get_cpu_var(cpu_count)++;
	put_cpu_var(cpu_count);
}

KBENCH(local_inc, "local_inc of a per-CPU local_t: is it cheaper than this_cpu_inc?",
       COUNTER_OPTIONS)
{
	local_inc(this_cpu_ptr(&cpu_local));
}

/* Pointers to per-CPU memory can be in an address space of their own: they travel as numbers. */
static int alloc_percpu_setup(struct kb *kb)
{
	kb->data = (void *)(__force unsigned long)alloc_percpu(unsigned long);
	return kb->data ? 0 : -ENOMEM;
}

static unsigned long __percpu *allocated_count(const struct kb *kb)
{
	return (unsigned long __percpu *)(__force unsigned long)kb->data;
}

static void alloc_percpu_teardown(struct kb *kb)
{
	free_percpu(allocated_count(kb));
	kb->data = NULL;
}

KBENCH(alloc_percpu,
       "this_cpu_inc of what alloc_percpu gave: dearer than a variable of the module?",
       .setup = alloc_percpu_setup, .teardown = alloc_percpu_teardown, COUNTER_OPTIONS)
{
	this_cpu_inc(*allocated_count(kb));
}

KBENCH(sum_per_cpu,
       "the sum of this_cpu_inc's variable over all CPUs, others count: what does a reader pay?",
       READER_OPTIONS)
{
	unsigned long sum = 0;
	unsigned int cpu;

	if (kb_reads(kb)) {
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(per_cpu(cpu_count, cpu));
		kb_use(sum);
	} else {
		this_cpu_inc(cpu_count);
	}
}

static int percpu_counter_setup(struct kb *kb)
{
	struct percpu_counter *counter = kb_line_zalloc(sizeof(*counter));
	int err;

	if (!counter)
		return -ENOMEM;
	err = percpu_counter_init(counter, 0, GFP_KERNEL);
	if (err) {
		kvfree(counter);
		return err;
	}
	kb->data = counter;
	return 0;
}

static void percpu_counter_teardown(struct kb *kb)
{
	if (!kb->data)
		return;
	percpu_counter_destroy(kb->data);
	kvfree(kb->data);
	kb->data = NULL;
}

#define PERCPU_COUNTER	.setup = percpu_counter_setup, .teardown = percpu_counter_teardown

KBENCH(percpu_counter,
       "percpu_counter_inc, summed up now and then: what does the sum add to this_cpu_inc?",
       PERCPU_COUNTER, COUNTER_OPTIONS)
{
	percpu_counter_inc(kb->data);
}

KBENCH(percpu_counter_add,
       "percpu_counter_add of 1000, past its batch each time: when is it no better than a lock?",
       PERCPU_COUNTER, COUNTER_OPTIONS)
{
	percpu_counter_add(kb->data, 1000);
}

KBENCH(percpu_counter_read,
       "percpu_counter_read, others count: how dear is the sum that is somewhat wrong?",
       PERCPU_COUNTER, READER_OPTIONS)
{
	if (kb_reads(kb))
		kb_use(percpu_counter_read(kb->data));
	else
		percpu_counter_inc(kb->data);
}

KBENCH(percpu_counter_sum, "percpu_counter_sum, others count: how dear is the sum that is right?",
       PERCPU_COUNTER, READER_OPTIONS)
{
	if (kb_reads(kb))
		kb_use(percpu_counter_sum(kb->data));
	else
		percpu_counter_inc(kb->data);
}

/** struct dying_ref - a percpu_ref, and who waits for its end */
struct dying_ref {
	struct percpu_ref	ref;
	struct completion	released;
};

static void percpu_ref_released(struct percpu_ref *ref)
{
	complete(&container_of(ref, struct dying_ref, ref)->released);
}

static int percpu_ref_setup(struct kb *kb)
{
	struct dying_ref *dying = kb_line_zalloc(sizeof(*dying));
	int err;

	if (!dying)
		return -ENOMEM;
	init_completion(&dying->released);
	err = percpu_ref_init(&dying->ref, percpu_ref_released, 0, GFP_KERNEL);
	if (err) {
		kvfree(dying);
		return err;
	}
	kb->data = dying;
	return 0;
}

static void percpu_ref_teardown(struct kb *kb)
{
	struct dying_ref *dying = kb->data;

	if (!dying)
		return;
	percpu_ref_kill(&dying->ref);
	wait_for_completion(&dying->released);
	/* The callback that completed it may not have returned yet. */
	rcu_barrier();
	percpu_ref_exit(&dying->ref);
	kvfree(dying);
	kb->data = NULL;
}

/* The indirect call is to percpu_ref_released(), which no op makes. */
KBENCH(percpu_ref,
       "percpu_ref_get and percpu_ref_put: how much cheaper than refcount when many CPUs count?",
       .setup = percpu_ref_setup, .teardown = percpu_ref_teardown, ANYWHERE,
       .flags = KBENCH_BENCH_DEPENDENT | KBENCH_BENCH_INDIRECT, KB_PARAMS(KB_PARAM_THINK))
{
	struct dying_ref *dying = kb->data;

	percpu_ref_get(&dying->ref);
	percpu_ref_put(&dying->ref);
}

KBENCH(spinlock,
       "count++ under a spinlock on the same cache line: how much dearer than atomic_inc?",
       .context = KB_ATOMIC, .contexts = KB_SPIN_CONTEXT, THINK_OPTIONS)
{
	spin_lock(&spin_counter.lock);
	spin_counter.count++;
	spin_unlock(&spin_counter.lock);
}

KBENCH(mutex, "count++ under a mutex on the same cache line: how much dearer than a spinlock?",
       .context = KB_PROCESS, THINK_OPTIONS)
{
	mutex_lock(&mutex_counter.lock);
	mutex_counter.count++;
	mutex_unlock(&mutex_counter.lock);
}

#endif /* KB_MODULE */

KBENCH_SUITE(counters, "Which counter do I use: one event, counted in every way",
	     plain, once, read_once, atomic_inc, atomic_add_return, atomic_cmpxchg, atomic_read,
	     atomic64_inc, atomic64_add_return, atomic64_add_return_acquire,
	     atomic64_add_return_release, atomic64_add_return_relaxed, atomic64_cmpxchg,
	     atomic64_cmpxchg_relaxed, atomic64_xchg, atomic64_xchg_relaxed, refcount,
	     refcount_inc_not_zero, atomic_inc_not_zero, kref, this_cpu_inc, this_cpu_inc_return,
	     this_cpu_cmpxchg, raw_cpu_inc, get_cpu_var, local_inc, alloc_percpu, sum_per_cpu,
	     percpu_counter, percpu_counter_add, percpu_counter_read, percpu_counter_sum,
	     percpu_ref, spinlock, mutex);
