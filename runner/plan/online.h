/* SPDX-License-Identifier: GPL-2.0 */
/* The CPUs of this machine, and what of a request they can serve. */
#ifndef KB_ONLINE_H
#define KB_ONLINE_H

#include "plan.h"

/**
 * kb_online_assign() - check @cpus against the CPUs that are online here
 * Counts get the online CPUs, lowest number first, as their list. Asking for more than there are
 * is KB_EXIT_USAGE.
 */
int kb_online_assign(struct kb_cpus *cpus, struct kb_error *err);

#endif
