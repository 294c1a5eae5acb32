/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one place for differences between kernel versions. Each HAVE_ macro comes from a probe in
 * kbench/features.c, a few lines that are compiled against the kernel at hand, since distributions
 * backport and a version number tells little.
 */
#ifndef _KBENCH_COMPAT_H
#define _KBENCH_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

/** kb_vma_read_only() - the mapping can not be made writable later on (setter came in 6.3) */
static inline void kb_vma_read_only(struct vm_area_struct *vma)
{
#ifdef HAVE_VM_FLAGS_CLEAR
	vm_flags_clear(vma, VM_MAYWRITE);
#else
	vma->vm_flags &= ~VM_MAYWRITE;
#endif
}

/** kb_hrtimer_setup() - function and clock in one call (came in 6.13; hrtimer_init() went later) */
static inline void kb_hrtimer_setup(struct hrtimer *timer,
				    enum hrtimer_restart (*function)(struct hrtimer *timer),
				    clockid_t clock, enum hrtimer_mode mode)
{
#ifdef HAVE_HRTIMER_SETUP
	hrtimer_setup(timer, function, clock, mode);
#else
	hrtimer_init(timer, clock, mode);
	timer->function = function;
#endif
}

/**
 * kb_kvfree_rcu_barrier() - until what was given to kfree_rcu() is free (came in 6.12; modules may
 * not call it in 7.3)
 *
 * Without it: many objects are collected for a jiffy, then wait for a grace period. What is given
 * while one runs waits for the next.
 */
static inline void kb_kvfree_rcu_barrier(void)
{
#ifdef HAVE_KVFREE_RCU_BARRIER
	kvfree_rcu_barrier();
#else
	schedule_timeout_uninterruptible(2);
	synchronize_rcu();
	synchronize_rcu();
#endif
}

#endif /* _KBENCH_COMPAT_H */
