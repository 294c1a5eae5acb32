/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counter that times batches, ordered against the instructions around it.
 *
 * kb_clock_begin() is read after everything before it has finished and before anything after it
 * starts; kb_clock_end() after everything before it has finished. Both give raw ticks; the scale
 * to nanoseconds is measured over the whole round against CLOCK_MONOTONIC.
 *
 * x86-64: LFENCE orders RDTSC in both directions (Intel SDM volume 2, RDTSC; on AMD where LFENCE
 * is dispatch serialising, which Linux sets). arm64: the architected counter between ISBs (Arm ARM
 * D12.2.1). Elsewhere: CLOCK_MONOTONIC_RAW, which no one steps.
 */
#ifndef _KBENCH_CLOCK_H
#define _KBENCH_CLOCK_H

#include <linux/timekeeping.h>
#include <linux/types.h>

#if defined(CONFIG_X86_64)

#include <asm/msr.h>
#include <asm/tsc.h>

#define KB_CLOCK_NAME	"tsc"

/** kb_clock_stable() - whether the kernel itself trusts the counter */
static inline bool kb_clock_stable(void)
{
	return !check_tsc_unstable();
}

static __always_inline u64 kb_clock_begin(void)
{
	u64 ticks;

	asm volatile("lfence" : : : "memory");
	ticks = rdtsc();
	asm volatile("lfence" : : : "memory");
	return ticks;
}

static __always_inline u64 kb_clock_end(void)
{
	asm volatile("lfence" : : : "memory");
	return rdtsc();
}

#elif defined(CONFIG_ARM64)

#include <asm/barrier.h>
#include <asm/sysreg.h>

#define KB_CLOCK_NAME	"cntvct"

static inline bool kb_clock_stable(void)
{
	return true;
}

static __always_inline u64 kb_clock_begin(void)
{
	u64 ticks;

	isb();
	ticks = read_sysreg(cntvct_el0);
	isb();
	return ticks;
}

static __always_inline u64 kb_clock_end(void)
{
	isb();
	return read_sysreg(cntvct_el0);
}

#else

#define KB_CLOCK_NAME	"ktime"

static inline bool kb_clock_stable(void)
{
	return true;
}

static __always_inline u64 kb_clock_begin(void)
{
	return ktime_get_raw_ns();
}

static __always_inline u64 kb_clock_end(void)
{
	return ktime_get_raw_ns();
}

#endif

#endif /* _KBENCH_CLOCK_H */
