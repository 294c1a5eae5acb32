/* SPDX-License-Identifier: GPL-2.0 */
/* The change points of the cases of a series. */
#ifndef KB_HISTORY_CHANGES_H
#define KB_HISTORY_CHANGES_H

#include "history.h"

/**
 * kb_history_find_changes() - fill in p and changes of each case, tested and level of @series
 * As kb_history_finish() has it. Return: 0, or -1: no memory
 */
int kb_history_find_changes(struct kb_history_series *series, double level);

/**
 * kb_history_can_show() - whether @boots of a case have orders enough for a change of it alone
 * among @tested cases to be significant at @level, and enough of them are tried
 */
bool kb_history_can_show(size_t boots, size_t tested, double level);

/** kb_history_most_cases() - among more, no change of one alone is significant at @level */
size_t kb_history_most_cases(double level);

#endif
