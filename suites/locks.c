// SPDX-License-Identifier: GPL-2.0
/*
 * Mutual exclusion: every lock is one object that all workers take (completion, local_lock: each
 * worker's own). An op is a lock and its unlock. Each op starts from what the previous one stored
 * in the lock, so all but the seqlock's and seqcount's readers depend on each other.
 *
 * Spinlocks are taken with preemption off, so that a holder is not preempted by chance; on
 * PREEMPT_RT, where they sleep, they are taken in process context without migration.
 */
#include <kbench/suite.h>
#include <linux/bit_spinlock.h>
#include <linux/completion.h>
#include <linux/local_lock.h>
#include <linux/mutex.h>
#include <linux/percpu-rwsem.h>
#include <linux/rtmutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/ww_mutex.h>

static KB_SHARED DEFINE_SPINLOCK(spin);
static KB_SHARED DEFINE_RAW_SPINLOCK(raw_spin);
static KB_SHARED unsigned long bit_spin;
static KB_SHARED DEFINE_RWLOCK(rwlock);
static KB_SHARED DEFINE_SEQLOCK(seqlock);
static KB_SHARED DEFINE_MUTEX(mtx);
static KB_SHARED DECLARE_RWSEM(rwsem);
static KB_SHARED struct semaphore sem = __SEMAPHORE_INITIALIZER(sem, 1);

/* The spinlock of writers, and the count that tells readers of them. */
static KB_SHARED struct {
	spinlock_t		lock;
	seqcount_spinlock_t	count;
} seq = {
	.lock = __SPIN_LOCK_UNLOCKED(seq.lock),
	.count = SEQCNT_SPINLOCK_ZERO(seq.count, &seq.lock),
};

static DEFINE_WW_CLASS(ww_class);

static DEFINE_PER_CPU_SHARED_ALIGNED(local_lock_t, cpu_lock) = INIT_LOCAL_LOCK(cpu_lock);

#define LOCK_OPTIONS \
	.flags = KBENCH_BENCH_DEPENDENT, KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK)
#define SHARE_PARAMS	KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK, KB_PARAM_READERS)
#define SHARE_OPTIONS	.flags = KBENCH_BENCH_DEPENDENT, SHARE_PARAMS

/* What a spinlock_t costs, and an rwlock_t, may be asked in any context that lets it be taken. */
#define SPINS		.context = KB_ATOMIC, .contexts = KB_SPIN_CONTEXT

KBENCH(spin_lock, "spin_lock and spin_unlock: what is the least that a lock costs?",
       SPINS, LOCK_OPTIONS)
{
	spin_lock(&spin);
	kb_critical_section(kb);
	spin_unlock(&spin);
}

KBENCH(spin_lock_irq,
       "spin_lock_irq and spin_unlock_irq: cheaper than irqsave where interrupts are on?",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON, LOCK_OPTIONS)
{
	spin_lock_irq(&spin);
	kb_critical_section(kb);
	spin_unlock_irq(&spin);
}

KBENCH(spin_lock_irqsave,
       "spin_lock_irqsave and spin_unlock_irqrestore: is being safe anywhere dear?",
       SPINS, LOCK_OPTIONS)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	kb_critical_section(kb);
	spin_unlock_irqrestore(&spin, flags);
}

KBENCH(spin_lock_bh, "spin_lock_bh and spin_unlock_bh: what does keeping softirqs out add?",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON, LOCK_OPTIONS)
{
	spin_lock_bh(&spin);
	kb_critical_section(kb);
	spin_unlock_bh(&spin);
}

KBENCH(spin_trylock,
       "spin_trylock, and spin_unlock when it got the lock: is trying cheaper than waiting?",
       SPINS, LOCK_OPTIONS)
{
	if (spin_trylock(&spin)) {
		kb_critical_section(kb);
		spin_unlock(&spin);
	}
}

KBENCH(raw_spin_lock,
       "raw_spin_lock and raw_spin_unlock: as spin_lock, and on PREEMPT_RT it still spins",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, LOCK_OPTIONS)
{
	raw_spin_lock(&raw_spin);
	kb_critical_section(kb);
	raw_spin_unlock(&raw_spin);
}

KBENCH(raw_spin_lock_irqsave,
       "raw_spin_lock_irqsave and its unlock: what core code pays on PREEMPT_RT, too",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, LOCK_OPTIONS)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&raw_spin, flags);
	kb_critical_section(kb);
	raw_spin_unlock_irqrestore(&raw_spin, flags);
}

KBENCH(bit_spin_lock,
       "bit_spin_lock and bit_spin_unlock: is a lock of one bit as fast as a whole one?",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, LOCK_OPTIONS)
{
	bit_spin_lock(0, &bit_spin);
	kb_critical_section(kb);
	bit_spin_unlock(0, &bit_spin);
}

