/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many interrupts this CPU has taken, so that a batch which met one can be told from one that
 * did not. The kernel counts devices and, where they have interrupt numbers (arm64), timers and
 * CPU-to-CPU ones in kstat; x86 counts its local timer and those between CPUs in irq_stat, in 7.x
 * by numbers.
 */
#ifndef _KBENCH_INTERRUPTS_H
#define _KBENCH_INTERRUPTS_H

#include <linux/hardirq.h>
#include <linux/kernel_stat.h>
#include <linux/percpu.h>

/** kb_interrupts() - grows with each interrupt on this CPU; the caller does not migrate */
static inline unsigned long kb_interrupts(void)
{
	unsigned long count = raw_cpu_read(kstat.irqs_sum);

#ifdef HAVE_IRQ_STAT
	count += raw_cpu_read(irq_stat.apic_timer_irqs);
	count += raw_cpu_read(irq_stat.apic_irq_work_irqs);
	count += raw_cpu_read(irq_stat.irq_resched_count);
	count += raw_cpu_read(irq_stat.irq_call_count);
#elif defined(HAVE_IRQ_STAT_COUNTS)
	count += raw_cpu_read(irq_stat.counts[IRQ_COUNT_APIC_TIMER]);
	count += raw_cpu_read(irq_stat.counts[IRQ_COUNT_IRQ_WORK]);
	count += raw_cpu_read(irq_stat.counts[IRQ_COUNT_RESCHEDULE]);
	count += raw_cpu_read(irq_stat.counts[IRQ_COUNT_CALL_FUNCTION]);
#endif
	return count;
}

#endif /* _KBENCH_INTERRUPTS_H */
