// SPDX-License-Identifier: GPL-2.0
/* Results as objects: what a run becomes, and whether the schema agrees. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "result.h"
#include "run_fixture.h"
#include "table.h"

#define SCHEMA		TESTS_DIR "/../docs/result.schema.json"

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

/* Entry @index of cases[]. */
static json_t *entry_of(const json_t *result, size_t index)
{
	json_t *entry = json_array_get(json_object_get(result, "cases"), index);

	assert_non_null(entry);
	return entry;
}

static void assert_text(const json_t *object, const char *name, const char *wanted)
{
	assert_string_equal(kb_text(object, name), wanted);
}

static void assert_number(const json_t *object, const char *name, double wanted)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_number(value))
		fail_msg("%s is no number", name);
	if (fabs(json_number_value(value) - wanted) > 1e-12 * fabs(wanted))
		fail_msg("%s is %.17g, wanted %.17g", name, json_number_value(value), wanted);
}

static void assert_flag(const json_t *entry, const char *flag, int wanted)
{
	const json_t *flags = json_object_get(entry, "flags"), *value;
	int found = 0;
	size_t i;

	json_array_foreach(flags, i, value)
		found += !strcmp(json_string_value(value), flag);
	if (found != wanted)
		fail_msg("flag %s is there %d times, wanted %d", flag, found, wanted);
}

/* Asks python3-jsonschema, which knows nothing of the code that made @result. */
static void assert_valid(const json_t *result)
{
	char path[] = "/tmp/kbench-test-XXXXXX", command[1024];
	int fd = mkstemp(path), status;
	json_t *whole = json_copy((json_t *)result);

	assert_true(fd >= 0);
	json_object_set_new(whole, "samples", json_pack("{s:s, s:s}", "file", "x.samples.jsonl.zst",
		"sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	assert_int_equal(json_dumpfd(whole, fd, JSON_REAL_PRECISION(17)), 0);
	close(fd);
	snprintf(command, sizeof(command),
		 "python3 -c 'import json, sys, jsonschema\n"
		 "jsonschema.validate(json.load(open(sys.argv[2])), json.load(open(sys.argv[1])))' "
		 "'%s' %s >&2", SCHEMA, path);
	status = system(command);
	unlink(path);
	json_decref(whole);
	assert_int_equal(status, 0);
}

static void a_run_is_described(void **state)
{
	json_t *result = run_fixture_result(*state, 1);
	const json_t *environment = json_object_get(result, "environment");
	const json_t *boot = json_array_get(json_object_get(result, "boots"), 0);

	assert_text(result, "schema", "kbench-result/1");
	assert_text(result, "status", "complete");
	assert_text(result, "started", "2026-03-04T05:06:07Z");
	assert_int_equal(json_array_size(json_object_get(result, "command")), 3);
	assert_int_equal(json_array_size(json_object_get(result, "errors")), 0);
	assert_text(json_object_get(result, "kbench"), "version", KBENCH_VERSION);
	assert_text(json_object_get(result, "machine"), "arch", "x86_64");
	assert_text(json_object_get(result, "kernel"), "release", "6.12.113+deb12-amd64");
	assert_text(json_object_get(result, "kernel"), "module_compiler", "gcc-12");
	assert_null(json_object_get(environment, "module_compiler"));
	assert_text(environment, "target", "vm");
	assert_text(environment, "backend", "lkm");
	assert_text(environment, "fidelity", "tcg");
	assert_text(environment, "clocksource", "tsc");
	assert_string_equal(json_string_value(json_array_get(
		json_object_get(environment, "warnings"), 0)), "the clock is odd");
	assert_number(boot, "boot_to_agent_s", 3.25);
	assert_valid(result);
	json_decref(result);
}

/*
 * A batch of n ops took 80 + 50 n ticks of half a nanosecond: 40 ns fixed, 25 ns an op. The
 * workers did 12000 and 6000 ops in the window of 1 ms.
 */
static void a_measured_case_has_all_figures(void **state)
{
	json_t *result = run_fixture_result(*state, 1);
	const json_t *entry = entry_of(result, 0), *per_op = json_object_get(entry, "per_op");
	const json_t *per_cpu = json_object_get(entry, "per_cpu");

	assert_text(entry, "suite", "locks");
	assert_text(entry, "bench", "spin_lock");
	assert_text(entry, "phase", "");
	assert_text(entry, "context", "preempt-off");
	assert_text(entry, "unit", "ns");
	assert_text(entry, "status", "ok");
	assert_text(entry, "reason", "");
	assert_text(entry, "placement", "numbered");
	assert_number(json_object_get(entry, "params"), "cs", 0);
	assert_number(entry, "cpus", 2);
	assert_number(entry, "boot", 0);
	assert_number(entry, "fixed", 40);
	assert_number(per_op, "median", 25);
	assert_number(per_op, "min", 25);
	assert_number(per_op, "p99_9", 25);
	assert_number(per_op, "n", 16);
	assert_number(entry, "ops", 18000);
	assert_number(entry, "throughput_ops_s", 1.8e7);
	assert_number(entry, "fairness", 0.5);
	assert_number(json_array_get(per_cpu, 1), "cpu", 1);
	assert_number(json_array_get(per_cpu, 1), "ops", 6000);
	assert_int_equal(json_array_size(json_object_get(entry, "flags")), 0);
	json_decref(result);
}

static void timed_ops_have_a_histogram(void **state)
{
	struct run_fixture *run = *state;
	const json_t *histogram, *buckets;
	json_t *result;

	run_fixture_time_ops(run, &run->boots[0], SPIN_LOCK);
	run_fixture_time_ops(run, &run->boots[0], KMALLOC);
	result = run_fixture_result(run, 1);
	histogram = json_object_get(entry_of(result, 0), "histogram");
	buckets = json_object_get(histogram, "buckets");
	assert_number(histogram, "count", 2000);
	assert_number(histogram, "p50", 60);
	assert_number(histogram, "p99_9", 60);
	assert_number(histogram, "max", 9000);
	assert_number(histogram, "max_cpu", 1);
	assert_number(histogram, "max_at", 500);
	assert_number(histogram, "timer_cost", 15);
	assert_number(histogram, "resolution", 0.5);
	assert_number(histogram, "sub_buckets", 64);
	assert_int_equal(json_array_size(json_object_get(histogram, "per_cpu")), 2);
	assert_int_equal(json_array_size(json_object_get(buckets, "index")), 3);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(buckets, "count"), 0)),
			 1998);
	assert_number(json_object_get(entry_of(result, 3), "histogram"), "count", 1000);
	assert_null(json_object_get(entry_of(result, 5), "histogram"));
	assert_valid(result);
	json_decref(result);
}

