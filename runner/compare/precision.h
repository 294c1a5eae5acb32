/* SPDX-License-Identifier: GPL-2.0 */
/* How precisely the boots so far tell what they are measured for. */
#ifndef KB_PRECISION_H
#define KB_PRECISION_H

#include <jansson.h>

#include "entry_name.h"
#include "error.h"

/**
 * struct kb_precision - of the case that is known least
 * @half_width: of the interval at the confidence asked for, as a part: 0.01 is one percent;
 *              INFINITY: it has fewer than two boots
 */
struct kb_precision {
	double	half_width;
	char	name[KB_ENTRY_NAME_LEN];
};

/** kb_mean_half() - half of Student's interval of the mean of @values; INFINITY below two */
double kb_mean_half(const double *values, size_t nr, double confidence);

/**
 * kb_precision() - the widest interval of all cases
 * @results: of one kernel each. Of one: Student's interval of the mean of its boots' logarithms. Of
 *           several: that of the ratio of each to the first, as kbench compare has it.
 * Half of an interval in logarithms is given as exp() less 1. Cases without a figure do not count,
 * nor does the suite selfcheck beside others; without any @half_width is 0. Return: 0, or -1: no
 * memory
 */
int kb_precision(struct kb_precision *precision, json_t *const *results, size_t nr,
		 double confidence);

#endif
