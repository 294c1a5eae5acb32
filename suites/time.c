// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to ask what time it is, by every clock that the kernel offers to modules. Clocks
 * only read, so ops run in any context and successive ones do not depend on each other; those
 * that read an ordered counter wait for each other all the same.
 *
 * A machine whose clocksource is no CPU register (hpet, acpi_pm, an emulated timer) shows it here
 * in all but the coarse clocks.
 */
#include <kbench/suite.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched/clock.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>

#define CLOCK_OPTIONS	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT

static __always_inline void use_timespec(const struct timespec64 *ts)
{
	kb_use(ts->tv_sec);
	kb_use(ts->tv_nsec);
}

KBENCH(ktime_get, "ktime_get: the usual clock; what does one time stamp cost?", CLOCK_OPTIONS)
{
	kb_use(ktime_get());
}

KBENCH(ktime_get_raw, "ktime_get_raw: does the clock that nobody adjusts cost more or less?",
       CLOCK_OPTIONS)
{
	kb_use(ktime_get_raw());
}

KBENCH(ktime_get_real, "ktime_get_real: what does wall-clock time add to ktime_get?", CLOCK_OPTIONS)
{
	kb_use(ktime_get_real());
}

KBENCH(ktime_get_boottime, "ktime_get_boottime: what does counting suspend add to ktime_get?",
       CLOCK_OPTIONS)
{
	kb_use(ktime_get_boottime());
}

KBENCH(ktime_get_coarse, "ktime_get_coarse: how much does one tick's resolution save?",
       CLOCK_OPTIONS)
{
	kb_use(ktime_get_coarse());
}

KBENCH(ktime_get_mono_fast_ns, "ktime_get_mono_fast_ns: what does being safe in an NMI cost?",
       CLOCK_OPTIONS)
{
	kb_use(ktime_get_mono_fast_ns());
}

KBENCH(ktime_get_raw_fast_ns, "ktime_get_raw_fast_ns: is the raw NMI-safe clock the fastest?",
       CLOCK_OPTIONS)
{
	kb_use(ktime_get_raw_fast_ns());
}

KBENCH(ktime_get_ts64, "ktime_get_ts64: what do seconds and nanoseconds apart add to ktime_get?",
       CLOCK_OPTIONS)
{
	struct timespec64 ts;

	ktime_get_ts64(&ts);
	use_timespec(&ts);
}

KBENCH(ktime_get_real_ts64, "ktime_get_real_ts64: wall-clock time as file systems once stamped it",
       CLOCK_OPTIONS)
{
	struct timespec64 ts;

	ktime_get_real_ts64(&ts);
	use_timespec(&ts);
}

KBENCH(ktime_get_coarse_real_ts64,
       "ktime_get_coarse_real_ts64: what does the time stamp of an inode cost?", CLOCK_OPTIONS)
{
	struct timespec64 ts;

	ktime_get_coarse_real_ts64(&ts);
	use_timespec(&ts);
}

KBENCH(ktime_get_seconds, "ktime_get_seconds: are whole seconds as cheap as a variable?",
       CLOCK_OPTIONS)
{
	kb_use(ktime_get_seconds());
}

KBENCH(sched_clock, "sched_clock: is the scheduler's raw clock cheaper than ktime_get?",
       CLOCK_OPTIONS)
{
	kb_use(sched_clock());
}

KBENCH(local_clock, "local_clock: what do tracing and printk pay for a time stamp?", CLOCK_OPTIONS)
{
	kb_use(local_clock());
}

KBENCH(get_cycles, "get_cycles: what does the bare counter cost, unordered?", CLOCK_OPTIONS)
{
	kb_use(get_cycles());
}

KBENCH(kbench_clock, "the counter as kbench reads it at a batch's begin: what does order cost?",
       CLOCK_OPTIONS)
{
	kb_use(kb_clock_begin());
}

KBENCH(jiffies, "jiffies: the floor, one load of a variable", CLOCK_OPTIONS)
{
	kb_use(jiffies);
}

KBENCH(get_jiffies_64, "get_jiffies_64: are 64 bits of it a lock on 32-bit machines?",
       CLOCK_OPTIONS)
{
	kb_use(get_jiffies_64());
}

KBENCH_SUITE(time, "What time is it: the kernel's clocks, and what asking costs",
	     ktime_get, ktime_get_raw, ktime_get_real, ktime_get_boottime, ktime_get_coarse,
	     ktime_get_mono_fast_ns, ktime_get_raw_fast_ns, ktime_get_ts64, ktime_get_real_ts64,
	     ktime_get_coarse_real_ts64, ktime_get_seconds, sched_clock, local_clock, get_cycles,
	     kbench_clock, jiffies, get_jiffies_64);
