// SPDX-License-Identifier: GPL-2.0
/* What is said of made-up machines, and that nothing is said of a quiet one. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "environment.h"
#include "judge.h"
#include "run_fixture.h"

/* A machine of which nothing is to be said: each test spoils one thing of it. */
static const char quiet_kernel[] =
	"{\"cmdline\": \"root=/dev/sda1 quiet\", \"config\": {\"SMP\": \"y\", \"SLUB\": \"y\","
	" \"DEBUG_KMEMLEAK_DEFAULT_OFF\": \"y\"},"
	" \"mitigations\": {\"meltdown\": \"Not affected\"}}";
static const char quiet_environment[] =
	"{\"governor\": \"performance\", \"turbo\": \"off\", \"smt\": \"off\","
	" \"smt_active\": false, \"clocksource\": \"tsc\", \"clocksources\": \"tsc hpet\","
	" \"clock_unstable\": false, \"debug_kernel\": false, \"nmi_watchdog\": false,"
	" \"irqbalance\": false, \"tracer\": \"nop\", \"trace_events\": \"0\","
	" \"slub_debug\": \"\", \"firmware_throttled\": 0, \"under_voltage\": false,"
	" \"frequency\": [{\"cpus\": \"0-3\", \"driver\": \"intel_pstate\","
	"   \"governor\": \"performance\", \"min_khz\": 800000, \"max_khz\": 3000000,"
	"   \"hardware_min_khz\": 800000, \"hardware_max_khz\": 3000000}],"
	" \"load\": {\"average\": 3.5, \"runnable\": 1, \"busy_cpus\": 0.02},"
	" \"hottest\": {\"zone\": \"x86_pkg_temp\", \"celsius\": 50, \"limit_celsius\": 100}}";
static const char quiet_during[] =
	"{\"seconds\": 10, \"steal_percent\": 0.1, \"throttles\": 0,"
	" \"hottest\": {\"zone\": \"x86_pkg_temp\", \"celsius\": 70, \"limit_celsius\": 100}}";

static json_t *parse(const char *text)
{
	json_error_t error;
	json_t *object = json_loads(text, 0, &error);

	if (!object)
		fail_msg("%s in %s", error.text, text);
	return object;
}

/* Members of @more replace those of @base, and so do members of their objects. */
static json_t *changed(const char *base, const char *more)
{
	json_t *object = parse(base), *changes = parse(more), *value;
	const char *name;

	json_object_foreach(changes, name, value) {
		json_t *old = json_object_get(object, name);

		if (json_is_object(old) && json_is_object(value))
			json_object_update(old, value);
		else
			json_object_set(object, name, value);
	}
	json_decref(changes);
	return object;
}

struct machine {
	const char	*kernel, *environment, *during;	/* what differs from the quiet one */
};

static size_t judge(const struct machine *machine, const char *fidelity,
		    struct kb_judgement list[KB_MAX_JUDGEMENTS])
{
	json_t *kernel = changed(quiet_kernel, machine->kernel ? machine->kernel : "{}");
	json_t *environment = changed(quiet_environment,
				      machine->environment ? machine->environment : "{}");
	json_t *during = changed(quiet_during, machine->during ? machine->during : "{}");
	const struct kb_facts facts = { fidelity, kernel, environment, during };
	size_t nr = kb_judge(&facts, list);

	json_decref(kernel);
	json_decref(environment);
	json_decref(during);
	return nr;
}

static void quiet_machine(void **state)
{
	static const char *const fidelities[] = { "native", "virtual", "tcg", "icount" };
	const struct kb_facts nothing = { .fidelity = "native" };
	const struct machine quiet = { NULL, NULL, NULL };
	struct kb_judgement list[KB_MAX_JUDGEMENTS];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		if (judge(&quiet, fidelities[i], list))
			fail_msg("%s: %s", fidelities[i], list[0].found);
	/* What is not known is not judged. */
	assert_int_equal(kb_judge(&nothing, list), 0);
}

#define CPUS(members)	"{\"frequency\": [{\"cpus\": \"0-3\", " members "}]}"

