/* SPDX-License-Identifier: GPL-2.0 */
/* What is said of a case that was asked for and is none, or several. */
#ifndef KB_WHICH_CASE_H
#define KB_WHICH_CASE_H

#include <jansson.h>

#include "error.h"

/* Names are the members of a JSON object: each once, in the order in which they came. */

/** kb_case_names_add() - the name of @entry, of cases[], with the numbers of its CPUs; 0 or -1 */
int kb_case_names_add(json_t *names, const json_t *entry);

/**
 * kb_case_none() - no case of @names is @wanted
 * @who: whose they are, and a verb: "a.json has"
 * Names the bench that is near, or else what there is. Return: -1, with KB_EXIT_USAGE in @err
 */
int kb_case_none(const json_t *names, const char *who, const char *wanted, struct kb_error *err);

/** kb_case_several() - all of @names are @wanted: name one. Return: -1, with KB_EXIT_USAGE */
int kb_case_several(const json_t *names, const char *who, const char *wanted,
		    struct kb_error *err);

#endif
