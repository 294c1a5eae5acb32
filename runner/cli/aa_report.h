/* SPDX-License-Identifier: GPL-2.0 */
/* What boots of one kernel say, printed. */
#ifndef KB_AA_REPORT_H
#define KB_AA_REPORT_H

#include <jansson.h>

#include "same_kernel.h"

/** Rules of kbench compare, by which the halves are compared. */
extern const struct kb_rules kb_aa_rules;

/** kb_aa_print() - table of kbench aa on stdout; @result is what @same was found in; 0 or -1 */
int kb_aa_print(const struct kb_same_kernel *same, const json_t *result);

/** kb_aa_print_plan() - table of kbench plan */
int kb_aa_print_plan(const struct kb_same_kernel *same, const json_t *result);

/**
 * kb_aa_print_json() - for both: an object: differs, regressed (shares of all comparisons), cases[]
 * { case, boots, between, within, differs, regressed, floor, detectable { boots: ratio } }; floor
 * is a ratio, too
 */
int kb_aa_print_json(const struct kb_same_kernel *same);

#endif