/* Each machine has exactly one thing; what is found has the words of @found. */
static const struct {
	struct machine		machine;
	const char		*name, *found;
	enum kb_severity	severity;
	int			emulated;	/* said of emulated machines, too */
} spoilt[] = {
	{ { .environment = "{\"clock_unstable\": true}" }, "clock", "distrusts", KB_DISTORTS, 1 },
	{ { .kernel = "{\"config\": {\"KASAN\": \"y\", \"PROVE_LOCKING\": \"y\"}}" },
	  "debug-kernel", "(KASAN, PROVE_LOCKING)", KB_DISTORTS, 1 },
	{ { .kernel = "{\"config\": {\"DEBUG_PREEMPT\": \"y\"}}" },
	  "debug-kernel", "DEBUG_PREEMPT", KB_DISTORTS, 1 },
	{ { .environment = "{\"debug_kernel\": true}" },
	  "debug-kernel", "a debug kernel", KB_DISTORTS, 1 },
	{ { .environment = "{\"slub_debug\": \"FZ\"}" }, "slub-debug", "FZ", KB_DISTORTS, 1 },
	{ { .kernel = "{\"config\": {\"SLUB_DEBUG_ON\": \"y\"}}",
	    .environment = "{\"slub_debug\": null}" }, "slub-debug", "", KB_DISTORTS, 1 },
	{ { .kernel = "{\"cmdline\": \"slub_debug=FZPU\"}",
	    .environment = "{\"slub_debug\": null}" }, "slub-debug", "", KB_DISTORTS, 1 },
	{ { .kernel = "{\"cmdline\": \"a debug_pagealloc=on b\"}" },
	  "page-debug", "debug_pagealloc", KB_DISTORTS, 1 },
	{ { .kernel = "{\"config\": {\"DEBUG_PAGEALLOC_ENABLE_DEFAULT\": \"y\"}}" },
	  "page-debug", "debug_pagealloc", KB_DISTORTS, 1 },
	{ { .kernel = "{\"cmdline\": \"page_poison=1\", \"config\": {\"PAGE_POISONING\": \"y\"}}" },
	  "page-debug", "page_poison", KB_DISTORTS, 1 },
	{ { .kernel = "{\"cmdline\": \"kmemleak=on\", \"config\": {\"DEBUG_KMEMLEAK\": \"y\"}}" },
	  "kmemleak", "kmemleak", KB_DISTORTS, 1 },
	{ { .kernel = "{\"config\": {\"DEBUG_KMEMLEAK\": \"y\","
		      " \"DEBUG_KMEMLEAK_DEFAULT_OFF\": \"n\"}}" },
	  "kmemleak", "kmemleak", KB_DISTORTS, 1 },
	{ { .environment = "{\"tracer\": \"function\"}" },
	  "tracer", "the function tracer", KB_DISTORTS, 1 },
	{ { .environment = "{\"trace_events\": \"X\"}" }, "trace-events", "", KB_NOTE, 1 },
	{ { .during = "{\"throttles\": 1}" }, "throttling", "1 time during", KB_DISTORTS, 0 },
	{ { .environment = "{\"firmware_throttled\": 4}" },
	  "firmware", "is throttled", KB_DISTORTS, 0 },
	{ { .environment = "{\"firmware_throttled\": 524288}" },
	  "firmware", "since it started", KB_DISTORTS, 0 },
	{ { .during = "{\"firmware_throttled\": 2}" }, "firmware", "is throttled", KB_DISTORTS, 0 },
	{ { .environment = "{\"firmware_throttled\": 1}" },
	  "voltage", "gets too little", KB_DISTORTS, 0 },
	{ { .environment = "{\"firmware_throttled\": 65536}" },
	  "voltage", "since it started", KB_DISTORTS, 0 },
	{ { .environment = "{\"under_voltage\": true}" }, "voltage", "", KB_DISTORTS, 0 },
	{ { .during = "{\"under_voltage\": true}" }, "voltage", "", KB_DISTORTS, 0 },
	{ { .environment = "{\"hottest\": {\"zone\": \"cpu-thermal\", \"celsius\": 96}}" },
	  "heat", "cpu-thermal has 96 of at most 100", KB_NOISE, 0 },
	{ { .during = "{\"hottest\": {\"zone\": \"cpu\", \"celsius\": 80.4,"
		      " \"limit_celsius\": 0}}" }, "heat", "cpu has 80 degrees", KB_NOISE, 0 },
	{ { .during = "{\"steal_percent\": 3.21}" }, "steal", "3.2 %", KB_NOISE, 0 },
	{ { .environment = "{\"load\": {\"busy_cpus\": 1.98}}" }, "load", "2.0 CPUs", KB_NOISE, 0 },
	{ { .environment = CPUS("\"governor\": \"schedutil\", \"min_khz\": 1, \"max_khz\": 2") },
	  "governor", "schedutil on CPUs 0-3", KB_NOISE, 0 },
	{ { .environment = "{\"turbo\": \"on\"}" }, "turbo", "turbo", KB_NOISE, 0 },
	{ { .environment = "{\"clocksource\": \"hpet\"}" }, "clocksource", "hpet", KB_NOISE, 0 },
	{ { .environment = "{\"turbo\": null, \"frequency\": [{\"cpus\": \"0\", \"governor\":"
			   " \"performance\", \"min_khz\": 600000, \"max_khz\": 600000,"
			   " \"hardware_max_khz\": 1500000}]}" },
	  "frequency-limit", "0.60 of 1.50 GHz", KB_NOTE, 0 },
	{ { .environment = "{\"smt_active\": true}" }, "smt", "SMT", KB_NOTE, 0 },
	{ { .environment = "{\"nmi_watchdog\": true}" }, "nmi-watchdog", "NMI", KB_NOTE, 0 },
	{ { .environment = "{\"irqbalance\": true}" }, "irqbalance", "irqbalance", KB_NOTE, 0 },
	{ { .kernel = "{\"mitigations\": {\"retbleed\": \"Mitigation: untrained return thunk\","
		      " \"mds\": \"Mitigation: Clear CPU buffers\", \"srbds\": \"Vulnerable\"}}" },
	  "mitigations", "2 CPU vulnerabilities", KB_NOTE, 0 },
	{ { .kernel = "{\"config\": {\"INIT_ON_ALLOC_DEFAULT_ON\": \"y\"}}" },
	  "clearing", "init_on_alloc", KB_NOTE, 1 },
	{ { .kernel = "{\"cmdline\": \"init_on_free=1\"}" },
	  "clearing", "init_on_free", KB_NOTE, 1 },
	{ { .kernel = "{\"config\": {\"DEBUG_LIST\": \"y\"}}" },
	  "list-debug", "DEBUG_LIST", KB_NOTE, 1 },
};

