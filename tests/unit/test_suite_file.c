// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite_file.h"
#include "suite_sources.h"

static char dir[] = "/tmp/kbench-test-XXXXXX";

static const char *const own[] = { "alloc", "locks", "selfcheck" };

static int make_dir(void **state)
{
	char path[PATH_MAX];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	/* A tree with suites of its own. */
	snprintf(path, sizeof(path), "%s/suites", dir);
	if (mkdir(path, 0777))
		return -1;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		snprintf(path, sizeof(path), "%s/suites/%s.c", dir, own[i]);
		fclose(fopen(path, "w"));
	}
	return setenv("KBENCH_DATADIR", dir, 1);
}

static int remove_dir(void **state)
{
	char command[PATH_MAX];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static void write_file(char path[PATH_MAX], const char *name, const char *text)
{
	FILE *file;

	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void assert_name(const char *source, const char *wanted)
{
	char *name = kb_suite_files_name(source);

	if (wanted)
		assert_string_equal(name ? name : "(none)", wanted);
	else
		assert_null(name);
	free(name);
}

static void names_in_sources(void **state)
{
	(void)state;
	assert_name("KBENCH_SUITE(mine, \"help\", a, b);", "mine");
	assert_name("int x;\nKBENCH_SUITE_EXIT(\n\tmine_2 , \"help\", bye, a);", "mine_2");
	assert_name("/* KBENCH_SUITE(no, \"\") */ // KBENCH_SUITE(no\nKBENCH_SUITE (yes, \"\", a);",
		    "yes");
	assert_name("char *s = \"\\\"KBENCH_SUITE(no, \";\nchar c = '\"'; KBENCH_SUITE(yes, a)",
		    "yes");
	assert_name("MY_KBENCH_SUITE(no, a) KBENCH_SUITES(no, a) KBENCH_SUITE_EXITS(no)", NULL);
	assert_name("KBENCH_SUITE", NULL);
	assert_name("KBENCH_SUITE()", NULL);
	assert_name("/* KBENCH_SUITE(no, a)", NULL);
	assert_name("\"KBENCH_SUITE(no, a)", NULL);
	assert_name("", NULL);
}

static void file_is_found(void **state)
{
	struct kb_suite_files files = { 0 };
	struct kb_error err = { 0 };
	char path[PATH_MAX], other[PATH_MAX];

	(void)state;
	/* Its own name may be anything. */
	write_file(path, "a file, mine.c", "KBENCH_SUITE(mine, \"\", a);");
	write_file(other, "other.c", "KBENCH_SUITE(other, \"\", a);");
	assert_int_equal(kb_suite_files_add(&files, path, &err), 0);
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(kb_suite_files_add(&files, "other.c", &err), 0);
	assert_int_equal(files.nr, 2);
	assert_string_equal(files.files[0].name, "mine");
	assert_string_equal(files.files[0].path, path);
	assert_string_equal(files.files[1].name, "other");
	assert_string_equal(files.files[1].path, other);
	kb_suite_files_free(&files);
}

static void refused(const char *name, const char *text, const char *says)
{
	struct kb_suite_files files = { 0 };
	struct kb_error err = { 0 };
	char path[PATH_MAX];

	write_file(path, "mine.c", "KBENCH_SUITE(mine, \"\", a);");
	assert_int_equal(kb_suite_files_add(&files, path, &err), 0);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (text)
		write_file(path, name, text);
	assert_int_equal(kb_suite_files_add(&files, path, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, says);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(files.nr, 1);
	kb_suite_files_free(&files);
}

static void files_that_are_no_suites(void **state)
{
	(void)state;
	refused("missing.c", NULL, "No such file");
	refused("suites", NULL, "not the path of a .c file");
	refused("header.h", "KBENCH_SUITE(header, \"\", a);", "not the path of a .c file");
	refused("empty.c", "", "no KBENCH_SUITE()");
	refused("copy.c", "KBENCH_SUITE(mine, \"\", a);", "mine.c has the suite 'mine' already");
	refused("clash.c", "KBENCH_SUITE(locks, \"\", a);",
		"kbench has a suite 'locks' of its own");
	refused("long.c", "KBENCH_SUITE(a_name_of_thirty_two_characters_, \"\", a);",
		"longer than 31 characters");
}

static void selectors_may_name_them(void **state)
{
	struct kb_suite_file file = { .name = "lock" };
	struct kb_suite_files files = { .files = &file, .nr = 1 }, none = { 0 };
	char *const selectors[] = { "lock/spin" };
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_suite_sources_check(selectors, 1, &files, &err), 0);
	assert_int_equal(kb_suite_sources_check(selectors, 1, &none, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "did you mean 'locks'?");
	files.files = NULL;
	files.nr = 0;
	kb_suite_files_free(&files);
}

static void only_what_is_named_is_built(void **state)
{
	char *const two[] = { "locks/spin_lock", "locks" };
	char *const bench[] = { "locks", "spin_lock_irq_save_or_so" };
	struct kb_suite_files files = { 0 };
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_suite_sources_check(two, 2, &files, &err), 0);
	assert_int_equal(files.nr_own, 2);
	assert_string_equal(files.own[0], "locks");
	assert_string_equal(files.own[1], "selfcheck");
	kb_suite_files_free(&files);
	/* To say what it may have meant, all are needed. */
	assert_int_equal(kb_suite_sources_check(bench, 2, &files, &err), 0);
	assert_int_equal(files.nr_own, 0);
	kb_suite_files_free(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_in_sources),
		cmocka_unit_test(file_is_found),
		cmocka_unit_test(files_that_are_no_suites),
		cmocka_unit_test(selectors_may_name_them),
		cmocka_unit_test(only_what_is_named_is_built),
	};

	return cmocka_run_group_tests_name("suite_file", tests, make_dir, remove_dir);
}
