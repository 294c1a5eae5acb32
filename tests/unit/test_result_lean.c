// SPDX-License-Identifier: GPL-2.0
/* The lean reader: what it keeps is what the full one has, what it leaves out is checked all the
 * same. */
#include "support.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"
#include "result_dir.h"
#include "result_lean.h"

static const char *const kept[] = {
	"suite", "bench", "params", "phase", "cpus", "cpu_list", "context", "unit", "boot",
	"status", "flags", NULL,
};

static json_t *parse_lean(const char *path)
{
	FILE *file = fopen(path, "re");
	json_t *result;

	assert_non_null(file);
	result = kb_result_parse_lean(file);
	fclose(file);
	return result;
}

static void assert_same(const json_t *full, const json_t *lean, const char *name)
{
	const json_t *a = json_object_get(full, name), *b = json_object_get(lean, name);

	if ((a || b) && !json_equal(a, b))
		fail_msg("%s differs", name);
}

static void assert_same_entry(const json_t *full, const json_t *lean)
{
	const json_t *per_op = json_object_get(full, "per_op"), *short_op, *counter, *short_counter;
	const char *name;
	size_t members = 0;

	for (size_t i = 0; kept[i]; i++) {
		assert_same(full, lean, kept[i]);
		members++;
	}
	short_op = json_object_get(lean, "per_op");
	if (per_op) {
		assert_same(per_op, short_op, "median");
		if (!strcmp(json_string_value(json_object_get(full, "unit")), "insn")) {
			assert_same(per_op, short_op, "mean");
			assert_same(per_op, short_op, "min");
			assert_int_equal(json_object_size(short_op), 3);
		} else {
			assert_int_equal(json_object_size(short_op), 1);
		}
		members++;
	}
	json_object_foreach(json_object_get((json_t *)full, "counters"), name, counter) {
		short_counter = json_object_get(json_object_get(lean, "counters"), name);
		assert_same(counter, short_counter, "status");
		assert_same(counter, short_counter, "per_op");
		assert_null(json_object_get(short_counter, "fixed"));
	}
	members += json_object_get(full, "counters") != NULL;
	assert_int_equal(json_object_size(lean), members);
}

/* The fixture's first case gets all that a case can have. */
static void enrich(json_t *result)
{
	json_t *entry = json_array_get(json_object_get(result, "cases"), 0);

	json_object_set_new(entry, "counters", json_pack(
		"{s:{s:s, s:f, s:f, s:f, s:f, s:i}, s:{s:s, s:s}}", "cycles", "status", "counted",
		"per_op", 12.5, "mean", 12.75, "fixed", 3.0, "running", 1.0, "n", 7,
		"instructions", "status", "not available here", "reason", "none"));
	json_object_set_new(entry, "histogram", json_pack(
		"{s:i, s:f, s:f, s:f, s:f, s:f, s:i, s:[[i, i]]}", "count", 5, "p50", 1.0, "p90",
		2.0, "p99", 3.0, "p99_9", 4.0, "max", 5.0, "max_cpu", 0, "buckets", 1, 2));
}

static void what_is_kept_is_the_same(void **state)
{
	struct result_dir *dir = *state;
	json_t *full, *lean, *entry;
	const json_t *cases;
	size_t i;

	enrich(dir->result);
	json_object_set_new(json_array_get(json_object_get(dir->result, "cases"), 0), "unit",
			    json_string("insn"));
	assert_int_equal(json_dump_file(dir->result, "r.json", JSON_INDENT(1)), 0);
	full = kb_result_read("r.json", &(struct kb_error){ 0 });
	lean = parse_lean("r.json");
	assert_non_null(full);
	assert_non_null(lean);
	cases = json_object_get(full, "cases");
	assert_int_equal(json_array_size(json_object_get(lean, "cases")), json_array_size(cases));
	assert_true(json_array_size(cases) > 2);
	json_array_foreach(cases, i, entry)
		assert_same_entry(entry, json_array_get(json_object_get(lean, "cases"), i));
	json_object_del(full, "cases");
	json_object_del(lean, "cases");
	assert_true(json_equal(full, lean));
	json_decref(full);
	json_decref(lean);
}

/* Both readers, each alone, have the same mind about a file: @is_good. */
static void both(const char *text, bool is_good)
{
	struct kb_error err = { 0 };
	json_t *full, *lean;

	write_text("r.json", text, strlen(text));
	full = kb_result_read("r.json", &err);
	lean = kb_result_read_lean("r.json", &err);
	if ((full != NULL) != is_good || (lean != NULL) != is_good)
		fail_msg("full %s, lean %s: %.80s", full ? "reads" : "refuses",
			 lean ? "reads" : "refuses", strstr(text, "\"ODD\""));
	json_decref(full);
	json_decref(lean);
}

/* @text with @odd in place of @what. malloc()ed */
static char *replaced(const char *text, const char *what, const char *odd)
{
	const char *at = strstr(text, what);
	char *copy;

	assert_non_null(at);
	assert_true(asprintf(&copy, "%.*s%s%s", (int)(at - text), text, odd,
			     at + strlen(what)) > 0);
	return copy;
}

