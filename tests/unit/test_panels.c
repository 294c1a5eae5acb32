// SPDX-License-Identifier: GPL-2.0
/* What a picture of a result shows, before it is drawn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_result.h"
#include "numbers.h"
#include "panels.h"
#include "short_names.h"
#include "ticks.h"

/* Panels of @result alone, as an overview has them. */
static int make(struct kb_panels *page, const json_t *result)
{
	*page = (struct kb_panels){ .most_cells = 128 };
	if (kb_panels_add(page, result, KB_PLOT_OVERVIEW, NULL, ""))
		return -1;
	kb_panels_finish(page);
	return 0;
}

static void ticks_have_room(void **state)
{
	const struct kb_plot_options options = { 0 };
	const struct kb_medium medium = kb_medium_of(&options);
	static const struct {
		double		low, high;
		bool		log;
		double		room;
		const char	*unit;
		bool		percent;
		const char	*ticks;
	} table[] = {
		{ 15, 90, true, 400, "ns", false, "'20 ns' 20, '40 ns' 40, '60 ns' 60, "
		  "'80 ns' 80" },
		{ 500, 2e7, true, 200, "insn", false, "'1000' 1000, '10k' 10000, '100k' 100000, "
		  "'1M' 1000000, '10M' 10000000" },
		{ 10, 600, true, 400, "ns", false, "'10 ns' 10, '20 ns' 20, '50 ns' 50, "
		  "'100 ns' 100, '200 ns' 200, '500 ns' 500" },
		{ 10, 600, true, 150, "ns", false, "'10 ns' 10, '100 ns' 100" },
		{ 2, 30000, true, 250, "ns", false, "'10 ns' 10, '100 ns' 100, '1 us' 1000, "
		  "'10 us' 10000" },
		{ 0, 42, false, 300, "ns", false, "'0' 0, '5' 5, '10' 10, '15' 15, '20' 20, "
		  "'25' 25, '30' 30, '35' 35, '40' 40" },
		{ 0, 42, false, 100, "ns", false, "'0' 0, '20' 20, '40' 40" },
		/* gnuplot takes labels for formats */
		{ -6, 6, false, 200, "", true, "'-5 %%' -5, '0' 0, '+5 %%' 5" },
		/* no full decade: steps */
		{ 21, 34, true, 300, "ns", false, "'25 ns' 25, '30 ns' 30" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct kb_axis axis = {
			.medium = &medium, .low = table[i].low, .high = table[i].high,
			.log = table[i].log, .room = table[i].room,
		};
		char *ticks = kb_ticks_of_unit(&axis, table[i].unit, table[i].percent);

		assert_string_equal(ticks, table[i].ticks);
		free(ticks);
	}
}

/* What stands in a tick is part of a command: names from files must not become one. */
static void ticks_are_no_commands(void **state)
{
	const struct kb_plot_options options = { 0 };
	const struct kb_medium medium = kb_medium_of(&options);
	const struct kb_axis axis = { .medium = &medium, .high = 10, .room = 800 };
	const struct kb_tick ticks[] = {
		{ 0, "`touch x`" }, { 5, "$(id)'\"\\" }, { 10, "6.12.1" },
	};
	char *text = kb_ticks(&axis, ticks, 3), *even = kb_ticks_even(&axis, ticks, 3);

	(void)state;
	assert_string_equal(text, "'_touch x_' 0, '__id____' 5, '6.12.1' 10");
	assert_string_equal(even, text);
	free(text);
	free(even);
}

static void texts_are_cut_in_the_middle(void **state)
{
	const struct kb_plot_options on_terminal = { .format = KB_PLOT_TERM };
	const struct kb_medium term = kb_medium_of(&on_terminal);
	static const struct {
		const char	*text;
		double		room;
		const char	*fitted;
	} table[] = {
		{ "mutex_lock", 10, "mutex_lock" }, { "mutex_lock", 8, "mut..ock" },
		{ "mutex_lock", 6, "mu..ck" }, { "\xc2\xb5\xc2\xb5\xc2\xb5\xc2\xb5 long", 8,
		  "\xc2\xb5\xc2\xb5\xc2\xb5..ong" },
		{ "", 5, "" }, { "abc", 1, "abc" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[64] = "";

		kb_text_add(text, sizeof(text), "%s", table[i].text);
		kb_text_fit(&term, text, table[i].room);
		assert_string_equal(text, table[i].fitted);
	}
}

/* No control characters of either kind, no halves of letters, nothing that XML cannot hold. */
static void texts_are_made_harmless(void **state)
{
	char text[16] = "", small[8] = "";

	(void)state;
	kb_text_add(text, sizeof(text), "a\033[1mb\xc2\x9b" "c\xef\xbf\xbf");
	assert_string_equal(text, "a [1mb c ");
	kb_text_add(small, sizeof(small), "123456\xc3\xa9");
	assert_string_equal(small, "123456");
}

static void names_lose_what_all_of_them_have(void **state)
{
	char *names[] = {
		strdup("locks/mutex cs=0 think=0, 8 CPUs (process)"),
		strdup("locks/spin cs=0 think=5, 8 CPUs (preempt-off)"),
	};
	char common[64];

	(void)state;
	assert_int_equal(kb_names_shorten(names, 2, common, sizeof(common)), 0);
	assert_string_equal(names[0], "locks/mutex think=0 (process)");
	assert_string_equal(names[1], "locks/spin think=5 (preempt-off)");
	assert_string_equal(common, "cs=0, 8 CPUs");
	free(names[0]);
	free(names[1]);
}

static void one_cpu_count_makes_bars(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "locks", "spin", 8, "cs", 0, 20);
	made_case(result, "locks", "mutex", 8, "cs", 0, 30);
	made_case(result, "cache", "padded", 8, NULL, 0, 2);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_true(page.panels[0].kind == KB_PLOT_BARS);
	assert_string_equal(page.panels[0].title, "locks on 8 CPUs, cs=0");
	assert_int_equal(page.panels[0].nr_lines, 2);
	assert_string_equal(page.panels[0].lines[1].label, "mutex");
	assert_close(page.panels[0].lines[1].points[0].value, 30);
	assert_close(page.panels[0].lines[1].points[0].low, 27);
	assert_close(page.panels[0].low, 18);
	assert_close(page.panels[0].high, 33);
	assert_string_equal(page.panels[1].title, "cache on 8 CPUs");
	kb_panels_free(&page);
	json_decref(result);
}

/* A pair of CPUs @a and @b that takes @value, as the last case of @result. */
static void made_pair(json_t *result, int a, int b, double value)
{
	json_t *cases = json_object_get(result, "cases");

	made_case(result, "cache", "handover", 2, NULL, 0, value);
	json_object_update_new(json_array_get(cases, json_array_size(cases) - 1),
			       json_pack("{s:[i, i], s:s}", "cpu_list", a, b,
					 "placement", "pair"));
}

static void a_single_pair_of_cpus_is_a_bar(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "cache", "padded", 3, NULL, 0, 2);
	made_pair(result, 0, 2, 60);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	assert_int_equal(page.panels[0].nr_lines, 2);
	assert_string_equal(page.panels[0].lines[0].label, "padded, 3 CPUs");
	assert_string_equal(page.panels[0].lines[1].label, "handover 0,2");
	assert_close(page.panels[0].lines[1].points[0].value, 60);
	kb_panels_free(&page);
	json_decref(result);
}