#define NR_SPOILT	(sizeof(spoilt) / sizeof(spoilt[0]))

static void each_judgement(void **state)
{
	struct kb_judgement list[KB_MAX_JUDGEMENTS];

	(void)state;
	for (size_t i = 0; i < NR_SPOILT; i++) {
		size_t nr = judge(&spoilt[i].machine, "native", list);

		if (nr != 1)
			fail_msg("%s (%zu): %zu judgements", spoilt[i].name, i, nr);
		if (strcmp(list[0].name, spoilt[i].name))
			fail_msg("%zu: %s, wanted %s", i, list[0].name, spoilt[i].name);
		if (!strstr(list[0].found, spoilt[i].found) || !*list[0].found)
			fail_msg("%s: \"%s\" has no \"%s\"", spoilt[i].name, list[0].found,
				 spoilt[i].found);
		if (list[0].severity != spoilt[i].severity || !*list[0].effect || !*list[0].remedy)
			fail_msg("%s: severity %u", spoilt[i].name, list[0].severity);
		if (judge(&spoilt[i].machine, "virtual", list) != 1)
			fail_msg("%s: nothing under a hypervisor", spoilt[i].name);
		if (judge(&spoilt[i].machine, "tcg", list) != (size_t)spoilt[i].emulated)
			fail_msg("%s under emulation", spoilt[i].name);
	}
}

