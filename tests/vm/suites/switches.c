// SPDX-License-Identifier: GPL-2.0
/* An op that does something which every kernel can count. */
#include <kbench/suite.h>
#include <linux/sched.h>

/* The CPU goes to another thread, at least the idle one, and comes back: two switches. */
KBENCH(sleep_a_tick, "sleeps until the next tick", .context = KB_PROCESS)
{
	schedule_timeout_uninterruptible(1);
}

KBENCH_SUITE(switches, "Benches that count themselves", sleep_a_tick);
