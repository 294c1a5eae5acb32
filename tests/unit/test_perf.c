// SPDX-License-Identifier: GPL-2.0
/* The perf tool: its records, what becomes of them, and what stands in where it cannot go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "intake.h"
#include "perf_use.h"
#include "run_fixture.h"
#include "support.h"
#include "table_perf.h"

/* Of perf lock contention, which writes on standard error. */
static const char contention_report[] =
	" contended   total wait     max wait     avg wait         type   caller\n"
	"\n"
	"        19    231.15 us     38.84 us     12.17 us     spinlock   wake_up_q+0x33\n"
	"         1      3.50 ms      3.50 ms      3.50 ms      rwsem:W   do_exit+0x1c\n";

/* A boot that waits for records of the toy catalog's spin_lock. */
struct intake_fixture {
	struct kb_case	kase;
	struct kb_plan	plan;
	struct kb_boot	boot;
	struct kb_intake intake;
	unsigned char	pending[1];
};

static void intake_begin(struct intake_fixture *fixture, const struct kb_perf *perf)
{
	static unsigned int cpus[] = { 0, 1 };

	memset(fixture, 0, sizeof(*fixture));
	fixture->kase = (struct kb_case){
		.bench = &kb_catalog_suite(&toy_catalog, "locks")->benches[0], .cpus = cpus,
		.nr_cpus = 2,
	};
	fixture->plan = (struct kb_plan){ .cases = &fixture->kase, .nr_cases = 1, .perf = perf };
	fixture->pending[0] = 1;
	assert_int_equal(kb_boot_init(&fixture->boot, 1), 0);
	fixture->intake = (struct kb_intake){
		.boot = &fixture->boot, .plan = &fixture->plan, .pending = fixture->pending,
		.current = -1,
	};
}

static int take(struct intake_fixture *fixture, const char *text)
{
	json_t *record = json_loads(text, 0, NULL);
	int ret;

	assert_non_null(record);
	ret = kb_intake_record(&fixture->intake, record);
	json_decref(record);
	return ret;
}

static const struct kb_perf *perf_of(const char *name)
{
	const struct kb_perf *perf = NULL;
	struct kb_error err = { 0 };

	assert_int_equal(kb_perf_parse(&perf, name, &err), 0);
	return perf;
}

#define PERF(kind, file, note, text) \
	"{\"rec\":\"perf\",\"id\":0,\"kind\":\"" kind "\",\"file\":\"" file "\",\"note\":\"" note \
	"\",\"text\":\"" text "\"}"