/* The empty op ran in spin_lock's context, preempt-off; kmalloc's is process. */
static void overhead_is_that_of_the_same_context(void **state)
{
	json_t *result = run_fixture_result(*state, 1);

	assert_number(entry_of(result, 0), "overhead_per_op", 0.5);
	assert_null(json_object_get(entry_of(result, 2), "overhead_per_op"));
	assert_text(entry_of(result, 5), "bench", "empty");
	assert_null(json_object_get(entry_of(result, 5), "overhead_per_op"));
	json_decref(result);
}

static void phases_have_entries_of_their_own(void **state)
{
	json_t *result = run_fixture_result(*state, 1);

	assert_int_equal(json_array_size(json_object_get(result, "cases")), 6);
	assert_text(entry_of(result, 2), "phase", "alloc");
	assert_number(json_object_get(entry_of(result, 2), "per_op"), "median", 50);
	assert_text(entry_of(result, 3), "phase", "free");
	assert_number(json_object_get(entry_of(result, 3), "per_op"), "median", 20);
	json_decref(result);
}

static void skipped_and_failed_cases_say_why(void **state)
{
	json_t *result = run_fixture_result(*state, 1);
	const json_t *skipped = entry_of(result, 1), *failed = entry_of(result, 4);

	assert_text(skipped, "status", "skipped");
	assert_text(skipped, "reason", "not on this kernel");
	assert_text(skipped, "placement", "listed");
	assert_number(json_array_get(json_object_get(result, "cases"), 1), "cpus", 2);
	assert_null(json_object_get(skipped, "per_op"));
	assert_null(json_object_get(skipped, "fixed"));
	assert_text(failed, "status", "failed");
	assert_text(failed, "reason", "an op slept");
	assert_null(json_object_get(failed, "per_op"));
	assert_int_equal(kb_result_count(result, "ok"), 4);
	assert_int_equal(kb_result_count(result, "skipped"), 1);
	assert_int_equal(kb_result_count(result, "failed"), 1);
	json_decref(result);
}

static void unusable_samples_fail_a_case(void **state)
{
	struct run_fixture *run = *state;
	struct kb_measured *measured = &run->boots[0].measured[SPIN_LOCK];
	json_t *result;

	for (size_t i = 0; i < measured->series[1].nr; i++)
		measured->series[1].flags[i] |= KBENCH_SAMPLE_OUTSIDE;
	result = run_fixture_result(run, 1);
	assert_text(entry_of(result, 0), "status", "failed");
	assert_non_null(strstr(kb_text(entry_of(result, 0), "reason"), "worker 1 (CPU 1)"));
	assert_null(json_object_get(entry_of(result, 0), "per_op"));
	assert_valid(result);
	json_decref(result);
}

