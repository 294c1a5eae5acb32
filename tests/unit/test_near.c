// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "catalog.h"

static const char *const names[] = {
	"alloc", "cache", "counters", "locks", "selfcheck", "spin_lock", "spin_trylock", "mutex",
};

static const char *near(const char *wanted)
{
	return kb_near(wanted, names, sizeof(names) / sizeof(names[0]));
}

static void one_mistake(void **state)
{
	(void)state;
	assert_string_equal(near("lock"), "locks");		/* a letter too few */
	assert_string_equal(near("lockss"), "locks");		/* one too many */
	assert_string_equal(near("lacks"), "locks");		/* a wrong one */
	assert_string_equal(near("lcoks"), "locks");		/* two swapped */
	assert_string_equal(near("LOCKS"), "locks");
	assert_string_equal(near("spinlock"), "spin_lock");
	assert_string_equal(near("mutx"), "mutex");
	assert_string_equal(near("counter"), "counters");
}

static void a_beginning(void **state)
{
	(void)state;
	assert_string_equal(near("count"), "counters");
	assert_string_equal(near("self"), "selfcheck");
}

static void nothing_near(void **state)
{
	char longer[200];

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_null(near("network"));
	assert_null(near("xyzzy"));
	assert_null(near(""));
	assert_null(near(longer));
	assert_null(kb_near("locks", names, 0));
}

static void nearest_wins(void **state)
{
	static const char *const similar[] = { "abcdeg", "abcdef", "abcxyz" };

	(void)state;
	assert_string_equal(kb_near("abcdef", similar, 3), "abcdef");
	assert_string_equal(kb_near("abcdeh", similar, 3), "abcdeg");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_mistake),
		cmocka_unit_test(a_beginning),
		cmocka_unit_test(nothing_near),
		cmocka_unit_test(nearest_wins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
