// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to get from here to there: calls, returns, and switches that are off. The callees
 * do nothing, so the cost is that of the way. Where mitigations are on, a call through a pointer
 * and every return take a detour; the kernel patches both when it loads this module, so what is
 * timed is what any other module pays.
 *
 * Not here: printk_deferred(). Each op of it adds a line to the kernel's log and makes the console
 * write it: a tight loop of it times the console, and pushes everything else out of the log.
 */
#include <kbench/suite.h>
#include <linux/jump_label.h>
#include <linux/printk.h>
#include <linux/static_call.h>
#include <linux/tracepoint.h>

#define CALL_OPTIONS	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT

/* A body that the compiler cannot see through, and that is no instruction. */
static __always_inline void nothing(void)
{
	asm volatile("");
}

static noinline void callee(void)
{
	nothing();
}

KBENCH(inlined, "one no-op instead of a call: the floor of this suite", CALL_OPTIONS)
{
	asm volatile("nop");
}

KBENCH(direct, "a call of a function by name, and its return: what does noinline cost?",
       CALL_OPTIONS)
{
	callee();
}

/* Calls by pointer */

static void (*KB_SHARED pointer)(void) = callee;

KBENCH(pointer, "a call through a pointer, always to the same: what do ops structs cost?",
       .flags = KBENCH_BENCH_INDIRECT, CALL_OPTIONS)
{
	READ_ONCE(pointer)();
}

#define NR_TARGETS	8

#define TARGET(n)	static noinline void target_##n(void) { asm volatile("" : : "i" (n)); }
TARGET(0) TARGET(1) TARGET(2) TARGET(3) TARGET(4) TARGET(5) TARGET(6) TARGET(7)

static void (*const targets[NR_TARGETS])(void) = {
	target_0, target_1, target_2, target_3, target_4, target_5, target_6, target_7
};

/* 3 bits that repeat only after long: Weyl's sequence through a multiplication. */
static __always_inline unsigned int pick(unsigned long i)
{
	u32 x = (u32)kb_hide(i) * 0x9e3779b1U;

	return ((x ^ (x >> 15)) * 0x85ebca6bU) >> 29;
}

KBENCH(pointer_8, "a call through a pointer, to 8 functions in turns: what if nothing predicts it?",
       .flags = KBENCH_BENCH_INDIRECT, CALL_OPTIONS)
{
	READ_ONCE(targets[pick(kb_index())])();
}

/* Compilers make a jump through a table of it where mitigations let them. */
KBENCH(switch_8, "a switch over the same 8 functions: is it cheaper than their pointers?",
       .flags = KBENCH_BENCH_INDIRECT, CALL_OPTIONS)
{
	switch (pick(kb_index())) {
	case 0:
		target_0();
		break;
	case 1:
		target_1();
		break;
	case 2:
		target_2();
		break;
	case 3:
		target_3();
		break;
	case 4:
		target_4();
		break;
	case 5:
		target_5();
		break;
	case 6:
		target_6();
		break;
	default:
		target_7();
		break;
	}
}

DEFINE_STATIC_CALL(kb_call_target, callee);

/* Where the architecture has no static calls it is one through a pointer. */
KBENCH(static_call, "static_call: is a patched call as cheap as one by name?",
       .flags = IS_ENABLED(CONFIG_HAVE_STATIC_CALL) ? 0 : KBENCH_BENCH_INDIRECT, CALL_OPTIONS)
{
	static_call(kb_call_target)();
}

/* Chains of calls: each function but the last calls the next, and has something to do after it. */

#define LINK(n, next) \
	static noinline void link_##n(void) { link_##next(); nothing(); }

static noinline void link_1(void)
{
	nothing();
}

LINK(2, 1) LINK(3, 2) LINK(4, 3) LINK(5, 4) LINK(6, 5) LINK(7, 6) LINK(8, 7)
LINK(9, 8) LINK(10, 9) LINK(11, 10) LINK(12, 11) LINK(13, 12) LINK(14, 13) LINK(15, 14)
LINK(16, 15) LINK(17, 16) LINK(18, 17) LINK(19, 18) LINK(20, 19) LINK(21, 20) LINK(22, 21)
LINK(23, 22) LINK(24, 23) LINK(25, 24) LINK(26, 25) LINK(27, 26) LINK(28, 27) LINK(29, 28)
LINK(30, 29) LINK(31, 30) LINK(32, 31)