static void a_missing_worker_fails_a_case(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	run->boots[0].measured[SPIN_LOCK].nr_series = 1;
	result = run_fixture_result(run, 1);
	run->boots[0].measured[SPIN_LOCK].nr_series = 2;
	assert_text(entry_of(result, 0), "status", "failed");
	assert_non_null(strstr(kb_text(entry_of(result, 0), "reason"), "from 1 of 2 workers"));
	json_decref(result);
}

static void samples_give_flags(void **state)
{
	struct run_fixture *run = *state;
	struct kb_measured *measured = &run->boots[0].measured[SPIN_LOCK];
	struct kb_series *series = &measured->series[0];
	json_t *result;

	series->flags[0] |= KBENCH_SAMPLE_OUTSIDE;
	series->flags[1] |= KBENCH_SAMPLE_MIGRATED;
	series->value[2] = 0;
	series->flags[3] |= KBENCH_SAMPLE_LONG_OFF;
	series->flags[4] |= KBENCH_SAMPLE_RESCHED;
	series->value[5] *= 100;
	result = run_fixture_result(run, 1);
	assert_flag(entry_of(result, 0), "outside", 1);
	assert_flag(entry_of(result, 0), "migrated", 1);
	assert_flag(entry_of(result, 0), "zero-time", 1);
	assert_flag(entry_of(result, 0), "irq-off-long", 1);
	assert_flag(entry_of(result, 0), "preempted", 1);
	assert_flag(entry_of(result, 0), "outliers", 1);
	assert_flag(entry_of(result, 0), "far-outliers", 1);
	/* 8 - 3 samples are left in this worker */
	assert_flag(entry_of(result, 0), "few-samples", 1);
	assert_flag(entry_of(result, 2), "few-samples", 0);
	assert_number(json_object_get(entry_of(result, 0), "per_op"), "n", 13);
	assert_valid(result);
	json_decref(result);
}

/* The deadline came early, whatever the number of samples says. */
static void the_round_gives_flags(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	run->boots[0].measured[KMALLOC].run_flags = KBENCH_RUN_FEW_SAMPLES;
	result = run_fixture_result(run, 1);
	assert_flag(entry_of(result, 2), "few-samples", 1);
	assert_flag(entry_of(result, 0), "few-samples", 0);
	json_decref(result);
}

/* Batches of one length alone: 25.04 ns an op, the fixed cost left in. */
static void an_unknown_fixed_cost_is_flagged(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	for (size_t w = 0; w < 2; w++)
		run->boots[0].measured[SPIN_LOCK].series[w].nr = 1;
	result = run_fixture_result(run, 1);
	assert_flag(entry_of(result, 0), "fixed-unknown", 1);
	assert_number(entry_of(result, 0), "fixed", 0);
	assert_number(json_object_get(entry_of(result, 0), "per_op"), "median", 25.04);
	assert_valid(result);
	json_decref(result);
}

/* 40 ns is more than a hundredth of the shortest batch of the empty op, 540 ns. */
static void a_large_fixed_cost_is_flagged(void **state)
{
	json_t *result = run_fixture_result(*state, 1);

	assert_flag(entry_of(result, 5), "fixed-large", 1);
	assert_flag(entry_of(result, 0), "fixed-large", 0);
	json_decref(result);
}

static void a_case_that_ran_again_has_one_entry(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	kb_measured_clear(&run->boots[0].measured[SPIN_LOCK]);
	run_fixture_measure(run, &run->boots[1], SPIN_LOCK, 2);
	result = run_fixture_result(run, 2);
	assert_text(result, "status", "complete");
	assert_int_equal(json_array_size(json_object_get(result, "cases")), 6);
	assert_text(entry_of(result, 5), "bench", "spin_lock");
	assert_number(entry_of(result, 5), "boot", 1);
	assert_number(json_object_get(entry_of(result, 5), "per_op"), "median", 50);
	/* The empty op was measured in the other boot. */
	assert_null(json_object_get(entry_of(result, 5), "overhead_per_op"));
	assert_valid(result);
	json_decref(result);
}

static void boots_of_one_case_have_an_entry_each(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	run_fixture_measure(run, &run->boots[1], SPIN_LOCK, 2);
	result = run_fixture_result(run, 2);
	assert_int_equal(json_array_size(json_object_get(result, "cases")), 7);
	assert_number(json_object_get(entry_of(result, 0), "per_op"), "median", 25);
	assert_number(json_object_get(entry_of(result, 6), "per_op"), "median", 50);
	json_decref(result);
}

