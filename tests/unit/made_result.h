/* SPDX-License-Identifier: GPL-2.0 */
/* Results made of nothing but figures, for tests of what is drawn of them. */
#ifndef KB_TESTS_MADE_RESULT_H
#define KB_TESTS_MADE_RESULT_H

#include <jansson.h>

/** made_result() - without cases, of a TCG guest */
json_t *made_result(void);

/**
 * made_case() - add a measured case, its interval 10 % around @median
 * @param: the name of a parameter whose value is @value, or NULL for a bench that has none
 */
void made_case(json_t *result, const char *suite, const char *bench, int cpus, const char *param,
	       int value, double median);

#endif
