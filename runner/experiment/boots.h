/* SPDX-License-Identifier: GPL-2.0 */
/* How often each kernel of a run boots, and with which seeds. */
#ifndef KB_BOOTS_H
#define KB_BOOTS_H

#include "options.h"

/** Boots that --until measures before it looks how precise they are, and its cap by default. */
#define KB_UNTIL_LEAST	6
#define KB_UNTIL_MOST	30

/** kb_boots_parse() - the value of --boots; 0 or -1 with KB_EXIT_USAGE */
int kb_boots_parse(unsigned int *boots, const char *text, struct kb_error *err);

/** kb_until_parse() - the value of --until, a percentage, as a part; 0 or -1 with KB_EXIT_USAGE */
int kb_until_parse(double *until, const char *text, struct kb_error *err);

/**
 * kb_boots_settle() - what --boots, --until, --seed and --accel mean together
 *
 * Where instructions are counted boot k has seed k, so that boots repeat. Elsewhere a seed gives
 * the order of several kernels' boots. Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_boots_settle(struct kb_run_options *options, struct kb_error *err);

#endif