KBENCH(returns_8, "8 nested calls and their returns: what does the return thunk cost, eight times?",
       CALL_OPTIONS)
{
	link_8();
}

KBENCH(returns_16, "16 nested calls and their returns: do they still fit the return predictor?",
       CALL_OPTIONS)
{
	link_16();
}

KBENCH(returns_32, "32 nested calls and their returns: what if they do not fit it?", CALL_OPTIONS)
{
	link_32();
}

/* Switches. What a switch that is on leads to is a no-op out of the way. */

static KB_SHARED int variable_off;
static DEFINE_STATIC_KEY_FALSE(key_off);
static DEFINE_STATIC_KEY_TRUE(key_on);

KBENCH(variable_off, "if (variable), which is 0: what does a static key save?", CALL_OPTIONS)
{
	if (unlikely(READ_ONCE(variable_off)))
		asm volatile("nop");
}

KBENCH(static_key_off, "a static key that is off: is it only a no-op?", CALL_OPTIONS)
{
	if (static_branch_unlikely(&key_off))
		asm volatile("nop");
}

KBENCH(static_key_on, "an unlikely static key that is on: what does the jump out and back cost?",
       CALL_OPTIONS)
{
	if (static_branch_unlikely(&key_on))
		asm volatile("nop");
}

#ifdef CONFIG_TRACEPOINTS

/* Later kernels end the name of a bare tracepoint in _tp, but for those declared so. */
#ifdef DECLARE_TRACE_EVENT
#define DECLARE_BARE	DECLARE_TRACE_EVENT
#else
#define DECLARE_BARE	DECLARE_TRACE
#endif

DECLARE_BARE(kbench_off, TP_PROTO(unsigned long value), TP_ARGS(value));
DECLARE_BARE(kbench_on, TP_PROTO(unsigned long value), TP_ARGS(value));
DEFINE_TRACE(kbench_off, TP_PROTO(unsigned long value), TP_ARGS(value));
DEFINE_TRACE(kbench_on, TP_PROTO(unsigned long value), TP_ARGS(value));

static void probe(void *data, unsigned long value)
{
	nothing();
}

/* Cases of several sessions may want it at the same time: each has a probe of its own, by data. */
static int probe_setup(struct kb *kb)
{
	int err = register_trace_kbench_on(probe, kb);

	kb->data = err ? NULL : kb;
	return err;
}

static void probe_teardown(struct kb *kb)
{
	if (!kb->data)
		return;
	unregister_trace_kbench_on(probe, kb);
	tracepoint_synchronize_unregister();
	kb->data = NULL;
}

KBENCH(tracepoint_off, "a tracepoint that nobody listens to: is it free to leave in?", CALL_OPTIONS)
{
	trace_kbench_off(kb_index());
}

KBENCH(tracepoint_on, "a tracepoint with one probe that does nothing: what does listening cost?",
       .setup = probe_setup, .teardown = probe_teardown, CALL_OPTIONS)
{
	trace_kbench_on(kb_index());
}

#else

KBENCH_LACKING(tracepoint_off, "a tracepoint that nobody listens to: is it free to leave in?",
	       "CONFIG_TRACEPOINTS is off")
KBENCH_LACKING(tracepoint_on, "a tracepoint with one probe that does nothing: what does it cost?",
	       "CONFIG_TRACEPOINTS is off")

#endif

#ifdef CONFIG_DYNAMIC_DEBUG
KBENCH(pr_debug_off, "pr_debug that is off (CONFIG_DYNAMIC_DEBUG): is it free to leave in?",
       CALL_OPTIONS)
{
	pr_debug("kbench: op %lu\n", kb_index());
}
#else
KBENCH_LACKING(pr_debug_off, "pr_debug that is off: is it free to leave in?",
	       "CONFIG_DYNAMIC_DEBUG is off: pr_debug() compiles to nothing")
#endif

KBENCH_SUITE(call, "Calls, returns, and switches that are off",
	     inlined, direct, pointer, pointer_8, switch_8, static_call, returns_8, returns_16,
	     returns_32, variable_off, static_key_off, static_key_on, tracepoint_off,
	     tracepoint_on, pr_debug_off);
