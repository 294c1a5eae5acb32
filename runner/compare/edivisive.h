/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Change points of a series: places where the distribution of its values changes, level or spread,
 * without a model of either. Pure functions over arrays.
 *
 * E-divisive: D. S. Matteson and N. A. James, A nonparametric approach for multiple change point
 * analysis of multivariate data, J. Am. Stat. Assoc. 109 (2014), 334-345. Of a place that parts n
 * values X from m values Y the divergence is, with alpha = 1 (their equations 5 and 6),
 *
 *	E = 2/(mn) sum |x - y| - sum |x - x'| / (n over 2) - sum |y - y'| / (m over 2)
 *	Q = E mn/(m + n)
 *
 * and the place with the greatest Q is tested. It parts its piece of the series in two, and the
 * search goes on in all pieces. X begins with the piece, Y may end anywhere behind the place, so
 * that what changed for a while and came back is found, too. Ends are those of groups; of more
 * than KB_MOST_ENDS that many are tried, evenly spaced.
 *
 * Values are numbers, so sums of distances need no pairs: those of each value to all before it
 * come from a Fenwick tree over ranks, O(n log n), those to all before an end from a pass over the
 * ranks, O(n) for each end.
 *
 * The test: values are exchanged at random within their pieces, and the greatest Q of that is held
 * against the one found. It ends early where enough are greater: J. Besag and P. Clifford,
 * Sequential Monte Carlo p-values, Biometrika 78 (1991), 301-304.
 */
#ifndef KB_EDIVISIVE_H
#define KB_EDIVISIVE_H

#include <stddef.h>

/** KB_LEAST_BOOTS - on either side of a change point: fewer have no distance among themselves */
#define KB_LEAST_BOOTS	2

/** KB_MOST_ENDS - of Y, that are tried */
#define KB_MOST_ENDS	32

/**
 * struct kb_course - values in their order, in groups that no change point parts
 * @values: boots; @starts: the first of each group, @nr of them, and the number of all values
 */
struct kb_course {
	const double	*values;
	const size_t	*starts;
	size_t		nr;
};

/**
 * struct kb_change - a change point
 * @at: the first group behind it, 1 to nr - 1
 * @q:  the statistic; @p: of no (further) change
 */
struct kb_change {
	size_t	at;
	double	q;
	double	p;
};

/**
 * struct kb_permutations - of a test
 * @most:   random orders; p is at least 1 / (most + 1)
 * @enough: it ends when that many have a greater Q
 * @seed:   of the random numbers: the same values give the same p
 */
struct kb_permutations {
	unsigned int	most;
	unsigned int	enough;
	unsigned int	seed;
};

/**
 * kb_edivisive_next() - the most likely change point beside those that are known
 * @next:    gets it
 * @known:   change points, in any order, @nr_known of them
 * Return: 1 with @next; 0: no piece of the series has room for one; -1: no memory
 * O(n log n + n KB_MOST_ENDS) for each random order of n values.
 */
int kb_edivisive_next(struct kb_change *next, const struct kb_course *course,
		      const struct kb_change *known, size_t nr_known,
		      const struct kb_permutations *permutations);

#endif
