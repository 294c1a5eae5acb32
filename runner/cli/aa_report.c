// SPDX-License-Identifier: GPL-2.0
#include "aa_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "percent.h"
#include "print_json.h"
#include "screen.h"
#include "table.h"

const struct kb_rules kb_aa_rules = {
	.confidence = 0.95, .delta = KB_DEFAULT_DELTA, .power = 0.8,
};

#define MAX_COLUMNS	12

static void percent(char text[KB_FIGURE_LEN], double part)
{
	snprintf(text, KB_FIGURE_LEN, "%.2f %%", 100 * part);
}

/*
 * A table of a name and right-aligned figures; @cells are made by @fill for each case. A narrow
 * screen goes without column @spare, 0: none.
 */
static int print_table(const struct kb_same_kernel *same, const char *const *titles, size_t nr,
		       size_t spare,
		       void (*fill)(char (*cells)[KB_FIGURE_LEN], const struct kb_same_case *row,
				    const void *ctx), const void *ctx)
{
	struct kb_grid_column columns[MAX_COLUMNS];
	struct kb_grid *grid;
	int bad;

	for (size_t i = 0; i < nr; i++)
		columns[i] = (struct kb_grid_column){ titles[i], i ? KB_GRID_RIGHT : KB_GRID_WRAP,
						      i && i == spare };
	grid = kb_grid_new(columns, nr);
	bad = !grid;
	for (size_t i = 0; !bad && i < same->nr; i++) {
		char cells[MAX_COLUMNS][KB_FIGURE_LEN] = { "" };
		const char *row[MAX_COLUMNS] = { same->cases[i].name };

		fill(cells, &same->cases[i], ctx);
		for (size_t c = 1; c < nr; c++)
			row[c] = cells[c];
		bad = kb_grid_add(grid, row);
	}
	return kb_grid_end(grid, bad);
}

static void fill_aa(char (*cells)[KB_FIGURE_LEN], const struct kb_same_case *row, const void *ctx)
{
	(void)ctx;
	snprintf(cells[1], KB_FIGURE_LEN, "%zu", row->nr_boots);
	percent(cells[2], row->between);
	percent(cells[3], row->differs);
	percent(cells[4], row->regressed);
	percent(cells[5], expm1(row->floor));
	percent(cells[6], expm1(row->detectable));
}

/* Means over the cases. */
static void find_means(const struct kb_same_kernel *same, double *differs, double *regressed)
{
	*differs = *regressed = 0;
	for (size_t i = 0; i < same->nr; i++) {
		*differs += same->cases[i].differs / (double)same->nr;
		*regressed += same->cases[i].regressed / (double)same->nr;
	}
}

int kb_aa_print(const struct kb_same_kernel *same, const json_t *result)
{
	static const char *const columns[] = { "CASE", "BOOTS", "BETWEEN", "ALARMS", "REGRESSED",
					       "FLOOR", "DETECTABLE" };
	double differs, regressed;
	struct kb_screen screen;
	int bad;

	(void)result;
	find_means(same, &differs, &regressed);
	kb_screen_begin(&screen);
	bad = print_table(same, columns, 7, 2, fill_aa, NULL);
	printf("\n%zu cases: %.2f %% of comparisons of the same kernel find a difference (5 %% is "
	       "promised), %.2f %% a regression\n", same->nr, 100 * differs,
	       100 * regressed);
	kb_screen_end(&screen);
	return bad;
}

static const unsigned int plan_boots[] = { 3, 5, 10, 20, 40 };

#define NR_PLANS	(sizeof(plan_boots) / sizeof(plan_boots[0]))

/* Seconds of a boot beside its cases, and of one sample of one case, on the average. */
static double cost_ratio(const json_t *result)
{
	double seconds = 0, boot = 0, samples = 0;
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "boots"), i, entry) {
		seconds += json_number_value(json_object_get(entry, "duration_s"));
		boot += json_number_value(json_object_get(entry, "boot_to_agent_s"));
	}
	json_array_foreach(json_object_get(result, "cases"), i, entry)
		samples += json_number_value(json_object_get(json_object_get(entry, "per_op"),
							     "n"));
	return samples > 0 && seconds > boot ? boot / ((seconds - boot) / samples) : 1;
}

static void fill_plan(char (*cells)[KB_FIGURE_LEN], const struct kb_same_case *row,
		      const void *ctx)
{
	unsigned int samples = kb_best_samples(row, *(const double *)ctx);

	percent(cells[1], row->between);
	percent(cells[2], row->within);
	if (samples)
		snprintf(cells[3], KB_FIGURE_LEN, "%u", samples);
	else
		snprintf(cells[3], KB_FIGURE_LEN, "-");
	for (size_t i = 0; i < NR_PLANS; i++)
		percent(cells[4 + i],
			expm1(kb_detectable(row->between, plan_boots[i], &kb_aa_rules)));
}

int kb_aa_print_plan(const struct kb_same_kernel *same, const json_t *result)
{
	static const char *const columns[] = { "CASE", "BETWEEN", "WITHIN", "SAMPLES", "3 BOOTS",
					       "5 BOOTS", "10 BOOTS", "20 BOOTS", "40 BOOTS" };
	const json_t *boots = json_object_get(result, "boots"), *boot;
	double ratio = cost_ratio(result), seconds = 0;
	struct kb_screen screen;
	size_t i;
	int bad;

	kb_screen_begin(&screen);
	bad = print_table(same, columns, 4 + NR_PLANS, 2, fill_plan, &ratio);
	json_array_foreach(boots, i, boot)
		seconds += json_number_value(json_object_get(boot, "duration_s"));
	seconds /= (double)(json_array_size(boots) + !json_array_size(boots));
	printf("\na boot with these cases takes %.1f s: two kernels with 10 boots each %.0f min\n",
	       seconds, ceil(20 * seconds / 60));
	kb_screen_end(&screen);
	return bad;
}

static json_t *case_json(const struct kb_same_case *same)
{
	json_t *detectable = json_object();

	for (size_t i = 0; detectable && i < NR_PLANS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%u", plan_boots[i]);
		json_object_set_new(detectable, name, json_real(exp(
			kb_detectable(same->between, plan_boots[i], &kb_aa_rules))));
	}
	return json_pack("{s:s, s:I, s:f, s:f, s:f, s:f, s:f, s:o}", "case", same->name, "boots",
			 (json_int_t)same->nr_boots, "between", same->between, "within",
			 same->within, "differs", same->differs, "regressed", same->regressed,
			 "floor", exp(same->floor), "detectable", detectable);
}

int kb_aa_print_json(const struct kb_same_kernel *same)
{
	json_t *cases = json_array(), *object;
	double differs, regressed;
	int bad;

	find_means(same, &differs, &regressed);
	for (size_t i = 0; cases && i < same->nr; i++)
		json_array_append_new(cases, case_json(&same->cases[i]));
	object = json_pack("{s:o, s:f, s:f}", "cases", cases, "differs", differs, "regressed",
			   regressed);
	bad = !object || kb_print_json(object);
	json_decref(object);
	return bad;
}
