// SPDX-License-Identifier: GPL-2.0
/* Benches that fail, each in its own way, and one that shows whether all was undone. */
#include <kbench/suite.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

/* Setups that were not undone yet. */
static atomic_t live;

static int count_setup(struct kb *kb)
{
	atomic_inc(&live);
	return 0;
}

static void count_teardown(struct kb *kb)
{
	atomic_dec(&live);
}

/* They fail half way: what they have done by then has to be undone. */
static int failing_setup(struct kb *kb)
{
	atomic_inc(&live);
	return -ENOSPC;
}

static int unsupported_setup(struct kb *kb)
{
	atomic_inc(&live);
	return -EOPNOTSUPP;
}

static int second_worker_fails(struct kb *kb)
{
	atomic_inc(&live);
	return kb->index == 1 ? -ENOSPC : 0;
}

KBENCH(op_fails, "every hundredth op fails", .context = KB_PROCESS,
       .setup = count_setup, .teardown = count_teardown)
{
	if (kb_index() % 100 == 99)
		kb_fail(kb);
}

KBENCH(setup_fails, "has no setup that works", .context = KB_PROCESS,
       .setup = failing_setup, .teardown = count_teardown)
{
}

KBENCH(unsupported, "is not for this kernel", .context = KB_PROCESS,
       .setup = unsupported_setup, .teardown = count_teardown)
{
}

KBENCH(worker_setup_fails, "the second worker cannot be set up", .context = KB_PROCESS,
       .min_cpus = 2, .setup_worker = second_worker_fails, .teardown_worker = count_teardown)
{
}

KBENCH(unbalanced, "leaves preemption off", .context = KB_PROCESS,
       .setup = count_setup, .teardown = count_teardown)
{
	if (!kb_hide(kb_index()))
		preempt_disable();
}

KBENCH(irqs_left_off, "leaves interrupts off", .context = KB_ATOMIC,
       .setup = count_setup, .teardown = count_teardown)
{
	if (!kb_hide(kb_index()))
		local_irq_disable();
}

static int check_setup(struct kb *kb)
{
	return atomic_read(&live) ? -EBUSY : 0;
}

KBENCH(undone, "runs only when every setup before it was undone", .context = KB_PROCESS,
       .setup = check_setup)
{
	kb_use(kb_index());
}

KBENCH_SUITE(faulty, "Fails", op_fails, setup_fails, unsupported, worker_setup_fails, unbalanced,
	     irqs_left_off, undone);
