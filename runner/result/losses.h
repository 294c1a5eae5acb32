/* SPDX-License-Identifier: GPL-2.0 */
/* Cases without a figure: each counts once, in however many boots it has none. */
#ifndef KB_LOSSES_H
#define KB_LOSSES_H

#include <jansson.h>
#include <stddef.h>

/** struct kb_losses - all zero: none yet. Objects: names of cases, and boots of results */
struct kb_losses {
	json_t	*cases;
	json_t	*boots;
};

/**
 * kb_losses_add() - take in an entry of cases[] that has no figure
 * @result: number of its result, of which boots are told apart. Return: 0, or -1: no memory
 */
int kb_losses_add(struct kb_losses *losses, const json_t *entry, size_t result);

/** kb_losses_cases() - how many; kb_losses_boots() - in how many boots of all results */
size_t kb_losses_cases(const struct kb_losses *losses);
size_t kb_losses_boots(const struct kb_losses *losses);

/** kb_losses_free() - they are none again */
void kb_losses_free(struct kb_losses *losses);

#endif
