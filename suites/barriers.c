// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to keep memory accesses in order. A barrier that compiles to nothing on some
 * architecture (on x86 all but smp_mb, mb, rmb and wmb) would be an empty op; such barriers stand
 * between the accesses that they order, and the same accesses without one are a bench beside them:
 * loads, stores, store_load, atomic_inc.
 *
 * Each worker has words of its own (shared=1: all have the same), so that a barrier waits for
 * stores that hit the cache, or for such that have to fetch the line.
 */
#include <kbench/words.h>
#include <linux/atomic.h>
#include <asm/barrier.h>

#define BARRIER_OPTIONS	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, KB_WORDS

static __always_inline atomic_long_t *atomic_word(const struct kb *kb)
{
	return (atomic_long_t *)kb_words(kb);
}

KBENCH(smp_mb,
       "smp_mb alone: the full barrier between CPUs, what every other one is to be less than",
       BARRIER_OPTIONS)
{
	smp_mb();
}

KBENCH(mb, "mb alone: is ordering devices, too, dearer than smp_mb?", BARRIER_OPTIONS)
{
	mb();
}

KBENCH(rmb, "rmb alone: loads from devices; how much dearer than smp_rmb?", BARRIER_OPTIONS)
{
	rmb();
}

KBENCH(wmb, "wmb alone: stores to devices; how much dearer than smp_wmb?", BARRIER_OPTIONS)
{
	wmb();
}

KBENCH(read_once, "one READ_ONCE: what smp_load_acquire is measured against", BARRIER_OPTIONS)
{
	kb_use(READ_ONCE(*kb_words(kb)));
}

KBENCH(smp_load_acquire, "smp_load_acquire: is it any dearer than READ_ONCE?", BARRIER_OPTIONS)
{
	kb_use(smp_load_acquire(kb_words(kb)));
}

KBENCH(write_once, "one WRITE_ONCE: what smp_store_release and smp_store_mb are measured against",
       BARRIER_OPTIONS)
{
	WRITE_ONCE(*kb_words(kb), 1);
}

KBENCH(smp_store_release, "smp_store_release: is it any dearer than WRITE_ONCE?", BARRIER_OPTIONS)
{
	smp_store_release(kb_words(kb), 1);
}

KBENCH(smp_store_mb, "smp_store_mb, a store and a full barrier: better than WRITE_ONCE and smp_mb?",
       BARRIER_OPTIONS)
{
	smp_store_mb(*kb_words(kb), 1);
}

KBENCH(loads, "two loads: what the barriers between loads are measured against", BARRIER_OPTIONS)
{
	kb_use(READ_ONCE(kb_words(kb)[0]));
	kb_use(READ_ONCE(kb_words(kb)[1]));
}

KBENCH(smp_rmb, "two loads and smp_rmb between (x86: no instruction): more than loads?",
       BARRIER_OPTIONS)
{
	kb_use(READ_ONCE(kb_words(kb)[0]));
	smp_rmb();
	kb_use(READ_ONCE(kb_words(kb)[1]));
}

KBENCH(dma_rmb, "two loads and dma_rmb between (x86: no instruction): more than smp_rmb?",
       BARRIER_OPTIONS)
{
	kb_use(READ_ONCE(kb_words(kb)[0]));
	dma_rmb();
	kb_use(READ_ONCE(kb_words(kb)[1]));
}

KBENCH(stores, "two stores: what the barriers between stores are measured against", BARRIER_OPTIONS)
{
	WRITE_ONCE(kb_words(kb)[0], 1);
	WRITE_ONCE(kb_words(kb)[1], 1);
}

KBENCH(smp_wmb, "two stores and smp_wmb between (x86: no instruction): more than stores?",
       BARRIER_OPTIONS)
{
	WRITE_ONCE(kb_words(kb)[0], 1);
	smp_wmb();
	WRITE_ONCE(kb_words(kb)[1], 1);
}

KBENCH(dma_wmb, "two stores and dma_wmb between (x86: no instruction): more than smp_wmb?",
       BARRIER_OPTIONS)
{
	WRITE_ONCE(kb_words(kb)[0], 1);
	dma_wmb();
	WRITE_ONCE(kb_words(kb)[1], 1);
}

KBENCH(store_load,
       "a store and a load of the next word, in no order: what the next two are against",
       BARRIER_OPTIONS)
{
	WRITE_ONCE(kb_words(kb)[0], 1);
	kb_use(READ_ONCE(kb_words(kb)[1]));
}

KBENCH(store_mb_load,
       "a store, smp_mb, a load: what does the one order cost that no CPU gives away?",
       BARRIER_OPTIONS)
{
	WRITE_ONCE(kb_words(kb)[0], 1);
	smp_mb();
	kb_use(READ_ONCE(kb_words(kb)[1]));
}

KBENCH(release_acquire,
       "smp_store_release, smp_load_acquire of the next word: do they wait for each other?",
       BARRIER_OPTIONS)
{
	smp_store_release(&kb_words(kb)[0], 1);
	kb_use(smp_load_acquire(&kb_words(kb)[1]));
}

KBENCH(atomic_inc, "atomic_long_inc without a barrier: what the next two are measured against",
       BARRIER_OPTIONS)
{
	atomic_long_inc(atomic_word(kb));
}

KBENCH(smp_mb__before_atomic,
       "smp_mb__before_atomic and atomic_long_inc (x86: only that): what does order add?",
       BARRIER_OPTIONS)
{
	smp_mb__before_atomic();
	atomic_long_inc(atomic_word(kb));
}

KBENCH(smp_mb__after_atomic,
       "atomic_long_inc and smp_mb__after_atomic (x86: only that): what does order add?",
       BARRIER_OPTIONS)
{
	atomic_long_inc(atomic_word(kb));
	smp_mb__after_atomic();
}

KBENCH_SUITE(barriers, "Order between memory accesses, and the same accesses without",
	     smp_mb, mb, rmb, wmb, read_once, smp_load_acquire, write_once, smp_store_release,
	     smp_store_mb, loads, smp_rmb, dma_rmb, stores, smp_wmb, dma_wmb, store_load,
	     store_mb_load, release_acquire, atomic_inc, smp_mb__before_atomic,
	     smp_mb__after_atomic);
