// SPDX-License-Identifier: GPL-2.0
#include "edivisive.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/** struct node - of a Fenwick tree over ranks: values that have been seen */
struct node {
	double	sum;
	size_t	count;
};

/**
 * struct piece - the values between two change points
 * @sorted:  in ascending order; a value is named by its rank from here on
 * @order:   ranks in the order of time, or in a random one
 * @tree:    for one pass
 * @starts:  where a group begins, but the first, @nr_starts of them
 * @ends:    where Y may end, @nr_ends of them
 * @places:  of each rank, in @order
 * @to_seen: of each place, the sum of distances to the values before it
 * @to_all:  of each place, the same to all values before an end
 */
struct piece {
	size_t		nr;
	size_t		first_group;
	double		*sorted;
	unsigned int	*order;
	struct node	*tree;
	size_t		*starts;
	size_t		nr_starts;
	size_t		ends[KB_MOST_ENDS];
	size_t		nr_ends;
	unsigned int	*places;
	double		*to_seen;
	double		*to_all;
};

/** struct pieces - all that a known set of change points leaves */
struct pieces {
	struct piece	*list;
	size_t		nr;
};

/** struct best - the place of the greatest Q; @at: values before it */
struct best {
	size_t	at;
	double	q;
};

/* Values below @rank that have been seen, and their sum. */
static struct node seen_below(const struct piece *piece, size_t rank)
{
	struct node below = { 0 };

	for (size_t i = rank; i; i &= i - 1) {
		below.sum += piece->tree[i].sum;
		below.count += piece->tree[i].count;
	}
	return below;
}

static void see(struct piece *piece, size_t rank)
{
	for (size_t i = rank + 1; i <= piece->nr; i += i & -i) {
		piece->tree[i].sum += piece->sorted[rank];
		piece->tree[i].count++;
	}
}

static void find_to_seen(struct piece *piece)
{
	double sum = 0;

	memset(piece->tree, 0, (piece->nr + 1) * sizeof(*piece->tree));
	for (size_t i = 0; i < piece->nr; i++) {
		size_t rank = piece->order[i];
		double value = piece->sorted[rank];
		struct node below = seen_below(piece, rank);

		piece->places[rank] = (unsigned int)i;
		piece->to_seen[i] = value * (double)below.count - below.sum + (sum - below.sum) -
				    value * (double)(i - below.count);
		sum += value;
		see(piece, rank);
	}
}

/* For places before @end; what stands behind it then is of no use. */
static void find_to_all(struct piece *piece, size_t end)
{
	double below = 0, count = 0, sum = 0;

	for (size_t i = 0; i < end; i++)
		sum += piece->sorted[piece->order[i]];
	for (size_t rank = 0; rank < piece->nr; rank++) {
		double value = piece->sorted[rank];
		bool is_in = piece->places[rank] < end;

		piece->to_all[piece->places[rank]] = value * count - below + (sum - below) -
						     value * ((double)end - count);
		count += is_in;
		below += is_in ? value : 0;
	}
}

/*
 * Q of the first @n values and the others up to @end. @within: sum of the distances of all pairs
 * of the first, @between: of those to the others, @total: of all up to @end.
 */
static double statistic(size_t n, size_t end, double within, double between, double total)
{
	double x = (double)n, y = (double)(end - n), all = x + y;

	return 2 / all * between - 2 * y / (all * (x - 1)) * within -
	       2 * x / (all * (y - 1)) * (total - within - between);
}

/* The best place before @end. */
static struct best find_before(struct piece *piece, size_t end)
{
	struct best best = { .q = -INFINITY };
	double within = 0, between = 0, total = 0;
	size_t i = 0;

	find_to_all(piece, end);
	for (size_t j = 0; j < end; j++)
		total += piece->to_seen[j];
	for (size_t s = 0; s < piece->nr_starts && piece->starts[s] + KB_LEAST_BOOTS <= end; s++) {
		double q;

		for (; i < piece->starts[s]; i++) {
			within += piece->to_seen[i];
			between += piece->to_all[i] - 2 * piece->to_seen[i];
		}
		if (i < KB_LEAST_BOOTS)
			continue;
		q = statistic(i, end, within, between, total);
		if (q > best.q)
			best = (struct best){ i, q };
	}
	return best;
}

/* The best place of @piece in its present order, for the best end. */
static struct best find_best(struct piece *piece)
{
	struct best best = { .q = -INFINITY };

	find_to_seen(piece);
	for (size_t i = 0; i < piece->nr_ends; i++) {
		struct best found = find_before(piece, piece->ends[i]);

		if (found.q > best.q)
			best = found;
	}
	return best;
}

static void shuffle(struct piece *piece, gsl_rng *random)
{
	for (size_t i = piece->nr; i > 1; i--) {
		/* 32 random bits as a part of i. */
		size_t other = (size_t)(((unsigned long long)gsl_rng_get(random) * i) >> 32);
		unsigned int rank = piece->order[i - 1];

		piece->order[i - 1] = piece->order[other];
		piece->order[other] = rank;
	}
}

static int by_value(const void *a, const void *b)
{
	const double *x = *(const double *const *)a, *y = *(const double *const *)b;

	return (*x > *y) - (*x < *y);
}

