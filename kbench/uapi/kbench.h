/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The interface between the kbench core module and user space: /dev/kbench.
 *
 * One open file is one session, and a session holds at most one case. The calls of a session
 * are INFO and LIST at any time, then SETUP, RUN as often as wanted, mmap() to read the samples,
 * and the next SETUP or close(). close() cancels and frees everything whatever the state.
 *
 * Every struct starts with its own size in bytes, as the caller knows it. The kernel accepts
 * shorter ones (missing members read as 0) and longer ones whose tail is 0. Errors common to all
 * commands: ENOTTY unknown command, EINVAL size too small or unknown flag, E2BIG nonzero tail,
 * EFAULT bad pointer, EPERM caller lacks CAP_SYS_ADMIN, EBUSY another command is at work in this
 * session. All integers are native endian; there are no holes; pointers travel as __u64.
 */
#ifndef _UAPI_KBENCH_H
#define _UAPI_KBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

/** Version of this interface. A different number means: do not talk to each other. */
#define KBENCH_ABI		3

/** Release of the module and of the runner built beside it. */
#define KBENCH_VERSION		"0.1.0"

#define KBENCH_DEVICE		"/dev/kbench"

#define KBENCH_NAME_LEN		32	/* suite, bench, parameter and phase names, with the 0 */
#define KBENCH_UNIT_LEN		16	/* a parameter's unit, with the 0 */
#define KBENCH_HELP_LEN		128	/* one line of help, with the 0 */
#define KBENCH_REASON_LEN	160	/* why a case was skipped or failed, with the 0 */
#define KBENCH_MAX_PARAMS	8	/* parameters of one bench */
#define KBENCH_MAX_PHASES	2	/* phases of one bench */
#define KBENCH_MAX_COUNTERS	8	/* perf counters of one case */

/**
 * How a timed loop runs. KBENCH_CTX_ATOMIC is preemption off; on PREEMPT_RT it is process
 * context with migration disabled, so that sleeping spinlocks run there too.
 */
enum kbench_context {
	KBENCH_CTX_DEFAULT	= 0,	/* in SETUP: what the bench declares */
	KBENCH_CTX_PROCESS	= 1,
	KBENCH_CTX_ATOMIC	= 2,
	KBENCH_CTX_BH_OFF	= 3,
	KBENCH_CTX_IRQ_OFF	= 4,
};

/**
 * struct kbench_param_desc - a parameter that a bench takes
 * @name: as in --param NAME=VALUE
 * @unit: what the value counts ("bytes"); empty for a plain number
 * @help: one line
 * @def:  value when the user gives none
 * @min:  smallest value allowed
 * @max:  largest value allowed
 */
struct kbench_param_desc {
	char	name[KBENCH_NAME_LEN];
	char	unit[KBENCH_UNIT_LEN];
	char	help[KBENCH_HELP_LEN];
	__s64	def;
	__s64	min;
	__s64	max;
};

/** Bench flags, in kbench_bench_desc.flags */
#define KBENCH_BENCH_INDIRECT	(1U << 0)	/* the op itself makes an indirect call */
#define KBENCH_BENCH_BROKEN	(1U << 1)	/* broken on purpose: runs only when named */
#define KBENCH_BENCH_DEPENDENT	(1U << 2)	/* each op needs the previous op's result */
/** Two workers that talk to each other: the runner makes a case of every pair of the CPUs */
#define KBENCH_BENCH_PAIRS	(1U << 3)

/**
 * struct kbench_bench_desc - what a bench is, without code
 * @suite:     name of its suite (empty in the ELF section, where the suite is beside it)
 * @name:      name of the bench
 * @help:      one line: what it times
 * @flags:     KBENCH_BENCH_*
 * @context:   enum kbench_context, never KBENCH_CTX_DEFAULT
 * @max_cpus:  most workers it can have; 0 is no limit
 * @min_cpus:  fewest workers it makes sense with; 0 means 1; both are 2 with KBENCH_BENCH_PAIRS
 * @nr_params: how many of @params are in use
 * @nr_phases: 0 when the op is timed as one, else how many of @phases are in use
 * @contexts:  1 << enum kbench_context for each context that it may be made to run in, beside its
 *             own and process context
 * @reserved:  0
 * @phases:    names of the phases, timed apart
 * @params:    the parameters
 *
 * This is what LIST returns. It is also the begin of every entry in the ELF section
 * ".kbench.bench" of a suite module (struct kbench_suite_desc has the stride), so that the runner
 * can list a suite that is not loaded. It holds no pointers for that reason. The members are a
 * macro because the kernel's struct kbench_bench has them as its own.
 */