static void records_come_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = {
		PERF("stat", "0.data", "", "x"), PERF("record", "../0.data", "", "x"),
		PERF("record", "/etc/passwd", "", "x"), PERF("record", ".data", "", "x"),
		"{\"rec\":\"perf\",\"id\":0,\"kind\":\"record\",\"file\":\"0.data\",\"note\":\"\"}",
		"{\"rec\":\"perf\",\"id\":1,\"kind\":\"record\",\"file\":\"\",\"note\":\"\","
		"\"text\":\"\"}",
	};
	struct intake_fixture fixture;

	(void)state;
	intake_begin(&fixture, perf_of("record"));
	assert_int_equal(take(&fixture, PERF("record", "0.data", "", "x")), -1);
	assert_int_equal(take(&fixture, "{\"rec\":\"begin\",\"id\":0}"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(take(&fixture, bad[i]), -1);
	assert_null(fixture.boot.measured[0].perf_text);
	assert_int_equal(take(&fixture, PERF("record", "0.data", "", "some text")), 0);
	assert_string_equal(fixture.boot.measured[0].perf_text, "some text");
	assert_string_equal(fixture.boot.measured[0].perf_file, "0.data");
	assert_int_equal(take(&fixture, PERF("record", "0.data", "", "more")), -1);
	assert_int_equal(json_array_size(fixture.boot.warnings), 0);

	/* Once more from the begin, and now perf failed. */
	assert_int_equal(take(&fixture, "{\"rec\":\"begin\",\"id\":0}"), 0);
	assert_null(fixture.boot.measured[0].perf_text);
	assert_int_equal(take(&fixture, PERF("record", "", "it hangs", "")), 0);
	assert_null(fixture.boot.measured[0].perf_text);
	assert_string_equal(json_string_value(json_array_get(fixture.boot.warnings, 0)),
			    "perf record at locks/spin_lock, 2 CPUs: it hangs");
	kb_boot_free(&fixture.boot);

	intake_begin(&fixture, NULL);
	assert_int_equal(take(&fixture, "{\"rec\":\"begin\",\"id\":0}"), 0);
	assert_int_equal(take(&fixture, PERF("record", "0.data", "", "x")), -1);
	kb_boot_free(&fixture.boot);
}

/* Both phases of a case have what perf saw; the table has it once. */
static void results_have_it(void **state)
{
	struct run_fixture *run = run_fixture_new();
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	const json_t *cases, *entry;
	size_t i, nr = 0;
	json_t *result;

	(void)state;
	assert_non_null(file);
	run->plan.perf = perf_of("lock");
	run->boots[0].measured[KMALLOC].perf_text = strdup(contention_report);
	run->boots[0].measured[KMALLOC].perf_file = strdup("2.data");
	run->boots[0].measured[SPIN_LOCK].perf_text = strdup("");
	result = run_fixture_result(run, 1);
	cases = json_object_get(result, "cases");
	json_array_foreach(cases, i, entry) {
		const char *bench = json_string_value(json_object_get(entry, "bench"));
		const json_t *perf = json_object_get(entry, "perf");

		if (!strcmp(bench, "kmalloc")) {
			assert_int_equal(json_array_size(json_object_get(perf, "locks")), 2);
			nr++;
		} else if (!strcmp(bench, "spin_lock")) {
			assert_true(json_is_array(json_object_get(perf, "locks")));
		} else {
			assert_null(perf);
		}
	}
	assert_int_equal(nr, 2);
	kb_print_perf(cases, file);
	fclose(file);
	assert_non_null(strstr(text, "nobody waited"));
	assert_non_null(strstr(text, "3.500 ms in 1 wait  rwsem:W do_exit+0x1c"));
	assert_ptr_equal(strstr(strstr(text, "do_exit") + 1, "do_exit"), NULL);
	json_decref(result);
	run_fixture_free(run);
	free(text);
}

static int refuse(struct kb_target *target, const char *kind, struct kb_error *err)
{
	(void)target;
	return !strcmp(kind, "c2c") ? kb_fail(err, KB_EXIT_ENVIRONMENT, "no such event") : 0;
}

/* Of the guest that is settled. */
static const char *fidelity = "virtual";

/* Return: what kb_perf_use_settle() says; @job has its environment */
static int settle(struct kb_job *job, struct kb_run_options *options, struct kb_request *request,
		  bool guest, struct kb_error *err)
{
	static const struct kb_target_ops guest_ops = { .name = "vm" };
	static const struct kb_target_ops host_ops = { .name = "host", .check_perf = refuse };
	static struct kb_target target;

	target.ops = guest ? &guest_ops : &host_ops;
	*job = (struct kb_job){ .target = &target, .environment = json_object() };
	json_object_set_new(job->environment, "fidelity", json_string(fidelity));
	*request = options->request;
	return kb_perf_use_settle(job, options, request, err);
}

static const char *warning(const struct kb_job *job)
{
	const json_t *warnings = json_object_get(job->environment, "warnings");
	const char *text = json_string_value(json_array_get(warnings, 0));

	return text ? text : "";
}

/* In whatever guest. */
static void the_users_counters_stay(struct kb_run_options *options)
{
	struct kb_request request;
	struct kb_error err = { 0 };
	struct kb_job job;

	assert_int_equal(kb_counters_parse(&options->request.counters, "page-faults", &err), 0);
	assert_int_equal(settle(&job, options, &request, true, &err), 0);
	assert_int_equal(request.counters.nr, 1);
	assert_non_null(strstr(warning(&job), "those of --counters"));
	json_decref(job.environment);
}

static void counters_stand_in_for_guests(void **state)
{
	static const char *const kinds[] = { "record", "stat", "c2c", "lock" };
	struct kb_run_options options = { 0 };
	struct kb_request request;
	struct kb_error err = { 0 };
	struct kb_job job;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		options.request.perf = perf_of(kinds[i]);
		assert_int_equal(settle(&job, &options, &request, true, &err), 0);
		assert_null(request.perf);
		assert_true(request.counters.nr >= 2);
		assert_string_equal(request.counters.list[0].name, "cycles");
		assert_non_null(strstr(warning(&job), "perf cannot go into a guest"));
		assert_null(json_object_get(job.environment, "perf"));
		json_decref(job.environment);
	}
	the_users_counters_stay(&options);
}

