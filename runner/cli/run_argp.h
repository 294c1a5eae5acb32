/* SPDX-License-Identifier: GPL-2.0 */
/* The options of kbench run and of the commands that measure as it does: their names and texts. */
#ifndef KB_RUN_ARGP_H
#define KB_RUN_ARGP_H

#include <argp.h>

/* Keys of options that have no letter. */
enum {
	OPT_CPU_LIST = 256,
	OPT_PLACEMENT,
	OPT_TARGET,
	OPT_BACKEND,
	OPT_ACCEL,
	OPT_MACHINE,
	OPT_SEED,
	OPT_BOOTS,
	OPT_UNTIL,
	OPT_RESUME,
	OPT_TIME,
	OPT_SAMPLES,
	OPT_CONTEXT,
	OPT_COUNTERS,
	OPT_PERF,
	OPT_SUITE,
	OPT_LATENCY,
	OPT_DEADLINE,
	OPT_JSON,
	OPT_PLOT,
	OPT_NO_PLOT,
};

/** kb_run_options_take() - their parser, in options.c; input: its struct parser */
error_t kb_run_options_take(int key, char *arg, struct argp_state *state);

#endif
