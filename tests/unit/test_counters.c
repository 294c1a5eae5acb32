// SPDX-License-Identifier: GPL-2.0
/* Perf counters: their names, their records, and what becomes of the counts. */
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "intake.h"
#include "numbers.h"
#include "result_parts.h"
#include "stats.h"
#include "table_cells.h"

static void names_are_those_of_perf(void **state)
{
	/* Type and config as linux/perf_event.h has them, worked out by hand. */
	static const struct {
		const char	*name;
		uint32_t	type;
		uint64_t	config;
	} table[] = {
		{ "cycles", 0, 0 }, { "instructions", 0, 1 }, { "cache-references", 0, 2 },
		{ "cache-misses", 0, 3 }, { "branches", 0, 4 }, { "branch-misses", 0, 5 },
		{ "bus-cycles", 0, 6 }, { "stalled-cycles-frontend", 0, 7 },
		{ "stalled-cycles-backend", 0, 8 }, { "ref-cycles", 0, 9 },
		{ "cpu-clock", 1, 0 }, { "page-faults", 1, 2 }, { "cs", 1, 3 },
		{ "cpu-migrations", 1, 4 },
		{ "L1-dcache-loads", 3, 0 }, { "L1-dcache-load-misses", 3, 0x10000 },
		{ "L1-dcache-store-misses", 3, 0x10100 }, { "LLC-loads", 3, 2 },
		{ "LLC-load-misses", 3, 0x10002 }, { "dTLB-load-misses", 3, 0x10003 },
		{ "iTLB-load-misses", 3, 0x10004 }, { "node-store-misses", 3, 0x10106 },
		{ "r1", 4, 1 }, { "r01C2", 4, 0x1c2 }, { "rffffffffffffffff", 4, UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct kb_counters counters = { 0 };
		struct kb_error err = { 0 };

		if (kb_counters_parse(&counters, table[i].name, &err))
			fail_msg("%s", err.text);
		assert_int_equal(counters.nr, 1);
		assert_string_equal(counters.list[0].name, table[i].name);
		assert_int_equal(counters.list[0].type, table[i].type);
		assert_true(counters.list[0].config == table[i].config);
	}
}

static void several_keep_their_order(void **state)
{
	struct kb_counters counters = { 0 };
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_counters_parse(&counters, "cycles,r1a8", &err), 0);
	assert_int_equal(kb_counters_parse(&counters, "cs", &err), 0);
	assert_int_equal(counters.nr, 3);
	assert_string_equal(counters.list[1].name, "r1a8");
	assert_string_equal(counters.list[2].name, "cs");
}

static void bad_names_are_refused(void **state)
{
	static const struct {
		const char	*text, *says;
	} table[] = {
		{ "cycels", "did you mean 'cycles'?" },
		{ "cache-miss", "did you mean 'cache-misses'?" },
		{ "LLC", "did you mean 'LLC-loads'?" },
		{ "xyzzy", "names are those of perf list" },
		{ "r", "names are those of perf list" }, { "r1g", "raw events rNNN" },
		{ "r12345678123456781", "raw events rNNN" },
		{ "cycles:k", "a plain name" }, { "cpu/event=0x3c/", "rNNN" },
		{ "", "an empty name" }, { "cycles,,cs", "an empty name" },
		{ "cycles,cycles", "name it once" }, { "cs,context-switches", "counts what cs" },
		{ "r1,r01", "name it once" },
		{ "r1,r2,r3,r4,r5,r6,r7,r8,r9", "at most 8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct kb_counters counters = { 0 };
		struct kb_error err = { 0 };

		assert_int_equal(kb_counters_parse(&counters, table[i].text, &err), -1);
		assert_error(&err, KB_EXIT_USAGE, table[i].says);
	}
}

/* A measured case of one or two workers with four samples each, batches of 10 and 20 ops. */
struct fixture {
	struct kb_measured	measured;
	struct kb_series	series[2];
	uint64_t		ops[4], value[4];
	uint32_t		flags[2][4];
};

static void build(struct fixture *fixture, size_t nr_workers)
{
	*fixture = (struct fixture){
		.ops = { 10, 20, 10, 20 }, .value = { 1, 1, 1, 1 },
		.measured = {
			.status = KB_CASE_OK, .series = fixture->series, .nr_series = nr_workers,
		},
	};
	for (unsigned int i = 0; i < 2; i++)
		fixture->series[i] = (struct kb_series){
			.worker = i, .nr = 4, .ops = fixture->ops, .value = fixture->value,
			.flags = fixture->flags[i],
			.excluded = KBENCH_SAMPLE_OUTSIDE | KBENCH_SAMPLE_MIGRATED,
		};
}

static void free_counts(struct fixture *fixture)
{
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < KBENCH_MAX_COUNTERS; j++)
			kb_counts_free(&fixture->series[i].counts[j]);
	for (size_t j = 0; j < KBENCH_MAX_COUNTERS; j++)
		free(fixture->measured.missing[j]);
}