/* CPUs 1, 4 and 6, without the pair of 4 and 6; each figure stands in both places. */
static void pairs_of_cpus_are_a_heat_map(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;
	const struct kb_panel *map;

	(void)state;
	made_pair(result, 1, 6, 30);
	made_pair(result, 1, 4, 60);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	map = &page.panels[0];
	assert_int_equal(map->kind, KB_PLOT_HEATMAP);
	assert_int_equal(map->nr_lines, 3);
	assert_string_equal(map->lines[1].label, "4");
	assert_int_equal(map->lines[0].nr_points, 2);
	assert_close(map->lines[0].points[0].x, 1);
	assert_close(map->lines[0].points[0].value, 60);
	assert_close(map->lines[0].points[1].value, 30);
	assert_int_equal(map->lines[2].nr_points, 1);
	assert_close(map->lines[2].points[0].x, 0);
	assert_close(map->lines[2].points[0].value, 30);
	assert_close(map->low, 30);
	assert_close(map->high, 60);
	kb_panels_free(&page);
	json_decref(result);
}

/* Five CPUs in three cells: 0 and 1, 2 and 3, 4. Means are geometric. */
static void more_cpus_than_cells_share_them(void **state)
{
	json_t *result = made_result();
	struct kb_panels page = { .most_cells = 3 };

	(void)state;
	for (int a = 0; a < 5; a++)
		for (int b = a + 1; b < 5; b++)
			made_pair(result, a, b, a == 0 && b == 1 ? 7 : a == 0 && b == 2 ? 160 : 10);
	assert_int_equal(kb_panels_add(&page, result, KB_PLOT_HEATMAP, NULL, ""), 0);
	assert_int_equal(page.nr_panels, 1);
	assert_int_equal(page.panels[0].nr_lines, 3);
	assert_string_equal(page.panels[0].lines[2].label, "4");
	assert_close(page.panels[0].lines[0].points[0].value, 7);
	/* (160 * 10^3)^(1/4) */
	assert_close(page.panels[0].lines[0].points[1].value, 20);
	assert_close(page.panels[0].lines[2].points[1].value, 10);
	kb_panels_free(&page);
	json_decref(result);
}

