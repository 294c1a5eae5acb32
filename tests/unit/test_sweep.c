// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <stdlib.h>

#include "number.h"
#include "plan.h"

static void sweep_is(const char *text, const char *name, size_t nr, const int64_t *wanted)
{
	struct kb_error err = { 0 };
	struct kb_sweep sweep;

	assert_int_equal(kb_sweep_parse(&sweep, text, &err), 0);
	assert_string_equal(sweep.name, name);
	assert_int_equal(sweep.nr_values, nr);
	assert_memory_equal(sweep.values, wanted, nr * sizeof(*wanted));
	free(sweep.values);
}

static void sweeps(void **state)
{
	(void)state;
	sweep_is("size=64", "size", 1, (int64_t[]){ 64 });
	sweep_is("size=64,4K,1M,2G", "size", 4, (int64_t[]){ 64, 4096, 1 << 20, 2LL << 30 });
	sweep_is("x=-5,0,5", "x", 3, (int64_t[]){ -5, 0, 5 });
	sweep_is("x=1,2,1", "x", 2, (int64_t[]){ 1, 2 });
	sweep_is("x=9223372036854775807,-9223372036854775808", "x", 2,
		 (int64_t[]){ INT64_MAX, INT64_MIN });
}

static void bad_sweeps(void **state)
{
	static const char *const bad[] = {
		"", "size", "=64", "size=", "size=a", "size=1,", "size=1,,2", "size=1KK",
		"size=1T", "size=9223372036854775808", "size=9007199254740992K", "size=1.5",
		"size= 1", "size=--1", "size=1=2", "size=0x10",
		"a_name_that_is_longer_than_32_characters_is_none=1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_error err = { 0 };
		struct kb_sweep sweep;

		if (!kb_sweep_parse(&sweep, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_error(&err, KB_EXIT_USAGE, "--param");
		assert_null(sweep.values);
	}
}

static void unsigned_numbers(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(kb_number_unsigned("0", 10, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(kb_number_unsigned("010", 10, &value), 0);
	assert_int_equal(value, 10);
	assert_int_equal(kb_number_unsigned("18446744073709551615", UINT64_MAX, &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(kb_number_unsigned("18446744073709551616", UINT64_MAX, &value), -1);
	assert_int_equal(kb_number_unsigned("11", 10, &value), -1);
	assert_int_equal(kb_number_unsigned("", 10, &value), -1);
	assert_int_equal(kb_number_unsigned("-0", 10, &value), -1);
}

static void durations(void **state)
{
	static const struct {
		const char	*text;
		uint64_t	unit;
		uint64_t	ns;	/* 0: not taken */
	} cases[] = {
		{ "100ms", 0, 100000000 }, { "1.5s", 0, 1500000000 }, { "20us", 0, 20000 },
		{ "1000ns", 0, 1000 }, { "2m", 0, 120000000000 }, { "2min", 0, 120000000000 },
		{ "0.25s", 0, 250000000 }, { "3", 1000000000, 3000000000 },
		{ "3", 0, 0 }, { "", 0, 0 }, { "s", 0, 0 }, { "0s", 0, 0 }, { "-1s", 0, 0 },
		{ "1h", 0, 0 }, { "1 s", 0, 0 }, { "1sec", 0, 0 }, { ".s", 0, 0 },
		{ "1440min", 0, 86400000000000 }, { "1441min", 0, 0 }, { "1.2.3s", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t ns = 0;
		int ret = kb_number_duration(cases[i].text, cases[i].unit, &ns);

		if (ret != (cases[i].ns ? 0 : -1) || (!ret && ns != cases[i].ns))
			fail_msg("'%s': %d, %llu ns", cases[i].text, ret, (unsigned long long)ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sweeps),
		cmocka_unit_test(bad_sweeps),
		cmocka_unit_test(unsigned_numbers),
		cmocka_unit_test(durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
