// SPDX-License-Identifier: GPL-2.0
/* Figures, tables and pictures of results. Pictures are judged by their data and their outside. */
#include "support.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "panels.h"
#include "plot.h"
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
		{ 12.344, "ns", "12.34 ns" }, { 1.5, "ns", "1.500 ns" }, { 0.3751, "ns", "0.375 ns" },
		{ 123.45, "ns", "123.5 ns" }, { 1234.5, "ns", "1.234 us" },
		{ 45678, "ns", "45.68 us" }, { 9.8765e6, "ns", "9.877 ms" },
		{ 2e9, "ns", "2.000 s" }, { 3e12, "ns", "3000 s" }, { 999.96, "ns", "1.000 us" },
		{ 999.9, "ns", "999.9 ns" }, { 0, "ns", "0.000 ns" }, { 18.375, "insn", "18.38 insn" },
		{ 5049.04, "insn", "5049 insn" },
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

static void ticks_of_a_logarithmic_axis(void **state)
{
	char *few, *many;

	(void)state;
	few = kb_plot_ticks(15, 90, "ns");
	assert_string_equal(few, "'10 ns' 10, '20 ns' 20, '50 ns' 50, '100 ns' 100, '200 ns' 200, '500 ns' 500");
	many = kb_plot_ticks(2, 30000, "ns");
	assert_string_equal(many, "'1 ns' 1, '10 ns' 10, '100 ns' 100, '1 us' 1000, '10 us' 10000, '100 us' 100000");
	free(few);
	free(many);
}

/* A result without cases, to be filled by add(). */
static json_t *new_result(void)
{
	json_t *result = json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s, s:s, s:s, s:[]}, s:[], s:[], s:[]}",
				   "status", "complete",
				   "machine", "arch", "x86_64",
				   "kernel", "release", "6.12.0",
				   "environment", "backend", "lkm", "target", "vm", "fidelity", "tcg",
				   "warnings", "errors", "boots", "cases");

	assert_non_null(result);
	return result;
}

/* @param: the name of a parameter, or NULL for a bench that has none */
static void add(json_t *result, const char *suite, const char *bench, int cpus, const char *param,
		int value, double median)
{
	json_t *params = param ? json_pack("{s:i}", param, value) : json_object();
	json_t *entry = json_pack("{s:s, s:s, s:o, s:s, s:i, s:[i], s:s, s:s, s:s, s:i, s:s, s:[], s:{s:f, s:f, s:f, s:[f, f]}}",
				  "suite", suite, "bench", bench, "params", params, "phase", "",
				  "cpus", cpus, "cpu_list", cpus, "context", "process",
				  "unit", "ns", "status", "ok", "boot", 0, "reason", "", "flags",
				  "per_op", "median", median, "mean", median, "stddev", 0.0,
				  "ci95", 0.9 * median, 1.1 * median);

	assert_non_null(entry);
	json_array_append_new(json_object_get(result, "cases"), entry);
}

static void assert_near(double value, double wanted)
{
	if (fabs(value - wanted) > 1e-9 * fabs(wanted))
		fail_msg("%.17g, wanted %.17g", value, wanted);
}

static void one_cpu_count_makes_bars(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;

	(void)state;
	add(result, "locks", "spin", 8, "cs", 0, 20);
	add(result, "locks", "mutex", 8, "cs", 0, 30);
	add(result, "cache", "padded", 8, NULL, 0, 2);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_true(page.panels[0].bars);
	assert_string_equal(page.panels[0].title, "locks on 8 CPUs, cs=0");
	assert_int_equal(page.panels[0].nr_lines, 2);
	assert_string_equal(page.panels[0].lines[1].label, "mutex");
	assert_near(page.panels[0].lines[1].points[0].value, 30);
	assert_near(page.panels[0].lines[1].points[0].low, 27);
	assert_near(page.panels[0].low, 18);
	assert_near(page.panels[0].high, 33);
	assert_string_equal(page.panels[1].title, "cache on 8 CPUs");
	kb_panels_free(&page);
	json_decref(result);
}

/* Given out of order; what has one count only is a bar. */
static void several_cpu_counts_make_lines(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;

	(void)state;
	add(result, "locks", "spin", 4, NULL, 0, 40);
	add(result, "locks", "spin", 1, NULL, 0, 10);
	add(result, "locks", "spin", 2, NULL, 0, 20);
	add(result, "locks", "solo", 1, NULL, 0, 5);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_false(page.panels[0].bars);
	assert_string_equal(page.panels[0].x_name, "cpus");
	assert_int_equal(page.panels[0].nr_lines, 1);
	assert_int_equal(page.panels[0].lines[0].nr_points, 3);
	for (int i = 0; i < 3; i++) {
		assert_near(page.panels[0].lines[0].points[i].x, 1 << i);
		assert_near(page.panels[0].lines[0].points[i].value, 10 << i);
	}
	assert_true(page.panels[1].bars);
	assert_string_equal(page.panels[1].lines[0].label, "solo, 1 CPU");
	kb_panels_free(&page);
	json_decref(result);
}

