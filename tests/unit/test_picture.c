// SPDX-License-Identifier: GPL-2.0
/* Pictures of results: that there is one, what text it has, and when there is none. */
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "made_result.h"
#include "plot.h"
#include "result_dir.h"

/* Draw @result as both kinds of picture. @check: is called with the SVG's text, or NULL */
static void draw(const json_t *result, void (*check)(const char *svg))
{
	char directory[] = "/tmp/kbench-test-XXXXXX", svg[64], png[64], text[65536];
	unsigned char head[24];
	struct kb_error err = { 0 };
	size_t length;
	FILE *file;

	assert_non_null(mkdtemp(directory));
	snprintf(svg, sizeof(svg), "%s/p.svg", directory);
	snprintf(png, sizeof(png), "%s/p.PNG", directory);
	assert_int_equal(kb_plot_result(result, svg, &err), 0);
	assert_int_equal(kb_plot_result(result, png, &err), 0);
	assert_int_equal(count_files(directory), 2);
	file = fopen(png, "re");
	assert_int_equal(fread(head, 1, sizeof(head), file), sizeof(head));
	fclose(file);
	assert_memory_equal(head, "\x89PNG\r\n\x1a\n", 8);
	/* width, big endian */
	assert_int_equal(head[18] << 8 | head[19], 800);
	file = fopen(svg, "re");
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[length] = '\0';
	if (check)
		check(text);
	unlink(svg);
	unlink(png);
	rmdir(directory);
}

static void check_emulated(const char *svg)
{
	assert_non_null(strstr(svg, "times are functional only"));
	assert_non_null(strstr(svg, "mutex_lock"));
	assert_non_null(strstr(svg, "12.34 ns"));
}

static void bars_are_drawn(void **state)
{
	json_t *result = made_result();

	(void)state;
	made_case(result, "locks", "spin", 2, NULL, 0, 20);
	made_case(result, "locks", "mutex_lock", 2, NULL, 0, 12.34);
	draw(result, check_emulated);
	json_decref(result);
}

static void check_native(const char *svg)
{
	assert_null(strstr(svg, "functional"));
}

static void lines_are_drawn(void **state)
{
	json_t *result = made_result();

	(void)state;
	json_object_set_new(json_object_get(result, "environment"), "fidelity",
			    json_string("native"));
	for (int cpus = 1; cpus <= 8; cpus++)
		made_case(result, "locks", "spin", cpus, NULL, 0, pow(10, cpus));
	draw(result, check_native);
	json_decref(result);
}

/* Names of files are no commands, no markup and no end of the data, in whatever kind. */
static void draw_hostile(const struct kb_named_result *results, size_t nr,
			 const struct kb_plot_options *options)
{
	struct kb_error err = { 0 };
	char *picture;
	size_t size;

	if (kb_plot_draw(&picture, &size, options, results, nr, &err))
		fail_msg("%s: %s", kb_plot_kind_names[options->kind], err.text);
	assert_int_equal(strlen(picture), size);
	assert_non_null(strstr(picture, "touch"));
	assert_null(strstr(picture, "<b>"));
	assert_null(strchr(picture, '\033'));
	assert_int_equal(access("/tmp/kbench-test-hostile", F_OK), -1);
	free(picture);
}

static json_t *made_hostile(const char *release)
{
	static const char *const labels[] = {
		"`touch /tmp/kbench-test-hostile`",
		"a'; system('touch /tmp/kbench-test-hostile'); b='",
		"\"quote\" \\ back", "KB_END\nsystem 'touch /tmp/kbench-test-hostile'",
		"{/Symbol a}_b^c @d &e #f <b>", "%s %n %d", "", "\033[1m \xc2\x9b",
	};
	json_t *result = made_result();

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		for (int cpus = 1; cpus <= 2; cpus++)
			made_case(result, i % 2 ? labels[i] : "locks", labels[i], cpus,
				  labels[i], 1, 5);
	json_object_set_new(json_object_get(result, "kernel"), "release", json_string(release));
	json_object_set_new(json_object_get(result, "machine"), "cpu_model",
			    json_string(labels[0]));
	return result;
}

