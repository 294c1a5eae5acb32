// SPDX-License-Identifier: GPL-2.0
/* The search among releases, with releases that are made. */
#include "support.h"

#include <string.h>

#include "bisect.h"

#define MAX_ROW	64

/* Search a row as told: 'g' good, 'b' bad, 's' to be skipped. Return: releases that were asked. */
static unsigned int search(const char *row, struct kb_bisect_ends *ends)
{
	enum kb_bisect_mark marks[MAX_ROW] = { KB_BISECT_GOOD };
	struct kb_bisect bisect = { .marks = marks, .nr = strlen(row) };
	unsigned int asked = 0;
	size_t next;

	marks[bisect.nr - 1] = KB_BISECT_BAD;
	while ((next = kb_bisect_next(&bisect)) < bisect.nr) {
		assert_int_equal(marks[next], KB_BISECT_UNKNOWN);
		marks[next] = row[next] == 'g' ? KB_BISECT_GOOD :
			      row[next] == 'b' ? KB_BISECT_BAD : KB_BISECT_SKIPPED;
		asked++;
		assert_true(asked < MAX_ROW);
	}
	*ends = kb_bisect_ends(&bisect);
	assert_int_equal(ends->left, 0);
	return asked;
}

/* Every row of up to 40 releases with every place of the change. */
static void finds_every_change(void **state)
{
	(void)state;
	for (size_t nr = 2; nr <= 40; nr++) {
		for (size_t first = 1; first < nr; first++) {
			struct kb_bisect_ends ends;
			char row[MAX_ROW];
			unsigned int asked;

			memset(row, 'g', first);
			memset(row + first, 'b', nr - first);
			row[nr] = '\0';
			asked = search(row, &ends);
			assert_int_equal(ends.good, first - 1);
			assert_int_equal(ends.bad, first);
			assert_true(asked <= kb_bisect_steps(nr - 2));
		}
	}
}

static void asks_the_middle_first(void **state)
{
	enum kb_bisect_mark marks[9] = { [0] = KB_BISECT_GOOD, [8] = KB_BISECT_BAD };
	struct kb_bisect bisect = { .marks = marks, .nr = 9 };

	(void)state;
	assert_int_equal(kb_bisect_next(&bisect), 4);
	marks[4] = KB_BISECT_SKIPPED;
	assert_int_equal(kb_bisect_next(&bisect), 3);
	marks[3] = KB_BISECT_SKIPPED;
	assert_int_equal(kb_bisect_next(&bisect), 5);
	marks[5] = KB_BISECT_BAD;
	assert_int_equal(kb_bisect_next(&bisect), 2);
	marks[2] = KB_BISECT_GOOD;
	assert_int_equal(kb_bisect_next(&bisect), 9);
}

static void names_what_was_skipped(void **state)
{
	static const struct {
		const char	*row;
		size_t		good;
		size_t		bad;
	} rows[] = {
		{ "gb", 0, 1 },
		{ "gsb", 0, 2 },
		{ "gssssssb", 0, 7 },
		{ "gggssbbb", 2, 5 },
		{ "gsgsbsbb", 2, 4 },
		{ "ggggsggb", 6, 7 },
		{ "gbsbsbbb", 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_bisect_ends ends;

		search(rows[i].row, &ends);
		assert_int_equal(ends.good, rows[i].good);
		assert_int_equal(ends.bad, rows[i].bad);
	}
}

/* What goes to and fro still ends at a change: good before, bad after, nothing left between. */
static void to_and_fro(void **state)
{
	static const char *const rows[] = { "gbgbgbgb", "ggbbggbb", "gbbbgggb", "gsbgsbgb" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kb_bisect_ends ends;

		search(rows[i], &ends);
		assert_int_equal(rows[i][ends.good], 'g');
		assert_int_equal(rows[i][ends.bad], 'b');
		for (size_t k = ends.good + 1; k < ends.bad; k++)
			assert_int_equal(rows[i][k], 's');
	}
}

static void steps(void **state)
{
	(void)state;
	assert_int_equal(kb_bisect_steps(0), 0);
	assert_int_equal(kb_bisect_steps(1), 1);
	assert_int_equal(kb_bisect_steps(2), 2);
	assert_int_equal(kb_bisect_steps(3), 2);
	assert_int_equal(kb_bisect_steps(7), 3);
	assert_int_equal(kb_bisect_steps(8), 4);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(finds_every_change),
	cmocka_unit_test(asks_the_middle_first),
	cmocka_unit_test(names_what_was_skipped),
	cmocka_unit_test(to_and_fro),
	cmocka_unit_test(steps),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