/* In a member that is left out, and in one that is kept. */
static void what_json_forbids_is_refused_everywhere(void **state)
{
	static const struct { const char *value; bool good; } values[] = {
		{ "[1, 2.5, \"a\", null, true, {\"a\": {\"b\": []}}]", true },
		{ "{\"a\": 1, \"a\": 2}", false }, { "[{\"x\": [{\"b\": 1, \"b\": 1}]}]", false },
		{ "\"\\ud800\"", false }, { "\"\\u0000\"", false }, { "\"\\udc00\"", false },
		{ "\"\\ud83d\\ude00\"", true }, { "\"\\u001b\"", true },
		{ "\"\\\\u0000\"", true }, { "\"\xc3\xa4\"", true }, { "\"\xc0\xaf\"", false },
		{ "\"\xff\"", false }, { "\"\xed\xa0\x80\"", false },
		{ "1e999", false }, { "-1e999", false }, { "1e-999", true }, { "1e30", true },
		{ "99999999999999999999", false }, { "0.1000000000000000055511151231257827", true },
		{ "NaN", false }, { "Infinity", false }, { "01", false }, { "1.", false },
		{ "+1", false }, { ".5", false }, { "[1,]", false }, { "{\"a\": 1,}", false },
		{ "'a'", false }, { "\"a\nb\"", false }, { "/* */ 1", false }, { "nul", false },
		{ "1 2", false }, { "1, \"ODD\": 2", false }, { "\"", false }, { "[", false },
		{ "{\"\xc3\xa4\": 1}", true }, { "{\"\xff\": 1}", false },
	};
	struct result_dir *dir = *state;
	json_t *entry = json_array_get(json_object_get(dir->result, "cases"), 0);
	json_t *objects[] = { dir->result, json_object_get(dir->result, "kernel"), entry,
			      json_object_get(entry, "per_op"), json_object_get(entry, "params") };

	for (size_t o = 0; o < sizeof(objects) / sizeof(objects[0]); o++) {
		char *text;

		json_object_set_new(objects[o], "ODD", json_string("HERE"));
		text = json_dumps(dir->result, 0);
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			char *odd = replaced(text, "\"HERE\"", values[i].value);

			/* Parameters are whole numbers. */
			both(odd, values[i].good && o < 4);
			free(odd);
		}
		free(text);
		json_object_del(objects[o], "ODD");
	}
}

static void depth_and_ends(void **state)
{
	struct result_dir *dir = *state;
	char deep[6100] = "", *text, *odd;

	json_object_set_new(dir->result, "ODD", json_string("HERE"));
	text = json_dumps(dir->result, 0);
	for (int i = 0; i < 100; i++)
		strcat(deep, "[");
	for (int i = 0; i < 100; i++)
		strcat(deep, "]");
	odd = replaced(text, "\"HERE\"", deep);
	both(odd, true);
	free(odd);
	memset(deep, '[', 3000);
	memset(deep + 3000, ']', 3000);
	odd = replaced(text, "\"HERE\"", deep);
	both(odd, false);
	free(odd);
	assert_true(asprintf(&odd, "%s}", text) > 0);
	both(odd, false);
	free(odd);
	assert_true(asprintf(&odd, "[%s]", text) > 0);
	both(odd, false);
	free(odd);
	both("", false);
	both("1", false);
	both("\"a\"", false);
	both(" ", false);
	free(text);
}

/* An escape on the border of two of the pieces in which the file is read. */
static void an_escape_is_seen_across_pieces(void **state)
{
	struct result_dir *dir = *state;
	char *text, *padded, *bad;

	json_object_set_new(dir->result, "ODD", json_string("HERE"));
	text = json_dumps(dir->result, 0);
	bad = replaced(text, "HERE", "\\ud800");
	for (int shift = -3; shift < 3; shift++) {
		int blanks = (64 << 10) - (int)(strstr(bad, "\\ud800") - bad) + shift;

		assert_true(asprintf(&padded, "%*s%s", blanks, "", bad) > 0);
		both(padded, false);
		free(padded);
	}
	free(bad);
	free(text);
}

/* Bytes of @text in other places, or others in theirs. */
static void damage(char *text, size_t length, gsl_rng *random)
{
	static const char signs[] = "{}[]\",:0123456789.eE+-\\utnf \x01\x80\xc3\xed\xff";
	unsigned long nr = 1 + gsl_rng_uniform_int(random, 3);

	while (nr--) {
		size_t at = gsl_rng_uniform_int(random, length);
		size_t from = gsl_rng_uniform_int(random, length);
		size_t size = gsl_rng_uniform_int(random, 40);

		if (gsl_rng_uniform_int(random, 4))
			text[at] = signs[gsl_rng_uniform_int(random, sizeof(signs) - 1)];
		else if (at + size < length && from + size < length)
			memmove(text + at, text + from, size);
	}
}

#define REPEATS	2000

/* What the lean parser takes the full reader takes, whatever happened to the file. */
static void damage_is_never_taken(void **state)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	struct result_dir *dir = *state;
	char *text, *copy;
	int lean_ones = 0, full_ones = 0;

	enrich(dir->result);
	while (json_array_size(json_object_get(dir->result, "cases")) > 2)
		json_array_remove(json_object_get(dir->result, "cases"), 2);
	text = json_dumps(dir->result, JSON_COMPACT);
	gsl_rng_set(random, 20261129);
	for (int i = 0; i < REPEATS; i++) {
		struct kb_error err = { 0 };
		json_t *full, *lean;

		copy = strdup(text);
		damage(copy, strlen(copy), random);
		write_text("r.json", copy, strlen(text));
		full = kb_result_read("r.json", &err);
		lean = parse_lean("r.json");
		if (lean && !full)
			fail_msg("%s, but lean reads: %s", err.text, copy);
		full_ones += full != NULL;
		lean_ones += lean != NULL;
		json_decref(full);
		json_decref(lean);
		free(copy);
	}
	print_message("# of %d damaged files the full reader takes %d, the lean one %d\n", REPEATS,
		      full_ones, lean_ones);
	assert_true(lean_ones > REPEATS / 20);
	gsl_rng_free(random);
	free(text);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, result_dir_setup, result_dir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_kept_is_the_same),
		TEST(what_json_forbids_is_refused_everywhere),
		TEST(depth_and_ends),
		TEST(damage_is_never_taken),
		TEST(an_escape_is_seen_across_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
