/* SPDX-License-Identifier: GPL-2.0 */
/* The option --machine, and what it goes together with. */
#ifndef KB_MACHINE_OPTION_H
#define KB_MACHINE_OPTION_H

#include "error.h"
#include "options.h"

/** kb_set_machine() - the board called @name; 0 or -1 with @err */
int kb_set_machine(struct kb_run_options *options, const char *name, struct kb_error *err);

/** kb_settle_machine() - what the board that is set means for options that were left open */
void kb_settle_machine(struct kb_run_options *options);

/** kb_check_machine() - whether all other options fit the board that is set; 0 or -1 with @err */
int kb_check_machine(const struct kb_run_options *options, struct kb_error *err);

#endif
