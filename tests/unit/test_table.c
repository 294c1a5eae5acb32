// SPDX-License-Identifier: GPL-2.0
/* Figures and tables for people. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "result.h"
#include "run_fixture.h"
#include "table.h"
#include "table_cells.h"

static void figures_have_four_digits_and_a_unit(void **state)
{
	static const struct {
		double		value;
		const char	*unit, *text;
	} table[] = {
		{ 12.344, "ns", "12.34 ns" }, { 1.5, "ns", "1.500 ns" },
		{ 0.3751, "ns", "0.375 ns" },
		{ 123.45, "ns", "123.5 ns" }, { 1234.5, "ns", "1.234 us" },
		{ 45678, "ns", "45.68 us" }, { 9.8765e6, "ns", "9.877 ms" },
		{ 2e9, "ns", "2.000 s" }, { 3e12, "ns", "3000 s" }, { 999.96, "ns", "1.000 us" },
		{ 999.9, "ns", "999.9 ns" }, { 0, "ns", "0.000 ns" },
		{ 18.375, "insn", "18.375 insn" }, { 1000, "insn", "1000 insn" },
		{ 5049.04, "insn", "5049.04 insn" }, { 20.0 / 3, "insn", "6.6667 insn" },
	};
	char text[KB_FIGURE_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		kb_format_figure(text, table[i].value, table[i].unit);
		assert_string_equal(text, table[i].text);
	}
}

static void rates_have_three_digits(void **state)
{
	static const struct {
		double		value;
		const char	*text;
	} table[] = {
		{ 8.13e7, "81.3 M/s" }, { 3.7e6, "3.70 M/s" }, { 6.7e4, "67.0 k/s" },
		{ 12, "12.0 /s" }, { 4.23e11, "423 G/s" }, { 0.5, "0.50 /s" },
	};
	char text[KB_FIGURE_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		kb_format_rate(text, table[i].value);
		assert_string_equal(text, table[i].text);
	}
}

static void cells_say_what_they_should(void **state)
{
	struct run_fixture *run = run_fixture_new();
	json_t *result = run_fixture_result(run, 1);
	json_t *varying = json_pack("{s:b}", "size", 1);
	static const struct {
		size_t		entry;
		enum kb_column	column;
		const char	*text;
	} table[] = {
		{ 0, KB_COLUMN_BENCH, "locks/spin_lock" }, { 0, KB_COLUMN_PARAMS, "" },
		{ 0, KB_COLUMN_CPUS, "2" }, { 0, KB_COLUMN_BOOT, "0" },
		{ 0, KB_COLUMN_MEDIAN, "25.00 ns" }, { 0, KB_COLUMN_INTERVAL, "25.00..25.00" },
		{ 0, KB_COLUMN_SPREAD, "0.0%" }, { 0, KB_COLUMN_RATE, "18.0 M/s" },
		{ 0, KB_COLUMN_FAIRNESS, "0.50" }, { 0, KB_COLUMN_FLAGS, "" },
		{ 2, KB_COLUMN_BENCH, "alloc/kmalloc:alloc" }, { 2, KB_COLUMN_PARAMS, "size=64" },
		{ 2, KB_COLUMN_FAIRNESS, "" }, { 5, KB_COLUMN_FLAGS, "fixed-large" },
		{ 5, KB_COLUMN_BENCH, "selfcheck/empty (preempt-off)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const json_t *cases = json_object_get(result, "cases");
		char *text = kb_cell_text(table[i].column, json_array_get(cases, table[i].entry),
					  varying);

		assert_string_equal(text, table[i].text);
		free(text);
	}
	json_decref(varying);
	json_decref(result);
	run_fixture_free(run);
}

/* A pair's CPUs are named, whichever they are: the bench has others. */
static void a_pair_is_named(void **state)
{
	json_t *entry = json_pack("{s:i, s:[i, i], s:s}", "cpus", 2, "cpu_list", 0, 1,
				  "placement", "pair");
	json_t *varying = json_object();
	char *text = kb_cell_text(KB_COLUMN_CPUS, entry, varying);

	(void)state;
	assert_string_equal(text, "0,1");
	free(text);
	json_object_set_new(entry, "placement", json_string("numbered"));
	text = kb_cell_text(KB_COLUMN_CPUS, entry, varying);
	assert_string_equal(text, "2");
	free(text);
	json_decref(varying);
	json_decref(entry);
}