#define KBENCH_BENCH_DESC_MEMBERS \
	char	suite[KBENCH_NAME_LEN]; \
	char	name[KBENCH_NAME_LEN]; \
	char	help[KBENCH_HELP_LEN]; \
	__u32	flags; \
	__u32	context; \
	__u32	max_cpus; \
	__u32	min_cpus; \
	__u32	nr_params; \
	__u32	nr_phases; \
	__u32	contexts; \
	__u32	reserved; \
	char	phases[KBENCH_MAX_PHASES][KBENCH_NAME_LEN]; \
	struct kbench_param_desc params[KBENCH_MAX_PARAMS];

struct kbench_bench_desc {
	KBENCH_BENCH_DESC_MEMBERS
};

/** KBENCH_CONTEXTS() - what a bench may run in: its own context, process context, those it names */
#define KBENCH_CONTEXTS(desc) \
	((desc)->contexts | (1U << (desc)->context) | (1U << KBENCH_CTX_PROCESS))

/**
 * struct kbench_suite_desc - what a suite is; ELF section ".kbench.suite", exactly one
 * @bench_size: bytes from one entry of section ".kbench.bench" to the next
 * @abi:        KBENCH_ABI
 */
struct kbench_suite_desc {
	char	name[KBENCH_NAME_LEN];
	char	help[KBENCH_HELP_LEN];
	__u32	bench_size;
	__u32	abi;
};

/** kbench_info.flags */
#define KBENCH_INFO_RT			(1U << 0)	/* PREEMPT_RT kernel */
#define KBENCH_INFO_CLOCK_UNSTABLE	(1U << 1)	/* the kernel distrusts the counter */
#define KBENCH_INFO_DEBUG_KERNEL	(1U << 2)	/* lockdep, KASAN: distorted figures */

/**
 * struct kbench_info - KBENCH_IOC_INFO, what is loaded
 * @size:        in: sizeof of this struct
 * @abi:         out: KBENCH_ABI of the module
 * @version:     out: KBENCH_VERSION of the module
 * @clock:       out: name of the counter that times batches ("tsc", "cntvct", "ktime")
 * @flags:       out: KBENCH_INFO_*
 * @nr_cpu_ids:  out: CPU numbers are below this
 * @nr_benches:  out: benches registered now
 * @sample_size: out: sizeof(struct kbench_sample) in the module
 */
struct kbench_info {
	__u32	size;
	__u32	abi;
	char	version[KBENCH_NAME_LEN];
	char	clock[KBENCH_UNIT_LEN];
	__u32	flags;
	__u32	nr_cpu_ids;
	__u32	nr_benches;
	__u32	sample_size;
};

/**
 * struct kbench_list - KBENCH_IOC_LIST, one registered bench
 * @size:     in: sizeof of this struct
 * @index:    in: 0, 1, 2, ...; ENOENT past the last
 * @buf:      in: pointer to a struct kbench_bench_desc
 * @buf_size: in: its size; a shorter buffer gets the leading bytes
 * @flags:    in: 0
 */
struct kbench_list {
	__u32	size;
	__u32	index;
	__u64	buf;
	__u32	buf_size;
	__u32	flags;
};

/** kbench_setup.flags */
#define KBENCH_SETUP_LATENCY	(1U << 0)	/* histograms for RUNs with KBENCH_RUN_LATENCY */

/** struct kbench_param_value - a parameter given in SETUP; those not given take their default */
struct kbench_param_value {
	char	name[KBENCH_NAME_LEN];
	__s64	value;
};

/**
 * struct kbench_counter - a perf event to count beside the time
 * @type:     as in struct perf_event_attr (PERF_TYPE_HARDWARE, ...)
 * @reserved: 0
 * @config:   as in struct perf_event_attr
 */
struct kbench_counter {
	__u32	type;
	__u32	reserved;
	__u64	config;
};

