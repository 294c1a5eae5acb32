// SPDX-License-Identifier: GPL-2.0
/* Settings changed and put back, in trees that are made here. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/tune.h"
#include "made_tree.h"
#include "paths.h"

#define CPU		"sys/devices/system/cpu/"
#define POLICY0		CPU "cpufreq/policy0/"
#define POLICY2		CPU "cpufreq/policy2/"
#define STATE		"run/kbench/tune"

/* A machine with two policies; each of them is of its own mind. */
static const char *const machine[][2] = {
	{ CPU "possible", "0-3\n" },
	{ POLICY0 "scaling_governor", "schedutil\n" },
	{ POLICY0 "scaling_min_freq", "800000\n" },
	{ POLICY0 "scaling_max_freq", "2500000\n" },
	{ POLICY0 "scaling_setspeed", "<unsupported>\n" },
	{ POLICY0 "energy_performance_preference", "balance_power\n" },
	{ POLICY2 "scaling_governor", "performance\n" },
	{ POLICY2 "scaling_min_freq", "800000\n" },
	{ POLICY2 "scaling_max_freq", "3600000\n" },
	{ CPU "cpufreq/boost", "1\n" },
	{ CPU "smt/control", "on\n" },
	{ "proc/sys/kernel/nmi_watchdog", "1\n" },
};

#define NR_FILES	(sizeof(machine) / sizeof(machine[0]))

static int begin(void **state)
{
	if (made_tree_begin(state))
		return -1;
	for (size_t i = 0; i < NR_FILES; i++)
		made_tree_put(*state, machine[i][0], machine[i][1]);
	made_tree_put(*state, "run/other", "");
	return 0;
}

static char *all_files(const char *root)
{
	const char *names[NR_FILES + 2] = { STATE };

	for (size_t i = 0; i < NR_FILES; i++)
		names[i + 1] = machine[i][0];
	return made_tree_text(root, names);
}

static void assert_file(const char *root, const char *name, const char *wanted)
{
	char *path = kb_path("%s/%s", root, name);
	char *text = kb_read_text(path, NULL);

	if (!text || strcmp(text, wanted))
		fail_msg("%s has %s, wanted %s", name, text ? text : "nothing", wanted);
	free(text);
	free(path);
}

static bool exists(const char *root, const char *name)
{
	char *path = kb_path("%s/%s", root, name);
	bool there = kb_exists(path);

	free(path);
	return there;
}

struct call {
	const char		*root;
	enum tune_action	action;
	bool			smt_off;
};

static void send_tune(struct emit *emit, const void *arg)
{
	const struct call *call = arg;

	tune_run(emit, call->action, call->smt_off, call->root);
}

static json_t *tune(const char *root, enum tune_action action, bool smt_off)
{
	const struct call call = { root, action, smt_off };

	return sent_records(send_tune, &call);
}

/* How many settings have that status; all of them when it is NULL. */
static size_t count(const json_t *records, const char *status)
{
	const json_t *record;
	size_t i, nr = 0;

	json_array_foreach(records, i, record) {
		const char *have = json_string_value(json_object_get(record, "status"));

		nr += have && (!status || !strcmp(have, status));
	}
	return nr;
}

/* The only thing said is an error with those words. */
static void assert_refused(json_t *records, const char *words)
{
	const json_t *last = json_array_get(records, json_array_size(records) - 1);
	const char *message = json_string_value(json_object_get(last, "message"));

	assert_int_equal(count(records, NULL), 0);
	if (!message || !strstr(message, words) || strchr(message, '\n'))
		fail_msg("\"%s\" has no \"%s\"", message ? message : "no error", words);
	json_decref(records);
}

static void expect(json_t *records, const char *status, size_t nr)
{
	if (count(records, status) != nr) {
		char *text = json_dumps(records, JSON_INDENT(1));

		fail_msg("%zu of %s, wanted %zu: %s", count(records, status), status, nr, text);
	}
	json_decref(records);
}

