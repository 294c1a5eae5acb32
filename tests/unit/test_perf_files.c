// SPDX-License-Identifier: GPL-2.0
/* perf's files on their way beside a result: nothing of the user's goes, and no name is wrong. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "perf_files.h"
#include "temp_dir.h"

/* The files of each test are below a directory of its own. */
static int begin(void **state)
{
	struct kb_error err = { 0 };
	char *path = kb_path("%s/run", temp_dir);

	(void)state;
	kb_remove_tree(path);
	assert_int_equal(kb_make_dirs(path, &err), 0);
	free(path);
	return 0;
}

static char *at(const char *name)
{
	return kb_path("%s/run/%s", temp_dir, name);
}

static void put(const char *name, const char *text)
{
	char *path = kb_path("run/%s", name);

	temp_dir_put(path, text);
	free(path);
}

/* @text: NULL: it is not there */
static void is(const char *name, const char *text)
{
	char *path = kb_path("run/%s", name);

	temp_dir_has(path, text);
	free(path);
}

static unsigned int mode_of(const char *name)
{
	char *path = at(name);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	free(path);
	return st.st_mode & 0777;
}

static json_t *result_of(const char *first, const char *second)
{
	return json_pack("{s:[{s:{s:s*}}, {s:{s:s*}}, {}]}", "cases", "perf", "file", first, "perf",
			 "file", second);
}

static void old_result(const char *first, const char *second)
{
	json_t *result = result_of(first, second);
	char *text = json_dumps(result, 0);

	put("r.json", text);
	free(text);
	json_decref(result);
}

/* A run that names @result's files, which are in "new" where it had perf at all. */
static void run(json_t *result, bool perf, bool written, bool kept)
{
	char *path = at("r.json"), *from = at("new"), *there;
	struct kb_perf_files files;

	kb_perf_files_settle(&files, path, perf ? from : NULL, result);
	there = kb_perf_files_end(&files, result, written);
	assert_int_equal(there != NULL, kept);
	if (perf)
		kb_remove_tree(from);
	free(there);
	free(from);
	free(path);
}

static const char *file_of(const json_t *result, size_t index)
{
	const json_t *entry = json_array_get(json_object_get(result, "cases"), index);

	return json_string_value(json_object_get(json_object_get(entry, "perf"), "file"));
}

static void they_replace_those_of_the_old_result(void **state)
{
	json_t *result = result_of("0.data", "0.data");

	(void)state;
	old_result("r.perf/0.data", "r.perf/1.data");
	put("r.perf/0.data", "old");
	put("r.perf/0.txt", "old");
	put("r.perf/1.data", "old");
	put("r.perf/2.data", "mine");
	put("new/0.data", "new");
	put("new/0.txt", "new");
	put("new/7.data", "of a case without figures");
	run(result, true, true, true);
	is("r.perf/0.data", "new");
	is("r.perf/0.txt", "new");
	is("r.perf/1.data", NULL);
	is("r.perf/2.data", "mine");
	is("r.perf/7.data", NULL);
	is("r.perf/old", NULL);
	/* Though the directory was there, and let others read. */
	assert_int_equal(mode_of("r.perf/0.data"), 0600);
	assert_string_equal(file_of(result, 0), "r.perf/0.data");
	assert_string_equal(file_of(result, 1), "r.perf/0.data");
	json_decref(result);
}

static void a_result_that_is_not_written_changes_nothing(void **state)
{
	json_t *result = result_of("0.data", NULL);

	(void)state;
	old_result("r.perf/0.data", NULL);
	put("r.perf/0.data", "old");
	put("new/0.data", "new");
	put("new/0.txt", "new");
	run(result, true, false, false);
	is("r.perf/0.data", "old");
	is("r.perf/0.txt", NULL);
	json_decref(result);

	/* Nor is there a directory that was not. */
	begin(NULL);
	result = result_of("0.data", NULL);
	put("new/0.data", "new");
	run(result, true, false, false);
	is("r.perf", NULL);
	json_decref(result);
}

static void a_run_without_perf_removes_what_the_old_result_names(void **state)
{
	json_t *result = result_of(NULL, NULL);

	(void)state;
	old_result("r.perf/0.data", "r.perf/../1.data");
	put("r.perf/0.data", "old");
	put("r.perf/0.txt", "old");
	run(result, false, false, false);
	is("r.perf/0.data", "old");
	run(result, false, true, false);
	is("r.perf", NULL);

	/* What it does not name is the user's own: so is an empty directory. */
	put("r.perf/0.data", "mine");
	put("r.json", "{}");
	run(result, false, true, false);
	is("r.perf/0.data", "mine");
	old_result("other.perf/0.data", "/etc/0.data");
	run(result, false, true, false);
	is("r.perf/0.data", "mine");
	json_decref(result);
}

static void links_lead_nowhere(void **state)
{
	json_t *result = result_of(NULL, NULL);
	char *link = at("r.perf"), *to = at("precious"), *file = at("r.perf/0.data");
	char *victim = at("precious/0.data");

	(void)state;
	old_result("r.perf/0.data", NULL);
	put("precious/0.data", "mine");
	put("new/0.data", "new");
	assert_int_equal(symlink(to, link), 0);
	run(result, false, true, false);
	is("precious/0.data", "mine");
	json_decref(result);
	result = result_of("0.data", NULL);
	run(result, true, true, false);
	is("precious/0.data", "mine");
	assert_null(file_of(result, 0));
	json_decref(result);

	/* And a link among the files is nobody's file of ours. */
	assert_int_equal(unlink(link), 0);
	assert_int_equal(mkdir(link, 0700), 0);
	assert_int_equal(symlink(victim, file), 0);
	put("new/0.data", "new");
	result = result_of("0.data", NULL);
	run(result, true, true, false);
	is("r.perf/0.data", "mine");
	is("precious/0.data", "mine");
	assert_null(file_of(result, 0));
	json_decref(result);
	free(victim);
	free(file);
	free(to);
	free(link);
}

static void what_did_not_come_is_not_named(void **state)
{
	json_t *result = result_of("0.data", "1.data");

	(void)state;
	/* The user's own report stands where one of ours would go. */
	put("r.perf/0.txt", "mine");
	put("new/0.data", "new");
	run(result, true, true, false);
	assert_null(file_of(result, 0));
	assert_null(file_of(result, 1));
	is("r.perf/0.data", NULL);
	is("r.perf/0.txt", "mine");
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(they_replace_those_of_the_old_result, begin),
		cmocka_unit_test_setup(a_result_that_is_not_written_changes_nothing, begin),
		cmocka_unit_test_setup(a_run_without_perf_removes_what_the_old_result_names, begin),
		cmocka_unit_test_setup(links_lead_nowhere, begin),
		cmocka_unit_test_setup(what_did_not_come_is_not_named, begin),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
