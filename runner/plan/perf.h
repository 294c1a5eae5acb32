/* SPDX-License-Identifier: GPL-2.0 */
/* What the perf tool may be asked for beside the cases: what --perf takes. */
#ifndef KB_PERF_H
#define KB_PERF_H

#include "error.h"

/**
 * struct kb_perf - one use of perf
 * @name:     "record", "stat", "c2c", "lock": of --perf, of the agent's plan and of the result
 * @counters: what is counted instead where perf cannot go, as --counters takes it
 */
struct kb_perf {
	const char	*name;
	const char	*counters;
};

/** kb_perf_parse() - by name; 0, or -1 with @err and KB_EXIT_USAGE */
int kb_perf_parse(const struct kb_perf **perf, const char *name, struct kb_error *err);

#endif