/* Sort @values, which stay where they are, and give each its rank in piece->order. */
static int rank_values(struct piece *piece, const double *values)
{
	const double **places = calloc(piece->nr, sizeof(*places));
	double mean = 0;

	if (!places)
		return -1;
	for (size_t i = 0; i < piece->nr; i++) {
		places[i] = &values[i];
		mean += values[i] / (double)piece->nr;
	}
	qsort(places, piece->nr, sizeof(*places), by_value);
	for (size_t rank = 0; rank < piece->nr; rank++) {
		/* Without their mean, sums of values lose no digits. */
		piece->sorted[rank] = *places[rank] - mean;
		piece->order[places[rank] - values] = (unsigned int)rank;
	}
	free(places);
	return 0;
}

/* Where groups begin, and the ends that are tried; the last is that of the piece. */
static void find_borders(struct piece *piece, const struct kb_course *course, size_t from,
			 size_t to)
{
	size_t nr = to - from, first = course->starts[from];

	piece->nr_ends = nr < KB_MOST_ENDS ? nr : KB_MOST_ENDS;
	for (size_t group = from + 1; group < to; group++)
		piece->starts[piece->nr_starts++] = course->starts[group] - first;
	for (size_t i = 0; i < piece->nr_ends; i++)
		piece->ends[i] = course->starts[from + (i + 1) * nr / piece->nr_ends] - first;
}

/* Groups @from up to @to. */
static int piece_make(struct piece *piece, const struct kb_course *course, size_t from, size_t to)
{
	size_t first = course->starts[from], nr = course->starts[to] - first;

	*piece = (struct piece){
		.nr = nr, .first_group = from,
		.sorted = calloc(nr + 1, sizeof(double)),
		.order = calloc(nr + 1, sizeof(unsigned int)),
		.tree = calloc(nr + 1, sizeof(struct node)),
		.starts = calloc(to - from + 1, sizeof(size_t)),
		.places = calloc(nr + 1, sizeof(unsigned int)),
		.to_seen = calloc(nr + 1, sizeof(double)),
		.to_all = calloc(nr + 1, sizeof(double)),
	};
	if (!piece->sorted || !piece->order || !piece->tree || !piece->starts || !piece->places ||
	    !piece->to_seen || !piece->to_all || rank_values(piece, course->values + first))
		return -1;
	find_borders(piece, course, from, to);
	return 0;
}

static void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->nr; i++) {
		free(pieces->list[i].sorted);
		free(pieces->list[i].order);
		free(pieces->list[i].tree);
		free(pieces->list[i].starts);
		free(pieces->list[i].places);
		free(pieces->list[i].to_seen);
		free(pieces->list[i].to_all);
	}
	free(pieces->list);
}

static bool is_known(size_t group, const struct kb_change *known, size_t nr_known)
{
	for (size_t i = 0; i < nr_known; i++)
		if (known[i].at == group)
			return true;
	return false;
}

static int pieces_make(struct pieces *pieces, const struct kb_course *course,
		       const struct kb_change *known, size_t nr_known)
{
	size_t from = 0;

	*pieces = (struct pieces){ .list = calloc(nr_known + 1, sizeof(*pieces->list)) };
	if (!pieces->list)
		return -1;
	for (size_t group = 1; group <= course->nr; group++) {
		if (group < course->nr && !is_known(group, known, nr_known))
			continue;
		if (piece_make(&pieces->list[pieces->nr++], course, from, group))
			return -1;
		from = group;
	}
	return 0;
}

/* The greatest Q of all pieces. @piece, @at: where it is, unless NULL */
static double greatest(const struct pieces *pieces, const struct piece **piece, size_t *at)
{
	double q = -INFINITY;

	for (size_t i = 0; i < pieces->nr; i++) {
		struct best best = find_best(&pieces->list[i]);

		if (!(best.q > q))
			continue;
		q = best.q;
		if (piece) {
			*piece = &pieces->list[i];
			*at = best.at;
		}
	}
	return q;
}

/* The group that begins at value @at of @piece. */
static size_t group_at(const struct kb_course *course, const struct piece *piece, size_t at)
{
	size_t group = piece->first_group, first = course->starts[group];

	while (course->starts[group] - first < at)
		group++;
	return group;
}

static int test(double *p, struct pieces *pieces, double q,
		const struct kb_permutations *permutations)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	/* Equal values in another order have the same Q up to the last digits. */
	double limit = q - 1e-9 * fabs(q);
	unsigned int greater = 0, tried = 0;

	if (!random)
		return -1;
	gsl_rng_set(random, permutations->seed);
	while (tried < permutations->most && greater < permutations->enough) {
		for (size_t i = 0; i < pieces->nr; i++)
			shuffle(&pieces->list[i], random);
		greater += greatest(pieces, NULL, NULL) >= limit;
		tried++;
	}
	gsl_rng_free(random);
	*p = greater < permutations->enough ? (greater + 1.0) / (permutations->most + 1.0) :
					      (double)greater / tried;
	return 0;
}

int kb_edivisive_next(struct kb_change *next, const struct kb_course *course,
		      const struct kb_change *known, size_t nr_known,
		      const struct kb_permutations *permutations)
{
	const struct piece *piece = NULL;
	struct pieces pieces;
	int ret = pieces_make(&pieces, course, known, nr_known);
	size_t at = 0;

	*next = (struct kb_change){ .p = 1 };
	if (!ret) {
		next->q = greatest(&pieces, &piece, &at);
		if (piece) {
			next->at = group_at(course, piece, at);
			ret = test(&next->p, &pieces, next->q, permutations) ? -1 : 1;
		}
	}
	pieces_free(&pieces);
	return ret;
}