/* Given out of order; what has one count only is a bar. */
static void several_cpu_counts_make_lines(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "locks", "spin", 4, NULL, 0, 40);
	made_case(result, "locks", "spin", 1, NULL, 0, 10);
	made_case(result, "locks", "spin", 2, NULL, 0, 20);
	made_case(result, "locks", "solo", 1, NULL, 0, 5);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_false(page.panels[0].kind == KB_PLOT_BARS);
	assert_string_equal(page.panels[0].x_name, "cpus");
	assert_int_equal(page.panels[0].nr_lines, 1);
	assert_int_equal(page.panels[0].lines[0].nr_points, 3);
	for (int i = 0; i < 3; i++) {
		assert_close(page.panels[0].lines[0].points[i].x, 1 << i);
		assert_close(page.panels[0].lines[0].points[i].value, 10 << i);
	}
	assert_true(page.panels[1].kind == KB_PLOT_BARS);
	assert_string_equal(page.panels[1].lines[0].label, "solo, 1 CPU");
	kb_panels_free(&page);
	json_decref(result);
}

static void a_parameter_of_three_values_makes_lines(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	for (int size = 64; size <= 1024; size *= 4)
		made_case(result, "alloc", "kmalloc", 2, "size", size, size);
	made_case(result, "alloc", "pages", 2, "order", 0, 100);
	made_case(result, "alloc", "pages", 2, "order", 1, 200);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_string_equal(page.panels[0].x_name, "size");
	assert_string_equal(page.panels[0].lines[0].label, "kmalloc");
	assert_int_equal(page.panels[0].lines[0].nr_points, 3);
	assert_true(page.panels[1].kind == KB_PLOT_BARS);
	assert_string_equal(page.panels[1].lines[1].label, "pages order=1");
	kb_panels_free(&page);
	json_decref(result);
}

static void a_panel_has_no_more_lines_than_can_be_told_apart(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;
	size_t lines = 0;

	(void)state;
	for (int i = 0; i < 25; i++) {
		char bench[32];

		snprintf(bench, sizeof(bench), "bench%d", i);
		made_case(result, "locks", bench, 1, NULL, 0, 10 + i);
		made_case(result, "locks", bench, 2, NULL, 0, 100 + i);
	}
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 4);
	for (size_t i = 0; i < page.nr_panels; i++) {
		assert_in_range(page.panels[i].nr_lines, 6, KB_PANEL_SERIES);
		lines += page.panels[i].nr_lines;
		/* one range for all, so that they compare */
		assert_close(page.panels[i].low, 9);
		assert_close(page.panels[i].high, 1.1 * 124);
	}
	assert_int_equal(lines, 25);
	assert_string_equal(page.panels[3].title, "locks  (4 of 4)");
	assert_string_equal(page.panels[3].lines[page.panels[3].nr_lines - 1].label, "bench24");
	kb_panels_free(&page);
	json_decref(result);
}

