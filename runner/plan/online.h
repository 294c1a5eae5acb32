/* SPDX-License-Identifier: GPL-2.0 */
/* A request's CPU counts become CPUs of the machine that is measured. */
#ifndef KB_ONLINE_H
#define KB_ONLINE_H

#include "plan.h"
#include "topology.h"

/**
 * kb_online_assign() - check @request's CPUs against those online in @topology
 * @where: these CPUs are online, and what else can be done: "here; try --target vm"
 * Counts get CPUs as their list: by the placement, or those of lowest number.
 * Return: 0, or -1 with KB_EXIT_USAGE: there are fewer, or a listed one is not among them
 */
int kb_online_assign(struct kb_request *request, const struct kb_topology *topology,
		     const char *where, struct kb_error *err);

#endif
