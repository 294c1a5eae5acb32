// SPDX-License-Identifier: GPL-2.0
/* What is judged of the self-checks, on results made by hand. */
#include "support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "selfcheck.h"

static json_t *make_result(const char *fidelity, const char *flavour)
{
	return json_pack("{s:{s:s}, s:{s:s}, s:[]}", "environment", "fidelity", fidelity, "kernel",
			 "flavour", flavour, "cases");
}

static void add(json_t *result, const char *bench, const char *unit, double min, double mean)
{
	json_array_append_new(json_object_get(result, "cases"), json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:[i], s:{s:f, s:f, s:f}}",
		"suite", "selfcheck", "bench", bench, "context", "preempt-off", "unit", unit,
		"status", "ok", "reason", "", "cpus", 1, "boot", 0, "cpu_list", 0,
		"per_op", "min", min, "mean", mean, "median", min));
}

static void add_failed(json_t *result, const char *bench, const char *reason)
{
	json_array_append_new(json_object_get(result, "cases"), json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:[i]}",
		"suite", "selfcheck", "bench", bench, "context", "process", "unit", "ns",
		"status", "failed", "reason", reason, "cpus", 1, "boot", 0, "cpu_list", 0));
}

/* One letter a case: 'o' ok, 'n' not. */
static void judged(json_t *result, const char *wanted)
{
	struct kb_finding *findings;
	size_t nr = kb_selfcheck_judge(result, &findings);

	assert_int_equal(nr, strlen(wanted));
	for (size_t i = 0; i < nr; i++)
		if (findings[i].ok != (wanted[i] == 'o'))
			fail_msg("%s: expected %s, measured %s: judged %s", findings[i].name,
				 findings[i].expected, findings[i].measured,
				 findings[i].ok ? "ok" : "not ok");
	free(findings);
	json_decref(result);
}

static void counts_are_exact(void **state)
{
	json_t *result = make_result("icount", "");

	(void)state;
	add(result, "empty", "insn", 0.1875, 0.1875);
	add(result, "nops_1", "insn", 1.1875, 1.1875);
	add(result, "nops_10", "insn", 10.1875, 10.1876);
	add(result, "nops_100", "insn", 101.1875, 101.1875);
	add(result, "nops_1000", "insn", 1000.1875, 1000.1875);
	add(result, "delay_1us", "insn", 1034, 1034);
	judged(result, "oonnoo");
}

static void the_loop_has_a_limit(void **state)
{
	json_t *result = make_result("icount", "");

	(void)state;
	add(result, "empty", "insn", 0.375, 0.375);
	judged(result, "n");
}

/* Without the empty op of the same context nothing can be said. */
static void a_sequence_needs_the_empty_op(void **state)
{
	json_t *result = make_result("icount", "");

	(void)state;
	add(result, "nops_1", "insn", 1.1875, 1.1875);
	judged(result, "n");
}

static void times_are_held_against_each_other(void **state)
{
	json_t *native = make_result("native", ""), *emulated = make_result("tcg", "");

	(void)state;
	/* 0.25 ns a no-op: 1000 take 250 ns; of 100 it may be 88 to 112. */
	add(native, "empty", "ns", 0.1, 0.1);
	add(native, "nops_1", "ns", 0.4, 0.4);
	add(native, "nops_10", "ns", 2.7, 2.7);
	add(native, "nops_100", "ns", 29.1, 29.1);
	add(native, "nops_1000", "ns", 250.1, 250.1);
	add(native, "delay_1us", "ns", 800, 800);
	judged(native, "ooonon");

	add(emulated, "empty", "ns", 2, 2);
	add(emulated, "nops_1", "ns", 3, 3);
	add(emulated, "nops_10", "ns", 40, 40);
	add(emulated, "nops_100", "ns", 39, 39);
	add(emulated, "nops_1000", "ns", 1.9, 1.9);
	judged(emulated, "oooon");
}

static void the_broken_have_to_be_found_out(void **state)
{
	json_t *result = make_result("tcg", ""), *rt = make_result("tcg", "rt");

	(void)state;
	add_failed(result, "sleeps_in_atomic", "an op slept in a context where it must not");
	add_failed(result, "leaks", "an op did not end within the deadline of 2000 ms");
	add(result, "never_ends", "ns", 1, 1);
	judged(result, "onn");
	add(rt, "sleeps_in_atomic", "ns", 1, 1);
	add_failed(rt, "leaks", "an op leaks: free memory keeps falling while it runs");
	judged(rt, "oo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_exact),
		cmocka_unit_test(the_loop_has_a_limit),
		cmocka_unit_test(a_sequence_needs_the_empty_op),
		cmocka_unit_test(times_are_held_against_each_other),
		cmocka_unit_test(the_broken_have_to_be_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
