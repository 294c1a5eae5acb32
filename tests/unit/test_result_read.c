// SPDX-License-Identifier: GPL-2.0
/* Files that are no results, or none any more, are refused with a word that helps. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "result.h"
#include "result_dir.h"

/* By both readers, in the same words. */
static void assert_refused(const char *path, const char *text)
{
	struct kb_error err = { 0 }, lean = { 0 };

	assert_null(kb_result_read(path, &err));
	assert_error(&err, KB_EXIT_USAGE, text);
	assert_error(&err, KB_EXIT_USAGE, path);
	assert_null(kb_result_read_lean(path, &lean));
	assert_int_equal(lean.exit, err.exit);
	assert_string_equal(lean.text, err.text);
}

/* Cut at any place, the file is refused, and with the word for it unless nothing is left. */
static void a_truncated_file_is_refused(void **state)
{
	struct result_dir *dir = *state;
	char *text = json_dumps(dir->result, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
	size_t length;

	assert_non_null(text);
	length = strlen(text);
	for (size_t cut = 1; cut < length; cut += cut < 200 ? 1 : 97) {
		write_text("r.json", text, cut);
		assert_refused("r.json", "");
	}
	write_text("r.json", text, length - 1);
	assert_refused("r.json", "cut short");
	write_text("r.json", text, length / 2);
	assert_refused("r.json", "r.json");
	write_text("r.json", "", 0);
	assert_refused("r.json", "is empty");
	free(text);
}

static void refuse_text(const char *text, const char *complaint)
{
	write_text("r.json", text, strlen(text));
	assert_refused("r.json", complaint);
}

static void foreign_files_are_refused(void **state)
{
	(void)state;
	refuse_text("{\"benchmarks\": []}", "no kbench result");
	refuse_text("[1, 2]", "no kbench result");
	refuse_text("\x7f" "ELF", "no JSON at line 1");
	refuse_text("{\"schema\": 1}", "no kbench result");
	refuse_text("{\"schema\": \"other/1\"}", "no kbench result");
	refuse_text("{\"schema\": \"kbench-result/1\", \"schema\": \"kbench-result/1\"}",
		    "no JSON");
	refuse_text("{\"schema\": \"kbench-result/1\"}", "id is missing");
	refuse_text("{\"schema\": \"kbench-result/\\u001b[2J\\n\"}", "kbench-result/?[2J?\"");
	refuse_text("{\"schema\": \"kbench-result/2\"}", "kbench-result/2");
	refuse_text("{\"schema\": \"kbench-result/2\"}", "use the kbench that wrote it");
	assert_refused("no-such-file", "No such file");
	assert_refused(".", "directory");
}

/* Damage of one member of @object at a time; @what is how messages call the object. */
static void damage_each(struct result_dir *dir, json_t *object, const char *const *names)
{
	for (; *names; names++) {
		json_t *value = json_incref(json_object_get(object, *names));

		assert_non_null(value);
		json_object_del(object, *names);
		assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
		assert_refused("r.json", *names);
		json_object_set_new(object, *names, json_null());
		assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
		assert_refused("r.json", *names);
		json_object_set_new(object, *names, value);
	}
	assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
}

static void damaged_members_are_named(void **state)
{
	static const char *const top[] = {
		"id", "started", "finished", "command", "status", "errors", "kbench", "machine",
		"kernel", "environment", "boots", "cases", NULL,
	};
	static const char *const in_case[] = {
		"suite", "bench", "params", "phase", "cpus", "cpu_list", "context", "unit", "boot",
		"status", "reason", "flags", "per_op", NULL,
	};
	static const char *const in_per_op[] = {
		"median", "mean", "min", "max", "p90", "p99", "p99_9", "stddev", "ci95", "n", NULL,
	};
	static const char *const in_environment[] = { "backend", "fidelity", "warnings", NULL };
	struct result_dir *dir = *state;
	json_t *result = dir->result, *read;
	json_t *entry = json_array_get(json_object_get(result, "cases"), 0);

	damage_each(dir, result, top);
	damage_each(dir, entry, in_case);
	damage_each(dir, json_object_get(entry, "per_op"), in_per_op);
	damage_each(dir, json_object_get(result, "environment"), in_environment);
	/* What was taken out is back, so the last file is a good one. */
	read = kb_result_read("r.json", &(struct kb_error){ 0 });
	assert_non_null(read);
	json_decref(read);
}

static void odd_values_are_refused(void **state)
{
	struct result_dir *dir = *state;
	json_t *entry = json_array_get(json_object_get(dir->result, "cases"), 0);
	json_t *per_op = json_object_get(entry, "per_op");

	json_object_set_new(entry, "cpus", json_integer(0));
	assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].cpus is below 1");
	json_object_set_new(entry, "cpus", json_integer(2));
	json_object_set_new(entry, "bench", json_string("a b"));
	assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].bench is no name");
	json_object_set_new(entry, "bench", json_string("spin_lock"));
	json_object_set_new(entry, "status", json_string("fine"));
	assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].status has a value");
	json_object_set_new(entry, "status", json_string("ok"));
	json_object_set_new(per_op, "ci95", json_pack("[i]", 1));
	assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].per_op.ci95");
	json_object_set_new(entry, "cpu_list", json_pack("[i, s]", 0, "\"/>"));
	assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].cpu_list has an element of the wrong type");
}

static void every_entry_is_an_object(void **state)
{
	static const char *const others[] = { "5", "1.5", "true", "null", "\"x\"", "[]" };
	struct result_dir *dir = *state;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		json_t *other = json_loads(others[i], JSON_DECODE_ANY, NULL);

		assert_non_null(other);
		json_object_set_new(dir->result, "cases", json_pack("[o]", other));
		assert_int_equal(json_dump_file(dir->result, "r.json", 0), 0);
		assert_refused("r.json", "cases[0]. is no object");
	}
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, result_dir_setup, result_dir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_truncated_file_is_refused),
		TEST(foreign_files_are_refused),
		TEST(damaged_members_are_named),
		TEST(odd_values_are_refused),
		TEST(every_entry_is_an_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
