// SPDX-License-Identifier: GPL-2.0
/* What a page says of its diagrams: what was measured, on what, how to read it. */
#include <stdarg.h>
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

static const char *fidelity(const struct kb_named_result *named)
{
	return member(named->result, "environment", "fidelity");
}

/* "tcg and icount" */
static void put_fidelities(char *text, size_t size, const struct kb_named_result *results,
			   size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		bool seen = false;

		for (size_t k = 0; !seen && k < i; k++)
			seen = !strcmp(fidelity(&results[k]), fidelity(&results[i]));
		if (!seen)
			kb_text_add(text, size, "%s%s", i ? " and " : "", fidelity(&results[i]));
	}
}

/* "x86_64, CPU, target vm, tcg", of the first result. */
static void put_subtitle(struct kb_page *page, const struct kb_named_result *results, size_t nr)
{
	const json_t *first = results[0].result;
	const char *cpu = member(first, "machine", "cpu_model");
	char one[256] = "", fidelities[64] = "";

	if (!*cpu)
		cpu = member(first, "machine", "model");
	put_fidelities(fidelities, sizeof(fidelities), results, nr);
	kb_text_add(one, sizeof(one), "%s%s%s, target %s, %s%s",
		    member(first, "machine", "arch"), *cpu ? ", " : "", cpu,
		    member(first, "environment", "target"),
		    fidelities,
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

/* Any emulated figure marks the page; those of several fidelities each with its own note. */
static void put_notes(struct kb_page *page, const struct kb_named_result *results, size_t nr)
{
	const char *found[KB_PAGE_NOTES] = { NULL };
	size_t marked[KB_PAGE_NOTES] = { 0 };

	for (size_t i = 0; i < nr; i++) {
		const char *note = kb_fidelity_note(fidelity(&results[i]));

		for (size_t k = 0; note && k < KB_PAGE_NOTES; k++) {
			if (found[k] && strcmp(found[k], note) != 0)
				continue;
			found[k] = note;
			marked[k]++;
			break;
		}
	}
	for (size_t k = 0; k < KB_PAGE_NOTES && found[k]; k++)
		kb_text_add(page->notes[k], sizeof(page->notes[k]), "%s%s",
			    marked[k] < nr ? "some of it: " : "", found[k]);
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
	bool whiskers = has_kind(page, KB_PLOT_BARS) || has_kind(page, KB_PLOT_SCALING);
	bool one = false, several = false;

	for (size_t i = page->first; i < page->end; i++) {
		one |= page->panels->panels[i].least_boots == 1;
		several |= page->panels->panels[i].most_boots > 1;
	}
	if (!several)
		return whiskers ? "median; whiskers: its 95 % interval" : "medians";
	if (!one)
		return whiskers ?
		       "geometric mean of boots' medians; whiskers: lowest and highest boot" :
		       "geometric mean of boots' medians";
	return whiskers ?
	       "median and 95 % interval, of several boots geometric mean, lowest and highest" :
	       "medians; of several boots the geometric mean of theirs";
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

static bool is_shown(const struct kb_page *page, size_t first, size_t end, const char *path)
{
	for (size_t i = first; i < end; i++)
		if (kb_panel_is_from(&page->panels->panels[i], path))
			return true;
	return false;
}

/* Another part of the last line. */
static void add_part(struct kb_page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_part(struct kb_page *page, const char *format, ...)
{
	char text[sizeof(page->foot[1])];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	kb_text_add(page->foot[1], sizeof(page->foot[1]), "%s%s", *page->foot[1] ? "; " : "",
		    text);
}

/* Results that no page shows. */
static void put_missing(struct kb_page *page, const struct kb_named_result *results, size_t nr)
{
	bool compared = page->options->kind == KB_PLOT_FOREST ||
			page->options->kind == KB_PLOT_HISTORY;
	size_t missing = 0;

	for (size_t i = 0; i < nr; i++)
		missing += !is_shown(page, 0, page->panels->nr_panels, results[i].path);
	if (missing)
		add_part(page, "%zu result%s %s, not shown", missing, missing == 1 ? "" : "s",
			 compared ? "not comparable" : "without any");
}

/* In how many boots is told where it is not in the only one of each result. */
static void put_losses(struct kb_page *page, const struct kb_losses *losses, const char *shown)
{
	size_t nr = kb_losses_cases(losses), boots = kb_losses_boots(losses);
	char where[40] = "";

	if (page->panels->nr_boots > 1)
		snprintf(where, sizeof(where), " in %zu boot%s", boots, boots == 1 ? "" : "s");
	if (nr)
		add_part(page, "%zu case%s skipped or failed%s, %s", nr, nr == 1 ? "" : "s", where,
			 shown);
}

static bool has_case_lines(const struct kb_page *page)
{
	return page->options->kind == KB_PLOT_BARS || page->options->kind == KB_PLOT_FOREST ||
	       page->options->kind == KB_PLOT_PERCENTILES;
}

/* In kinds where each line or panel is a case, these are counted. */
static size_t count_shown(const struct kb_page *page, size_t first, size_t end)
{
	size_t nr = 0;

	for (size_t i = first; i < end; i++)
		nr += has_case_lines(page) ? page->panels->panels[i].nr_lines : 1;
	return nr;
}

/* On a page that is not one of several to turn over: it stands beside a table. */
static void put_other_pages(struct kb_page *page)
{
	enum kb_plot_kind kind = page->options->kind;
	size_t all = count_shown(page, 0, page->panels->nr_panels);
	bool cases = has_case_lines(page) || kind == KB_PLOT_HISTOGRAM || kind == KB_PLOT_HISTORY;

	add_part(page, "%zu of %zu %s not shown: the table has all",
		 all - count_shown(page, page->first, page->end), all,
		 cases ? "cases" : "diagrams");
}

static void put_foot(struct kb_page *page, const struct kb_named_result *results, size_t nr,
		     size_t pages)
{
	kb_text_add(page->foot[0], sizeof(page->foot[0]), "%s%s", how_to_read(page),
		    has_ideal(page) ? "; dotted: if more CPUs cost nothing" : "");
	kb_text_add(page->foot[1], sizeof(page->foot[1]), "%s", page->panels->foot);
	put_missing(page, results, nr);
	put_losses(page, &page->panels->missing, "not shown");
	put_losses(page, &page->panels->gaps, "shown of the others");
	if (pages > 1 && page->options->bare)
		put_other_pages(page);
	else if (pages > 1)
		add_part(page, "page %u of %zu: --page %zu is the %s", page->options->page + 1,
			 pages, page->options->page + 1 < pages ? page->options->page + 2UL : 1UL,
			 page->options->page + 1 < pages ? "next" : "first");
}

int kb_page_describe(struct kb_page *page, const struct kb_named_result *results, size_t nr,
		     size_t pages)
{
	struct kb_named_result *shown = calloc(nr + 1, sizeof(*shown));
	size_t nr_shown = 0;

	if (!shown)
		return -1;
	for (size_t i = 0; i < nr; i++)
		if (is_shown(page, page->first, page->end, results[i].path))
			shown[nr_shown++] = results[i];
	put_title(page, shown, nr_shown);
	put_subtitle(page, shown, nr_shown);
	put_notes(page, shown, nr_shown);
	put_foot(page, results, nr, pages);
	free(shown);
	return 0;
}
