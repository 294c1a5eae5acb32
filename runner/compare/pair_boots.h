/* SPDX-License-Identifier: GPL-2.0 */
/* Which boots of two sides were measured together. */
#ifndef KB_PAIR_BOOTS_H
#define KB_PAIR_BOOTS_H

#include "comparison.h"

/**
 * kb_pair_boots() - fill in paired, why and left_out of @pair, whose sides are filled
 *
 * Boots are pairs that are of the same block of the same experiment. Then the sides are put into
 * the order of experiments and blocks, and boots whose block the other side has not (a run stopped
 * within a block, a boot failed) are left out; of counts that are exact nothing is, as any boot
 * tells the same. There are no pairs at all, and all boots stay, where
 * - a boot is of no experiment, or of one of which the sides have no block in common: then pairs
 *   would say nothing of it;
 * - of an experiment a block began before all of the block before it had begun: one kernel was
 *   measured on while the other failed, or boots of a host did not alternate, so that the boots of
 *   a block have no more in common than others. Boots that do not tell when they began are taken
 *   to be in order. The last block may have been broken off: that pair alone is far apart then.
 * - fewer than two pairs would be left.
 *
 * Return: 0, or -1: no memory
 */
int kb_pair_boots(struct kb_pair *pair, const json_t *a, const json_t *b);

#endif
