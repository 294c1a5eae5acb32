// SPDX-License-Identifier: GPL-2.0
/* What pictures of latencies, histories and comparisons show: figures worked out by hand. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_result.h"
#include "numbers.h"
#include "plot_kinds.h"

/*
 * The last case of @result gets latencies: 50 ops of 10 ticks, 49 of 20, one of 200 (bucket 164
 * has 200 and 201), @beyond of 5000 ns; a tick is half a nanosecond.
 */
static void add_latencies(json_t *result, int beyond)
{
	json_t *cases = json_object_get(result, "cases");
	json_t *histogram = json_pack("{s:i, s:i, s:f, s:f, s:f, s:{s:[i, i, i], s:[i, i, i]}}",
				      "count", 100 + beyond, "beyond", beyond,
				      "max", beyond ? 5000.0 : 100.0, "resolution", 0.5,
				      "timer_cost", 4.0, "buckets", "index", 10, 20, 164,
				      "count", 50, 49, 1);

	assert_non_null(histogram);
	json_object_set_new(json_array_get(cases, json_array_size(cases) - 1), "histogram",
			    histogram);
}

static void assert_point(const struct kb_line *line, size_t i, double x, double value)
{
	assert_in_range(i, 0, line->nr_points - 1);
	assert_close(line->points[i].x, x);
	assert_close(line->points[i].value, value);
}

static void percentiles_are_steps(void **state)
{
	struct kb_named_result named = { "a.json", 0, made_result() };
	struct kb_panels panels = { 0 };
	struct kb_error err = { 0 };
	const struct kb_line *line;

	(void)state;
	made_case(named.result, "locks", "spin", 1, NULL, 0, 5);
	made_case(named.result, "locks", "mutex", 1, NULL, 0, 5);
	add_latencies(named.result, 0);
	assert_int_equal(kb_latency_panels(&panels, &named, 1, KB_PLOT_PERCENTILES, NULL, &err),
			 0);
	assert_int_equal(panels.nr_panels, 1);
	assert_int_equal(panels.panels[0].nr_lines, 1);
	assert_close(panels.panels[0].guide, 4);
	line = &panels.panels[0].lines[0];
	assert_int_equal(line->nr_points, 4);
	/* from 0 % on 10 ticks, from 50 % on 20, from 99 % on the slowest, which is exact */
	assert_point(line, 0, 1, 5);
	assert_point(line, 1, 2, 10);
	assert_point(line, 2, 100, 100);
	assert_point(line, 3, 100, 100);
	kb_panels_free(&panels);
	json_decref(named.result);
}

/* The same again in a second boot: twice the ops; of 2 beyond all buckets the longest is told. */
static void boots_and_what_is_beyond_count(void **state)
{
	struct kb_named_result named = { "a.json", 0, made_result() };
	struct kb_panels panels = { 0 };
	struct kb_error err = { 0 };
	const struct kb_panel *panel;

	(void)state;
	for (int boot = 0; boot < 2; boot++) {
		made_case(named.result, "locks", "mutex", 1, NULL, 0, 5);
		add_latencies(named.result, boot);
	}
	assert_int_equal(kb_latency_panels(&panels, &named, 1, KB_PLOT_HISTOGRAM, "locks", &err),
			 0);
	assert_int_equal(panels.nr_panels, 1);
	panel = &panels.panels[0];
	assert_int_equal(panel->lines[0].nr_points, 4);
	assert_close(panel->lines[0].points[0].value, 100);
	assert_close(panel->lines[0].points[1].value, 98);
	assert_close(panel->lines[0].points[2].value, 2);
	assert_close(panel->lines[0].points[3].value, 1);
	for (int i = 0; i < 4; i++)
		assert_true(panel->lines[0].points[i].high > panel->lines[0].points[i].x);
	/* of 201 ops the 101st, the 199th and the 201st */
	assert_close(panel->lines[1].points[0].x, 10);
	assert_close(panel->lines[1].points[1].x, 100);
	assert_close(panel->lines[1].points[2].x, 5000);
	kb_panels_free(&panels);
	json_decref(named.result);
}