static void a_bench_with_many_parameters_has_its_own_panel(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	for (int cpus = 1; cpus <= 2; cpus++) {
		for (int stride = 8; stride <= 64; stride *= 2)
			made_case(result, "cache", "false_sharing", cpus, "stride", stride,
				  2 * cpus);
		made_case(result, "cache", "padded", cpus, NULL, 0, 2);
	}
	assert_int_equal(make(&page, result), 0);
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
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "locks", "spin", 1, NULL, 0, 20);
	made_case(result, "locks", "mutex", 1, NULL, 0, 7);
	made_case(result, "locks", "spin", 1, NULL, 0, 10);
	made_case(result, "locks", "mutex", 1, NULL, 0, 7);
	made_case(result, "locks", "spin", 1, NULL, 0, 40);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_rows, 2);
	assert_int_equal(page.panels[0].least_boots, 2);
	assert_int_equal(page.panels[0].most_boots, 3);
	assert_close(page.panels[0].lines[0].points[0].value, 7);
	assert_close(page.panels[0].lines[1].points[0].value, 20);
	assert_close(page.panels[0].lines[1].points[0].low, 10);
	assert_close(page.panels[0].lines[1].points[0].high, 40);
	kb_panels_free(&page);
	json_decref(result);
}

/* Mutex is skipped in all three boots, spin fails in one. */
static void losses_are_counted_by_case(void **state)
{
	json_t *result = made_result(), *cases = json_object_get(result, "cases");
	struct kb_panels page;

	(void)state;
	for (int boot = 0; boot < 3; boot++) {
		for (int i = 0; i < 2; i++) {
			json_t *entry;

			made_case(result, "locks", i ? "mutex" : "spin", 1, NULL, 0, 20);
			entry = json_array_get(cases, json_array_size(cases) - 1);
			json_object_set_new(entry, "boot", json_integer(boot));
			if (i || !boot)
				json_object_set_new(entry, "status",
						    json_string(i ? "skipped" : "failed"));
		}
	}
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_rows, 1);
	assert_int_equal(kb_losses_cases(&page.missing), 1);
	assert_int_equal(kb_losses_boots(&page.missing), 3);
	assert_int_equal(kb_losses_cases(&page.gaps), 1);
	assert_int_equal(kb_losses_boots(&page.gaps), 1);
	kb_panels_free(&page);
	json_decref(result);
}

static void the_empty_op_is_drawn_only_alone(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "selfcheck", "empty", 1, NULL, 0, 0.5);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	kb_panels_free(&page);
	made_case(result, "locks", "spin", 1, NULL, 0, 20);
	assert_int_equal(make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	assert_string_equal(page.panels[0].title, "locks on 1 CPU");
	assert_int_equal(kb_losses_cases(&page.missing), 0);
	kb_panels_free(&page);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_have_room),
		cmocka_unit_test(ticks_are_no_commands),
		cmocka_unit_test(texts_are_cut_in_the_middle),
		cmocka_unit_test(texts_are_made_harmless),
		cmocka_unit_test(names_lose_what_all_of_them_have),
		cmocka_unit_test(one_cpu_count_makes_bars),
		cmocka_unit_test(a_single_pair_of_cpus_is_a_bar),
		cmocka_unit_test(pairs_of_cpus_are_a_heat_map),
		cmocka_unit_test(more_cpus_than_cells_share_them),
		cmocka_unit_test(several_cpu_counts_make_lines),
		cmocka_unit_test(a_parameter_of_three_values_makes_lines),
		cmocka_unit_test(a_panel_has_no_more_lines_than_can_be_told_apart),
		cmocka_unit_test(a_bench_with_many_parameters_has_its_own_panel),
		cmocka_unit_test(boots_are_taken_together),
		cmocka_unit_test(losses_are_counted_by_case),
		cmocka_unit_test(the_empty_op_is_drawn_only_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
