// SPDX-License-Identifier: GPL-2.0
/*
 * Probes of the kernel at hand for compat.h. Compiled by features.mk, never linked: the function
 * after a #line with the name of a feature does not compile where the kernel lacks that feature.
 * Errors are known by that name, so no other line of a probe may fail.
 */
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#line 1 "HAVE_VM_FLAGS_CLEAR"
void kb_probe_vm_flags_clear(struct vm_area_struct *vma)
{
	vm_flags_clear(vma, 0);
}

#line 1 "HAVE_HRTIMER_SETUP"
void kb_probe_hrtimer_setup(struct hrtimer *timer)
{
	hrtimer_setup(timer, NULL, 0, 0);
}

#line 1 "HAVE_IRQ_STAT"
unsigned int kb_probe_irq_stat(void)
{
	return irq_stat.apic_timer_irqs + irq_stat.apic_irq_work_irqs + irq_stat.irq_resched_count +
	       irq_stat.irq_call_count;
}

#line 1 "HAVE_IRQ_STAT_COUNTS"
unsigned int kb_probe_irq_stat_counts(void)
{
	return irq_stat.counts[IRQ_COUNT_APIC_TIMER] + irq_stat.counts[IRQ_COUNT_IRQ_WORK] +
	       irq_stat.counts[IRQ_COUNT_RESCHEDULE] + irq_stat.counts[IRQ_COUNT_CALL_FUNCTION];
}

#line 1 "HAVE_KVFREE_RCU_BARRIER"
void kb_probe_kvfree_rcu_barrier(void)
{
	kvfree_rcu_barrier();
}

/* What no kernel has: when it compiles, the probes tell nothing. */
#line 1 "HAVE_NOTHING"
void kb_probe_nothing(void)
{
	kb_no_such_function();
}
