/* SPDX-License-Identifier: GPL-2.0 */
/* A result without what only tables and plots of one boot show: a third of the memory. */
#ifndef KB_RESULT_LEAN_H
#define KB_RESULT_LEAN_H

#include <jansson.h>
#include <stdio.h>

/**
 * kb_result_parse_lean() - a result file into a tree with less in it
 *
 * Everything beside cases[] is whole. An entry of cases[] has suite, bench, params, phase, cpus,
 * cpu_list, context, unit, boot, status, flags, per_op { median } and of each counter status and
 * per_op; if it is of counted instructions, per_op has mean and min, too. Each is checked by
 * kb_result_check_case(), and so is what is left out.
 *
 * Return: NULL where anything is not as kbench run writes it, memory is short, or a text is one on
 * which JSON libraries differ: then the full reader has the word. What it would refuse is never
 * taken here.
 */
json_t *kb_result_parse_lean(FILE *file);

#endif
