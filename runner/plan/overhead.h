/* SPDX-License-Identifier: GPL-2.0 */
/* The empty op beside the cases of a plan, so that the loop's own cost is known for each. */
#ifndef KB_OVERHEAD_H
#define KB_OVERHEAD_H

#include "plan.h"

/**
 * kb_plan_add_overhead() - append selfcheck/empty for every context and CPU count of @plan
 * Those that the plan has already are not added. A catalog without that bench adds none.
 */
int kb_plan_add_overhead(struct kb_plan *plan, const struct kb_catalog *catalog,
			 struct kb_error *err);

#endif
