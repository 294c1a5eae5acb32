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

/** Objects whose members may be checked one by one, as they are read. */
enum kb_checked {
	KB_CHECKED_ENTRY = 0,	/* of cases[] */
	KB_CHECKED_PER_OP,	/* its per_op */
	KB_NR_CHECKED,
};

/** struct kb_seen - of an entry: bits of the members that were there and checked, kept or not */
struct kb_seen {
	unsigned int	members[KB_NR_CHECKED];
};

/**
 * kb_result_member() - the place of a member in the table of @object's members
 * @after: the place of the member before, or -1: members come in the table's order most often
 * Return: -1: readers do not use it
 */
int kb_result_member(enum kb_checked object, const char *name, int after);

/**
 * kb_result_see() - the member at @place was read
 * Return: whether it came for the first time and @type is what it has to be
 */
bool kb_result_see(struct kb_seen *seen, enum kb_checked object, int place, json_type type);

/**
 * kb_result_check_case() - the same of cases[@index] alone
 * @seen: members that are not looked for any more; NULL: all are
 */
int kb_result_check_case(const json_t *entry, size_t index, const struct kb_seen *seen,
			 const char *path, struct kb_error *err);

#endif
