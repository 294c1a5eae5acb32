// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <string.h>

#include "plan.h"

static void counts_are(const char *text, size_t nr, const unsigned int *wanted)
{
	struct kb_error err = { 0 };
	struct kb_cpus cpus;

	assert_int_equal(kb_cpus_parse_counts(&cpus, text, &err), 0);
	assert_int_equal(cpus.nr_counts, nr);
	assert_memory_equal(cpus.counts, wanted, nr * sizeof(*wanted));
	assert_int_equal(cpus.nr_list, 0);
	kb_cpus_free(&cpus);
	assert_null(cpus.counts);
}

static void counts(void **state)
{
	(void)state;
	counts_are("8", 1, (unsigned int[]){ 8 });
	counts_are("1,2,4,8", 4, (unsigned int[]){ 1, 2, 4, 8 });
	counts_are("1-8", 8, (unsigned int[]){ 1, 2, 3, 4, 5, 6, 7, 8 });
	counts_are("1,2-4,16", 5, (unsigned int[]){ 1, 2, 3, 4, 16 });
	counts_are("3-3", 1, (unsigned int[]){ 3 });
	counts_are("65536", 1, (unsigned int[]){ 65536 });
}

static void counts_keep_order_without_repeats(void **state)
{
	(void)state;
	counts_are("8,1,8,1-3", 4, (unsigned int[]){ 8, 1, 2, 3 });
}

static void bad_counts(void **state)
{
	static const char *const bad[] = {
		"", "0", "-1", "abc", "1-", "-", ",", "1,", ",1", "1,,2", "2-1", "0-3", "1-2-3",
		"65537", "1-65537", "99999999999999999999", "1 ", " 1", "+1", "1.5", "0x8", "1\n",
		"18446744073709551617", "4294967297",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_error err = { 0 };
		struct kb_cpus cpus;

		if (!kb_cpus_parse_counts(&cpus, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		if (!strchr(bad[i], '\n'))
			assert_error(&err, KB_EXIT_USAGE, "--cpus");
		kb_cpus_free(&cpus);
	}
}

static void list(void **state)
{
	static const unsigned int wanted[] = { 0, 2, 4, 5, 6 };
	struct kb_error err = { 0 };
	struct kb_cpus cpus;

	(void)state;
	assert_int_equal(kb_cpus_parse_list(&cpus, "0,2,4-6", &err), 0);
	assert_int_equal(cpus.nr_list, 5);
	assert_memory_equal(cpus.list, wanted, sizeof(wanted));
	assert_int_equal(cpus.nr_counts, 1);
	assert_int_equal(cpus.counts[0], 5);
	kb_cpus_free(&cpus);
}

static void bad_lists(void **state)
{
	static const char *const bad[] = { "", "a", "0,", "3-1", "-1", "65536", "0-65536", "1;2" };
	struct kb_error err = { 0 };
	struct kb_cpus cpus;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.exit = KB_EXIT_OK;
		if (!kb_cpus_parse_list(&cpus, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_error(&err, KB_EXIT_USAGE, "--cpu-list");
		kb_cpus_free(&cpus);
	}
	/* One worker a CPU: naming it twice is a mistake. */
	err.exit = KB_EXIT_OK;
	assert_int_equal(kb_cpus_parse_list(&cpus, "0,1,0", &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "twice");
	kb_cpus_free(&cpus);
}

static void needed(void **state)
{
	struct kb_error err = { 0 };
	struct kb_cpus cpus;

	(void)state;
	assert_int_equal(kb_cpus_parse_counts(&cpus, "4,1,2", &err), 0);
	assert_int_equal(kb_cpus_needed(&cpus), 4);
	kb_cpus_free(&cpus);
	assert_int_equal(kb_cpus_parse_list(&cpus, "2,7,0", &err), 0);
	assert_int_equal(kb_cpus_needed(&cpus), 8);
	kb_cpus_free(&cpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(counts_keep_order_without_repeats),
		cmocka_unit_test(bad_counts),
		cmocka_unit_test(list),
		cmocka_unit_test(bad_lists),
		cmocka_unit_test(needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
