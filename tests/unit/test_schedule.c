// SPDX-License-Identifier: GPL-2.0
/* How long batches get: kbench/schedule.h, with figures worked out by hand. */
#include "support.h"

#include <stdint.h>

#include "../../kbench/schedule.h"

#define MS	1000000ULL

static __u64 chosen(__u64 duration, __u64 batch, __u32 context, __u64 clock)
{
	const struct kbench_run run = { .duration_ns = duration, .batch_ns = batch };

	return kb_choose_batch_ns(&run, 32, context, clock);
}

static void batch_is_a_share_of_the_time(void **state)
{
	(void)state;
	/* 100 ms / (32 samples * 6) */
	assert_int_equal(chosen(100 * MS, 0, KBENCH_CTX_PROCESS, 20), 520833);
	/* At least 20 us, and 1,000 times the clock's cost. */
	assert_int_equal(chosen(1 * MS, 0, KBENCH_CTX_PROCESS, 1), 20000);
	assert_int_equal(chosen(1 * MS, 0, KBENCH_CTX_PROCESS, 50), 50000);
	assert_int_equal(chosen(100 * MS, 7000, KBENCH_CTX_PROCESS, 1), 7000);
	/* The longer batch stays below the limits of its context. */
	assert_int_equal(chosen(60000 * MS, 0, KBENCH_CTX_PROCESS, 20), 100 * MS);
	assert_int_equal(chosen(60000 * MS, 0, KBENCH_CTX_ATOMIC, 20), 25 * MS);
	assert_int_equal(chosen(60000 * MS, 0, KBENCH_CTX_IRQ_OFF, 20), 10 * MS / 4);
	assert_int_equal(chosen(60000 * MS, 0, KBENCH_CTX_BH_OFF, 20), 10 * MS / 4);
}

static void calibration_grows_at_most_eightfold(void **state)
{
	__u64 found;

	(void)state;
	/* Too short: eightfold at most, towards the aim, at least by one, to the limit. */
	assert_int_equal(kb_next_ops(10, 1000, 100000, 1000000, &found), 80);
	assert_int_equal(kb_next_ops(10, 30000, 100000, 1000000, &found), 33);
	assert_int_equal(kb_next_ops(1, 49999, 100000, 1000000, &found), 2);
	assert_int_equal(kb_next_ops(10, 1000, 100000, 50, &found), 50);
	assert_int_equal(kb_next_ops(10, 0, 100000, 1000000, &found), 80);
	/* Half of the aim is near enough. What is too long is cut, but never to nothing. */
	assert_int_equal(kb_next_ops(10, 50000, 100000, 1000000, &found), 0);
	assert_int_equal(found, 10);
	assert_int_equal(kb_next_ops(10, 400000, 100000, 1000000, &found), 0);
	assert_int_equal(found, 2);
	assert_int_equal(kb_next_ops(1, 400000, 100000, 1000000, &found), 0);
	assert_int_equal(found, 1);
	assert_int_equal(kb_next_ops(50, 1000, 100000, 50, &found), 0);
	assert_int_equal(found, 50);
}

static void far_from_the_aim_one_try_is_enough(void **state)
{
	(void)state;
	assert_true(kb_tried_enough(1, 100, 1000));
	assert_false(kb_tried_enough(1, 900, 1000));
	assert_false(kb_tried_enough(1, 1100, 1000));
	assert_true(kb_tried_enough(2, 1100, 1000));
	assert_false(kb_tried_enough(3, 900, 1000));
	assert_true(kb_tried_enough(4, 900, 1000));
}

static void edges_are_shared_out(void **state)
{
	const struct kb_edge edge = { .begin = 1000, .end = 2000, .ops = 500 };
	const struct kb_edge large = { .begin = 0, .end = 1ULL << 40, .ops = 1ULL << 40 };

	(void)state;
	assert_int_equal(kb_edge_share(&edge, 0, 5000), 500);
	assert_int_equal(kb_edge_share(&edge, 1500, 5000), 250);
	assert_int_equal(kb_edge_share(&edge, 0, 1200), 100);
	assert_int_equal(kb_edge_share(&edge, 1200, 1400), 100);
	assert_int_equal(kb_edge_share(&edge, 2000, 5000), 0);
	assert_int_equal(kb_edge_share(&edge, 0, 1000), 0);
	/* The product is longer than 64 bits. */
	assert_true(kb_edge_share(&large, 1ULL << 39, 1ULL << 40) == 1ULL << 39);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_is_a_share_of_the_time),
		cmocka_unit_test(calibration_grows_at_most_eightfold),
		cmocka_unit_test(far_from_the_aim_one_try_is_enough),
		cmocka_unit_test(edges_are_shared_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
