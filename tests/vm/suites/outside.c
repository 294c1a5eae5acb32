// SPDX-License-Identifier: GPL-2.0
/* A suite that is not in the tree: one op body, one name. */
#include <kbench/suite.h>

static KB_SHARED unsigned long word;

KBENCH(bump, "adds one to a word", .context = KB_ATOMIC)
{
	word++;
}

KBENCH_SUITE(outside, "Out of the tree", bump);