/* Boots of two cases that take so long, wandering by a tenth of a percent. */
static json_t *made_boots(const char *id, const char *release, int boots, double spin,
			  double mutex)
{
	json_t *result = made_result(), *list = json_array();

	json_object_set_new(result, "id", json_string(id));
	json_object_set_new(json_object_get(result, "kernel"), "release", json_string(release));
	json_object_set_new(json_object_get(result, "machine"), "fingerprint",
			    json_string("0123456789abcdef"));
	for (int boot = 0; boot < boots; boot++) {
		double noise = 1 + 0.001 * (boot % 3 - 1);
		char name[64];

		snprintf(name, sizeof(name), "%s-%d", id, boot);
		json_array_append_new(list, json_pack("{s:i, s:s}", "index", boot, "id", name));
		for (int i = 0; i < 2; i++) {
			json_t *cases = json_object_get(result, "cases");

			made_case(result, "locks", i ? "mutex" : "spin", 1, NULL, 0,
				  noise * (i ? mutex : spin));
			json_object_set_new(json_array_get(cases, json_array_size(cases) - 1),
					    "boot", json_integer(boot));
		}
	}
	json_object_set_new(result, "boots", list);
	return result;
}

/* Spin is the same, mutex takes twice as long: that stands first, and an interval is around it. */
static void a_forest_has_ratios_and_verdicts(void **state)
{
	struct kb_named_result named[] = {
		{ "a.json", 0, made_boots("a", "6.1.0", 6, 10, 20) },
		{ "b.json", 1, made_boots("b", "6.2.0", 6, 10, 40) },
	};
	struct kb_panels panels = { 0 };
	struct kb_error err = { 0 };
	const struct kb_panel *panel;
	const struct kb_point *point;

	(void)state;
	assert_int_equal(kb_forest_panels(&panels, named, 2, NULL, &err), 0);
	assert_int_equal(panels.nr_panels, 1);
	panel = &panels.panels[0];
	assert_non_null(strstr(panel->title, "6.2.0 over 6.1.0"));
	assert_int_equal(panel->nr_lines, 2);
	assert_string_equal(panel->lines[0].label, "locks/mutex");
	point = &panel->lines[0].points[0];
	assert_close(point->value, 2);
	assert_true(point->low < 2 && point->low > 1.99 && point->high > 2 && point->high < 2.01);
	assert_int_equal(point->mark, KB_REGRESSED);
	assert_close(panel->lines[1].points[0].value, 1);
	assert_int_equal(panel->lines[1].points[0].mark, KB_EQUIVALENT);
	assert_close(panel->guide, 1.005);
	assert_true(panel->low < 1 && panel->high >= point->high);
	kb_panels_free(&panels);
	json_decref(named[0].result);
	json_decref(named[1].result);
}

/* From the fourth of six results on mutex takes a quarter more. */
static void a_history_has_its_changes(void **state)
{
	struct kb_named_result named[6];
	struct kb_panels panels = { 0 };
	struct kb_error err = { 0 };
	const struct kb_line *line;

	(void)state;
	for (int i = 0; i < 6; i++) {
		char id[8], release[16];

		snprintf(id, sizeof(id), "r%d", i);
		snprintf(release, sizeof(release), "6.%d.0-x", i);
		named[i] = (struct kb_named_result){
			id, i, made_boots(id, release, 5, 10, i < 3 ? 20 : 25),
		};
	}
	assert_int_equal(kb_history_panels(&panels, named, 6, NULL, &err), 0);
	assert_int_equal(panels.nr_panels, 2);
	assert_non_null(strstr(panels.panels[0].title, "mutex"));
	line = &panels.panels[0].lines[0];
	assert_int_equal(line->nr_points, 6);
	for (int i = 0; i < 6; i++)
		assert_int_equal(line->points[i].mark, i == 3 ? 2500 : 0);
	assert_int_equal(panels.panels[0].lines[1].nr_points, 30);
	assert_string_equal(panels.panels[0].places[3].label, "6.3.0");
	assert_int_equal(panels.panels[1].lines[0].points[3].mark, 0);
	kb_panels_free(&panels);
	for (int i = 0; i < 6; i++)
		json_decref(named[i].result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_steps),
		cmocka_unit_test(boots_and_what_is_beyond_count),
		cmocka_unit_test(a_forest_has_ratios_and_verdicts),
		cmocka_unit_test(a_history_has_its_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
