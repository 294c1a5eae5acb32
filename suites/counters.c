// SPDX-License-Identifier: GPL-2.0
/*
 * Which counter do I use: the same event counted in every way the kernel offers. An op counts
 * one event (the refcount, which may not grow for ever, counts it up and down again). All
 * workers count into the same counter, or into their CPU's part of it.
 */
#include <kbench/suite.h>
#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static KB_SHARED unsigned long plain_count;
static KB_SHARED atomic_t atomic_count;
static KB_SHARED refcount_t references = REFCOUNT_INIT(1);

static DEFINE_PER_CPU_SHARED_ALIGNED(unsigned long, cpu_count);

static KB_SHARED struct {
	spinlock_t	lock;
	unsigned long	count;
} spin_counter = { .lock = __SPIN_LOCK_UNLOCKED(spin_counter.lock) };

static KB_SHARED struct {
	struct mutex	lock;
	unsigned long	count;
} mutex_counter = { .lock = __MUTEX_INITIALIZER(mutex_counter.lock) };

#define COUNTER_OPTIONS \
	.flags = KBENCH_BENCH_DEPENDENT, KB_PARAMS(KB_PARAM_THINK)

/* Loses counts when several CPUs add: what the right ones are measured against. */
KBENCH(plain, "count++ on one variable: loses counts on more than one CPU",
       .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	plain_count++;
}

KBENCH(atomic_inc, "atomic_inc of one counter", .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	atomic_inc(&atomic_count);
}

KBENCH(atomic_add_return, "atomic_add_return of one counter: fully ordered",
       .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	kb_use(atomic_add_return(1, &atomic_count));
}

KBENCH(atomic_cmpxchg, "atomic_try_cmpxchg of one counter until it succeeds",
       .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	int old = atomic_read(&atomic_count);

	while (!atomic_try_cmpxchg(&atomic_count, &old, old + 1))
		;
}

KBENCH(refcount, "refcount_inc and refcount_dec_and_test of one count: up and down again",
       .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	refcount_inc(&references);
	if (refcount_dec_and_test(&references))
		kb_fail(kb);
}

KBENCH(this_cpu_inc, "this_cpu_inc of a per-CPU variable", .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	this_cpu_inc(cpu_count);
}

KBENCH(get_cpu_var, "get_cpu_var(count)++ and put_cpu_var",
       .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	get_cpu_var(cpu_count)++;
	put_cpu_var(cpu_count);
}

static int percpu_counter_setup(struct kb *kb)
{
	struct percpu_counter *counter;
	int err;

	/* A power of two is aligned to itself, so the counter is alone on its lines. */
	counter = kzalloc(max_t(size_t, roundup_pow_of_two(sizeof(*counter)), KB_LINE),
			  GFP_KERNEL);
	if (!counter)
		return -ENOMEM;
	err = percpu_counter_init(counter, 0, GFP_KERNEL);
	if (err) {
		kfree(counter);
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
	kfree(kb->data);
	kb->data = NULL;
}

KBENCH(percpu_counter, "percpu_counter_inc: per-CPU, summed up every batch",
       .context = KB_ATOMIC, .setup = percpu_counter_setup,
       .teardown = percpu_counter_teardown, COUNTER_OPTIONS)
{
	percpu_counter_inc(kb->data);
}

KBENCH(spinlock, "count++ under a spinlock on the same cache line",
       .context = KB_ATOMIC, COUNTER_OPTIONS)
{
	spin_lock(&spin_counter.lock);
	spin_counter.count++;
	spin_unlock(&spin_counter.lock);
}

KBENCH(mutex, "count++ under a mutex on the same cache line",
       .context = KB_PROCESS, COUNTER_OPTIONS)
{
	mutex_lock(&mutex_counter.lock);
	mutex_counter.count++;
	mutex_unlock(&mutex_counter.lock);
}

KBENCH_SUITE(counters, "Which counter do I use: one event, counted in every way",
	     plain, atomic_inc, atomic_add_return, atomic_cmpxchg, refcount, this_cpu_inc,
	     get_cpu_var, percpu_counter, spinlock, mutex);
