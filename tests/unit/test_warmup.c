// SPDX-License-Identifier: GPL-2.0
/* What becomes of warm-up, and of cases without a steady state, in summaries and results. */
#include "support.h"

#include <string.h>

#include "numbers.h"
#include "run_fixture.h"
#include "stats.h"
#include "table.h"

static int setup(void **state)
{
	*state = run_fixture_new();
	return 0;
}

static int teardown(void **state)
{
	run_fixture_free(*state);
	return 0;
}

static struct kb_series *spin_lock_series(void **state)
{
	struct run_fixture *run = *state;

	return run->boots[0].measured[SPIN_LOCK].series;
}

static void summarize(void **state, struct kb_summary *summary)
{
	struct run_fixture *run = *state;

	if (kb_summarize(summary, &run->boots[0].measured[SPIN_LOCK], 0))
		fail_msg("%s", summary->reason);
}

static bool has_flag(const json_t *entry, const char *flag)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(entry, "flags"), i, item)
		if (!strcmp(json_string_value(item), flag))
			return true;
	return false;
}

/* The fixture's spin_lock: 25 ns an op and 40 ns fixed, on both workers. */
static void warm_up_does_not_count(void **state)
{
	struct kb_series *series = spin_lock_series(state);
	struct kb_summary summary;
	const json_t *entry;
	json_t *result;

	run_fixture_lengthen(&series[0], 40, 0, 9);
	run_fixture_lengthen(&series[1], 40, 1, 0);
	/* Not counted, nor counted as warm-up. */
	series[0].flags[2] |= KBENCH_SAMPLE_OUTSIDE;
	summarize(state, &summary);
	assert_int_equal(summary.no_steady_state, 0);
	assert_int_equal(summary.nr_warmup, 9);
	assert_int_equal(summary.workers[0].begin, 10);
	assert_int_equal(summary.workers[1].begin, 0);
	assert_int_equal(summary.per_op.n, 70);
	assert_int_equal(summary.fewest, 30);
	assert_close(summary.per_op.median, 25);
	assert_close(summary.per_op.max, 25);
	kb_summary_free(&summary);

	result = run_fixture_result(*state, 1);
	entry = json_array_get(json_object_get(result, "cases"), 0);
	assert_int_equal(json_integer_value(json_object_get(entry, "warmup")), 9);
	assert_false(has_flag(entry, "no-steady-state"));
	/* A case that is steady says so, too. */
	entry = json_array_get(json_object_get(result, "cases"), 2);
	assert_string_equal(kb_text(entry, "bench"), "kmalloc");
	assert_int_equal(json_integer_value(json_object_get(entry, "warmup")), 0);
	json_decref(result);
}

/* One worker that does not settle is enough: then all samples of all workers count. */
static void no_steady_state(void **state)
{
	struct kb_series *series = spin_lock_series(state);
	struct kb_summary summary;
	const json_t *entry;
	json_t *result;

	run_fixture_lengthen(&series[0], 40, 0, 9);
	run_fixture_lengthen(&series[1], 40, 28, 39);
	summarize(state, &summary);
	assert_int_equal(summary.no_steady_state, 1);
	assert_int_equal(summary.nr_warmup, 0);
	assert_int_equal(summary.workers[0].begin, 0);
	assert_int_equal(summary.per_op.n, 80);
	kb_summary_free(&summary);

	result = run_fixture_result(*state, 1);
	entry = json_array_get(json_object_get(result, "cases"), 0);
	assert_int_equal(json_integer_value(json_object_get(entry, "warmup")), 0);
	assert_true(has_flag(entry, "no-steady-state"));
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(warm_up_does_not_count, setup, teardown),
		cmocka_unit_test_setup_teardown(no_steady_state, setup, teardown),
	};

	return cmocka_run_group_tests_name("warmup", tests, NULL, NULL);
}
