// SPDX-License-Identifier: GPL-2.0
#include <kbench/suite.h>
#include <linux/spinlock.h>

static KB_SHARED DEFINE_SPINLOCK(lock);

KBENCH(spin_lock, "spin_lock and spin_unlock of one shared lock", .context = KB_ATOMIC,
       KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK))
{
	spin_lock(&lock);
	kb_critical_section(kb);
	spin_unlock(&lock);
}

KBENCH(spin_lock_irq, "spin_lock_irq and spin_unlock_irq of one shared lock",
       KB_PARAMS(KB_PARAM_CS, KB_PARAM_THINK))
{
	spin_lock_irq(&lock);
	kb_critical_section(kb);
	spin_unlock_irq(&lock);
}

KBENCH_SUITE(locks, "Mutual exclusion", spin_lock, spin_lock_irq);
