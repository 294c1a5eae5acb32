/* SPDX-License-Identifier: GPL-2.0 */
/* Perf counters by name: what --counters takes, and the event that each stands for. */
#ifndef KB_COUNTERS_H
#define KB_COUNTERS_H

#include <stdint.h>

#include "../../kbench/uapi/kbench.h"
#include "error.h"

#define KB_COUNTER_NAME_LEN	32	/* with the 0 */

/** struct kb_counter - one counter; @type and @config are those of struct perf_event_attr */
struct kb_counter {
	char		name[KB_COUNTER_NAME_LEN];
	uint32_t	type;
	uint64_t	config;
};

/** struct kb_counters - what to count beside the time, in the order in which it was asked for */
struct kb_counters {
	struct kb_counter	list[KBENCH_MAX_COUNTERS];
	unsigned int		nr;
};

/**
 * kb_counters_parse() - add "cycles,cache-misses,r01c2" to @counters
 *
 * Names are those of `perf list`: hardware, cache and software events; raw events are r and up to
 * 16 hexadecimal digits. Whether the machine has them shows only there.
 * Return: 0, or -1 with @err: unknown (the near match is named), given twice, or too many.
 */
int kb_counters_parse(struct kb_counters *counters, const char *text, struct kb_error *err);

#endif