/* An emulated CPU has nothing to count, and columns of n/a help nobody. */
static void nothing_stands_in_where_guests_are_emulated(void **state)
{
	static const char *const fidelities[] = { "tcg", "icount" };
	struct kb_run_options options = { .request.perf = perf_of("stat") };
	struct kb_request request;
	struct kb_error err = { 0 };
	struct kb_job job;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		fidelity = fidelities[i];
		assert_int_equal(settle(&job, &options, &request, true, &err), 0);
		assert_null(request.perf);
		assert_int_equal(request.counters.nr, 0);
		assert_non_null(strstr(warning(&job), "emulated and has no counters"));
		json_decref(job.environment);
	}
	the_users_counters_stay(&options);
	fidelity = "virtual";
}

static void hosts_are_asked(void **state)
{
	struct kb_run_options options = { .request.perf = perf_of("record") };
	struct kb_request request;
	struct kb_error err = { 0 };
	struct kb_job job;

	(void)state;
	assert_int_equal(settle(&job, &options, &request, false, &err), 0);
	assert_ptr_equal(request.perf, options.request.perf);
	assert_int_equal(request.counters.nr, 0);
	assert_string_equal(json_string_value(json_object_get(job.environment, "perf")), "record");
	assert_non_null(strstr(warning(&job), "disturbs"));
	json_decref(job.environment);

	options.request.perf = perf_of("c2c");
	assert_int_equal(settle(&job, &options, &request, false, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "no such event");
	json_decref(job.environment);

	options.no_result = true;
	err = (struct kb_error){ 0 };
	assert_int_equal(settle(&job, &options, &request, false, &err), 0);
	assert_null(request.perf);
	json_decref(job.environment);
}

static void bad_requests_are_refused(void **state)
{
	struct kb_run_options options = {
		.request.perf = perf_of("stat"), .target = KB_TARGET_HOST, .boots = 2,
	};
	const struct kb_perf *perf = NULL;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_perf_use_check(&options, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "--boots");
	options.boots = 0;
	assert_int_equal(kb_perf_use_check(&options, &err), 0);
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_perf_parse(&perf, "top", &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "record, stat, c2c or lock");
}

static void every_distribution_has_its_package(void **state)
{
	static const struct {
		const char	*os_release, *says;
	} table[] = {
		{ "ID=debian\n", "sudo apt install linux-perf" },
		{ "ID=raspbian\nID_LIKE=debian\n", "sudo apt install linux-perf" },
		{ "ID=ubuntu\nID_LIKE=debian\n", "sudo apt install linux-tools-6.8.0-31-generic" },
		{ "ID=fedora\n", "sudo dnf install perf" },
		{ "ID=arch\n", "sudo pacman -S perf" }, { "ID=other\n", "install perf" },
		{ NULL, "install perf" },
	};
	char advice[200];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		kb_perf_advice(table[i].os_release, "6.8.0-31-generic", advice, sizeof(advice));
		assert_string_equal(advice, table[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_whole_or_not_at_all),
		cmocka_unit_test(results_have_it),
		cmocka_unit_test(counters_stand_in_for_guests),
		cmocka_unit_test(nothing_stands_in_where_guests_are_emulated),
		cmocka_unit_test(hosts_are_asked),
		cmocka_unit_test(bad_requests_are_refused),
		cmocka_unit_test(every_distribution_has_its_package),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
