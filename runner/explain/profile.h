/* SPDX-License-Identifier: GPL-2.0 */
/* What one op of a case runs, function by function. */
#ifndef KB_PROFILE_H
#define KB_PROFILE_H

#include <stdbool.h>

#include "batches.h"
#include "symbols.h"

/** The row of addresses in no function: code made at run time, arm64 modules' far jumps. */
#define KB_NO_FUNCTION	"(no symbol)"

/** struct kb_function - @count: instructions in it for one op, not those of what it calls */
struct kb_function {
	char	*name;
	double	count;
};

/**
 * struct kb_profile - of one case, phase and boot
 * @functions: sorted by name; those that take nothing are left out
 * @total:     their sum, proved to be the reported per_op.median
 * @loop:      the bench's own loop, with what is inlined into it; one of the functions' names
 * @varies:    not all batches of the case cost the same
 */
struct kb_profile {
	struct kb_function	*functions;
	size_t			nr;
	double			total;
	char			*loop;
	bool			varies;
};

/**
 * kb_profile_build() - put the counted instructions of a measured case into functions
 * @measured: by one worker, as instructions (kb_exact_scale())
 * @phase:    of @nr_phases
 *
 * Each count is the same sum over batches that makes the reported median of their values
 * (kb_median_weights()). Proved on the way: the batches used have exactly the instructions that the
 * clock saw in their samples, they began in the bench's loop, and the functions' sum is the median.
 * Return: 0, or -1 with KB_EXIT_TARGET: something of that is not so. kb_profile_free() in any case
 */
int kb_profile_build(struct kb_profile *profile, const struct kb_measured *measured,
		     unsigned int phase, unsigned int nr_phases, const struct kb_batches *batches,
		     const struct kb_symbols *symbols, struct kb_error *err);
void kb_profile_free(struct kb_profile *profile);

/** kb_same_count() - whether two figures per op are equal but for the rounding of divisions */
bool kb_same_count(double a, double b);

#endif
