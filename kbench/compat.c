// SPDX-License-Identifier: GPL-2.0
/* Differences between kernel versions that suites meet, too: probed for the core alone. */

#include <linux/export.h>

#include "compat.h"
#include "suite.h"

void kbench_hrtimer_setup(struct hrtimer *timer,
			  enum hrtimer_restart (*function)(struct hrtimer *timer),
			  clockid_t clock, enum hrtimer_mode mode)
{
	kb_hrtimer_setup(timer, function, clock, mode);
}
EXPORT_SYMBOL_GPL(kbench_hrtimer_setup);
