// SPDX-License-Identifier: GPL-2.0
/* What a picture of a result shows, before it is drawn. */
#include <stdio.h>
#include <stdlib.h>

#include "made_result.h"
#include "numbers.h"
#include "panels.h"
#include "plot_script.h"

static void ticks_of_a_logarithmic_axis(void **state)
{
	char *few, *many;

	(void)state;
	few = kb_plot_ticks(15, 90, "ns");
	assert_string_equal(few, "'10 ns' 10, '20 ns' 20, '50 ns' 50, "
			    "'100 ns' 100, '200 ns' 200, '500 ns' 500");
	many = kb_plot_ticks(2, 30000, "ns");
	assert_string_equal(many, "'1 ns' 1, '10 ns' 10, '100 ns' 100, "
			    "'1 us' 1000, '10 us' 10000, '100 us' 100000");
	free(few);
	free(many);
}

static void one_cpu_count_makes_bars(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "locks", "spin", 8, "cs", 0, 20);
	made_case(result, "locks", "mutex", 8, "cs", 0, 30);
	made_case(result, "cache", "padded", 8, NULL, 0, 2);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_true(page.panels[0].bars);
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

static void pairs_of_cpus_are_bars_of_their_own(void **state)
{
	json_t *result = made_result(), *cases = json_object_get(result, "cases");
	struct kb_panels page;

	(void)state;
	made_case(result, "cache", "padded", 3, NULL, 0, 2);
	for (int i = 1; i < 3; i++) {
		made_case(result, "cache", "handover", 2, NULL, 0, 30 * i);
		json_object_update_new(json_array_get(cases, (size_t)i),
				       json_pack("{s:[i, i], s:s}", "cpu_list", 0, i,
						 "placement", "pair"));
	}
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	assert_int_equal(page.panels[0].nr_lines, 3);
	assert_string_equal(page.panels[0].lines[0].label, "padded, 3 CPUs");
	assert_string_equal(page.panels[0].lines[2].label, "handover 0,2");
	assert_close(page.panels[0].lines[2].points[0].value, 60);
	kb_panels_free(&page);
	json_decref(result);
}

/* Of the 45 pairs of ten CPUs all are shown, of the 55 of eleven those of the first CPU. */
static void of_many_pairs_those_of_one_cpu(void **state)
{
	(void)state;
	for (int cpus = 10; cpus <= 11; cpus++) {
		json_t *result = made_result(), *cases = json_object_get(result, "cases");
		struct kb_panels page;

		for (int a = 0; a < cpus; a++) {
			for (int b = a + 1; b < cpus; b++) {
				size_t nr = json_array_size(cases);

				made_case(result, "cache", "handover", 2, NULL, 0, 30);
				json_object_update_new(json_array_get(cases, nr),
						       json_pack("{s:[i, i], s:s}", "cpu_list", a,
								 b, "placement", "pair"));
			}
		}
		assert_int_equal(kb_panels_make(&page, result), 0);
		assert_int_equal(page.nr_rows, cpus == 10 ? 45 : 10);
		assert_int_equal(page.nr_pairs_left_out, cpus == 10 ? 0 : 45);
		assert_string_equal(page.rows[9].name, cpus == 10 ? "handover 1,2" :
								   "handover 0,10");
		kb_panels_free(&page);
		json_decref(result);
	}
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
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 2);
	assert_false(page.panels[0].bars);
	assert_string_equal(page.panels[0].x_name, "cpus");
	assert_int_equal(page.panels[0].nr_lines, 1);
	assert_int_equal(page.panels[0].lines[0].nr_points, 3);
	for (int i = 0; i < 3; i++) {
		assert_close(page.panels[0].lines[0].points[i].x, 1 << i);
		assert_close(page.panels[0].lines[0].points[i].value, 10 << i);
	}
	assert_true(page.panels[1].bars);
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
	assert_int_equal(kb_panels_make(&page, result), 0);
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
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "locks", "spin", 1, NULL, 0, 20);
	made_case(result, "locks", "mutex", 1, NULL, 0, 7);
	made_case(result, "locks", "spin", 1, NULL, 0, 10);
	made_case(result, "locks", "mutex", 1, NULL, 0, 7);
	made_case(result, "locks", "spin", 1, NULL, 0, 40);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_rows, 2);
	assert_int_equal(page.nr_boots, 3);
	assert_close(page.panels[0].lines[0].points[0].value, 20);
	assert_close(page.panels[0].lines[0].points[0].low, 10);
	assert_close(page.panels[0].lines[0].points[0].high, 40);
	assert_close(page.panels[0].lines[1].points[0].value, 7);
	kb_panels_free(&page);
	json_decref(result);
}

static void the_empty_op_is_drawn_only_alone(void **state)
{
	json_t *result = made_result();
	struct kb_panels page;

	(void)state;
	made_case(result, "selfcheck", "empty", 1, NULL, 0, 0.5);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	kb_panels_free(&page);
	made_case(result, "locks", "spin", 1, NULL, 0, 20);
	assert_int_equal(kb_panels_make(&page, result), 0);
	assert_int_equal(page.nr_panels, 1);
	assert_string_equal(page.panels[0].title, "locks on 1 CPU");
	assert_int_equal(page.nr_left_out, 0);
	kb_panels_free(&page);
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_of_a_logarithmic_axis),
		cmocka_unit_test(one_cpu_count_makes_bars),
		cmocka_unit_test(pairs_of_cpus_are_bars_of_their_own),
		cmocka_unit_test(of_many_pairs_those_of_one_cpu),
		cmocka_unit_test(several_cpu_counts_make_lines),
		cmocka_unit_test(a_parameter_of_three_values_makes_lines),
		cmocka_unit_test(a_panel_has_no_more_lines_than_can_be_told_apart),
		cmocka_unit_test(a_bench_with_many_parameters_has_its_own_panel),
		cmocka_unit_test(boots_are_taken_together),
		cmocka_unit_test(the_empty_op_is_drawn_only_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
