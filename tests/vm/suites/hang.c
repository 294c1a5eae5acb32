// SPDX-License-Identifier: GPL-2.0
/* Ops that end the guest they run in. */
#include <kbench/suite.h>
#include <linux/panic.h>

KBENCH(forever, "never returns", .context = KB_ATOMIC)
{
	for (;;)
		cpu_relax();
}

KBENCH(forever_irq_off, "never returns, with interrupts off", .context = KB_IRQ_OFF)
{
	for (;;)
		cpu_relax();
}

KBENCH(panics, "panics", .context = KB_PROCESS)
{
	panic("kbench test: a panic on purpose");
}

KBENCH_SUITE(hang, "Ends the guest", forever, forever_irq_off, panics);
