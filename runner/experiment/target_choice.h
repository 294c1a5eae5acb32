/* SPDX-License-Identifier: GPL-2.0 */
/* The value of --target, and what does not go together with it. */
#ifndef KB_TARGET_CHOICE_H
#define KB_TARGET_CHOICE_H

#include "options.h"

/** kb_target_parse() - "auto", "host", "vm", "ssh:MACHINE,ssh:MACHINE"; 0 or -1: KB_EXIT_USAGE */
int kb_target_parse(struct kb_run_options *options, const char *text, struct kb_error *err);

/** kb_target_check() - whether the other options have a meaning there; 0 or -1: KB_EXIT_USAGE */
int kb_target_check(const struct kb_run_options *options, struct kb_error *err);

/** kb_target_count() - how many kernels or machines are measured: each is a job */
size_t kb_target_count(const struct kb_run_options *options);

/** kb_target_name() - the kernel spec or machine of one of them; NULL: the target's choice */
const char *kb_target_name(const struct kb_run_options *options, size_t number);

#endif