/**
 * struct kbench_setup - KBENCH_IOC_SETUP, prepare one case
 * @size:        in: sizeof of this struct
 * @flags:       in: KBENCH_SETUP_*
 * @suite:       in: suite name
 * @bench:       in: bench name
 * @context:     in: enum kbench_context
 * @nr_cpus:     in: number of workers, one a CPU, at least 1
 * @cpus:        in: pointer to @nr_cpus __u32 CPU numbers, all different
 * @params:      in: pointer to @nr_params struct kbench_param_value
 * @nr_params:   in: at most KBENCH_MAX_PARAMS
 * @max_samples: in: samples kept per worker and phase, 4 to 65536
 * @counters:    in: pointer to @nr_counters struct kbench_counter. Those that this machine does not
 *               have fail nothing: see kbench_map_header.counter_errors
 * @nr_counters: in: at most KBENCH_MAX_COUNTERS
 * @reserved:    in: 0
 * @map_size:    out: bytes to mmap at offset 0
 * @reason:      out: on failure one line for the user, else empty
 *
 * A case that was set up before in this session is torn down first. Errors beside the common
 * ones: ENOENT no such suite or bench (or parameter), ERANGE parameter out of range, ENODEV a CPU
 * is not online, EOPNOTSUPP the bench cannot run on this kernel or in this context (@reason says
 * why: to be reported as skipped), ENOMEM, or what the bench's setup returned.
 */
struct kbench_setup {
	__u32	size;
	__u32	flags;
	char	suite[KBENCH_NAME_LEN];
	char	bench[KBENCH_NAME_LEN];
	__u32	context;
	__u32	nr_cpus;
	__u64	cpus;
	__u64	params;
	__u32	nr_params;
	__u32	max_samples;
	__u64	counters;
	__u32	nr_counters;
	__u32	reserved;
	__u64	map_size;
	char	reason[KBENCH_REASON_LEN];
};

/** kbench_run.result_flags, and 0 for a round without complaint */
#define KBENCH_RUN_SLEPT	(1U << 0)	/* an op slept in a context that forbids it */
#define KBENCH_RUN_LEAKED	(1U << 1)	/* memory in use grew past the cap */
#define KBENCH_RUN_OVERRAN	(1U << 2)	/* an op did not end before the deadline */
#define KBENCH_RUN_STUCK	(1U << 3)	/* a worker ignores the stop: its CPU is lost */
#define KBENCH_RUN_UNBALANCED	(1U << 4)	/* an op left preemption or interrupts changed */
#define KBENCH_RUN_OP_FAILED	(1U << 5)	/* an op called kb_fail() */
#define KBENCH_RUN_FEW_SAMPLES	(1U << 6)	/* the deadline came too early for some worker */
#define KBENCH_RUN_CPU_GONE	(1U << 7)	/* a CPU of the case went offline */

/** The result_flags that make a case failed; the others are labels. */
#define KBENCH_RUN_FATAL \
	(KBENCH_RUN_SLEPT | KBENCH_RUN_LEAKED | KBENCH_RUN_OVERRAN | KBENCH_RUN_STUCK | \
	 KBENCH_RUN_UNBALANCED | KBENCH_RUN_OP_FAILED | KBENCH_RUN_CPU_GONE)

/** kbench_run.flags */
#define KBENCH_RUN_CALIBRATE	(1U << 0)	/* find the batch length; the first RUN must */
#define KBENCH_RUN_LATENCY	(1U << 1)	/* time single ops into the histograms */

/**
 * struct kbench_run - KBENCH_IOC_RUN, one bounded, interruptible round
 * @size:         in: sizeof of this struct
 * @flags:        in: KBENCH_RUN_CALIBRATE, KBENCH_RUN_LATENCY or 0
 * @duration_ns:  in: the workers go on at least this long, or until their samples are full
 * @deadline_ns:  in: and at most this long, calibration included; 1 ms to 1 h
 * @batch_ns:     in: length wanted for the shorter batch, 1 us to 1 s; 0 lets the module choose
 * @min_samples:  in: samples that each worker and phase must have before @duration_ns counts; with
 *                KBENCH_RUN_LATENCY: ops
 * @result_flags: out: KBENCH_RUN_*
 * @batch_ops:    out: ops of the shorter batch; the longer has twice as many
 * @reason:       out: with a fatal result flag one line that names the cause
 *
 * Samples of an earlier RUN of the case are replaced. With KBENCH_RUN_LATENCY no samples are taken:
 * those of the last RUN without it stay, and the histograms are filled anew. EINTR when a signal
 * came: the workers have stopped and the samples so far can be read. ENXIO before SETUP. EINVAL
 * without KBENCH_RUN_CALIBRATE in the first round, and with KBENCH_RUN_LATENCY where SETUP had not
 * KBENCH_SETUP_LATENCY. After KBENCH_RUN_STUCK SETUP and RUN give EIO.
 */
