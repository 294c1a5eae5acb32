/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent tells of the machine, the kernel and the environment: one facts record. */
#ifndef KB_AGENT_FACTS_H
#define KB_AGENT_FACTS_H

#include <stddef.h>

#include "../../kbench/uapi/kbench.h"
#include "emit.h"

/**
 * facts_emit() - the facts record, with the member names of the result file
 * @info: of the device, or NULL when there is none
 */
void facts_emit(struct emit *emit, const struct kbench_info *info);

/* The parts of it: each adds one object to the record. */
void facts_machine(struct emit *emit);
void facts_kernel(struct emit *emit);

/** facts_config() - the object "config": options that change what primitives cost */
void facts_config(struct emit *emit, const char *release);

/** facts_hypervisor() - who runs this machine, "" when nobody says so */
void facts_hypervisor(char *name, size_t size);

/** facts_cpu_model() - name of the CPU; several are joined with " + " */
void facts_cpu_model(char *name, size_t size);

#endif
