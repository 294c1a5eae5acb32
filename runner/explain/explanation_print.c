// SPDX-License-Identifier: GPL-2.0
#include "explanation.h"

#include <math.h>
#include <stdio.h>

#include "grid.h"
#include "plain_text.h"
#include "screen.h"
#include "table.h"

#define CELL_LEN	48

static const struct kb_grid_column columns[] = {
	{ "FUNCTION", KB_GRID_WRAP, 0 }, { "A", KB_GRID_RIGHT, 0 }, { "B", KB_GRID_RIGHT, 0 },
	{ "DIFFERENCE", KB_GRID_RIGHT, 0 },
};

#define NR_COLUMNS	(sizeof(columns) / sizeof(columns[0]))

/* A difference that is but rounding is none. */
static double difference(double a, double b)
{
	return kb_same_count(a, b) ? 0 : b - a;
}

/* "28.1875", and of what never ends as much as a reader wants. */
static void format(char text[CELL_LEN], double value, bool sign)
{
	char *end;
	int length = snprintf(text, CELL_LEN, sign && value != 0 ? "%+.4f" : "%.4f", value);

	for (end = text + length; end[-1] == '0'; end--)
		;
	end[end[-1] == '.' ? -1 : 0] = '\0';
}

static int add_line(struct kb_grid *grid, const char *name, double a, double b)
{
	char cells[3][CELL_LEN];

	format(cells[0], a, false);
	format(cells[1], b, false);
	format(cells[2], difference(a, b), true);
	return kb_grid_add(grid, (const char *[]){ name, cells[0], cells[1], cells[2] });
}

static int add_function(struct kb_grid *grid, const struct kb_explained *function)
{
	char name[600];

	snprintf(name, sizeof(name), "%s%s", function->name,
		 function->loop ? " (the bench's loop)" : "");
	return add_line(grid, name, function->a, function->b);
}

static int print_table(const struct kb_explanation *explanation)
{
	struct kb_grid *grid = kb_grid_new(columns, NR_COLUMNS);
	int bad = !grid;

	for (size_t i = 0; !bad && i < explanation->nr; i++)
		bad = add_function(grid, &explanation->functions[i]);
	bad = bad || add_line(grid, "total", explanation->a->total, explanation->b->total);
	return kb_grid_end(grid, bad);
}

int kb_explanation_print(const struct kb_explanation *explanation, const char *name,
			 const struct kb_explained_side sides[2], struct kb_error *err)
{
	struct kb_screen screen;
	int bad;

	kb_screen_begin(&screen);
	printf("%-8s ", "case");
	kb_print_plain(name, stdout);
	for (int i = 0; i < 2; i++) {
		printf("\n%-8s %s: ", i ? "B" : "A", sides[i].path);
		kb_print_plain(sides[i].release, stdout);
	}
	printf("\n%-8s instructions for one op, in each function without those of what it calls\n",
	       "figures");
	if (explanation->a->varies || explanation->b->varies)
		printf("%-8s this case's batches do not all cost the same: the figures are those "
		       "of the ones in the middle\n", "note");
	putchar('\n');
	bad = print_table(explanation);
	kb_screen_end(&screen);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while printing") : 0;
}

static json_t *side_json(const struct kb_explained_side *side, const struct kb_profile *profile)
{
	json_t *functions = json_object();

	for (size_t i = 0; i < profile->nr; i++)
		json_object_set_new(functions, profile->functions[i].name,
				    json_real(profile->functions[i].count));
	return json_pack("{s:s, s:s, s:f, s:b, s:o}", "file", side->path, "kernel", side->release,
			 "total", profile->total, "varies", profile->varies, "functions",
			 functions);
}

static json_t *function_json(const struct kb_explained *function)
{
	return json_pack("{s:s, s:f, s:f, s:f, s:b}", "name", function->name, "a", function->a,
			 "b", function->b, "difference", difference(function->a, function->b),
			 "loop", function->loop);
}

json_t *kb_explanation_json(const struct kb_explanation *explanation, const char *name,
			    const struct kb_explained_side sides[2])
{
	double a = explanation->a->total, b = explanation->b->total;
	json_t *functions = json_array();

	for (size_t i = 0; i < explanation->nr; i++)
		json_array_append_new(functions, function_json(&explanation->functions[i]));
	return json_pack("{s:s, s:o, s:o, s:o, s:{s:f, s:f, s:f}}", "case", name,
			 "a", side_json(&sides[0], explanation->a),
			 "b", side_json(&sides[1], explanation->b), "functions", functions,
			 "total", "a", a, "b", b, "difference", difference(a, b));
}
