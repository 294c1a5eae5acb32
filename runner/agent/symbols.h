/* SPDX-License-Identifier: GPL-2.0 */
/* The names that the running kernel and its modules have for addresses of code. */
#ifndef KB_AGENT_SYMBOLS_H
#define KB_AGENT_SYMBOLS_H

#include "emit.h"

/**
 * symbols_emit() - records "symbols" with all functions of @root/proc/kallsyms
 *
 * "text" has an entry for each, a blank behind it: how far its address lies behind the one before
 * (behind 0 at the begin of the record) in hex digits, modulo 2^64; the type as kallsyms has it,
 * one of t, T, w, W; the name. So "ffffffff81000000Tstartup 1f0tlater ". "first" is the entry's
 * number among all; the record with "all" is the last and tells how many there are.
 * Return: 0, or -1 after an error record
 */
int symbols_emit(struct emit *emit, const char *root);

#endif
