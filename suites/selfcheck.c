// SPDX-License-Identifier: GPL-2.0
/*
 * What is known beforehand, to check kbench itself: benches that cost nothing or a known time,
 * and benches that are broken on purpose and have to be reported as such. The broken ones run
 * only when they are named.
 */
#include <kbench/portable.h>

KBENCH(empty, "nothing: what the timed loop itself costs", .context = KB_ATOMIC,
       .contexts = KB_ANY_CONTEXT)
{
}

/* Sequences of a known length: what they cost beyond the empty op is that many instructions. */
KBENCH(nops_1, "1 no-op instruction", .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	kb_nops(1);
}

KBENCH(nops_10, "10 no-op instructions", .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	kb_nops(10);
}

KBENCH(nops_100, "100 no-op instructions", .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	kb_nops(100);
}

KBENCH(nops_1000, "1000 no-op instructions", .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	kb_nops(1000);
}

#ifdef KB_MODULE

#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/llist.h>
#include <linux/mm.h>
#include <linux/sched.h>

/* The loop of cs and think: the result's PER OP by units is how long a unit was in that boot. */
KBENCH(work, "work units, which cs and think are made of: how long is one? PER OP divided by units",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT,
       KB_PARAMS({ .name = "units", .unit = "work units", .def = 1000, .min = 1, .max = 1000000,
		   .help = "length of an op; one dependent addition in a loop each" }))
{
	kb_work(kb->param[0]);
}

KBENCH(delay_1us, "udelay(1): waits for 1000 ns", .context = KB_ATOMIC)
{
	udelay(1);
}

/*
 * Only the first op of a batch sleeps: the kernel logs each time, and once is enough to be found
 * out. Where spinlocks sleep (PREEMPT_RT) so may this one.
 */
KBENCH(sleeps_in_atomic, "broken on purpose: sleeps where that is forbidden",
       .context = KB_ATOMIC, .flags = KBENCH_BENCH_BROKEN)
{
	if (!kb_hide(kb_index()))
		schedule_timeout_uninterruptible(HZ / 4);
}

/* Blocks that the allocator takes from the zone one by one, so that a few hundred show. */
#define LEAK_ORDER	4

/* What was leaked, linked through its first word. It goes when the module goes. */
static LLIST_HEAD(leaked);

KBENCH(leaks, "broken on purpose: keeps 16 pages per op for ever",
       .context = KB_PROCESS, .flags = KBENCH_BENCH_BROKEN)
{
	struct llist_node *block = (struct llist_node *)__get_free_pages(GFP_KERNEL, LEAK_ORDER);

	if (block)
		llist_add(block, &leaked);
	else
		kb_fail(kb);
}

static void free_leaked(void)
{
	struct llist_node *block, *next;

	llist_for_each_safe(block, next, llist_del_all(&leaked))
		free_pages((unsigned long)block, LEAK_ORDER);
}

KBENCH(never_ends, "broken on purpose: ends only when the round is stopped",
       .context = KB_PROCESS, .flags = KBENCH_BENCH_BROKEN)
{
	/* No cpu_relax(): it takes an emulator out of its stride, and the deadline far away. */
	while (!kb_should_stop(kb))
		barrier();
}

#endif /* KB_MODULE */

KBENCH_SUITE_EXIT(selfcheck,
		  "What kbench knows beforehand, and benches that are broken on purpose",
		  free_leaked,
		  empty, nops_1, nops_10, nops_100, nops_1000, work, delay_1us,
		  sleeps_in_atomic, leaks, never_ends);
