// SPDX-License-Identifier: GPL-2.0
/*
 * Mutual exclusion: every lock is one object that all workers take. An op is a lock and its
 * unlock. Each op starts from what the previous one stored in the lock, so all but seqlock_read
 * depend on each other.
 */
#include <kbench/suite.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

static KB_SHARED DEFINE_SPINLOCK(spin);
static KB_SHARED DEFINE_RAW_SPINLOCK(raw_spin);
static KB_SHARED DEFINE_RWLOCK(rwlock);
static KB_SHARED DEFINE_SEQLOCK(seqlock);
static KB_SHARED DEFINE_MUTEX(mtx);
static KB_SHARED DECLARE_RWSEM(rwsem);
static KB_SHARED struct semaphore sem = __SEMAPHORE_INITIALIZER(sem, 1);

#define LOCK_OPTIONS \
	.flags = KBENCH_BENCH_DEPENDENT, KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK)

KBENCH(spin_lock, "spin_lock and spin_unlock", .context = KB_ATOMIC, LOCK_OPTIONS)
{
	spin_lock(&spin);
	kb_critical_section(kb);
	spin_unlock(&spin);
}

KBENCH(spin_lock_irq, "spin_lock_irq and spin_unlock_irq", .context = KB_ATOMIC, LOCK_OPTIONS)
{
	spin_lock_irq(&spin);
	kb_critical_section(kb);
	spin_unlock_irq(&spin);
}

KBENCH(spin_lock_irqsave, "spin_lock_irqsave and spin_unlock_irqrestore",
       .context = KB_ATOMIC, LOCK_OPTIONS)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	kb_critical_section(kb);
	spin_unlock_irqrestore(&spin, flags);
}

KBENCH(spin_lock_bh, "spin_lock_bh and spin_unlock_bh", .context = KB_ATOMIC, LOCK_OPTIONS)
{
	spin_lock_bh(&spin);
	kb_critical_section(kb);
	spin_unlock_bh(&spin);
}

KBENCH(spin_trylock, "spin_trylock, and spin_unlock when it got the lock",
       .context = KB_ATOMIC, LOCK_OPTIONS)
{
	if (spin_trylock(&spin)) {
		kb_critical_section(kb);
		spin_unlock(&spin);
	}
}

KBENCH(raw_spin_lock, "raw_spin_lock and raw_spin_unlock: spins on PREEMPT_RT too",
       .context = KB_ATOMIC, LOCK_OPTIONS)
{
	raw_spin_lock(&raw_spin);
	kb_critical_section(kb);
	raw_spin_unlock(&raw_spin);
}

KBENCH(mutex, "mutex_lock and mutex_unlock", .context = KB_PROCESS, LOCK_OPTIONS)
{
	mutex_lock(&mtx);
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

KBENCH(mutex_interruptible, "mutex_lock_interruptible and mutex_unlock",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	if (mutex_lock_interruptible(&mtx)) {
		kb_fail(kb);
		return;
	}
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

KBENCH(mutex_killable, "mutex_lock_killable and mutex_unlock",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	if (mutex_lock_killable(&mtx)) {
		kb_fail(kb);
		return;
	}
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

KBENCH(mutex_trylock, "mutex_trylock, and mutex_unlock when it got the mutex",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	if (mutex_trylock(&mtx)) {
		kb_critical_section(kb);
		mutex_unlock(&mtx);
	}
}

KBENCH(rwlock_read, "read_lock and read_unlock, no writer about",
       .context = KB_ATOMIC, LOCK_OPTIONS)
{
	read_lock(&rwlock);
	kb_critical_section(kb);
	read_unlock(&rwlock);
}

KBENCH(rwlock_write, "write_lock and write_unlock", .context = KB_ATOMIC, LOCK_OPTIONS)
{
	write_lock(&rwlock);
	kb_critical_section(kb);
	write_unlock(&rwlock);
}

KBENCH(rwsem_read, "down_read and up_read, no writer about",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	down_read(&rwsem);
	kb_critical_section(kb);
	up_read(&rwsem);
}

KBENCH(rwsem_write, "down_write and up_write", .context = KB_PROCESS, LOCK_OPTIONS)
{
	down_write(&rwsem);
	kb_critical_section(kb);
	up_write(&rwsem);
}

KBENCH(seqlock_read, "read_seqbegin and read_seqretry, no writer about",
       .context = KB_ATOMIC, KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK))
{
	unsigned int seq;

	do {
		seq = read_seqbegin(&seqlock);
		kb_critical_section(kb);
	} while (read_seqretry(&seqlock, seq));
}

KBENCH(seqlock_write, "write_seqlock and write_sequnlock", .context = KB_ATOMIC, LOCK_OPTIONS)
{
	write_seqlock(&seqlock);
	kb_critical_section(kb);
	write_sequnlock(&seqlock);
}

KBENCH(semaphore, "down and up of a semaphore that admits one",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	down(&sem);
	kb_critical_section(kb);
	up(&sem);
}

KBENCH_SUITE(locks, "Mutual exclusion: one lock, taken by all workers",
	     spin_lock, spin_lock_irq, spin_lock_irqsave, spin_lock_bh, spin_trylock,
	     raw_spin_lock, mutex, mutex_interruptible, mutex_killable, mutex_trylock,
	     rwlock_read, rwlock_write, rwsem_read, rwsem_write, seqlock_read, seqlock_write,
	     semaphore);