static void a_parameter_of_three_values_makes_lines(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;

	(void)state;
	for (int size = 64; size <= 1024; size *= 4)
		add(result, "alloc", "kmalloc", 2, "size", size, size);
	add(result, "alloc", "pages", 2, "order", 0, 100);
	add(result, "alloc", "pages", 2, "order", 1, 200);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_string_equal(page.panels[0].x_name, "size");
	assert_string_equal(page.panels[0].lines[0].label, "kmalloc");
	assert_int_equal(page.panels[0].lines[0].nr_points, 3);
	assert_true(page.panels[1].bars);
	assert_string_equal(page.panels[1].lines[1].label, "pages order=1");
	kb_panels_free(&page);
	json_decref(result);
}

static void a_panel_has_no_more_lines_than_can_be_told_apart(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 25; i++) {
		char bench[32];

		snprintf(bench, sizeof(bench), "bench%d", i);
		add(result, "locks", bench, 1, NULL, 0, 10 + i);
		add(result, "locks", bench, 2, NULL, 0, 100 + i);
	}
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 4);
	for (size_t i = 0; i < page.nr_panels; i++) {
		assert_in_range(page.panels[i].nr_lines, 6, KB_PANEL_SERIES);
		lines += page.panels[i].nr_lines;
		/* one range for all, so that they compare */
		assert_near(page.panels[i].low, 9);
		assert_near(page.panels[i].high, 1.1 * 124);
	}
	assert_int_equal(lines, 25);
	assert_string_equal(page.panels[3].title, "locks  (4 of 4)");
	assert_string_equal(page.panels[3].lines[page.panels[3].nr_lines - 1].label, "bench24");
	kb_panels_free(&page);
	json_decref(result);
}

static void a_bench_with_many_parameters_has_its_own_panel(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;

	(void)state;
	for (int cpus = 1; cpus <= 2; cpus++) {
		for (int stride = 8; stride <= 64; stride *= 2)
			add(result, "cache", "false_sharing", cpus, "stride", stride, 2 * cpus);
		add(result, "cache", "padded", cpus, NULL, 0, 2);
	}
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_string_equal(page.panels[0].title, "cache");
	assert_string_equal(page.panels[0].lines[0].label, "padded");
	assert_string_equal(page.panels[1].title, "cache/false_sharing");
	assert_int_equal(page.panels[1].nr_lines, 4);
	assert_string_equal(page.panels[1].lines[0].label, "stride=8");
	kb_panels_free(&page);
	json_decref(result);
}

/* Boots of 10, 20 and 40: the geometric mean is 20, the whiskers are the lowest and highest. */
static void boots_are_taken_together(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;

	(void)state;
	add(result, "locks", "spin", 1, NULL, 0, 20);
	add(result, "locks", "mutex", 1, NULL, 0, 7);
	add(result, "locks", "spin", 1, NULL, 0, 10);
	add(result, "locks", "mutex", 1, NULL, 0, 7);
	add(result, "locks", "spin", 1, NULL, 0, 40);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_rows, 2);
	assert_int_equal(page.nr_boots, 3);
	assert_near(page.panels[0].lines[0].points[0].value, 20);
	assert_near(page.panels[0].lines[0].points[0].low, 10);
	assert_near(page.panels[0].lines[0].points[0].high, 40);
	assert_near(page.panels[0].lines[1].points[0].value, 7);
	kb_panels_free(&page);
	json_decref(result);
}

static void the_empty_op_is_drawn_only_alone(void **state)
{
	json_t *result = new_result();
	struct kb_panels page;

	(void)state;
	add(result, "selfcheck", "empty", 1, NULL, 0, 0.5);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	kb_panels_free(&page);
	add(result, "locks", "spin", 1, NULL, 0, 20);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	assert_string_equal(page.panels[0].title, "locks on 1 CPU");
	assert_int_equal(page.nr_left_out, 0);
	kb_panels_free(&page);
	json_decref(result);
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

static int count_files(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int nr = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		nr += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	closedir(dir);
	return nr;
}

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
	assert_int_equal(kb_result_plot(result, svg, &err), 0);
	assert_int_equal(kb_result_plot(result, png, &err), 0);
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
	json_t *result = new_result();

	(void)state;
	add(result, "locks", "spin", 2, NULL, 0, 20);
	add(result, "locks", "mutex_lock", 2, NULL, 0, 12.34);
	draw(result, check_emulated);
	json_decref(result);
}

