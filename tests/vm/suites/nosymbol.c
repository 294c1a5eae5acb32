// SPDX-License-Identifier: GPL-2.0
/* A suite that calls what no kernel has. */
#include <kbench/suite.h>

extern void kbench_test_no_such_symbol(void);

KBENCH(calls, "calls a function that is nowhere")
{
	kbench_test_no_such_symbol();
}

KBENCH_SUITE(nosymbol, "Needs what is not there", calls);