KBENCH(local_lock, "local_lock and local_unlock of this CPU's lock: more than preempt_disable?",
       SPINS, LOCK_OPTIONS)
{
	local_lock(&cpu_lock);
	kb_critical_section(kb);
	local_unlock(&cpu_lock);
}

KBENCH(local_lock_irqsave,
       "local_lock_irqsave and its unlock: this CPU's own lock, interrupts kept out",
       SPINS, LOCK_OPTIONS)
{
	unsigned long flags;

	local_lock_irqsave(&cpu_lock, flags);
	kb_critical_section(kb);
	local_unlock_irqrestore(&cpu_lock, flags);
}

KBENCH(mutex,
       "mutex_lock and mutex_unlock: how much dearer than a spinlock is a lock that may sleep?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	mutex_lock(&mtx);
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

KBENCH(mutex_interruptible,
       "mutex_lock_interruptible and mutex_unlock: dearer than a deaf mutex_lock?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	if (mutex_lock_interruptible(&mtx)) {
		kb_fail(kb);
		return;
	}
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

KBENCH(mutex_killable, "mutex_lock_killable and mutex_unlock: dearer than a deaf mutex_lock?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	if (mutex_lock_killable(&mtx)) {
		kb_fail(kb);
		return;
	}
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

KBENCH(mutex_trylock,
       "mutex_trylock, and mutex_unlock when it got the mutex: is trying cheaper than sleeping?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	if (mutex_trylock(&mtx)) {
		kb_critical_section(kb);
		mutex_unlock(&mtx);
	}
}

KBENCH(mutex_io,
       "mutex_lock_io and mutex_unlock: what does counting the wait as I/O wait add to mutex?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	mutex_lock_io(&mtx);
	kb_critical_section(kb);
	mutex_unlock(&mtx);
}

#ifdef CONFIG_RT_MUTEXES
static KB_SHARED DEFINE_RT_MUTEX(rt_mtx);

KBENCH(rt_mutex,
       "rt_mutex_lock and rt_mutex_unlock: what does priority inheritance cost beside mutex?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	rt_mutex_lock(&rt_mtx);
	kb_critical_section(kb);
	rt_mutex_unlock(&rt_mtx);
}
#else
KBENCH_LACKING(rt_mutex, "rt_mutex_lock and rt_mutex_unlock", "CONFIG_RT_MUTEXES is off");
#endif

static int ww_mutex_setup(struct kb *kb)
{
	kb->data = kb_line_zalloc(sizeof(struct ww_mutex));
	if (!kb->data)
		return -ENOMEM;
	ww_mutex_init(kb->data, &ww_class);
	return 0;
}

static void free_data(struct kb *kb)
{
	kvfree(kb->data);
	kb->data = NULL;
}

/* With one lock held at a time nobody has to back off, so that every attempt gets the lock. */
KBENCH(ww_mutex,
       "one ww_mutex in its acquire context: what does backing out of deadlocks add to mutex?",
       .context = KB_PROCESS, .setup = ww_mutex_setup, .teardown = free_data, LOCK_OPTIONS)
{
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &ww_class);
	if (ww_mutex_lock(kb->data, &ctx)) {
		kb_fail(kb);
	} else {
		ww_acquire_done(&ctx);
		kb_critical_section(kb);
		ww_mutex_unlock(kb->data);
	}
	ww_acquire_fini(&ctx);
}

KBENCH(rwlock_read,
       "read_lock and read_unlock: do readers share an rwlock_t, or just its cache line?",
       SPINS, SHARE_OPTIONS)
{
	if (kb_reads(kb)) {
		read_lock(&rwlock);
		kb_critical_section(kb);
		read_unlock(&rwlock);
	} else {
		write_lock(&rwlock);
		kb_critical_section(kb);
		write_unlock(&rwlock);
	}
}

KBENCH(rwlock_write, "write_lock and write_unlock: what do writers pay for the readers' side?",
       SPINS, LOCK_OPTIONS)
{
	write_lock(&rwlock);
	kb_critical_section(kb);
	write_unlock(&rwlock);
}

KBENCH(rwsem_read,
       "down_read and up_read: from which critical section on do sleeping readers share?",
       .context = KB_PROCESS, SHARE_OPTIONS)
{
	if (kb_reads(kb)) {
		down_read(&rwsem);
		kb_critical_section(kb);
		up_read(&rwsem);
	} else {
		down_write(&rwsem);
		kb_critical_section(kb);
		up_write(&rwsem);
	}
}

KBENCH(rwsem_write, "down_write and up_write: is a semaphore for writers dearer than a mutex?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	down_write(&rwsem);
	kb_critical_section(kb);
	up_write(&rwsem);
}

