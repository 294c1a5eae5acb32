/* SPDX-License-Identifier: GPL-2.0 */
/* What a parsed file has to be to pass for a result. */
#ifndef KB_RESULT_CHECK_H
#define KB_RESULT_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

/**
 * kb_result_check() - is @result one, with everything that readers use, of the types they expect?
 * @path: for the message
 * Return: 0, or -1 with KB_EXIT_USAGE
 */
int kb_result_check(const json_t *result, const char *path, struct kb_error *err);

/** kb_result_check_head() - the same without the elements of cases[] */
int kb_result_check_head(const json_t *result, const char *path, struct kb_error *err);

/** Objects of which members may be left out by who checks them one by one. */
enum kb_checked {
	KB_CHECKED_ENTRY = 0,	/* of cases[] */
	KB_CHECKED_PER_OP,	/* its per_op */
	KB_NR_CHECKED,
};

/** struct kb_left_out - of an entry: bits of the members that were there and are not kept */
struct kb_left_out {
	unsigned int	members[KB_NR_CHECKED];
};

/**
 * kb_result_leave_out() - a member was read and is not kept
 * Return: whether @type is what it has to be
 */
bool kb_result_leave_out(struct kb_left_out *left_out, enum kb_checked object, const char *name,
			 json_type type);

/** kb_result_check_case() - the same of cases[@index] alone. @left_out: may be NULL */
int kb_result_check_case(const json_t *entry, size_t index, const struct kb_left_out *left_out,
			 const char *path, struct kb_error *err);

#endif