/* The record of counter 0 in worker 0, with those columns. */
static int take(struct fixture *fixture, const char *columns)
{
	char text[512];
	json_t *record;
	int ret;

	snprintf(text, sizeof(text), "{\"worker\":0,\"phase\":0,\"counter\":0,%s}", columns);
	record = json_loads(text, 0, NULL);
	assert_non_null(record);
	ret = kb_counts_read(&fixture->measured, record, 2);
	json_decref(record);
	return ret;
}

static int finish(struct fixture *fixture, const char *reasons)
{
	json_t *record = json_loads(reasons, 0, NULL);
	int ret;

	assert_non_null(record);
	ret = kb_counts_finish(&fixture->measured, record, 2);
	json_decref(record);
	return ret;
}

static void records_come_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = {
		"\"value\":[1,2,3]", "\"value\":[1,2,3,-4]", "\"value\":\"many\"",
		"\"enabled\":[1,1,1,1],\"running\":[1,1,1,1]",
		"\"value\":[1,2,3,4],\"enabled\":[1,1,1,1]",
		"\"value\":[1,2,3,4],\"enabled\":[1,1,1,1],\"running\":[1,1,1,2]",
	};
	struct fixture fixture;

	(void)state;
	build(&fixture, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(take(&fixture, bad[i]), -1);
	assert_null(fixture.series[0].counts[0].value);
	assert_int_equal(take(&fixture, "\"value\":[1,2,3,4]"), 0);
	assert_int_equal(take(&fixture, "\"value\":[1,2,3,4]"), -1);
	assert_int_equal(take(&fixture, "\"value\":[1,2,3,4],\"counter\":2"), -1);
	assert_int_equal(fixture.series[0].counts[0].value[3], 4);
	assert_null(fixture.series[0].counts[0].running);

	/* Counter 1 has no columns: right only when it is said to be missing. */
	assert_int_equal(finish(&fixture, "{\"counters\":[\"\",\"\"]}"), -1);
	assert_int_equal(finish(&fixture, "{\"counters\":[\"\"]}"), -1);
	assert_int_equal(finish(&fixture, "{}"), -1);
	assert_int_equal(finish(&fixture, "{\"counters\":[\"\",\"none here\"]}"), 0);
	assert_string_equal(fixture.measured.missing[1], "none here");
	free_counts(&fixture);
}

static void set_counts(struct fixture *fixture, size_t worker, const uint64_t value[4],
		       const uint64_t running[4])
{
	struct kb_counts *counts = &fixture->series[worker].counts[0];

	counts->value = calloc(4, sizeof(uint64_t));
	assert_non_null(counts->value);
	memcpy(counts->value, value, 4 * sizeof(uint64_t));
	if (!running)
		return;
	counts->enabled = calloc(4, sizeof(uint64_t));
	counts->running = calloc(4, sizeof(uint64_t));
	assert_non_null(counts->enabled);
	assert_non_null(counts->running);
	memcpy(counts->running, running, 4 * sizeof(uint64_t));
	for (size_t i = 0; i < 4; i++)
		counts->enabled[i] = 100;
}

/* Counts of 7 + 3 ops: the 7 are taken off, whichever batch comes first. */
static void the_readings_are_taken_off(void **state)
{
	const uint64_t counts[] = { 37, 67, 37, 67 };
	struct kb_counter_estimate estimate;
	struct fixture fixture;

	(void)state;
	build(&fixture, 1);
	set_counts(&fixture, 0, counts, NULL);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), 0);
	assert_same(estimate.fixed, 7);
	assert_same(estimate.per_op, 3);
	assert_same(estimate.mean, 3);
	assert_same(estimate.running, 1);
	assert_int_equal(estimate.n, 4);
	free_counts(&fixture);
}

/*
 * Worker 0 as above, worker 1 at 7 + 5 ops but for one batch that met something of 1000 counts:
 * pairs say 7, 7, 7 and 2 * 1057 - 107 = 2007, with the median 7. Medians are 3 and, of 5, 5, 5 and
 * 105, 5: their mean is 4. The mean of all is (4 * 3 + 3 * 5 + 105) / 8 = 16.5.
 */
static void workers_have_medians_of_their_own(void **state)
{
	const uint64_t first[] = { 37, 67, 37, 67 }, second[] = { 57, 107, 1057, 107 };
	struct kb_counter_estimate estimate;
	struct fixture fixture;

	(void)state;
	build(&fixture, 2);
	set_counts(&fixture, 0, first, NULL);
	set_counts(&fixture, 1, second, NULL);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), 0);
	assert_same(estimate.fixed, 7);
	assert_same(estimate.per_op, 4);
	assert_same(estimate.mean, 16.5);
	assert_int_equal(estimate.n, 8);
	free_counts(&fixture);
}