static void hostile_labels_are_only_text(void **state)
{
	static const enum kb_plot_kind kinds[] = {
		KB_PLOT_OVERVIEW, KB_PLOT_BARS, KB_PLOT_SCALING, KB_PLOT_FOREST,
	};
	const struct kb_named_result results[] = {
		{ "a.json", 0, made_hostile("`touch /tmp/kbench-test-hostile`<b>") },
		{ "b.json", 1, made_hostile("'; system('touch /tmp/kbench-test-hostile') #") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct kb_plot_options options = {
			.kind = kinds[i], .format = KB_PLOT_SVG,
		};

		draw_hostile(results, 2, &options);
	}
	json_decref(results[0].result);
	json_decref(results[1].result);
}

/* For a page that says the kernel itself; what the figures are not good for stays. */
static void a_bare_picture_has_no_head(void **state)
{
	const struct kb_plot_options options = { .format = KB_PLOT_SVG, .bare = true };
	struct kb_named_result named = { "a.json", 0, made_result() };
	struct kb_error err = { 0 };
	char *picture;
	size_t size;

	(void)state;
	made_case(named.result, "locks", "spin", 2, NULL, 0, 20);
	assert_int_equal(kb_plot_draw(&picture, &size, &options, &named, 1, &err), 0);
	assert_null(strstr(picture, "6.12.0"));
	assert_non_null(strstr(picture, "times are functional only"));
	assert_non_null(strstr(picture, "viewBox="));
	assert_non_null(strstr(picture, "DejaVu Sans, Verdana, sans-serif"));
	assert_int_equal(strlen(picture), size);
	free(picture);
	json_decref(named.result);
}

static void kinds_that_fit_are_told(void **state)
{
	struct kb_named_result results[] = {
		{ "a.json", 0, made_result() }, { "b.json", 1, made_result() },
	};
	const unsigned int always = 1U << KB_PLOT_OVERVIEW | 1U << KB_PLOT_BARS;

	(void)state;
	assert_int_equal(kb_plot_kinds(results, 1, NULL), 0);
	made_case(results[0].result, "locks", "spin", 1, NULL, 0, 20);
	assert_int_equal(kb_plot_kinds(results, 1, NULL), always);
	assert_int_equal(kb_plot_kinds(results, 2, NULL), always);
	made_case(results[0].result, "locks", "spin", 2, NULL, 0, 20);
	assert_int_equal(kb_plot_kinds(results, 1, NULL), always | 1U << KB_PLOT_SCALING);
	assert_int_equal(kb_plot_kinds(results, 1, "cache"), 0);
	made_case(results[1].result, "locks", "spin", 1, NULL, 0, 30);
	/* Results of an unknown machine have no history. */
	for (size_t i = 0; i < 2; i++)
		json_object_set_new(json_object_get(results[i].result, "machine"), "fingerprint",
				    json_string("0123456789abcdef"));
	json_object_set_new(results[1].result, "id", json_string("another"));
	json_object_set_new(results[1].result, "boots", json_pack("[{s:i, s:s}]", "index", 0, "id",
								  "another boot"));
	assert_int_equal(kb_plot_kinds(results, 2, "locks"),
			 always | 1U << KB_PLOT_SCALING | 1U << KB_PLOT_HISTORY |
			 1U << KB_PLOT_FOREST);
	assert_int_equal(kb_plot_best(results, 1, NULL), KB_PLOT_OVERVIEW);
	assert_int_equal(kb_plot_best(results, 2, NULL), KB_PLOT_FOREST);
	assert_int_equal(kb_plot_best(results, 2, "cache"), KB_PLOT_OVERVIEW);
	json_object_set_new(json_object_get(results[1].result, "environment"), "fidelity",
			    json_string("another"));
	assert_int_equal(kb_plot_best(results, 2, NULL), KB_PLOT_OVERVIEW);
	json_decref(results[0].result);
	json_decref(results[1].result);
}

static void what_cannot_be_drawn_is_an_error(void **state)
{
	static const struct {
		const char	*path;
		enum kb_exit	exit;
		const char	*text;
	} table[] = {
		{ "/tmp/kbench-test.gif", KB_EXIT_USAGE, "end its name in .png, .svg or .pdf" },
		{ "/tmp/kbench-test", KB_EXIT_USAGE, "end its name in .png, .svg or .pdf" },
		{ "/no/such/place.png", KB_EXIT_ENVIRONMENT, "mkdir -p" },
		{ "/tmp/kbench-test-nothing.png", KB_EXIT_USAGE, "nothing to draw" },
	};
	json_t *result = made_result();

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct kb_error err = { 0 };

		assert_int_equal(kb_plot_result(result, table[i].path, &err), -1);
		assert_error(&err, table[i].exit, table[i].text);
		assert_int_equal(access(table[i].path, F_OK), -1);
	}
	json_decref(result);
}

static void without_gnuplot_the_package_is_named(void **state)
{
	char *path = strdup(getenv("PATH"));
	json_t *result = made_result();
	struct kb_error err = { 0 };

	(void)state;
	made_case(result, "locks", "spin", 2, NULL, 0, 20);
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(kb_plot_result(result, "/tmp/kbench-test-none.png", &err), -1);
	setenv("PATH", path, 1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "apt-get install gnuplot-nox");
	assert_int_equal(access("/tmp/kbench-test-none.png", F_OK), -1);
	free(path);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bars_are_drawn),
		cmocka_unit_test(lines_are_drawn),
		cmocka_unit_test(hostile_labels_are_only_text),
		cmocka_unit_test(a_bare_picture_has_no_head),
		cmocka_unit_test(kinds_that_fit_are_told),
		cmocka_unit_test(what_cannot_be_drawn_is_an_error),
		cmocka_unit_test(without_gnuplot_the_package_is_named),
	};

	/* The templates of this tree, whatever is installed. */
	setenv("KBENCH_DATADIR", TESTS_DIR "/..", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
