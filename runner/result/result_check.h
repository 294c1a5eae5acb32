/* SPDX-License-Identifier: GPL-2.0 */
/* What a parsed file has to be to pass for a result. */
#ifndef KB_RESULT_CHECK_H
#define KB_RESULT_CHECK_H

#include <jansson.h>

#include "error.h"

/**
 * kb_result_check() - is @result one, with everything that readers use, of the types they expect?
 * @path: for the message
 * Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_result_check(const json_t *result, const char *path, struct kb_error *err);

/** kb_result_check_head() - the same without the elements of cases[] */
int kb_result_check_head(const json_t *result, const char *path, struct kb_error *err);

/** kb_result_check_case() - the same of cases[@index] alone */
int kb_result_check_case(const json_t *entry, size_t index, const char *path,
			 struct kb_error *err);

#endif