static void applied_and_undone(void **state)
{
	char *before = all_files(*state), *after;

	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	assert_file(*state, POLICY0 "scaling_governor", "performance\n");
	assert_file(*state, POLICY2 "scaling_governor", "performance\n");
	assert_file(*state, CPU "cpufreq/boost", "0\n");
	assert_file(*state, "proc/sys/kernel/nmi_watchdog", "0\n");
	/* Nothing else is touched. */
	assert_file(*state, CPU "smt/control", "on\n");
	assert_file(*state, POLICY0 "scaling_max_freq", "2500000\n");
	assert_true(exists(*state, STATE));

	expect(tune(*state, TUNE_STATUS, false), "changed", 3);
	expect(tune(*state, TUNE_UNDO, false), "restored", 3);
	after = all_files(*state);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

/* Changing governor and turbo makes some drivers forget what the user had set. */
static void forgotten_limits_come_back(void **state)
{
	char *before = all_files(*state), *after;

	expect(tune(*state, TUNE_APPLY, true), "changed", 4);
	assert_file(*state, CPU "smt/control", "off\n");
	made_tree_put(*state, POLICY0 "scaling_max_freq", "3600000\n");
	made_tree_put(*state, POLICY0 "scaling_min_freq", "3600000\n");
	made_tree_put(*state, POLICY0 "energy_performance_preference", "performance\n");
	expect(tune(*state, TUNE_UNDO, false), "restored", 7);
	after = all_files(*state);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void twice_keeps_the_first(void **state)
{
	char *before = all_files(*state), *after;

	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	expect(tune(*state, TUNE_APPLY, false), "kept", 4);
	/* Somebody else has changed it meanwhile. */
	made_tree_put(*state, POLICY0 "scaling_governor", "powersave\n");
	expect(tune(*state, TUNE_APPLY, true), "changed", 2);
	expect(tune(*state, TUNE_UNDO, false), "restored", 4);
	after = all_files(*state);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void refused_setting(void **state)
{
	made_tree_refuse(*state, POLICY2 "scaling_governor");
	expect(tune(*state, TUNE_APPLY, false), "failed", 1);
	/* The others are set, and can be put back. */
	assert_file(*state, POLICY0 "scaling_governor", "performance\n");
	assert_file(*state, CPU "cpufreq/boost", "0\n");
	expect(tune(*state, TUNE_UNDO, false), "restored", 3);
	assert_file(*state, POLICY0 "scaling_governor", "schedutil\n");
	assert_false(exists(*state, STATE));
}

/* As after an end in the middle: the state is there, some changes are not. */
static void cut_short(void **state)
{
	char *before = all_files(*state), *after;

	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	made_tree_put(*state, "proc/sys/kernel/nmi_watchdog", "1\n");
	made_tree_put(*state, STATE ".new", "half of a line");
	expect(tune(*state, TUNE_UNDO, false), "restored", 2);
	after = all_files(*state);
	assert_string_equal(before, after);
	/* Half a state of an earlier attempt is in nobody's way. */
	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	assert_false(exists(*state, STATE ".new"));
	free(before);
	free(after);
}

static void policy_gone(void **state)
{
	char *dir = kb_path("%s/" POLICY0, (char *)*state);

	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	kb_remove_tree(dir);
	expect(tune(*state, TUNE_STATUS, false), "gone", 4);
	expect(tune(*state, TUNE_UNDO, false), "gone", 4);
	assert_file(*state, CPU "cpufreq/boost", "1\n");
	assert_false(exists(*state, STATE));
	free(dir);
}

static void undo_can_be_tried_again(void **state)
{
	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	made_tree_refuse(*state, CPU "cpufreq/boost");
	expect(tune(*state, TUNE_UNDO, false), "failed", 1);
	assert_file(*state, POLICY0 "scaling_governor", "schedutil\n");
	assert_true(exists(*state, STATE));
	made_tree_put(*state, CPU "cpufreq/boost", "0\n");
	expect(tune(*state, TUNE_UNDO, false), "restored", 1);
	assert_file(*state, CPU "cpufreq/boost", "1\n");
	assert_false(exists(*state, STATE));
}

static void nothing_to_undo(void **state)
{
	char *before = all_files(*state), *after;
	json_t *records = tune(*state, TUNE_UNDO, false);

	assert_int_equal(json_array_size(records), 1);
	assert_true(json_is_false(json_object_get(json_array_get(records, 0), "tuned")));
	json_decref(records);
	expect(tune(*state, TUNE_STATUS, false), NULL, 0);
	after = all_files(*state);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static void dry_run_changes_nothing(void **state)
{
	char *before = all_files(*state), *after;

	expect(tune(*state, TUNE_DRY_RUN, true), "differs", 4);
	expect(tune(*state, TUNE_DRY_RUN, false), "differs", 3);
	after = all_files(*state);
	assert_string_equal(before, after);
	assert_false(exists(*state, "run/kbench"));
	free(before);
	free(after);
}

/* Nothing of it is believed, and nothing is written: what if it named /etc/passwd? */
static void damaged_state(void **state)
{
	static const char *const texts[] = {
		"", "kbench-tune 1\n", "kbench-tune 2\nend\n", "kbench-tune 1\nend",
		"kbench-tune 1\n/proc/sys/kernel/nmi_watchdog 1\n",
		"kbench-tune 1\n/proc/sys/kernel/nmi_watchdog\nend\n",
		"kbench-tune 1\n/proc/sys/kernel/nmi_watchdog \nend\n",
		"kbench-tune 1\n/etc/passwd x\nend\n",
		"kbench-tune 1\n/sys/devices/system/cpu/cpufreq/policy0/../../x y\nend\n",
		"kbench-tune 1\n/sys/devices/system/cpu/cpufreq/policy00/scaling_governor y\nend\n",
		"kbench-tune 1\n/sys/devices/system/cpu/cpufreq/policy0/scaling_governorx y\nend\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *before, *after;

		made_tree_put(*state, STATE, texts[i]);
		before = all_files(*state);
		assert_refused(tune(*state, TUNE_UNDO, false), "damaged");
		assert_refused(tune(*state, TUNE_APPLY, false), "damaged");
		after = all_files(*state);
		assert_string_equal(before, after);
		free(before);
		free(after);
	}
}

static void state_cannot_be_written(void **state)
{
	made_tree_put(*state, "run/kbench", "in the way");
	assert_refused(tune(*state, TUNE_APPLY, false), "nothing was changed");
	assert_file(*state, POLICY0 "scaling_governor", "schedutil\n");
}

static void another_at_work(void **state)
{
	char *dir = kb_path("%s/run/kbench", (char *)*state);
	int fd;

	assert_int_equal(mkdir(dir, 0755), 0);
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_refused(tune(*state, TUNE_APPLY, false), "another");
	assert_file(*state, POLICY0 "scaling_governor", "schedutil\n");
	close(fd);
	expect(tune(*state, TUNE_APPLY, false), "changed", 3);
	free(dir);
}

static void smt_that_cannot_be_switched(void **state)
{
	static const char *const words[] = { "notsupported\n", "forceoff\n", "notimplemented\n" };

	for (size_t i = 0; i < 3; i++) {
		made_tree_put(*state, CPU "smt/control", words[i]);
		expect(tune(*state, TUNE_DRY_RUN, true), "differs", 3);
	}
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, begin, made_tree_end)
	const struct CMUnitTest tests[] = {
		TEST(applied_and_undone),
		TEST(forgotten_limits_come_back),
		TEST(twice_keeps_the_first),
		TEST(refused_setting),
		TEST(cut_short),
		TEST(policy_gone),
		TEST(undo_can_be_tried_again),
		TEST(nothing_to_undo),
		TEST(dry_run_changes_nothing),
		TEST(damaged_state),
		TEST(state_cannot_be_written),
		TEST(another_at_work),
		TEST(smt_that_cannot_be_switched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
