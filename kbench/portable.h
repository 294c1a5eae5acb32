/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a suite includes of which BPF programs are made, too, beside its module. In such a suite
 *
 *	#ifdef KB_MODULE
 *
 * is before all that only a module can do; every bench above that line has both backends. Their ops
 * use what is here: plain memory, READ_ONCE(), atomics, kb_at(), kb_wait_for().
 */
#ifndef _KBENCH_PORTABLE_H
#define _KBENCH_PORTABLE_H

#ifdef __bpf__
#include "suite_bpf.h"
#else
/** KB_MODULE - this is compiled for a module */
#define KB_MODULE	1
#include "suite.h"
#include <linux/atomic.h>
#endif

#endif /* _KBENCH_PORTABLE_H */
