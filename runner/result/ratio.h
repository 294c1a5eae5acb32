/* SPDX-License-Identifier: GPL-2.0 */
/* Figures of a result held against each other. */
#ifndef KB_RATIO_H
#define KB_RATIO_H

#include <jansson.h>
#include <stdio.h>

/**
 * kb_print_ratios() - a line for each case of false sharing: how many times as long its ops take as
 * where no line is shared. Nothing where times mean nothing, or nothing is there to compare with.
 */
void kb_print_ratios(const json_t *result, FILE *out);

#endif