/* What kb_result_table() prints, caught in @text. */
static void catch_table(const json_t *result, char *text, size_t size)
{
	FILE *file = tmpfile();
	struct kb_error err = { 0 };
	int out = dup(STDOUT_FILENO);
	size_t length;

	assert_non_null(file);
	fflush(stdout);
	assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
	length = (size_t)kb_result_table(result, &err);
	dup2(out, STDOUT_FILENO);
	close(out);
	assert_int_equal(length, 0);
	rewind(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	fclose(file);
}

static void a_table_tells_all(void **state)
{
	struct run_fixture *run = run_fixture_new();
	json_t *result = run_fixture_result(run, 1);
	char text[8192];

	(void)state;
	catch_table(result, text, sizeof(text));
	assert_int_equal(strncmp(text, "kernel   6.12.113+deb12-amd64, x86_64\n", 38), 0);
	assert_non_null(strstr(text, "machine  toy, 4 CPUs\n"));
	assert_non_null(strstr(text, "target   vm, tcg\n"));
	assert_non_null(strstr(text, "times are functional only"));
	assert_non_null(strstr(text, "warning  the clock is odd\n"));
	assert_non_null(strstr(text, "params   cs=0 think=0 size=64 gfp=0\n"));
	assert_non_null(strstr(text, "\nBENCH "));
	assert_non_null(strstr(text, "\nlocks/spin_lock "));
	assert_non_null(strstr(text, "\nalloc/kmalloc:free "));
	assert_null(strstr(text, "\nlocks/mutex"));
	assert_non_null(strstr(text, "\nskipped  locks/mutex: not on this kernel\n"));
	assert_non_null(strstr(text, "\nfailed   locks/solo: an op slept\n"));
	assert_null(strstr(text, "TIMER"));
	json_decref(result);
	run_fixture_free(run);
}

static void timed_ops_have_a_table(void **state)
{
	struct run_fixture *run = run_fixture_new();
	const char *table;
	char text[8192];
	json_t *result;

	(void)state;
	run_fixture_time_ops(run, &run->boots[0], SPIN_LOCK);
	result = run_fixture_result(run, 1);
	catch_table(result, text, sizeof(text));
	table = strstr(text, "one at a time");
	assert_non_null(table);
	assert_null(strstr(table, "took turns"));
	assert_non_null(strstr(table, "P99.9"));
	assert_non_null(strstr(table, "\nlocks/spin_lock "));
	assert_non_null(strstr(table, " 60.00 ns 60.00 ns 60.00 ns 60.00 ns 9.000 us      1 "
			       "15.00 ns\n"));
	assert_null(strstr(table, "\nalloc/kmalloc"));
	json_decref(result);

	run->boots[0].unit = "insn";
	result = run_fixture_result(run, 1);
	catch_table(result, text, sizeof(text));
	assert_non_null(strstr(text, "CPUs took turns"));
	assert_non_null(strstr(text, " 9000 insn "));
	json_decref(result);
	run_fixture_free(run);
}

/* A file may hold anything: a terminal must not be driven by it. */
static void a_table_has_no_control_characters(void **state)
{
	struct run_fixture *run = run_fixture_new();
	json_t *result = run_fixture_result(run, 1);
	json_t *cases = json_object_get(result, "cases");
	char text[8192];

	(void)state;
	json_object_set_new(json_object_get(result, "kernel"), "release",
			    json_string("6.12\033[2J\nfake"));
	json_object_set_new(json_array_get(cases, 0), "bench", json_string("spin\033[31m"));
	json_object_set_new(json_array_get(cases, 1), "reason", json_string("no\033]0;x\007"));
	catch_table(result, text, sizeof(text));
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\007'));
	assert_null(strstr(text, "\nfake"));
	json_decref(result);
	run_fixture_free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_have_four_digits_and_a_unit),
		cmocka_unit_test(rates_have_three_digits),
		cmocka_unit_test(cells_say_what_they_should),
		cmocka_unit_test(a_pair_is_named),
		cmocka_unit_test(a_table_tells_all),
		cmocka_unit_test(timed_ops_have_a_table),
		cmocka_unit_test(a_table_has_no_control_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
