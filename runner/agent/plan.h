/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plan, as text: what to load and which cases to run. One item a line, words separated by one
 * blank, lines end in a newline:
 *
 *	kbench-plan 1
 *	backend bpf			what times; the module, where this line is missing
 *	module kbench.ko		file names in the module directory, loaded in this order
 *	module kbench_locks.ko
 *	case 7				the runner's number of the case; its lines up to "end"
 *	suite locks
 *	bench spin_lock
 *	context 0			number of enum kbench_context
 *	cpus 0,1,2,3			one worker on each
 *	param cs 0			any number of these; those not given take their default
 *	counter 0 3			type and config of a struct kbench_counter; up to 8
 *	duration_ns 100000000		as in struct kbench_run
 *	deadline_ns 10000000000
 *	batch_ns 0
 *	samples 32			struct kbench_setup.max_samples
 *	min_samples 4
 *	latency 1			time single ops too; 0 where the line is missing
 *	end
 *	symbols			tell the kernel's and its modules' symbols after the cases
 *	perf record		have the perf tool look at each case: record, stat, c2c or lock
 *	go
 *
 * Lines of a case may come in any order; suite, bench, cpus and deadline_ns must be there. An
 * unknown line makes the whole plan invalid. What follows "go" is not read.
 */
#ifndef KB_AGENT_PLAN_H
#define KB_AGENT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../kbench/uapi/kbench.h"
#include "perf.h"

/** struct plan_case - one case, in the units of the device's structs */
struct plan_case {
	unsigned int			id;
	char				suite[KBENCH_NAME_LEN];
	char				bench[KBENCH_NAME_LEN];
	uint32_t			context;
	uint32_t			*cpus;
	uint32_t			nr_cpus;
	struct kbench_param_value	params[KBENCH_MAX_PARAMS];
	uint32_t			nr_params;
	struct kbench_counter		counters[KBENCH_MAX_COUNTERS];
	uint32_t			nr_counters;
	uint64_t			duration_ns;
	uint64_t			deadline_ns;
	uint64_t			batch_ns;
	uint32_t			samples;
	uint32_t			min_samples;
	bool				latency;
};

/**
 * struct plan - modules and cases in the order of the text
 * @bpf: BPF programs time, not the module
 * @symbols: send what functions are called, while the modules are loaded
 * @perf:    how perf is to look at the cases; NULL: not at all
 */
struct plan {
	bool			bpf;
	bool			symbols;
	const struct perf_kind	*perf;
	char			**modules;
	size_t			nr_modules;
	struct plan_case	*cases;
	size_t			nr_cases;
};

/**
 * plan_read() - read @fd up to "go"
 * @error: on failure one line that says what is wrong
 *
 * Gives up when nothing comes for a minute. Return: 0 or -1. plan_free() is due in both cases.
 */
int plan_read(struct plan *plan, int fd, char *error, size_t size);
void plan_free(struct plan *plan);

#endif
