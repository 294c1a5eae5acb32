// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts: what keeping them out costs, and what it costs to have a function run by one, on this
 * CPU or on another. Nothing here asks another CPU with interrupts off: two CPUs that do so wait
 * for each other for ever. raise_softirq() is not for modules: a tasklet is how they raise one.
 */
#include <kbench/suite.h>
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>

/* Keeping them out */

KBENCH(irqsave, "local_irq_save and local_irq_restore: how much of a spin_lock_irqsave is that?",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	unsigned long flags;

	local_irq_save(flags);
	local_irq_restore(flags);
}

KBENCH(irq_disable,
       "local_irq_disable and local_irq_enable: is it cheaper where one may, than to save?",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON)
{
	local_irq_disable();
	local_irq_enable();
}

KBENCH(preempt_disable, "preempt_disable and preempt_enable: does it cost anything?",
       .context = KB_PROCESS, .contexts = KB_ANY_CONTEXT)
{
	preempt_disable();
	preempt_enable();
}

KBENCH(migrate_disable, "migrate_disable and migrate_enable: what is staying preemptible worth?",
       .context = KB_PROCESS, .contexts = KB_IRQS_ON)
{
	migrate_disable();
	migrate_enable();
}

KBENCH(bh_disable, "local_bh_disable and local_bh_enable: is it cheaper than interrupts off?",
       .context = KB_PROCESS, .contexts = KB_IRQS_ON)
{
	local_bh_disable();
	local_bh_enable();
}

/* Another CPU's interrupt */

static void nothing(void *unused)
{
}

KBENCH(ipi, "smp_call_function_single on the next worker's CPU, and the wait for it",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON)
{
	if (smp_call_function_single(kb->next_cpu, nothing, NULL, 1))
		kb_fail(kb);
}

/* The mask has all workers' CPUs; the caller's own is left out of the call. */
static int others_setup(struct kb *kb)
{
	kb->data = kzalloc(cpumask_size(), GFP_KERNEL);
	return kb->data ? 0 : -ENOMEM;
}

static void others_teardown(struct kb *kb)
{
	kfree(kb->data);
	kb->data = NULL;
}

static int others_setup_worker(struct kb *kb)
{
	cpumask_set_cpu(kb->cpu, kb->data);
	return 0;
}

KBENCH(ipi_many, "smp_call_function_many on all other workers' CPUs: what does one more cost?",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON, .min_cpus = 2,
       .setup = others_setup, .teardown = others_teardown, .setup_worker = others_setup_worker)
{
	/* In process context, too, the caller keeps preemption off. */
	preempt_disable();
	smp_call_function_many(kb->data, nothing, NULL, true);
	preempt_enable();
}

/* One caller: it is the machine's CPUs that it asks, however many workers there are. */
KBENCH(on_each_cpu, "on_each_cpu: all CPUs of the machine, idle ones too, this one included",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON, .max_cpus = 1)
{
	on_each_cpu(nothing, NULL, 1);
}

static int nothing_there(void *unused)
{
	return 0;
}

KBENCH(smp_call_on_cpu,
       "smp_call_on_cpu on the next worker's CPU: in a thread, what is an IPI worth?",
       .context = KB_PROCESS)
{
	if (smp_call_on_cpu(kb->next_cpu, nothing_there, NULL, false))
		kb_fail(kb);
}

/* This CPU's */

static void irq_work_nothing(struct irq_work *work)
{
}

static int irq_work_setup_worker(struct kb *kb)
{
	struct irq_work *work = kzalloc(sizeof(*work), GFP_KERNEL);

	kb->priv = work;
	if (!work)
		return -ENOMEM;
	init_irq_work(work, irq_work_nothing);
	return 0;
}

static void irq_work_teardown_worker(struct kb *kb)
{
	/* Every op has waited for its own. */
	kfree(kb->priv);
	kb->priv = NULL;
}

KBENCH(irq_work, "irq_work_queue and irq_work_sync: to an interrupt of this CPU and back",
       .context = KB_PROCESS, .setup_worker = irq_work_setup_worker,
       .teardown_worker = irq_work_teardown_worker)
{
	irq_work_queue(kb->priv);
	irq_work_sync(kb->priv);
}

/* struct bottom - a worker's tasklet, and how it says that it ran */
struct bottom {
	struct tasklet_struct	tasklet;
	struct completion	ran;
};

static void bottom_ran(struct tasklet_struct *tasklet)
{
	struct bottom *bottom = container_of(tasklet, struct bottom, tasklet);

	complete(&bottom->ran);
}

static int tasklet_setup_worker(struct kb *kb)
{
	struct bottom *bottom = kzalloc(sizeof(*bottom), GFP_KERNEL);

	kb->priv = bottom;
	if (!bottom)
		return -ENOMEM;
	tasklet_setup(&bottom->tasklet, bottom_ran);
	init_completion(&bottom->ran);
	return 0;
}

static void tasklet_teardown_worker(struct kb *kb)
{
	struct bottom *bottom = kb->priv;

	if (bottom)
		tasklet_kill(&bottom->tasklet);
	kfree(bottom);
	kb->priv = NULL;
}

#define TASKLET_OPTIONS \
	.context = KB_PROCESS, .setup_worker = tasklet_setup_worker, \
	.teardown_worker = tasklet_teardown_worker

KBENCH(tasklet, "tasklet_schedule with BH off, run by local_bh_enable: what a softirq costs",
       TASKLET_OPTIONS)
{
	struct bottom *bottom = kb->priv;

	local_bh_disable();
	tasklet_schedule(&bottom->tasklet);
	local_bh_enable();
	/* It has run, but where ksoftirqd was about to. */
	wait_for_completion(&bottom->ran);
}

KBENCH(tasklet_ksoftirqd,
       "tasklet_schedule by a thread that then waits: what is the way through ksoftirqd?",
       TASKLET_OPTIONS)
{
	struct bottom *bottom = kb->priv;

	tasklet_schedule(&bottom->tasklet);
	wait_for_completion(&bottom->ran);
}

KBENCH_SUITE(irq, "Interrupts: keeping them out, and having one run a function",
	     irqsave, irq_disable, preempt_disable, migrate_disable, bh_disable, ipi, ipi_many,
	     on_each_cpu, smp_call_on_cpu, irq_work, tasklet, tasklet_ksoftirqd);
