/* SPDX-License-Identifier: GPL-2.0 */
/* One session of the agent: load the plan's modules, run its cases, unload. */
#ifndef KB_AGENT_SESSION_H
#define KB_AGENT_SESSION_H

#include <stdbool.h>

#include "backend.h"
#include "emit.h"
#include "kmsg.h"
#include "modules.h"
#include "plan.h"
#include "stop.h"

/**
 * struct session_module - a module line of the plan
 * @file:   points into the plan
 * @ours:   loaded by us, so unloaded by us
 * @reason: why it is not loaded, or NULL
 */
struct session_module {
	const char	*file;
	bool		ours;
	char		*reason;
};

/**
 * struct session - what the parts of a session share; main() owns what the pointers name
 * @perf_place: for the files of perf
 * @modules: as far as they were tried, @nr_modules of them
 */
struct session {
	struct emit		*emit;
	struct stop		*stop;
	struct kmsg		*kmsg;
	const struct plan	*plan;
	const char		*module_dir;
	const struct perf_place	*perf_place;
	struct backend		backend;
	struct session_module	*modules;
	size_t			nr_modules;
};

/**
 * session_run() - all records from the first module to the last case, or the fatal error
 * Everything is closed and unloaded when it returns. Return: 0, or -1 after an error record.
 */
int session_run(struct session *session);

/* counts.c: what a case's perf counters counted */

/**
 * emit_counts() - a record for each counter that the machine has, of one worker in one phase
 * After the samples record of the same worker and phase, whose columns these continue.
 */
void emit_counts(struct emit *emit, unsigned int id, const struct kbench_map_header *header,
		 uint32_t worker, uint32_t phase);

/** emit_counter_errors() - in the case record: why each counter is missing, or "" */
void emit_counter_errors(struct emit *emit, const struct kbench_map_header *header);

/**
 * counts_hold() - where cases of @plan have perf counters, keep one of our own for the session
 *
 * The kernel's scheduler is patched when the first counter comes and when the last has gone, while
 * CPUs run: once for all cases, not with each. Return: a descriptor to close, or -1
 */
int counts_hold(const struct plan *plan);

/* latency.c: how long single ops took */

/** latency_is_whole() - whether each worker has timed an op of each phase */
bool latency_is_whole(const struct kbench_map_header *header);

/**
 * emit_latencies() - a record for each worker and phase, and for each worker's clock
 * Return: number of records
 */
unsigned int emit_latencies(struct emit *emit, unsigned int id,
			    const struct kbench_map_header *header);

/* case.c: one case */

/**
 * case_run() - set up @kase, run it, send its samples and its case record
 * @skip: a reason not to run it, or NULL
 * Return: 0, or -1 after an error record: the session is over
 */
int case_run(struct session *session, const struct plan_case *kase, const char *skip);

#endif
