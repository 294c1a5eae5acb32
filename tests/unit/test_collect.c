// SPDX-License-Identifier: GPL-2.0
/* A target that says what the test wrote down: what becomes of its records. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "script.h"

extern volatile int kb_interrupted;

/* What a collect gave: a plan of three cases, each on CPUs 0 and 1. */
struct outcome {
	struct kb_boot	boot;
	unsigned char	pending[3];
	struct kb_error	err;
	int		ret;
};

static void collect(struct outcome *outcome, struct script *script)
{
	static unsigned int cpus[] = { 0, 1 };
	static char module[] = "kbench_locks.ko";
	struct kb_case cases[3];
	struct kb_plan plan = {
		.cases = cases, .nr_cases = 3, .time_ns = 1000000, .deadline_ns = 1000000,
		.samples = 4,
	};

	for (unsigned int i = 0; i < 3; i++)
		cases[i] = (struct kb_case){
			.id = i, .bench = &kb_catalog_suite(&toy_catalog, "locks")->benches[i],
			.module = module, .cpus = cpus, .nr_cpus = 2,
		};
	memset(outcome, 0, sizeof(*outcome));
	memset(outcome->pending, 1, sizeof(outcome->pending));
	assert_int_equal(kb_boot_init(&outcome->boot, 3), 0);
	outcome->ret = kb_collect(&outcome->boot, &script->target, &plan, outcome->pending, NULL,
				  &outcome->err);
	/* However it ended: the target was ended, too. */
	assert_true(script->finished > 0);
	fclose(script->file);
	free(script->plan);
}

static void pending_are(const struct outcome *outcome, int a, int b, int c)
{
	assert_int_equal(outcome->pending[0], a);
	assert_int_equal(outcome->pending[1], b);
	assert_int_equal(outcome->pending[2], c);
}

static void whole(void **state)
{
	const struct kb_measured *measured;
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, HELLO);
	say(&script, FACTS);
	for (unsigned int id = 0; id < 3; id++)
		say_case(&script, id);
	say(&script, DURING);
	say_bye(&script);
	collect(&outcome, &script);
	if (outcome.ret)
		fail_msg("%s", outcome.err.text);
	pending_are(&outcome, 0, 0, 0);
	assert_string_equal(json_string_value(json_object_get(outcome.boot.machine, "arch")),
			    "x86_64");
	assert_int_equal(json_array_size(outcome.boot.warnings), 0);
	assert_int_equal(json_object_size(outcome.boot.during), 2);
	assert_int_equal(json_integer_value(json_object_get(outcome.boot.during, "throttles")), 3);

	measured = &outcome.boot.measured[1];
	assert_int_equal(measured->status, KB_CASE_OK);
	assert_int_equal(measured->batch_ops, 100);
	assert_true(measured->unit_per_tick == 0.5);
	assert_true(measured->window_ns == 400);
	assert_int_equal(measured->worker_bytes, 4096);
	assert_int_equal(measured->nr_series, 2);
	assert_int_equal(measured->series[1].worker, 1);
	assert_int_equal(measured->series[1].total_ops, 900);
	assert_int_equal(measured->series[1].nr, 4);
	assert_int_equal(measured->series[1].ops[1], 200);
	assert_int_equal(measured->series[1].value[3], 2002);
	assert_int_equal(measured->series[1].flags[3], 17);
	assert_int_equal(measured->series[1].cpu_start[2], 1);
	assert_int_equal(measured->series[1].cpu_end[2], 1);
	assert_int_equal(measured->series[1].cpu_end[3], 5);
	kb_boot_free(&outcome.boot);
}

/* Cases 0 and 2 came whole; whatever happened to a record of case 1, it is to be run once more. */
static void one_record_lost(void (*spoil)(struct script *script, int which, const char *json),
			    int which)
{
	const char *records[] = { "{\"rec\":\"begin\",\"id\":1}", "first", "second", "case" };
	struct outcome outcome;
	struct script script;

	script_begin(&script);
	say(&script, HELLO);
	say_case(&script, 0);
	for (int i = 0; i < 4; i++) {
		const char *json = i == 0 ? records[0] : i == 3 ? kase(1, 2, "ok") :
				   samples(1, (unsigned int)i - 1);

		if (i == which)
			spoil(&script, which, json);
		else
			say(&script, json);
	}
	say_case(&script, 2);
	say_bye(&script);
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, 0);
	pending_are(&outcome, 0, 1, 0);
	assert_int_equal(outcome.boot.measured[1].status, KB_CASE_MISSING);
	assert_int_equal(json_array_size(outcome.boot.warnings), 1);
	kb_boot_free(&outcome.boot);
}

