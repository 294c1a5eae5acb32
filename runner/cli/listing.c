// SPDX-License-Identifier: GPL-2.0
#include "listing.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "grid.h"

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

/* A grid's end: the table is on stdout. */
static int end(struct kb_grid *grid, int bad, struct kb_error *err)
{
	return kb_grid_end(grid, bad) ? no_memory(err) : 0;
}

int kb_listing_suites(const struct kb_catalog *catalog, struct kb_error *err)
{
	static const struct kb_grid_column columns[] = {
		{ "SUITE", 0, 0 }, { "BENCHES", KB_GRID_RIGHT, 0 }, { "ABOUT", KB_GRID_WRAP, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 3);
	int bad = 0;

	for (size_t i = 0; grid && i < catalog->nr_suites; i++) {
		const struct kb_suite *suite = &catalog->suites[i];
		char number[24];

		snprintf(number, sizeof(number), "%zu", suite->nr_benches);
		bad |= kb_grid_add(grid, (const char *[]){ suite->name, number, suite->help });
	}
	return end(grid, bad, err);
}

static void format_cpus(char *text, size_t size, const struct kbench_bench_desc *bench)
{
	if (bench->flags & KBENCH_BENCH_PAIRS)
		snprintf(text, size, "pairs");
	else if (!bench->max_cpus)
		snprintf(text, size, "%u+", bench->min_cpus);
	else if (bench->max_cpus == bench->min_cpus)
		snprintf(text, size, "%u", bench->min_cpus);
	else
		snprintf(text, size, "%u-%u", bench->min_cpus, bench->max_cpus);
}

static void format_params(char *text, size_t size, const struct kbench_bench_desc *bench)
{
	size_t used = 0;

	snprintf(text, size, "-");
	for (unsigned int i = 0; i < bench->nr_params && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "," : "",
					 bench->params[i].name);
}

static int bench_table(const struct kb_suite *suite, struct kb_error *err)
{
	static const struct kb_grid_column columns[] = {
		{ "BENCH", 0, 0 }, { "BACKENDS", KB_GRID_WRAP, 1 }, { "CPUS", 0, 0 },
		{ "CONTEXT", 0, 2 }, { "PARAMETERS", KB_GRID_WRAP, 0 },
		{ "TIMES", KB_GRID_WRAP, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 6);
	int bad = 0;

	for (size_t i = 0; grid && i < suite->nr_benches; i++) {
		const struct kbench_bench_desc *bench = &suite->benches[i];
		char cpus[32], params[KBENCH_MAX_PARAMS * KBENCH_NAME_LEN + 1];

		format_cpus(cpus, sizeof(cpus), bench);
		format_params(params, sizeof(params), bench);
		bad |= kb_grid_add(grid, (const char *[]){ bench->name,
							   kb_suite_backends(suite, bench), cpus,
							   kb_context_name(bench->context),
							   params, bench->help });
	}
	return end(grid, bad, err);
}

static bool same_param(const struct kbench_param_desc *a, const struct kbench_param_desc *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->unit, b->unit) &&
	       !strcmp(a->help, b->help) && a->def == b->def && a->min == b->min &&
	       a->max == b->max;
}

/* Has a bench before number @end the same parameter? Then it has its row already. */
static bool listed_before(const struct kb_suite *suite, size_t end,
			  const struct kbench_param_desc *param)
{
	for (size_t i = 0; i < end; i++)
		for (unsigned int j = 0; j < suite->benches[i].nr_params; j++)
			if (same_param(&suite->benches[i].params[j], param))
				return true;
	return false;
}

/* Does another bench of the suite give the name another meaning? Then the row names its bench. */
static bool ambiguous(const struct kb_suite *suite, const struct kbench_param_desc *param)
{
	for (size_t i = 0; i < suite->nr_benches; i++)
		for (unsigned int j = 0; j < suite->benches[i].nr_params; j++)
			if (!strcmp(suite->benches[i].params[j].name, param->name) &&
			    !same_param(&suite->benches[i].params[j], param))
				return true;
	return false;
}

static const struct kb_grid_column param_columns[] = {
	{ "PARAMETER", KB_GRID_WRAP, 0 }, { "DEFAULT", KB_GRID_RIGHT, 0 },
	{ "RANGE", 0, 0 }, { "UNIT", KB_GRID_WRAP | KB_GRID_SPARE, 0 },
	{ "MEANING", KB_GRID_WRAP, 0 },
};

/* Bytes as --param takes them: "64K". */
static void format_value(char text[24], const struct kbench_param_desc *param, long long value)
{
	static const char suffixes[] = "KMG";
	size_t i = 0;

	while (!strcmp(param->unit, "bytes") && value && value % 1024 == 0 && suffixes[i]) {
		value /= 1024;
		i++;
	}
	snprintf(text, 24, "%lld%.*s", value, (int)(i > 0), &suffixes[i - (i > 0)]);
}

static int add_param(struct kb_grid *grid, const char *bench,
		     const struct kbench_param_desc *param)
{
	char name[2 * KBENCH_NAME_LEN + 4], def[24], min[24], max[24], range[64];

	snprintf(name, sizeof(name), "%s%s%s%s", param->name, *bench ? " (" : "", bench,
		 *bench ? ")" : "");
	format_value(def, param, param->def);
	format_value(min, param, param->min);
	format_value(max, param, param->max);
	snprintf(range, sizeof(range), "%s to %s", min, max);
	return kb_grid_add(grid, (const char *[]){ name, def, range, param->unit, param->help });
}

static int param_table(const struct kb_suite *suite, struct kb_error *err)
{
	struct kb_grid *grid = kb_grid_new(param_columns, 5);
	int bad = 0;

	for (size_t i = 0; grid && i < suite->nr_benches; i++) {
		const struct kbench_bench_desc *bench = &suite->benches[i];

		for (unsigned int j = 0; j < bench->nr_params; j++) {
			const struct kbench_param_desc *param = &bench->params[j];
			const char *owner = ambiguous(suite, param) ? bench->name : "";

			if (!listed_before(suite, i, param))
				bad |= add_param(grid, owner, param);
		}
	}
	return end(grid, bad, err);
}

int kb_listing_suite(const struct kb_suite *suite, struct kb_error *err)
{
	printf("%s: %s\n\n", suite->name, suite->help);
	if (bench_table(suite, err))
		return -1;
	putchar('\n');
	return param_table(suite, err);
}

static void print_notes(const struct kbench_bench_desc *bench)
{
	if (bench->nr_phases)
		printf("phases      %s, then %s, each timed apart\n", bench->phases[0],
		       bench->nr_phases > 1 ? bench->phases[1] : "nothing");
	if (bench->flags & KBENCH_BENCH_PAIRS)
		puts("pairs       a case of two CPUs for every pair of those asked for: "
		     "6 with --cpus 4");
	if (bench->flags & KBENCH_BENCH_DEPENDENT)
		puts("dependent   each op needs the result of the one before it");
	if (bench->flags & KBENCH_BENCH_INDIRECT)
		puts("indirect    the op itself makes an indirect call");
	if (bench->flags & KBENCH_BENCH_BROKEN)
		puts("broken      on purpose: runs only when it is named");
}

int kb_listing_bench(const struct kb_suite *suite, const struct kbench_bench_desc *bench,
		     struct kb_error *err)
{
	struct kb_grid *grid;
	char cpus[32], contexts[64];
	int bad = 0;

	format_cpus(cpus, sizeof(cpus), bench);
	printf("%s/%s: %s\n\n", suite->name, bench->name, bench->help);
	printf("context     %s (may run in: %s)\nCPUs        %s\nbackends    %s\n",
	       kb_context_name(bench->context), kb_context_names(bench, contexts, sizeof(contexts)),
	       cpus, kb_suite_backends(suite, bench));
	print_notes(bench);
	if (!bench->nr_params)
		return 0;
	putchar('\n');
	grid = kb_grid_new(param_columns, 5);
	for (unsigned int i = 0; grid && i < bench->nr_params; i++)
		bad |= add_param(grid, "", &bench->params[i]);
	return end(grid, bad, err);
}
