// SPDX-License-Identifier: GPL-2.0
#include "bisect_report.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "other_settings.h"
#include "paths.h"
#include "print_json.h"
#include "screen.h"
#include "table.h"

static const char *release(const struct kb_bisect_search *search, size_t i)
{
	return search->range.kernels[i].release;
}

static const char *plural(size_t nr)
{
	return nr == 1 ? "" : "s";
}

void kb_bisect_say(const struct kb_bisect_search *search, size_t i)
{
	const struct kb_bisect_found *found = &search->found[i];
	struct kb_bisect_ends ends = kb_bisect_ends(&search->bisect);
	enum kb_bisect_mark mark = search->bisect.marks[i];
	char change[96], figure[KB_FIGURE_LEN];
	const char *what = found->reason;

	kb_one_case_change(change, &found->one);
	kb_format_figure(figure, found->one.b, found->one.unit);
	if (mark != KB_BISECT_SKIPPED)
		what = mark == KB_BISECT_BAD ? change : figure;
	kb_note("%s: %s (%s); %zu release%s left between, %u step%s", release(search, i),
		kb_bisect_word(mark), what, ends.left, plural(ends.left),
		kb_bisect_steps(ends.left), plural(kb_bisect_steps(ends.left)));
}

static int add_line(struct kb_grid *grid, const struct kb_bisect_search *search, size_t i)
{
	const struct kb_bisect_found *found = &search->found[i];
	enum kb_bisect_mark mark = search->bisect.marks[i];
	char figure[KB_FIGURE_LEN] = "-", verdict[640];
	int bad;

	if (mark == KB_BISECT_SKIPPED)
		snprintf(verdict, sizeof(verdict), "skipped: %s", found->reason);
	else
		snprintf(verdict, sizeof(verdict), "%s", kb_bisect_word(mark));
	if (mark != KB_BISECT_SKIPPED)
		kb_format_figure(figure, found->one.b, found->one.unit);
	bad = kb_grid_add(grid, (const char *[]){ release(search, i), figure, verdict });
	if (!bad)
		kb_grid_colour(grid, 2, mark == KB_BISECT_GOOD ? "green" :
			       mark == KB_BISECT_BAD ? "red" : "yellow");
	return bad;
}

static int print_table(const struct kb_bisect_search *search)
{
	static const struct kb_grid_column columns[] = {
		{ "RELEASE", 0, 0 }, { "PER OP", KB_GRID_RIGHT, 0 },
		{ "VERDICT", KB_GRID_WRAP, 0 },
	};
	struct kb_grid *grid = kb_grid_new(columns, 3);
	int bad = !grid;

	for (size_t i = 0; !bad && i < search->bisect.nr; i++)
		if (search->bisect.marks[i] != KB_BISECT_UNKNOWN)
			bad = add_line(grid, search, i);
	return kb_grid_end(grid, bad);
}

/* The releases that may be the first that changed: "A, B, C"; malloc()ed. */
static char *candidates(const struct kb_bisect_search *search, struct kb_bisect_ends ends)
{
	char *names = kb_path("%s", "");

	for (size_t i = ends.good + 1; i <= ends.bad; i++) {
		char *more = kb_path("%s%s%s", names, *names ? ", " : "", release(search, i));

		free(names);
		names = more;
	}
	return names;
}

static void print_found(const struct kb_bisect_search *search)
{
	struct kb_bisect_ends ends = kb_bisect_ends(&search->bisect);
	char *names = candidates(search, ends), change[96];

	kb_one_case_change(change, &search->found[ends.bad].one);
	if (ends.left)
		printf("not finished: first changed: one of %s (%s)", names, change);
	else if (ends.bad - ends.good > 1)
		printf("first changed: one of %s (%s; those before it were skipped)", names,
		       change);
	else
		printf("first changed: %s (%s)", names, change);
	printf("; the last as before: %s\n", release(search, ends.good));
	free(names);
}

int kb_bisect_print(const struct kb_bisect_search *search, struct kb_error *err)
{
	struct kb_screen screen;
	int bad;

	kb_screen_begin(&screen);
	printf("case     %s\n", search->found[0].one.name);
	kb_print_differs(search->differs);
	putchar('\n');
	bad = print_table(search);
	putchar('\n');
	print_found(search);
	kb_screen_end(&screen);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot print the table") : 0;
}

static json_t *release_json(const struct kb_bisect_search *search, size_t i)
{
	const struct kb_bisect_found *found = &search->found[i];
	enum kb_bisect_mark mark = search->bisect.marks[i];
	json_t *object = json_pack("{s:s, s:s}", "release", release(search, i), "verdict",
				   kb_bisect_word(mark));

	if (mark == KB_BISECT_SKIPPED)
		json_object_set_new(object, "reason", json_string(found->reason));
	if (mark == KB_BISECT_GOOD || mark == KB_BISECT_BAD) {
		json_object_set_new(object, "per_op", json_real(found->one.b));
		json_object_set_new(object, "ratio", json_real(found->one.ratio));
	}
	return object;
}

static json_t *found_json(const struct kb_bisect_search *search)
{
	struct kb_bisect_ends ends = kb_bisect_ends(&search->bisect);
	const struct kb_one_case *one = &search->found[ends.bad].one;
	json_t *releases = json_array(), *names = json_array(), *object;

	for (size_t i = 0; i < search->bisect.nr; i++)
		json_array_append_new(releases, release_json(search, i));
	for (size_t i = ends.good + 1; i <= ends.bad; i++)
		json_array_append_new(names, json_string(release(search, i)));
	object = json_pack("{s:s, s:s, s:o, s:I, s:s, s:o, s:{s:f, s:f, s:f}, s:O}",
			   "case", search->found[0].one.name, "unit", one->unit,
			   "releases", releases, "left", (json_int_t)ends.left,
			   "last_as_before", release(search, ends.good), "candidates", names,
			   "change", "from", one->a, "to", one->b, "ratio", one->ratio,
			   "differs", search->differs);
	if (ends.bad - ends.good == 1)
		json_object_set_new(object, "first_changed",
				    json_string(release(search, ends.bad)));
	return object;
}

int kb_bisect_print_json(const struct kb_bisect_search *search, struct kb_error *err)
{
	json_t *object = found_json(search);
	int bad = !object || kb_print_json(object);

	json_decref(object);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write the JSON") : 0;
}
