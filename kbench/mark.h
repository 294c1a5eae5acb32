/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Instructions that do nothing, around each batch and outside of what is timed: an emulator's
 * plugin sees them and knows which readings of the clock a batch lies between. For the module, the
 * agent, and the plugin (runner/plugin/).
 */
#ifndef _KBENCH_MARK_H
#define _KBENCH_MARK_H

/** What the instructions carry: "kB" and "kE" around a batch, "kO" when there will be no more. */
#define KB_MARK_BEGIN	0x6b42
#define KB_MARK_END	0x6b45
#define KB_MARK_OVER	0x6b4f

/* x86-64: nopl MARK(%rax), seven bytes, of which these come before the mark's four. */
#define KB_MARK_X86	{ 0x0f, 0x1f, 0x80 }

/* arm64: mov xzr, #MARK */
#define KB_MARK_ARM64(mark)	(0xd280001fU | (mark) << 5)

/** kb_mark() - the instruction; nothing where none is known */
#if defined(__x86_64__)
#define kb_mark(mark)	asm volatile("nopl %c0(%%rax)" : : "i" (mark) : "memory")
#elif defined(__aarch64__)
#define kb_mark(mark)	asm volatile("mov xzr, #%c0" : : "i" (mark) : "memory")
#else
#define kb_mark(mark)	do { } while (0)
#endif

#endif /* _KBENCH_MARK_H */
