/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent tells of the machine, the kernel and the environment: one facts record. */
#ifndef KB_AGENT_FACTS_H
#define KB_AGENT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../kbench/uapi/kbench.h"
#include "emit.h"

/**
 * facts_emit() - the facts record, with the member names of the result file
 * @root: what /proc and /sys of the environment stand below: "", or a directory made by a test
 * @info: of the device, or NULL when there is none
 */
void facts_emit(struct emit *emit, const char *root, const struct kbench_info *info);

/* The parts of it: each adds one object to the record. */
void facts_machine(struct emit *emit);
void facts_kernel(struct emit *emit);
void facts_environment(struct emit *emit, const char *root, const struct kbench_info *info);

/** facts_config() - the object "config": options that change what primitives cost */
void facts_config(struct emit *emit, const char *release);

/** facts_hypervisor() - who runs this machine, "" when nobody says so */
void facts_hypervisor(char *name, size_t size);

/** facts_cpu_model() - name of the CPU; several are joined with " + " */
void facts_cpu_model(char *name, size_t size);

/* Members of the environment; what the machine does not tell is left out. */

/** facts_frequency() - the array "frequency": an entry for all CPUs with equal settings */
void facts_frequency(struct emit *emit, const char *root);

/** facts_thermal() - "hottest", "firmware_throttled", "under_voltage" */
void facts_thermal(struct emit *emit, const char *root);

/** facts_throttles() - how often the CPUs were slowed down since boot. Return: false: unknown */
bool facts_throttles(const char *root, uint64_t *count);

/** facts_load() - the object "load": what others do; watches the machine for a fifth of a second */
void facts_load(struct emit *emit, const char *root);

/**
 * struct facts_during - how things stood when the cases began
 * @begun: facts_during_begin() was called; all 0 before
 * @all, @steal: time of all CPUs, and what a hypervisor took of it, in clock ticks
 */
struct facts_during {
	bool		begun;
	const char	*root;
	uint64_t	begin_ns;
	uint64_t	all;
	uint64_t	steal;
	uint64_t	throttles;
	bool		throttles_known;
};

void facts_during_begin(struct facts_during *during, const char *root);

/** facts_during_emit() - the record "during": what happened since; nothing if it never began */
void facts_during_emit(const struct facts_during *during, struct emit *emit);

#endif
