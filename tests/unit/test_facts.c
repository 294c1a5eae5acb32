// SPDX-License-Identifier: GPL-2.0
/* The agent's facts of the environment, read from trees that are made here. */
#include "support.h"

#include <stdlib.h>

#include "agent/facts.h"
#include "made_tree.h"
#include "paths.h"

#define put	made_tree_put

/* The one record that is sent. */
static json_t *record_of(void (*send)(struct emit *emit, const void *arg), const void *arg)
{
	json_t *records = sent_records(send, arg);
	json_t *record = json_incref(json_array_get(records, 0));

	assert_int_equal(json_array_size(records), 1);
	json_decref(records);
	return record;
}

static void emit_environment(struct emit *emit, const void *root)
{
	emit_open(emit, "test");
	facts_environment(emit, root, NULL);
	emit_close(emit);
}

static json_t *environment_of(const char *root)
{
	json_t *record = record_of(emit_environment, root);
	json_t *environment = json_incref(json_object_get(record, "environment"));

	json_decref(record);
	assert_non_null(environment);
	/* Who runs this machine is asked of the CPU. */
	json_object_del(environment, "hypervisor");
	return environment;
}

static void assert_json(const json_t *got, const char *wanted)
{
	json_t *value = json_loads(wanted, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	if (!json_equal(got, value)) {
		char *text = json_dumps(got, JSON_ENCODE_ANY | JSON_SORT_KEYS);

		fail_msg("%s, wanted %s", text, wanted);
	}
	json_decref(value);
}

static void put_cpufreq(const char *root, unsigned int cpu, const char *governor,
			const char *max_khz)
{
	const char *const files[][2] = {
		{ "scaling_driver", "acpi-cpufreq\n" }, { "scaling_governor", governor },
		{ "scaling_min_freq", "800000\n" }, { "scaling_max_freq", max_khz },
		{ "cpuinfo_min_freq", "800000\n" }, { "cpuinfo_max_freq", "3600000\n" },
		{ "scaling_cur_freq", "1200000\n" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *name = kb_path("sys/devices/system/cpu/cpu%u/cpufreq/%s", cpu, files[i][0]);

		put(root, name, files[i][1]);
		free(name);
	}
}

/* Nothing can be read: nothing is claimed. */
static void empty_tree(void **state)
{
	json_t *environment = environment_of(*state);

	assert_json(environment, "{\"governor\": \"\", \"frequency\": [], \"smt\": \"\","
		    " \"clocksource\": \"\", \"irqbalance\": false, \"load\": {}}");
	json_decref(environment);
}

static void equal_cpus_are_one(void **state)
{
	static const char *const governors[] = {
		"powersave\n", "powersave\n", "performance\n", "powersave\n", "performance\n",
	};
	json_t *environment;

	put(*state, "sys/devices/system/cpu/online", "0-4,6\n");
	for (unsigned int cpu = 0; cpu < 5; cpu++)
		put_cpufreq(*state, cpu, governors[cpu], cpu == 4 ? "2000000\n" : "3600000\n");
	environment = environment_of(*state);
	assert_json(json_object_get(environment, "governor"), "\"powersave\"");
#define KIND(list, governor, max) \
	"{\"cpus\": \"" list "\", \"driver\": \"acpi-cpufreq\", \"governor\": \"" governor "\"," \
	" \"min_khz\": 800000, \"max_khz\": " max ", \"hardware_min_khz\": 800000," \
	" \"hardware_max_khz\": 3600000, \"current_khz\": 1200000}"
	assert_json(json_object_get(environment, "frequency"),
		    "[" KIND("0-1,3", "powersave", "3600000") ", "
		    KIND("2", "performance", "3600000") ", "
		    KIND("4", "performance", "2000000") "]");
	json_decref(environment);
}

static void turbo_is_known_by_three_names(void **state)
{
	static const struct {
		const char	*file, *text, *wanted;
	} cases[] = {
		/* The later ones are looked at first. */
		{ "cpu0/cpufreq/boost", "0", "\"off\"" }, { "cpu0/cpufreq/boost", "1", "\"on\"" },
		{ "cpufreq/boost", "0", "\"off\"" }, { "cpufreq/boost", "1", "\"on\"" },
		{ "intel_pstate/no_turbo", "0", "\"on\"" },
		{ "intel_pstate/no_turbo", "1", "\"off\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name = kb_path("sys/devices/system/cpu/%s", cases[i].file);
		json_t *environment;

		put(*state, name, cases[i].text);
		environment = environment_of(*state);
		assert_json(json_object_get(environment, "turbo"), cases[i].wanted);
		json_decref(environment);
		free(name);
	}
}

static void a_busy_board(void **state)
{
	static const char *const files[][2] = {
		{ "sys/devices/system/cpu/smt/control", "on\n" },
		{ "sys/devices/system/cpu/smt/active", "1\n" },
		{ "sys/devices/system/cpu/isolated", "2-3\n" },
		{ "sys/devices/system/cpu/nohz_full", "(null)\n" },
		{ "sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n" },
		{ "sys/devices/system/clocksource/clocksource0/available_clocksource",
		  "hpet acpi_pm \n" },
		{ "proc/sys/kernel/nmi_watchdog", "1\n" },
		{ "proc/123/comm", "irqbalance\n" },
		{ "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n" },
		{ "sys/kernel/tracing/current_tracer", "function\n" },
		{ "sys/kernel/tracing/events/enable", "X\n" },
		{ "sys/kernel/slab/kmalloc-64/sanity_checks", "1\n" },
		{ "sys/kernel/slab/kmalloc-64/poison", "0\n" },
		{ "sys/kernel/slab/kmalloc-64/red_zone", "1\n" },
		{ "sys/class/thermal/thermal_zone0/type", "nvme\n" },
		{ "sys/class/thermal/thermal_zone0/temp", "99000\n" },
		{ "sys/class/thermal/thermal_zone1/type", "cpu-thermal\n" },
		{ "sys/class/thermal/thermal_zone1/temp", "61500\n" },
		{ "sys/class/thermal/thermal_zone1/trip_point_0_type", "active\n" },
		{ "sys/class/thermal/thermal_zone1/trip_point_0_temp", "50000\n" },
		{ "sys/class/thermal/thermal_zone1/trip_point_1_type", "critical\n" },
		{ "sys/class/thermal/thermal_zone1/trip_point_1_temp", "110000\n" },
		{ "sys/class/thermal/thermal_zone2/type", "cpu-thermal\n" },
		{ "sys/class/thermal/thermal_zone2/temp", "40000\n" },
		{ "sys/class/hwmon/hwmon1/name", "rpi_volt\n" },
		{ "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n" },
		{ "sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n" },
		{ "proc/loadavg", "0.50 0.18 0.12 3/80 11206\n" },
		{ "proc/pressure/cpu", "some avg10=12.50 avg60=1.00 avg300=0.00 total=1\n" },
		{ "proc/stat", "cpu  100 0 50 800 20 0 0 5 0 0\ncpu0 1 2 3\n" },
	};
	json_t *environment;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		put(*state, files[i][0], files[i][1]);
	environment = environment_of(*state);
	assert_json(environment,
		    "{\"governor\": \"\", \"frequency\": [], \"smt\": \"on\", \"smt_active\": true,"
		    " \"clocksource\": \"hpet\", \"clocksources\": \"hpet acpi_pm\","
		    " \"nmi_watchdog\": true, \"irqbalance\": true, \"isolated\": \"2-3\","
		    " \"nohz_full\": \"\", \"thp\": \"madvise\", \"tracer\": \"function\","
		    " \"trace_events\": \"X\", \"slub_debug\": \"FZ\","
		    " \"hottest\": {\"zone\": \"cpu-thermal\", \"celsius\": 61.5,"
		    " \"limit_celsius\": 110.0}, \"firmware_throttled\": 327685,"
		    " \"under_voltage\": true, \"load\": {\"average\": 0.5, \"runnable\": 2,"
		    " \"pressure_percent\": 12.5, \"busy_cpus\": 0.0}}");
	json_decref(environment);
}

/* A machine whose CPUs have a sensor and no thermal zone. */
static void heat_of_a_sensor(void **state)
{
	json_t *environment;

	put(*state, "sys/class/hwmon/hwmon0/name", "nvme\n");
	put(*state, "sys/class/hwmon/hwmon0/temp1_input", "90000\n");
	put(*state, "sys/class/hwmon/hwmon3/name", "k10temp\n");
	put(*state, "sys/class/hwmon/hwmon3/temp1_input", "58250\n");
	environment = environment_of(*state);
	assert_json(json_object_get(environment, "hottest"),
		    "{\"zone\": \"k10temp\", \"celsius\": 58.25}");
	json_decref(environment);

	put(*state, "sys/class/hwmon/hwmon3/temp1_crit", "95000\n");
	put(*state, "sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
	put(*state, "sys/class/thermal/thermal_zone0/temp", "58000\n");
	environment = environment_of(*state);
	assert_json(json_object_get(environment, "hottest"),
		    "{\"zone\": \"k10temp\", \"celsius\": 58.25, \"limit_celsius\": 95.0}");
	json_decref(environment);
}

static void emit_during(struct emit *emit, const void *during)
{
	facts_during_emit(during, emit);
}

static void what_happened_since(void **state)
{
	struct facts_during during;
	json_t *record;

	put(*state, "sys/devices/system/cpu/online", "0-1\n");
	put(*state, "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "5\n");
	put(*state, "sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "7\n");
	put(*state, "sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "1\n");
	put(*state, "proc/stat", "cpu  100 0 50 800 20 0 0 5 0 0\n");
	facts_during_begin(&during, *state);
	put(*state, "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "9\n");
	put(*state, "proc/stat", "cpu  150 0 50 830 20 0 0 25 0 0\n");
	record = record_of(emit_during, &during);
	assert_true(json_real_value(json_object_get(record, "seconds")) >= 0);
	json_object_del(record, "seconds");
	assert_json(record, "{\"rec\": \"during\", \"steal_percent\": 20.0, \"throttles\": 4}");
	json_decref(record);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, made_tree_begin, made_tree_end)
	const struct CMUnitTest tests[] = {
		TEST(empty_tree),
		TEST(equal_cpus_are_one),
		TEST(turbo_is_known_by_three_names),
		TEST(a_busy_board),
		TEST(heat_of_a_sensor),
		TEST(what_happened_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