static int percpu_rwsem_setup(struct kb *kb)
{
	kb->data = kb_line_zalloc(sizeof(struct percpu_rw_semaphore));
	return kb->data ? percpu_init_rwsem((struct percpu_rw_semaphore *)kb->data) : -ENOMEM;
}

static void percpu_rwsem_teardown(struct kb *kb)
{
	if (!kb->data)
		return;
	/* Waits for what a writer left to RCU; does nothing when the init failed. */
	percpu_free_rwsem(kb->data);
	free_data(kb);
}

#define PERCPU_RWSEM \
	.context = KB_PROCESS, .setup = percpu_rwsem_setup, .teardown = percpu_rwsem_teardown

KBENCH(percpu_rwsem_read,
       "percpu_down_read and _up_read: no shared line is written, but what when writers come?",
       PERCPU_RWSEM, SHARE_OPTIONS)
{
	if (kb_reads(kb)) {
		percpu_down_read(kb->data);
		kb_critical_section(kb);
		percpu_up_read(kb->data);
	} else {
		percpu_down_write(kb->data);
		kb_critical_section(kb);
		percpu_up_write(kb->data);
	}
}

KBENCH(percpu_rwsem_write,
       "percpu_down_write and _up_write: the first waits for a grace period, what of the next?",
       PERCPU_RWSEM, LOCK_OPTIONS)
{
	percpu_down_write(kb->data);
	kb_critical_section(kb);
	percpu_up_write(kb->data);
}

KBENCH(seqlock_read,
       "read_seqbegin and read_seqretry: free for readers, but how dear with writers about?",
       SPINS, SHARE_PARAMS)
{
	unsigned int start;

	if (kb_reads(kb)) {
		do {
			start = read_seqbegin(&seqlock);
			kb_critical_section(kb);
		} while (read_seqretry(&seqlock, start));
	} else {
		write_seqlock(&seqlock);
		kb_critical_section(kb);
		write_sequnlock(&seqlock);
	}
}

KBENCH(seqlock_write,
       "write_seqlock and write_sequnlock: what does the count add to the spinlock in it?",
       SPINS, LOCK_OPTIONS)
{
	write_seqlock(&seqlock);
	kb_critical_section(kb);
	write_sequnlock(&seqlock);
}

KBENCH(seqcount_read,
       "read_seqcount_begin and _retry of a seqcount_spinlock_t: cheaper than a seqlock_t?",
       SPINS, SHARE_PARAMS)
{
	unsigned int start;

	if (kb_reads(kb)) {
		do {
			start = read_seqcount_begin(&seq.count);
			kb_critical_section(kb);
		} while (read_seqcount_retry(&seq.count, start));
	} else {
		spin_lock(&seq.lock);
		write_seqcount_begin(&seq.count);
		kb_critical_section(kb);
		write_seqcount_end(&seq.count);
		spin_unlock(&seq.lock);
	}
}

KBENCH(seqcount_write,
       "write_seqcount_begin and _end of it under its spinlock: cheaper than a seqlock_t?",
       SPINS, LOCK_OPTIONS)
{
	spin_lock(&seq.lock);
	write_seqcount_begin(&seq.count);
	kb_critical_section(kb);
	write_seqcount_end(&seq.count);
	spin_unlock(&seq.lock);
}

KBENCH(semaphore, "down and up of a semaphore that admits one: any reason to take it for a mutex?",
       .context = KB_PROCESS, LOCK_OPTIONS)
{
	down(&sem);
	kb_critical_section(kb);
	up(&sem);
}

static int completion_setup_worker(struct kb *kb)
{
	kb->priv = kb_line_zalloc(sizeof(struct completion));
	if (!kb->priv)
		return -ENOMEM;
	init_completion(kb->priv);
	return 0;
}

static void completion_teardown_worker(struct kb *kb)
{
	kvfree(kb->priv);
	kb->priv = NULL;
}

KBENCH(completion,
       "complete, then wait_for_completion of each worker's own: what is it without a sleep?",
       .context = KB_PROCESS, .setup_worker = completion_setup_worker,
       .teardown_worker = completion_teardown_worker, LOCK_OPTIONS)
{
	complete(kb->priv);
	kb_critical_section(kb);
	wait_for_completion(kb->priv);
}

KBENCH_SUITE(locks, "Mutual exclusion: one lock, taken by all workers",
	     spin_lock, spin_lock_irq, spin_lock_irqsave, spin_lock_bh, spin_trylock,
	     raw_spin_lock, raw_spin_lock_irqsave, bit_spin_lock, local_lock, local_lock_irqsave,
	     mutex, mutex_interruptible, mutex_killable, mutex_trylock, mutex_io,
	     rt_mutex, ww_mutex, rwlock_read, rwlock_write, rwsem_read, rwsem_write,
	     percpu_rwsem_read, percpu_rwsem_write, seqlock_read, seqlock_write,
	     seqcount_read, seqcount_write, semaphore, completion);
