// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <jansson.h>

#include "entry_name.h"

static json_t *entry;

static int make(void **state)
{
	(void)state;
	entry = json_pack("{s:s, s:s, s:{s:i, s:i}, s:i, s:[i, i], s:s, s:s}", "suite", "locks",
			  "bench", "mutex", "params", "cs", 10, "think", 0, "cpus", 2, "cpu_list",
			  0, 3, "context", "process", "phase", "free");
	return !entry;
}

static int drop(void **state)
{
	(void)state;
	json_decref(entry);
	return 0;
}

static void names(void **state)
{
	char name[KB_ENTRY_NAME_LEN];

	(void)state;
	kb_entry_name(name, entry, false);
	assert_string_equal(name, "locks/mutex:free cs=10 think=0, 2 CPUs (process)");
	assert_true(kb_entry_is(entry, name));
	kb_entry_name(name, entry, true);
	assert_string_equal(name, "locks/mutex:free cs=10 think=0, 2 CPUs 0,3 (process)");
	assert_true(kb_entry_is(entry, name));
}

static void wanted(void **state)
{
	static const char *const yes[] = {
		"locks/mutex:free", "locks/mutex:free cs=10", "locks/mutex:free think=0 cs=10",
		"locks/mutex:free cpus=2", "locks/mutex:free 2 CPUs", " locks/mutex:free, 2 CPUs",
		"locks/mutex:free (process)", "locks/mutex:free cpus=2 cs=10",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(kb_entry_is(entry, yes[i]));
}

static void not_wanted(void **state)
{
	static const char *const no[] = {
		"", "locks", "locks/mute", "locks/mutex", "locks/mutexes", "locks/mutex:free cs=1",
		"locks/mutex:free cs=100", "locks/mutex:free 3 CPUs", "locks/mutex:free cpus=20",
		"locks/mutex:free (irq-off)", "locks/mutex:free cs", "alloc/mutex:free",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(kb_entry_is(entry, no[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(wanted),
		cmocka_unit_test(not_wanted),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
