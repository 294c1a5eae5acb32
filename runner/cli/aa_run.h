/* SPDX-License-Identifier: GPL-2.0 */
/* kbench aa of suites: boots of one kernel, measured now. */
#ifndef KB_AA_RUN_H
#define KB_AA_RUN_H

#include <jansson.h>
#include <stdbool.h>

#include "same_kernel.h"

/**
 * kb_aa_judge() - what boots of one kernel say, printed
 * @print: the table, unless @json
 * Return: 0, or -1 with @err: too few boots, or counted instructions
 */
int kb_aa_judge(const json_t *result, bool json,
		int (*print)(const struct kb_same_kernel *same, const json_t *result),
		struct kb_error *err);

/** kb_aa_run() - suites and options of kbench run in @argv. Return: exit code; all is printed */
int kb_aa_run(int argc, char **argv);

#endif