static void check_native(const char *svg)
{
	assert_null(strstr(svg, "functional"));
}

static void lines_are_drawn(void **state)
{
	json_t *result = new_result();

	(void)state;
	json_object_set_new(json_object_get(result, "environment"), "fidelity",
			    json_string("native"));
	for (int cpus = 1; cpus <= 8; cpus++)
		add(result, "locks", "spin", cpus, NULL, 0, pow(10, cpus));
	draw(result, check_native);
	json_decref(result);
}

static void check_hostile(const char *svg)
{
	assert_non_null(strstr(svg, "touch"));
	assert_int_equal(access("/tmp/kbench-test-hostile", F_OK), -1);
}

/* Labels are text, whatever stands in them: no commands, no markup, no end of the data. */
static void hostile_labels_are_only_text(void **state)
{
	static const char *const labels[] = {
		"`touch /tmp/kbench-test-hostile`", "a'; system('touch /tmp/kbench-test-hostile'); b='",
		"\"quote\" \\ back", "KB_END\nsystem 'touch /tmp/kbench-test-hostile'",
		"{/Symbol a}_b^c @d &e", "%s %n %d", "",
	};
	json_t *result = new_result();

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		for (int cpus = 1; cpus <= 2; cpus++)
			add(result, i % 2 ? labels[i] : "locks", labels[i], cpus, labels[i], 1, 5);
	json_object_set_new(json_object_get(result, "kernel"), "release", json_string(labels[1]));
	json_object_set_new(json_object_get(result, "machine"), "cpu_model",
			    json_string(labels[0]));
	draw(result, check_hostile);
	json_decref(result);
}

static void what_cannot_be_drawn_is_an_error(void **state)
{
	static const struct {
		const char	*path;
		enum kb_exit	exit;
		const char	*text;
	} table[] = {
		{ "/tmp/kbench-test.gif", KB_EXIT_USAGE, "end its name in .png or .svg" },
		{ "/tmp/kbench-test", KB_EXIT_USAGE, "end its name in .png or .svg" },
		{ "/no/such/place.png", KB_EXIT_ENVIRONMENT, "mkdir -p" },
		{ "/tmp/kbench-test-nothing.png", KB_EXIT_USAGE, "nothing to draw" },
	};
	json_t *result = new_result();

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct kb_error err = { 0 };

		assert_int_equal(kb_result_plot(result, table[i].path, &err), -1);
		assert_error(&err, table[i].exit, table[i].text);
		assert_int_equal(access(table[i].path, F_OK), -1);
	}
	json_decref(result);
}

static void without_gnuplot_the_package_is_named(void **state)
{
	char *path = strdup(getenv("PATH"));
	json_t *result = new_result();
	struct kb_error err = { 0 };

	(void)state;
	add(result, "locks", "spin", 2, NULL, 0, 20);
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(kb_result_plot(result, "/tmp/kbench-test-none.png", &err), -1);
	setenv("PATH", path, 1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "apt-get install gnuplot-nox");
	assert_int_equal(access("/tmp/kbench-test-none.png", F_OK), -1);
	free(path);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_have_four_digits_and_a_unit),
		cmocka_unit_test(rates_have_three_digits),
		cmocka_unit_test(ticks_of_a_logarithmic_axis),
		cmocka_unit_test(one_cpu_count_makes_bars),
		cmocka_unit_test(several_cpu_counts_make_lines),
		cmocka_unit_test(a_parameter_of_three_values_makes_lines),
		cmocka_unit_test(a_panel_has_no_more_lines_than_can_be_told_apart),
		cmocka_unit_test(a_bench_with_many_parameters_has_its_own_panel),
		cmocka_unit_test(boots_are_taken_together),
		cmocka_unit_test(the_empty_op_is_drawn_only_alone),
		cmocka_unit_test(cells_say_what_they_should),
		cmocka_unit_test(a_table_tells_all),
		cmocka_unit_test(a_table_has_no_control_characters),
		cmocka_unit_test(bars_are_drawn),
		cmocka_unit_test(lines_are_drawn),
		cmocka_unit_test(hostile_labels_are_only_text),
		cmocka_unit_test(what_cannot_be_drawn_is_an_error),
		cmocka_unit_test(without_gnuplot_the_package_is_named),
	};

	/* The templates of this tree, whatever is installed. */
	setenv("KBENCH_DATADIR", TESTS_DIR "/..", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