struct kbench_run {
	__u32	size;
	__u32	flags;
	__u64	duration_ns;
	__u64	deadline_ns;
	__u64	batch_ns;
	__u32	min_samples;
	__u32	result_flags;
	__u64	batch_ops;
	char	reason[KBENCH_REASON_LEN];
};

/** Flags of one sample */
#define KBENCH_SAMPLE_MIGRATED	(1U << 0)	/* began and ended on different CPUs */
#define KBENCH_SAMPLE_LONG_OFF	(1U << 1)	/* interrupts were off for more than 10 ms */
#define KBENCH_SAMPLE_OUTSIDE	(1U << 2)	/* not all workers were active during the batch */
#define KBENCH_SAMPLE_SLEPT	(1U << 3)	/* the worker slept in an atomic batch */
#define KBENCH_SAMPLE_DOUBLE	(1U << 4)	/* the batch of twice the length */
#define KBENCH_SAMPLE_RESCHED	(1U << 5)	/* the worker was preempted during the batch */
#define KBENCH_SAMPLE_IRQ	(1U << 6)	/* its CPU took an interrupt during the batch */

/**
 * struct kbench_sample - one timed batch on one worker
 * @value:     the whole batch in counter ticks (see kbench_map_header for the scale)
 * @ops:       how many ops the batch had
 * @start_ns:  CLOCK_MONOTONIC at its begin, in ns, read outside the timed region
 * @end_ns:    and at its end
 * @cpu_start: CPU at its begin
 * @cpu_end:   CPU at its end
 * @flags:     KBENCH_SAMPLE_*
 * @phase:     0 or the index of the phase
 */
struct kbench_sample {
	__u64	value;
	__u64	ops;
	__u64	start_ns;
	__u64	end_ns;
	__u32	cpu_start;
	__u32	cpu_end;
	__u32	flags;
	__u32	phase;
};

/*
 * Latencies of single ops are counted in buckets of counter ticks. Below 2^(SUB_BITS + 1) ticks
 * each value has its own; above, each power of two is cut into 2^SUB_BITS buckets of equal width.
 * A bucket's width is so at most 1/64 of its values, and its middle within 0.8 % of each. What
 * lasted 2^BITS ticks or longer is in no bucket: that is 10 s for any counter below 6.8 GHz.
 */
#define KBENCH_HISTOGRAM_SUB_BITS	6
#define KBENCH_HISTOGRAM_BITS		36
#define KBENCH_HISTOGRAM_BUCKETS \
	((KBENCH_HISTOGRAM_BITS - KBENCH_HISTOGRAM_SUB_BITS + 1) << KBENCH_HISTOGRAM_SUB_BITS)

/** kbench_histogram_index() - the bucket of @ticks, which is below 2^KBENCH_HISTOGRAM_BITS */
static __inline__ __u32 kbench_histogram_index(__u64 ticks)
{
	const __u64 ones = (2U << KBENCH_HISTOGRAM_SUB_BITS) - 1;
	unsigned int shift = 63 - KBENCH_HISTOGRAM_SUB_BITS -
			     (unsigned int)__builtin_clzll(ticks | ones);

	return (shift << KBENCH_HISTOGRAM_SUB_BITS) + (__u32)(ticks >> shift);
}

/**
 * struct kbench_histogram - how long a worker's ops took, each timed alone
 * @beyond:   ops of 2^KBENCH_HISTOGRAM_BITS ticks and more: in no bucket, yet in @max
 * @backward: ops during which the counter went backwards: in no bucket
 * @max:      ticks of the slowest op, exact
 * @max_at:   the counter when that op began
 * @buckets:  ops by kbench_histogram_index() of their ticks
 *
 * Counted are the ops that began in the round's common window. Their ticks include what reading
 * the counter twice costs.
 */