static void a_run_cut_short_is_partial(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	kb_measured_clear(&run->boots[0].measured[KMALLOC]);
	run->facts.partial = true;
	run->facts.error = "interrupted";
	result = run_fixture_result(run, 1);
	assert_text(result, "status", "partial");
	assert_string_equal(json_string_value(json_array_get(json_object_get(result, "errors"), 0)),
			    "interrupted");
	assert_text(entry_of(result, 2), "status", "skipped");
	assert_text(entry_of(result, 2), "reason", "not measured: the run ended before it");
	assert_text(entry_of(result, 3), "phase", "free");
	assert_text(entry_of(result, 3), "status", "skipped");
	assert_valid(result);
	json_decref(result);
}

static void lost_records_fail_a_case(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	kb_measured_clear(&run->boots[0].measured[SPIN_LOCK]);
	result = run_fixture_result(run, 1);
	assert_text(result, "status", "partial");
	assert_text(entry_of(result, 0), "status", "failed");
	assert_valid(result);
	json_decref(result);
}

static void a_run_without_boots_is_valid(void **state)
{
	struct run_fixture *run = *state;
	json_t *result;

	run->facts.partial = true;
	result = run_fixture_result(run, 0);
	assert_int_equal(json_array_size(json_object_get(result, "cases")), 6);
	assert_int_equal(kb_result_count(result, "skipped"), 6);
	assert_valid(result);
	json_decref(result);
}

static void text_that_is_no_utf8_survives(void **state)
{
	struct run_fixture *run = *state;
	char odd[] = "caf\xe9 \xff", *arguments[] = { odd };
	json_t *result;

	run->facts.argc = 1;
	run->facts.argv = arguments;
	snprintf(run->boots[0].measured[SOLO].reason, KBENCH_REASON_LEN, "half a letter \xc3");
	result = run_fixture_result(run, 1);
	assert_string_equal(json_string_value(json_array_get(
		json_object_get(result, "command"), 0)), "caf? ?");
	assert_text(entry_of(result, 4), "reason", "half a letter ?");
	json_decref(result);
}

/* What a target claims against what its kernel saw. */
static void fidelity_is_never_too_good(void **state)
{
	static const struct {
		const char	*claimed, *hypervisor, *wanted;
	} table[] = {
		{ "native", "", "native" }, { "native", "KVMKVMKVM", "virtual" },
		{ "native", "TCGTCGTCGTCG", "tcg" }, { "virtual", "TCGTCGTCGTCG", "tcg" },
		{ "virtual", "KVMKVMKVM", "virtual" }, { "virtual", "", "virtual" },
		{ "tcg", "", "tcg" }, { "icount", "TCGTCGTCGTCG", "icount" },
	};
	struct run_fixture *run = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		json_t *result;

		json_object_set_new(run->facts.environment, "fidelity",
				    json_string(table[i].claimed));
		json_object_set_new(run->boots[0].environment, "hypervisor",
				    json_string(table[i].hypervisor));
		result = run_fixture_result(run, 1);
		assert_text(json_object_get(result, "environment"), "fidelity", table[i].wanted);
		json_decref(result);
	}
}

/* Equal for another boot with other memory, different for another CPU. */
static void fingerprint_is_of_the_machine(void **state)
{
	struct run_fixture *run = *state;
	json_t *results[3];
	char prints[3][17];

	for (size_t i = 0; i < 3; i++) {
		if (i == 1)
			json_object_set_new(run->boots[0].machine, "memory_bytes", json_integer(7));
		if (i == 2)
			json_object_set_new(run->boots[0].machine, "cpus", json_integer(7));
		results[i] = run_fixture_result(run, 1);
		snprintf(prints[i], sizeof(prints[i]), "%s",
			 kb_text(json_object_get(results[i], "machine"), "fingerprint"));
	}
	assert_string_equal(prints[0], prints[1]);
	assert_string_not_equal(prints[0], prints[2]);
	assert_string_not_equal(kb_text(results[0], "id"), kb_text(results[1], "id"));
	for (size_t i = 0; i < 3; i++)
		json_decref(results[i]);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_run_is_described),
		TEST(a_measured_case_has_all_figures),
		TEST(timed_ops_have_a_histogram),
		TEST(overhead_is_that_of_the_same_context),
		TEST(phases_have_entries_of_their_own),
		TEST(skipped_and_failed_cases_say_why),
		TEST(unusable_samples_fail_a_case),
		TEST(a_missing_worker_fails_a_case),
		TEST(samples_give_flags),
		TEST(the_round_gives_flags),
		TEST(an_unknown_fixed_cost_is_flagged),
		TEST(a_large_fixed_cost_is_flagged),
		TEST(a_case_that_ran_again_has_one_entry),
		TEST(boots_of_one_case_have_an_entry_each),
		TEST(a_run_cut_short_is_partial),
		TEST(lost_records_fail_a_case),
		TEST(a_run_without_boots_is_valid),
		TEST(text_that_is_no_utf8_survives),
		TEST(fidelity_is_never_too_good),
		TEST(fingerprint_is_of_the_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
