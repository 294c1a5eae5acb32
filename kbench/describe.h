/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a bench says of itself, and what its op may use, whatever it is compiled for: a module
 * (suite.h) or BPF programs (suite_bpf.h).
 */
#ifndef _KBENCH_DESCRIBE_H
#define _KBENCH_DESCRIBE_H

#include "uapi/kbench.h"

/** Bytes that no two objects measured apart may share (two lines: adjacent-line prefetch). */
#define KB_LINE		128

/** Contexts, for .context: see enum kbench_context. */
#define KB_PROCESS	KBENCH_CTX_PROCESS
#define KB_ATOMIC	KBENCH_CTX_ATOMIC
#define KB_BH_OFF	KBENCH_CTX_BH_OFF
#define KB_IRQ_OFF	KBENCH_CTX_IRQ_OFF

/** For a bench of two workers that is run on every pair of the CPUs asked for. */
#define KB_PAIRS \
	.flags = KBENCH_BENCH_PAIRS | KBENCH_BENCH_DEPENDENT, .min_cpus = 2, .max_cpus = 2

/** For .contexts: an op that neither may sleep nor changes preemption or interrupts runs in all. */
#define KB_ANY_CONTEXT	((1U << KB_ATOMIC) | (1U << KB_BH_OFF) | (1U << KB_IRQ_OFF))

/** For .contexts: the same, but the op enables interrupts, or needs them. */
#define KB_IRQS_ON	((1U << KB_ATOMIC) | (1U << KB_BH_OFF))

/** A share in struct kb is a percentage. */
#define KB_ALL		100

/** kb_hide() - @x, whose value the compiler does not know from here on */
#define kb_hide(x) \
	({ typeof(x) kb_hidden_ = (x); asm volatile("" : "+r" (kb_hidden_)); kb_hidden_; })

/** kb_use() - the value of @x is needed here, so it has to be computed */
#define kb_use(x)		asm volatile("" : : "r" (x) : "memory")

/** KB_PARAMS() - the parameters of a bench, each a struct kbench_param_desc initialiser */
#define KB_PARAMS(...) \
	.nr_params = sizeof((struct kbench_param_desc[]){ __VA_ARGS__ }) / \
		     sizeof(struct kbench_param_desc), \
	.params = { __VA_ARGS__ }

/**
 * The two parameters of every lock bench: their values are kb->cs and kb->think, in the work units
 * of kb_work(). selfcheck/work says how long such a unit is.
 */
#define KB_PARAM_CS \
	{ .name = "cs", .unit = "work units", .def = 0, .min = 0, .max = 1000000, \
	  .help = "inside the lock; a unit is a dependent addition in a loop: selfcheck/work" }
#define KB_PARAM_THINK \
	{ .name = "think", .unit = "work units", .def = 0, .min = 0, .max = 1000000, \
	  .help = "pause between two ops, outside the lock; units as in cs" }

/** For reader-writer benches, whose ops ask kb_reads(); the other ops take the write side. */
#define KB_PARAM_READERS \
	{ .name = "readers", .unit = "percent", .def = KB_ALL, .min = 0, .max = KB_ALL, \
	  .help = "share of the ops that read; the others write" }

#endif /* _KBENCH_DESCRIBE_H */
