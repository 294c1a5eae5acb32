/* SPDX-License-Identifier: GPL-2.0 */
/* How often each kernel of a run boots, and with which seeds. */
#ifndef KB_BOOTS_H
#define KB_BOOTS_H

#include "options.h"

/** kb_boots_parse() - the value of --boots; 0 or -1 with KB_EXIT_USAGE */
int kb_boots_parse(unsigned int *boots, const char *text, struct kb_error *err);

/**
 * kb_boots_settle() - what --boots, --seed and --accel mean together
 *
 * Where instructions are counted boot k has seed k, so that boots repeat. Elsewhere a seed gives
 * the order of several kernels' boots. Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_boots_settle(struct kb_run_options *options, struct kb_error *err);

#endif
