/* SPDX-License-Identifier: GPL-2.0 */
/* Cases as messages call them. */
#ifndef KB_CASE_NAME_H
#define KB_CASE_NAME_H

#include "plan.h"

#define KB_CASE_NAME_LEN	320

/**
 * kb_case_name() - "locks/spin_lock cs=10, 8 CPUs", "cache/handover, CPUs 0 and 3" for a pair
 *
 * Parameters with their default are left out.
 */
void kb_case_name(char name[KB_CASE_NAME_LEN], const struct kb_case *kase);

#endif
