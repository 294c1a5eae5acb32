// SPDX-License-Identifier: GPL-2.0
/* What a page says of its diagrams: what was measured, on what, how to read it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "plot_script.h"
#include "table.h"

static const char *member(const json_t *result, const char *object, const char *name)
{
	return kb_text(json_object_get(result, object), name);
}

/* "kernel 6.12.113, 6.12.120 and 3 more" */
static void put_title(struct kb_page *page, const struct kb_named_result *results, size_t nr)
{
	size_t size = sizeof(page->title), shown = 0, more = 0;
	json_t *seen = json_object();

	for (size_t i = 0; i < nr; i++) {
		char *kernel = kb_files_kernel(results[i].result);

		if (json_object_get(seen, kernel)) {
			free(kernel);
			continue;
		}
		json_object_set_new_nocheck(seen, kernel, json_true());
		if (shown < 2)
			kb_text_add(page->title, size, "%s%s", shown++ ? ", " : "kernel ", kernel);
		else
			more++;
		free(kernel);
	}
	if (more)
		kb_text_add(page->title, size, " and %zu more", more);
	json_decref(seen);
}

/* "x86_64, CPU, target vm, tcg", of the first result. */
static void put_subtitle(struct kb_page *page, const struct kb_named_result *results, size_t nr)
{
	const json_t *first = results[0].result;
	const char *cpu = member(first, "machine", "cpu_model");
	char one[256] = "";

	if (!*cpu)
		cpu = member(first, "machine", "model");
	kb_text_add(one, sizeof(one), "%s%s%s, target %s, %s%s",
		    member(first, "machine", "arch"), *cpu ? ", " : "", cpu,
		    member(first, "environment", "target"),
		    member(first, "environment", "fidelity"),
		    strcmp(member(first, "environment", "backend"), "bpf") ? "" :
		    ", BPF programs");
	kb_text_add(page->subtitle, sizeof(page->subtitle), "%s", one);
	for (size_t i = 1; i < nr; i++) {
		if (!strcmp(member(results[i].result, "machine", "fingerprint"),
			    member(first, "machine", "fingerprint")))
			continue;
		kb_text_add(page->subtitle, sizeof(page->subtitle), " and other machines");
		break;
	}
}

/* Any emulated figure marks the page. */
static void put_note(struct kb_page *page, const struct kb_named_result *results, size_t nr)
{
	const char *found = NULL;
	size_t marked = 0;

	for (size_t i = 0; i < nr; i++) {
		const char *note = kb_fidelity_note(member(results[i].result, "environment",
							   "fidelity"));

		found = found ? found : note;
		marked += note != NULL;
	}
	if (found)
		kb_text_add(page->note, sizeof(page->note), "%s%s",
			    marked < nr ? "some of it: " : "", found);
}

static bool has_kind(const struct kb_page *page, enum kb_plot_kind kind)
{
	for (size_t i = page->first; i < page->end; i++)
		if (page->panels->panels[i].kind == kind)
			return true;
	return false;
}

/* Of kinds that are drawn of medians. */
static const char *how_to_read_medians(const struct kb_page *page)
{
	bool boots = page->panels->nr_boots > 1;

	if (has_kind(page, KB_PLOT_BARS) || has_kind(page, KB_PLOT_SCALING))
		return boots ?
		       "geometric mean of boots' medians; whiskers: lowest and highest boot" :
		       "median; whiskers: its 95 % interval";
	return boots ? "geometric mean of boots' medians" : "medians";
}

static const char *how_to_read(const struct kb_page *page)
{
	switch (page->options->kind) {
	case KB_PLOT_PERCENTILES:
		return "so many operations took no longer; what timing takes is included";
	case KB_PLOT_HISTOGRAM:
		return "single operations; what timing takes is included; dotted: 50, 99 and "
		       "99.9 %";
	case KB_PLOT_HISTORY:
		return "dots: boots; line: results; upright: change points";
	case KB_PLOT_FOREST:
		return page->medium.term ?
		       "intervals at 95 %; verdicts corrected for the number of cases: "
		       "R regressed, I improved, = equivalent, ? inconclusive, - too few boots" :
		       "intervals at 95 %; verdicts corrected for the number of cases; grey: what "
		       "does not matter";
	default:
		return how_to_read_medians(page);
	}
}

static bool has_ideal(const struct kb_page *page)
{
	for (size_t i = page->first; i < page->end; i++)
		if (page->panels->panels[i].kind == KB_PLOT_SCALING &&
		    !strcmp(page->panels->panels[i].x_name, "cpus"))
			return true;
	return false;
}

static void put_foot(struct kb_page *page, size_t pages)
{
	size_t size = sizeof(page->foot[1]), left_out = page->panels->nr_left_out;

	kb_text_add(page->foot[0], sizeof(page->foot[0]), "%s%s", how_to_read(page),
		    has_ideal(page) ? "; dotted: if more CPUs cost nothing" : "");
	kb_text_add(page->foot[1], size, "%s", page->panels->foot);
	if (left_out)
		kb_text_add(page->foot[1], size, "%s%zu case%s skipped or failed, not shown",
			    *page->foot[1] ? "; " : "", left_out, left_out == 1 ? "" : "s");
	if (pages > 1)
		kb_text_add(page->foot[1], size, "%spage %u of %zu: --page %zu is the %s",
			    *page->foot[1] ? "; " : "", page->options->page + 1, pages,
			    page->options->page + 1 < pages ? page->options->page + 2UL : 1UL,
			    page->options->page + 1 < pages ? "next" : "first");
}

void kb_page_describe(struct kb_page *page, const struct kb_named_result *results, size_t nr,
		      size_t pages)
{
	put_title(page, results, nr);
	put_subtitle(page, results, nr);
	put_note(page, results, nr);
	put_foot(page, pages);
}