/* The same 5 counts in each batch are all fixed; more fixed than a batch counted there is not. */
static void nothing_is_below_zero(void **state)
{
	const uint64_t same[] = { 5, 5, 5, 5 }, falling[] = { 40, 10, 40, 10 };
	struct kb_counter_estimate estimate;
	struct fixture fixture;

	(void)state;
	build(&fixture, 1);
	set_counts(&fixture, 0, same, NULL);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), 0);
	assert_same(estimate.fixed, 5);
	assert_same(estimate.per_op, 0);
	free_counts(&fixture);

	/* The pairs say 70. */
	build(&fixture, 1);
	set_counts(&fixture, 0, falling, NULL);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), 0);
	assert_same(estimate.fixed, 10);
	assert_same(estimate.per_op, 1.5);
	free_counts(&fixture);
}

/*
 * Seen for half of the time, 15 and 30 counts are 30 and 60: 3 an op. The batch of which nothing
 * was seen, and the pair that it is in, count for nothing but the part of the time, which is
 * (0.5 + 0.5 + 0 + 1) / 4.
 */
static void shared_hardware_is_scaled_and_told(void **state)
{
	const uint64_t counts[] = { 15, 30, 0, 60 }, running[] = { 50, 50, 0, 100 };
	struct kb_counter_estimate estimate;
	struct fixture fixture;

	(void)state;
	build(&fixture, 1);
	set_counts(&fixture, 0, counts, running);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), 0);
	assert_same(estimate.fixed, 0);
	assert_same(estimate.per_op, 3);
	assert_same(estimate.running, 0.5);
	assert_int_equal(estimate.n, 3);
	free_counts(&fixture);
}

static void what_was_never_counted_says_so(void **state)
{
	const uint64_t nothing[4] = { 0 }, counts[] = { 37, 67, 37, 67 };
	struct kb_counter_estimate estimate;
	struct fixture fixture;

	(void)state;
	build(&fixture, 2);
	set_counts(&fixture, 0, nothing, nothing);
	set_counts(&fixture, 1, nothing, nothing);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), -1);
	assert_non_null(strstr(estimate.reason, "fewer counters"));
	free_counts(&fixture);

	/* On one CPU it was, on the other it was not. */
	build(&fixture, 2);
	set_counts(&fixture, 0, nothing, nothing);
	set_counts(&fixture, 1, counts, NULL);
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), -1);
	assert_non_null(strstr(estimate.reason, "some CPU"));
	free_counts(&fixture);

	/* Samples that do not count for the time do not count here. */
	build(&fixture, 1);
	set_counts(&fixture, 0, counts, NULL);
	for (size_t i = 0; i < 4; i++)
		fixture.flags[0][i] = KBENCH_SAMPLE_OUTSIDE;
	assert_int_equal(kb_estimate_counter(&estimate, &fixture.measured, 0, 0), -1);
	free_counts(&fixture);
}

static void assert_cell(const json_t *entry, const char *counter, const char *wanted)
{
	char *text = kb_counter_text(entry, counter);

	assert_string_equal(text, wanted);
	free(text);
}

static void results_and_tables_say_which_is_missing(void **state)
{
	const uint64_t counts[] = { 15, 30, 15, 30 }, running[] = { 50, 50, 50, 50 };
	struct kb_counters counters = { 0 };
	struct kb_error err = { 0 };
	struct fixture fixture;
	json_t *entry, *cycles;

	(void)state;
	assert_int_equal(kb_counters_parse(&counters, "cycles,cache-misses", &err), 0);
	build(&fixture, 1);
	set_counts(&fixture, 0, counts, running);
	fixture.measured.missing[1] = strdup("no such counter");
	entry = json_pack("{s:o}", "counters", kb_result_counters(&counters, &fixture.measured, 0));
	assert_non_null(entry);
	cycles = json_object_get(json_object_get(entry, "counters"), "cycles");
	assert_same(json_number_value(json_object_get(cycles, "per_op")), 3);
	assert_same(json_number_value(json_object_get(cycles, "running")), 0.5);
	assert_cell(entry, "cycles", "3*");
	assert_cell(entry, "cache-misses", "n/a");
	assert_cell(entry, "instructions", "");
	assert_null(kb_counter_missing(entry, "cycles"));
	assert_string_equal(kb_counter_missing(entry, "cache-misses"), "no such counter");
	json_object_set_new(cycles, "running", json_real(1));
	json_object_set_new(cycles, "per_op", json_real(12.34567));
	assert_cell(entry, "cycles", "12.35");
	json_object_set_new(cycles, "per_op", json_real(1.34e-6));
	assert_cell(entry, "cycles", "1.3e-06");
	json_decref(entry);
	free_counts(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_perf),
		cmocka_unit_test(several_keep_their_order),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(records_come_whole_or_not_at_all),
		cmocka_unit_test(the_readings_are_taken_off),
		cmocka_unit_test(workers_have_medians_of_their_own),
		cmocka_unit_test(nothing_is_below_zero),
		cmocka_unit_test(shared_hardware_is_scaled_and_told),
		cmocka_unit_test(what_was_never_counted_says_so),
		cmocka_unit_test(results_and_tables_say_which_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
