/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The interface between kbench's BPF programs and the agent, which runs them: variables of the
 * programs that the agent maps, and what stands in the ELF sections of a suite's object.
 *
 * For each bench of a suite there are two programs, by the context that their ops run in:
 * kb_process_NAME (section "syscall") and kb_atomic_NAME (section "raw_tp"). A run of one is a
 * batch on the CPU that it runs on, whose worker is kb_workers[CPU].
 */
#ifndef _UAPI_KBENCH_BPF_H
#define _UAPI_KBENCH_BPF_H

#include "kbench.h"

/** CPU numbers are below this; a power of two. */
#define KB_BPF_CPUS		1024

/** Copies of the op in one iteration of the timed loop: its callback costs some 16 ns. */
#define KB_BPF_UNROLL		64

/** Most iterations of a loop in the kernel (BPF_MAX_LOOPS). */
#define KB_BPF_MAX_ITERATIONS	(8U << 20)

/** Kernel functions that one bench can need. */
#define KB_BPF_MAX_NEEDS	2

/** Parameters that make ops wait or choose, which programs cannot: they keep their defaults. */
#define KB_BPF_FIXED_PARAMS	"cs", "think", "readers"

/**
 * struct kb_bpf_bench_desc - begin of every entry in the section ".kbench.bench" of a BPF object
 * @needs:      kernel functions (kfuncs) that its op calls, or empty: a kernel may lack them
 * @ring_bytes: bytes of the object's ring buffer that an op takes, which the agent empties after
 *              each batch; 0: it uses none
 */
struct kb_bpf_bench_desc {
	KBENCH_BENCH_DESC_MEMBERS
	char	needs[KB_BPF_MAX_NEEDS][KBENCH_NAME_LEN];
	__u64	ring_bytes;
};

/**
 * struct kb_bpf_worker - a worker, in the array kb_workers of section ".bss", by its CPU
 * @index:      in: as in struct kb, as the following ones
 * @iterations: in: of the batch; each has KB_BPF_UNROLL ops; 0: set up only
 * @param:      in: parameter values in the bench's order
 * @start_ns:   out: CLOCK_MONOTONIC at its begin
 * @end_ns:     out: and at its end
 * @cpu_start:  out: CPU at its begin
 * @cpu_end:    out: and at its end
 * @failed:     out: an op failed
 * @left_out:   out: the batch does not count: an op waited in vain, or found no room
 * @error:      out: 0, or what setup returned, negative; then nothing was timed
 */
struct kb_bpf_worker {
	__u32	index;
	__u32	cpu;
	__u32	next_cpu;
	__u32	nr_workers;
	__u32	context;
	__u32	iterations;
	__s64	param[KBENCH_MAX_PARAMS];
	__u64	start_ns;
	__u64	end_ns;
	__u32	cpu_start;
	__u32	cpu_end;
	__s32	failed;
	__s32	left_out;
	__s32	error;
} __attribute__((aligned(256)));

#endif /* _UAPI_KBENCH_BPF_H */
