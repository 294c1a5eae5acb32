/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of two result files, brought together. */
#ifndef KB_GATHER_H
#define KB_GATHER_H

#include "comparison.h"

/**
 * kb_gather() - fill in pairs, only_a and only_b of @comparison
 * Cases are the same by suite, bench, parameters, phase, context and number of CPUs; where a file
 * has several of these in one boot (pairs of CPUs), by the CPUs' numbers, too. Boots are paired
 * where both files are of one experiment and have the same blocks. Return: 0, or -1: no memory
 */
int kb_gather(struct kb_comparison *comparison, const json_t *a, const json_t *b);

#endif