static void spoil_damaged(struct script *script, int which, const char *json)
{
	say_damaged(script, json, (size_t)which);
}

static void spoil_missing(struct script *script, int which, const char *json)
{
	(void)which;
	(void)json;
	lose(script);
}

static void spoil_interleaved(struct script *script, int which, const char *json)
{
	(void)which;
	say_interleaved(script, json);
}

static void damaged(void **state)
{
	(void)state;
	for (int which = 0; which < 4; which++)
		one_record_lost(spoil_damaged, which);
}

static void missing(void **state)
{
	(void)state;
	for (int which = 0; which < 4; which++)
		one_record_lost(spoil_missing, which);
}

static void interleaved(void **state)
{
	(void)state;
	for (int which = 0; which < 4; which++)
		one_record_lost(spoil_interleaved, which);
}

/* Valid records that make no sense for the plan: taken for lost. */
static void senseless(void **state)
{
	static const char *const records[] = {
		"{\"rec\":\"case\",\"id\":3,\"status\":\"ok\"}",
		"{\"rec\":\"case\",\"id\":-1}",
		"{\"rec\":\"case\"}",
		"{\"rec\":\"begin\",\"id\":\"0\"}",
		"{\"rec\":\"samples\",\"id\":1,\"worker\":2,\"cpu\":0,\"phase\":0,\"total_ops\":1,"
		"\"ops\":[1],\"value\":[1],\"flags\":[0],\"moved\":[]}",
		"{\"rec\":\"samples\",\"id\":1,\"worker\":0,\"cpu\":0,\"phase\":1,\"total_ops\":1,"
		"\"ops\":[1],\"value\":[1],\"flags\":[0],\"moved\":[]}",
		"{\"rec\":\"samples\",\"id\":1,\"worker\":0,\"cpu\":0,\"phase\":0,\"total_ops\":1,"
		"\"ops\":[1,2],\"value\":[1],\"flags\":[0],\"moved\":[]}",
		"{\"rec\":\"samples\",\"id\":1,\"worker\":0,\"cpu\":0,\"phase\":0,\"total_ops\":1,"
		"\"ops\":[1],\"value\":[-1],\"flags\":[0],\"moved\":[]}",
		"{\"rec\":\"samples\",\"id\":1,\"worker\":0,\"cpu\":0,\"phase\":0,\"total_ops\":1,"
		"\"ops\":[1],\"value\":[1],\"flags\":[0],\"moved\":[[1,0,0]]}",
		"{\"rec\":\"facts\"}",
		"{\"rec\":\"what\"}",
		"{}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct outcome outcome;
		struct script script;

		script_begin(&script);
		say(&script, HELLO);
		say_case(&script, 0);
		say_begin(&script, 1);
		say(&script, records[i]);
		say(&script, samples(1, 1));
		say(&script, kase(1, 2, "ok"));
		say_case(&script, 2);
		say_bye(&script);
		collect(&outcome, &script);
		assert_int_equal(outcome.ret, 0);
		pending_are(&outcome, 0, 1, 0);
		kb_boot_free(&outcome.boot);
	}
}

/* An ok without all its series is none, even when the count agrees. */
static void too_few_series(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, HELLO);
	say_begin(&script, 0);
	say(&script, samples(0, 0));
	say(&script, kase(0, 1, "ok"));
	say_case(&script, 1);
	/* The same worker twice is not two workers. */
	say_begin(&script, 2);
	say(&script, samples(2, 0));
	say(&script, samples(2, 0));
	say(&script, kase(2, 2, "ok"));
	say_bye(&script);
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, 0);
	pending_are(&outcome, 1, 0, 1);
	kb_boot_free(&outcome.boot);
}

static void skipped_and_failed(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, HELLO);
	say_begin(&script, 0);
	say(&script, kase(0, 0, "skipped"));
	say_begin(&script, 1);
	say(&script, samples(1, 0));
	say(&script, kase(1, 1, "failed"));
	say_case(&script, 2);
	say_bye(&script);
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, 0);
	pending_are(&outcome, 0, 0, 0);
	assert_int_equal(outcome.boot.measured[0].status, KB_CASE_SKIPPED);
	assert_string_equal(outcome.boot.measured[0].reason, "because");
	assert_int_equal(outcome.boot.measured[1].status, KB_CASE_FAILED);
	kb_boot_free(&outcome.boot);
}

