/* SPDX-License-Identifier: GPL-2.0 */
/* Which backend a run gets where the user named none. */
#ifndef KB_BACKEND_CHOICE_H
#define KB_BACKEND_CHOICE_H

#include "options.h"

/** kb_are_bpf_only() - whether @selectors, at least one, are all of suites that have no module */
bool kb_are_bpf_only(char *const *selectors, size_t nr);

/**
 * kb_backend_choose() - a run of suites that have no module gets BPF programs
 * Return: 0, or -1 with KB_EXIT_USAGE: such suites beside others, or with --backend lkm
 */
int kb_backend_choose(struct kb_run_options *options, struct kb_error *err);

/**
 * kb_backend_hint() - no guest can be had, though all that was asked for has BPF programs: add to
 * @err that these do without
 */
void kb_backend_hint(const struct kb_run_options *options, struct kb_error *err);

#endif
