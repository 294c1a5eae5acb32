/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KB_INTERRUPT_H
#define KB_INTERRUPT_H

/** kb_interrupted - set by SIGINT and SIGTERM; long waits look at it (defined in cli/main.c) */
extern volatile int kb_interrupted;

#endif
