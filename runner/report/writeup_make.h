/* SPDX-License-Identifier: GPL-2.0 */
/* Results into a page: which of them stand beside each other, and what is compared. */
#ifndef KB_WRITEUP_MAKE_H
#define KB_WRITEUP_MAKE_H

#include "writeup.h"

/**
 * kb_writeup_make() - fill in all of @page but its document
 * Results of several kernels are grouped, pooled and compared as `kbench compare --by kernel` does
 * it; what cannot be compared is said in the page. Results of one kernel stand side by side.
 * Return: 0, or -1 with @err: no memory, or no figure. kb_writeup_free() in any case; @results
 * outlive the page
 */
int kb_writeup_make(struct kb_writeup *page, const struct kb_named_result *results, size_t nr,
		    const struct kb_compare_rules *rules, struct kb_error *err);
void kb_writeup_free(struct kb_writeup *page);

#endif