struct kbench_histogram {
	__u64	beyond;
	__u64	backward;
	__u64	max;
	__u64	max_at;
	__u64	buckets[KBENCH_HISTOGRAM_BUCKETS];
};

/**
 * struct kbench_count - what a perf event on the worker's CPU counted during one sample
 * @value:   events between two readings, one before and one after the batch, both outside of its
 *           timed region: what the readings and the entry into the context cost is in it, the same
 *           in batches of both lengths
 * @enabled: ns between the readings
 * @running: ns of these in which the event had a hardware counter. Less than @enabled: it shared
 *           one with other events, and @value is only what it saw
 */
struct kbench_count {
	__u64	value;
	__u64	enabled;
	__u64	running;
};

/**
 * struct kbench_map_worker - where a worker's samples are
 * @offset:     byte offset in the map of its struct kbench_sample array
 * @counts:     byte offset of its struct kbench_count array: for each sample one for each counter
 *              of the case, in SETUP's order
 * @histograms: byte offset of its struct kbench_histogram, kbench_map_header.histogram_size apart:
 *              one for each phase, then that of reading the counter with no op between, in the
 *              same context. 0: SETUP had not KBENCH_SETUP_LATENCY.
 * @total_ops:  ops done inside the common window, sampled or not
 * @cpu:        the CPU that it is bound to
 * @nr_samples: samples written in the last RUN
 */
struct kbench_map_worker {
	__u64	offset;
	__u64	counts;
	__u64	histograms;
	__u64	total_ops;
	__u32	cpu;
	__u32	nr_samples;
};

/**
 * struct kbench_map_header - the begin of the mapped memory, read-only for user space
 *
 * Times are those of the last RUN.
 *
 * @header_size:   sizeof of this struct; the workers' entries follow it
 * @sample_size:   sizeof(struct kbench_sample): the stride of the arrays
 * @nr_workers:    number of struct kbench_map_worker entries
 * @nr_phases:     at least 1
 * @histogram_size: bytes from one of a worker's histograms to the next
 * @worker_bytes:  most memory that the harness takes for each worker: its record, samples, counts,
 *                 histograms and the slots of a phased bench. What ops hold is beside it.
 * @ticks_begin:   counter at the begin of the round, on the CPU that ran RUN
 * @ticks_end:     and at its end
 * @ns_begin:      CLOCK_MONOTONIC beside @ticks_begin
 * @ns_end:        and beside @ticks_end; ns per tick = (ns_end - ns_begin) / (ticks_end - ...)
 * @window_begin:  CLOCK_MONOTONIC ns from which on all workers were active
 * @window_end:    and until which
 * @rounds:        number of RUNs of this case so far
 * @nr_counters:   as in SETUP
 * @count_size:    sizeof(struct kbench_count)
 * @counter_errors: per counter 0, or the errno for which some worker cannot count it; then its
 *                 counts are to be ignored. ENOENT, EOPNOTSUPP, ENODEV: the CPU has no such event;
 *                 ENOSYS: the kernel is built without perf events
 */
struct kbench_map_header {
	__u32	header_size;
	__u32	sample_size;
	__u32	nr_workers;
	__u32	nr_phases;
	__u64	histogram_size;
	__u64	worker_bytes;
	__u64	ticks_begin;
	__u64	ticks_end;
	__u64	ns_begin;
	__u64	ns_end;
	__u64	window_begin;
	__u64	window_end;
	__u64	rounds;
	__u32	nr_counters;
	__u32	count_size;
	__u32	counter_errors[KBENCH_MAX_COUNTERS];
};

#define KBENCH_IOC_MAGIC	0xB7
#define KBENCH_IOC_INFO		_IOWR(KBENCH_IOC_MAGIC, 0, struct kbench_info)
#define KBENCH_IOC_LIST		_IOWR(KBENCH_IOC_MAGIC, 1, struct kbench_list)
#define KBENCH_IOC_SETUP	_IOWR(KBENCH_IOC_MAGIC, 2, struct kbench_setup)
#define KBENCH_IOC_RUN		_IOWR(KBENCH_IOC_MAGIC, 3, struct kbench_run)

#endif /* _UAPI_KBENCH_H */
