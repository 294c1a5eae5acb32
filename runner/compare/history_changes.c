// SPDX-License-Identifier: GPL-2.0
#include "history_changes.h"

#include <math.h>
#include <stdlib.h>

#include "judge_pair.h"
#include "parallel.h"

/* Random orders of a first test, and at most. */
#define FEW_ORDERS	199
#define MOST_ORDERS	19999

/* A test ends when that many orders have a greater Q: p is known to a third of it. */
#define ENOUGH		10

#define SEED		1

/**
 * struct testing - what is done to each case of a series; cases know nothing of each other
 * @orders:   of a test that is made again, and
 * @before:   that the one before had
 * @adjusted: p of each case, and
 * @level:    up to which a case has changed
 */
struct testing {
	struct kb_history_series	*series;
	unsigned int			orders;
	unsigned int			before;
	const double			*adjusted;
	double				level;
};

/* Orders that give a p of @level, within what takes reasonable time. */
static unsigned int orders_for(double level)
{
	double most = ceil(1 / level) - 1;

	return (unsigned int)fmin(fmax(most, FEW_ORDERS), MOST_ORDERS);
}

static int next_change(struct kb_change *next, const struct kb_history_case *one,
		       unsigned int orders)
{
	const struct kb_course course = { one->values, one->starts, one->nr };
	const struct kb_permutations permutations = { orders, ENOUGH, SEED };

	return kb_edivisive_next(next, &course, one->changes, one->nr_changes, &permutations);
}

/* Counts change where they differ from those before. */
static void find_exact(struct kb_history_case *one)
{
	for (size_t i = 1; i < one->nr; i++) {
		const struct kb_history_point *a = &one->points[i - 1], *b = &one->points[i];

		if (kb_count_difference(&a->side, &b->side, a->bpf) != 0)
			one->changes[one->nr_changes++] = (struct kb_change){ .at = i };
	}
}

/* Test for a first change, which stands behind the known ones, of which there are none. */
static int test_first(struct kb_history_case *one, unsigned int orders)
{
	struct kb_change *next = &one->changes[0];
	int ret = next_change(next, one, orders);

	if (ret > 0)
		one->p = next->p;
	return ret < 0 ? -1 : 0;
}

/* Cases whose p is as small as so many orders can make it. */
static size_t count_promising(const struct kb_history_series *series, unsigned int orders)
{
	size_t nr = 0;

	for (size_t i = 0; i < series->nr; i++)
		nr += series->cases[i].p <= 1.0 / (orders + 1);
	return nr;
}

/* A test of fewer orders that did not end early is made with more of them. */
static int test_again(void *ctx, size_t i)
{
	const struct testing *testing = ctx;
	struct kb_history_case *one = &testing->series->cases[i];

	return one->p <= (double)ENOUGH / (testing->before + 1) ?
		       test_first(one, testing->orders) : 0;
}

/*
 * One case among many changes significantly only by a small p. Where several do, it need not be
 * that small, so the first tests are short, and those that did not end early, with ENOUGH greater
 * orders, are made again. Some were promising by chance, and show it then: the others need a
 * smaller p than it seemed, until as many are promising as were counted upon.
 */
static int sharpen(struct kb_history_series *series, double level)
{
	unsigned int orders = FEW_ORDERS, next;
	struct testing testing;
	size_t promising;

	for (;;) {
		promising = count_promising(series, orders);
		next = orders_for(level / (double)series->tested *
				  (double)(promising ? promising : 1));
		if (next <= orders)
			return 0;
		testing = (struct testing){ .series = series, .orders = next, .before = orders };
		if (kb_parallel(series->nr, test_again, &testing))
			return -1;
		orders = next;
	}
}

static int test_one(void *ctx, size_t i)
{
	const struct testing *testing = ctx;
	struct kb_history_case *one = &testing->series->cases[i];

	if (!one->exact)
		return test_first(one, FEW_ORDERS);
	find_exact(one);
	return 0;
}

static int test_firsts(struct kb_history_series *series, double level)
{
	struct testing testing = { .series = series };

	if (kb_parallel(series->nr, test_one, &testing))
		return -1;
	for (size_t i = 0; i < series->nr; i++)
		if (!isnan(series->cases[i].p))
			series->tested++;
	return series->tested ? sharpen(series, level) : 0;
}

static int by_place(const void *a, const void *b)
{
	const struct kb_change *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Beside the first change of @one all others that are significant at @level. */
static int find_others(struct kb_history_case *one, double level)
{
	unsigned int orders = orders_for(level);
	int ret;

	one->nr_changes = 1;
	while ((ret = next_change(&one->changes[one->nr_changes], one, orders)) > 0 &&
	       one->changes[one->nr_changes].p <= level)
		one->nr_changes++;
	qsort(one->changes, one->nr_changes, sizeof(*one->changes), by_place);
	return ret < 0 ? -1 : 0;
}

static int find_others_of(void *ctx, size_t i)
{
	const struct testing *testing = ctx;
	struct kb_history_series *series = testing->series;

	return testing->adjusted[i] <= testing->level ?
		       find_others(&series->cases[i], series->level) : 0;
}

static int find_tested(struct kb_history_series *series, const double *adjusted, double level)
{
	struct testing testing = { .series = series, .adjusted = adjusted, .level = level };
	size_t changed = 0;

	for (size_t i = 0; i < series->nr; i++)
		changed += adjusted[i] <= level;
	series->level = level * (double)changed / (double)series->tested;
	return kb_parallel(series->nr, find_others_of, &testing);
}

int kb_history_find_changes(struct kb_history_series *series, double level)
{
	double *p = calloc(2 * (series->nr + 1), sizeof(*p)), *adjusted;
	int bad = !p || test_firsts(series, level);

	if (!bad && series->tested) {
		adjusted = p + series->nr + 1;
		for (size_t i = 0; i < series->nr; i++)
			p[i] = series->cases[i].p;
		bad = kb_adjust_bh(adjusted, p, series->nr) ||
		      find_tested(series, adjusted, level);
	}
	free(p);
	return bad ? -1 : 0;
}

size_t kb_history_most_cases(double level)
{
	/* A part of a case is none, but 1,000 may come out as 999.99... */
	return (size_t)((MOST_ORDERS + 1) * level + 1e-6);
}

/*
 * Of all orders of n values two have their smaller half before the greater, up to within halves.
 * No p is below that of the orders that are tried.
 */
bool kb_history_can_show(size_t boots, size_t tested, double level)
{
	double n = (double)boots, half = floor(n / 2);
	double orders = lgamma(n + 1) - lgamma(half + 1) - lgamma(n - half + 1);

	return boots >= 2 * KB_LEAST_BOOTS && tested <= kb_history_most_cases(level) &&
	       log(2) - orders <= log(level / (double)(tested ? tested : 1));
}
