/* SPDX-License-Identifier: GPL-2.0 */
/* What boots of one kernel differ by, case by case, as kb_same_kernel() finds it. */
#ifndef KB_SAME_CASE_H
#define KB_SAME_CASE_H

#include <stddef.h>

/**
 * struct kb_same_case - a case of which there are several boots
 * @between:   standard deviation between boots, of the logarithms of their medians
 * @within:    of the samples of a boot, over their mean: the root mean square of all boots
 * @samples:   per boot, as its entries say: the mean
 * @differs, @regressed: shares of random halves that were called so
 * @detectable: smallest difference (logarithm) that the rules find with half of the boots a side
 * @floor:     what 95 of 100 random halves differ by at most (logarithm): nothing smaller can be
 *             told from no change at all
 */
struct kb_same_case {
	char	*name;
	size_t	nr_boots;
	double	between;
	double	within;
	double	samples;
	double	differs;
	double	regressed;
	double	detectable;
	double	floor;
};

/**
 * struct kb_same_kernel - of a whole result
 * @counted: cases left out, since their instructions are counted
 */
struct kb_same_kernel {
	struct kb_same_case	*cases;
	size_t			nr;
	size_t			counted;
};

/** kb_same_find() - the case of that name, as kb_gather() makes names; NULL: there is none */
const struct kb_same_case *kb_same_find(const struct kb_same_kernel *same, const char *name);
void kb_same_kernel_free(struct kb_same_kernel *same);

#endif