/* Agent errors: the exit code depends on what the user can do. */
static void agent_errors(void **state)
{
	static const struct {
		const char	*code;
		enum kb_exit	exit;
	} cases[] = {
		{ "lockdown", KB_EXIT_ENVIRONMENT }, { "signature", KB_EXIT_ENVIRONMENT },
		{ "version", KB_EXIT_ENVIRONMENT }, { "privilege", KB_EXIT_ENVIRONMENT },
		{ "no-modules", KB_EXIT_ENVIRONMENT }, { "plan", KB_EXIT_TARGET },
		{ "device", KB_EXIT_TARGET }, { "other", KB_EXIT_TARGET },
		{ "stuck", KB_EXIT_TARGET },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome outcome;
		struct script script;
		char json[256];

		script_begin(&script);
		say(&script, HELLO);
		say_case(&script, 0);
		snprintf(json, sizeof(json),
			 "{\"rec\":\"error\",\"code\":\"%s\",\"message\":\"it is %s\"}",
			 cases[i].code, cases[i].code);
		say(&script, json);
		say_bye(&script);
		collect(&outcome, &script);
		assert_int_equal(outcome.ret, -1);
		assert_error(&outcome.err, cases[i].exit, cases[i].code);
		pending_are(&outcome, 0, 1, 1);
		kb_boot_free(&outcome.boot);
	}
}

static void other_version(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, "{\"rec\":\"hello\",\"agent\":\"0.0.9\",\"abi\":1,\"uptime_s\":1.0}");
	say_bye(&script);
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, -1);
	assert_error(&outcome.err, KB_EXIT_ENVIRONMENT, "0.0.9");
	kb_boot_free(&outcome.boot);
}

/* It dies in the midst of case 1: that case has failed, case 2 is still to run. */
static void target_dies(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, HELLO);
	say_case(&script, 0);
	say_begin(&script, 1);
	say(&script, "{\"rec\":\"log\",\"level\":0,\"text\":\"Oops: general protection\"}");
	say(&script, samples(1, 0));
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, -1);
	assert_error(&outcome.err, KB_EXIT_TARGET, "locks/mutex");
	assert_non_null(strstr(outcome.err.text, "general protection"));
	pending_are(&outcome, 0, 0, 1);
	assert_int_equal(outcome.boot.measured[1].status, KB_CASE_FAILED);
	assert_int_equal(outcome.boot.measured[1].nr_series, 0);
	kb_boot_free(&outcome.boot);
}

/* The emulator itself ended the guest: the case that it was at runs once more. */
static void emulator_trips(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, HELLO);
	say_case(&script, 0);
	say_begin(&script, 1);
	script.target.tripped = true;
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, -1);
	assert_error(&outcome.err, KB_EXIT_TARGET, "locks/mutex");
	pending_are(&outcome, 0, 1, 1);
	assert_int_equal(outcome.boot.measured[1].status, KB_CASE_MISSING);
	kb_boot_free(&outcome.boot);
}

static void target_never_comes_up(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	fputs("[    0.000000] Linux version\n[    1.0] Kernel panic - not syncing\n", script.file);
	collect(&outcome, &script);
	assert_int_equal(outcome.ret, -1);
	assert_int_equal(outcome.err.exit, KB_EXIT_TARGET);
	pending_are(&outcome, 1, 1, 1);
	kb_boot_free(&outcome.boot);
}

static void interrupted(void **state)
{
	struct outcome outcome;
	struct script script;

	(void)state;
	script_begin(&script);
	say(&script, HELLO);
	say_case(&script, 0);
	kb_interrupted = 1;
	collect(&outcome, &script);
	kb_interrupted = 0;
	assert_int_equal(outcome.ret, -1);
	assert_int_equal(outcome.err.exit, KB_EXIT_INTERRUPTED);
	assert_true(script.killed);
	kb_boot_free(&outcome.boot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(damaged),
		cmocka_unit_test(missing),
		cmocka_unit_test(interleaved),
		cmocka_unit_test(senseless),
		cmocka_unit_test(too_few_series),
		cmocka_unit_test(skipped_and_failed),
		cmocka_unit_test(agent_errors),
		cmocka_unit_test(other_version),
		cmocka_unit_test(target_dies),
		cmocka_unit_test(emulator_trips),
		cmocka_unit_test(target_never_comes_up),
		cmocka_unit_test(interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