static void exceptions(void **state)
{
	/* Machines that only look as if something were to be said of them. */
	static const struct machine fine[] = {
		{ .environment = CPUS("\"governor\": \"schedutil\", \"min_khz\": 2,"
				      " \"max_khz\": 2") },
		{ .environment = CPUS("\"governor\": \"userspace\", \"min_khz\": 1,"
				      " \"max_khz\": 2") },
		/* Turbo is off, and the driver counts it to what the hardware can do. */
		{ .environment = CPUS("\"governor\": \"performance\", \"max_khz\": 2,"
				      " \"hardware_max_khz\": 3") },
		/* slab caches say that nothing is checked, whatever was asked for */
		{ .kernel = "{\"cmdline\": \"slub_debug=FZ,dentry\"}" },
		{ .kernel = "{\"cmdline\": \"slub_debug=-\", \"config\":"
			    " {\"SLUB_DEBUG_ON\": \"y\"}}",
		  .environment = "{\"slub_debug\": null}" },
		{ .kernel = "{\"cmdline\": \"kmemleak=off\", \"config\": {\"DEBUG_KMEMLEAK\":"
			    " \"y\", \"DEBUG_KMEMLEAK_DEFAULT_OFF\": \"n\"}}" },
		{ .kernel = "{\"cmdline\": \"init_on_alloc=1 init_on_alloc=0\"}" },
		{ .kernel = "{\"cmdline\": \"xinit_on_alloc=1 init_on_allocx=1\"}" },
		{ .kernel = "{\"cmdline\": \"debug_pagealloc=off\", \"config\":"
			    " {\"DEBUG_PAGEALLOC_ENABLE_DEFAULT\": \"y\"}}" },
		{ .environment = "{\"clocksource\": \"arch_sys_counter\"}" },
	};
	struct kb_judgement list[KB_MAX_JUDGEMENTS];

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (judge(&fine[i], "native", list))
			fail_msg("machine %zu: %s", i, list[0].found);
}

static void remedy_of_clocksource(void **state)
{
	const struct machine offered = { .environment = "{\"clocksource\": \"hpet\"}" };
	const struct machine lost = {
		.environment = "{\"clocksource\": \"hpet\", \"clocksources\": \"hpet acpi_pm\"}",
	};
	struct kb_judgement list[KB_MAX_JUDGEMENTS];

	(void)state;
	assert_int_equal(judge(&offered, "native", list), 1);
	assert_non_null(strstr(list[0].remedy, "echo tsc"));
	assert_int_equal(judge(&lost, "native", list), 1);
	assert_null(strstr(list[0].remedy, "echo tsc"));
}

static json_t *result_warnings(struct run_fixture *run, const char *fidelity, size_t nr_boots)
{
	json_t *result, *warnings;

	json_object_set_new(run->facts.environment, "fidelity", json_string(fidelity));
	result = run_fixture_result(run, nr_boots);
	warnings = json_incref(json_object_get(json_object_get(result, "environment"),
					       "warnings"));
	json_decref(result);
	return warnings;
}

/* Boots that differ in a figure say it once; notes are no warnings. */
static void in_a_result(void **state)
{
	struct run_fixture *run = run_fixture_new();
	json_t *warnings;

	(void)state;
	for (int i = 0; i < 2; i++) {
		json_decref(run->boots[i].environment);
		run->boots[i].environment = json_pack("{s:b, s:b, s:{s:f}}", "smt_active", 1,
			"debug_kernel", i, "load", "busy_cpus", 1.5 + i);
	}
	warnings = result_warnings(run, "native", 2);
	assert_int_equal(json_array_size(warnings), 3);
	assert_string_equal(json_string_value(json_array_get(warnings, 0)),
			    "other programs keep 1.5 CPUs busy: workers share CPUs, caches and "
			    "power with them (end them, or choose other CPUs with --cpu-list)");
	assert_string_equal(json_string_value(json_array_get(warnings, 1)), "the clock is odd");
	assert_non_null(strstr(json_string_value(json_array_get(warnings, 2)), "debug kernel"));
	json_decref(warnings);

	warnings = result_warnings(run, "tcg", 1);
	assert_int_equal(json_array_size(warnings), 1);
	json_decref(warnings);
	run_fixture_free(run);
}

/* A guest has what its host's machine does to it, and not what the host's kernel is. */
static void of_the_host(void **state)
{
	struct kb_environment host = { .nr = 0 };
	json_t *facts = parse("{\"environment\": {\"turbo\": \"on\", \"debug_kernel\": true,"
			      " \"smt_active\": true}}");
	const struct kb_facts judged = {
		.fidelity = "native", .environment = json_object_get(facts, "environment"),
	};
	json_t *warnings = json_array();

	(void)state;
	host.nr = kb_judge(&judged, host.list);
	assert_int_equal(host.nr, 3);
	assert_int_equal(kb_environment_warn(&host, warnings), 0);
	assert_int_equal(json_array_size(warnings), 1);
	assert_non_null(strstr(json_string_value(json_array_get(warnings, 0)),
			       "on the host, turbo is on: "));
	json_decref(warnings);
	json_decref(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_machine),
		cmocka_unit_test(each_judgement),
		cmocka_unit_test(exceptions),
		cmocka_unit_test(remedy_of_clocksource),
		cmocka_unit_test(in_a_result),
		cmocka_unit_test(of_the_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
