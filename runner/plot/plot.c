// SPDX-License-Identifier: GPL-2.0
/* From a result to a picture file. */
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "files_settings.h"
#include "outfile.h"
#include "paths.h"
#include "plot_kinds.h"
#include "plot_script.h"
#include "table.h"

const char *const kb_plot_kind_names[KB_NR_PLOT_KINDS] = {
	[KB_PLOT_OVERVIEW] = "overview", [KB_PLOT_BARS] = "bars", [KB_PLOT_SCALING] = "scaling",
	[KB_PLOT_HEATMAP] = "heatmap", [KB_PLOT_PERCENTILES] = "percentiles",
	[KB_PLOT_HISTOGRAM] = "histogram", [KB_PLOT_HISTORY] = "history",
	[KB_PLOT_FOREST] = "forest",
};

int kb_plot_format_of(enum kb_plot_format *format, const char *path, struct kb_error *err)
{
	const char *ending = strrchr(path, '.');

	if (ending && !strcasecmp(ending, ".png"))
		*format = KB_PLOT_PNG;
	else if (ending && !strcasecmp(ending, ".svg"))
		*format = KB_PLOT_SVG;
	else if (ending && !strcasecmp(ending, ".pdf"))
		*format = KB_PLOT_PDF;
	else
		return kb_fail(err, KB_EXIT_USAGE, "cannot tell what picture %s is to be: end its "
			       "name in .png, .svg or .pdf", path);
	return 0;
}

static int write_picture(const char *path, const char *picture, size_t size, struct kb_error *err)
{
	struct kb_outfile file;
	int ret = kb_outfile_open(&file, path, err) ||
		  kb_outfile_write(&file, picture, size, err) ||
		  kb_outfile_sync(&file, err) || kb_outfile_rename(&file, err);

	kb_outfile_close(&file);
	return ret ? -1 : 0;
}

/* The directory of the templates, or NULL with @err. */
static char *find_templates(struct kb_error *err)
{
	char *data_dir = kb_data_dir(), *plots = kb_path("%s/plots", data_dir);
	char *page = kb_path("%s/page.gp", plots);

	if (!kb_exists(page)) {
		kb_fail(err, KB_EXIT_ENVIRONMENT,
			"there is no %s: install kbench anew, or set KBENCH_DATADIR to the "
			"directory that holds plots/", page);
		free(plots);
		plots = NULL;
	}
	free(page);
	free(data_dir);
	return plots;
}

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
}

/* Panels of a kind that shows results one by one. */
static int add_each(struct kb_panels *panels, const struct kb_plot_options *options,
		    const struct kb_named_result *results, size_t nr, struct kb_error *err)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < nr; i++) {
		char *name = nr > 1 ? kb_files_kernel(results[i].result) : kb_path("%s", "");
		size_t first = panels->nr_panels;

		bad = kb_panels_add(panels, results[i].result, options->kind, options->suite,
				    name) ||
		      kb_panels_from(panels, first, results[i].path);
		free(name);
	}
	return bad ? no_memory(err) : 0;
}

static int make_panels(struct kb_panels *panels, const struct kb_plot_options *options,
		       const struct kb_named_result *results, size_t nr, struct kb_error *err)
{
	int ret;

	if (options->kind == KB_PLOT_HISTORY)
		ret = kb_history_panels(panels, results, nr, options->suite, err);
	else if (options->kind == KB_PLOT_FOREST)
		ret = kb_forest_panels(panels, results, nr, options->suite, err);
	else if (options->kind == KB_PLOT_PERCENTILES || options->kind == KB_PLOT_HISTOGRAM)
		ret = kb_latency_panels(panels, results, nr, options->kind, options->suite, err);
	else
		ret = add_each(panels, options, results, nr, err);
	if (!ret)
		kb_panels_finish(panels);
	return ret;
}

/* A suite of @results that is like @wanted, or the first; "" when there is none. */
static const char *near_suite(const struct kb_named_result *results, size_t nr, const char *wanted)
{
	const char *near = NULL, *first = "";
	const json_t *entry;
	size_t k;

	for (size_t i = 0; i < nr; i++) {
		json_array_foreach(json_object_get(results[i].result, "cases"), k, entry) {
			const char *name = kb_text(entry, "suite");

			first = *first ? first : name;
			if (!near)
				near = kb_near(wanted, &name, 1);
		}
	}
	return near ? near : first;
}

static bool has_suite(const struct kb_named_result *results, size_t nr, const char *suite)
{
	const json_t *entry;
	size_t k;

	for (size_t i = 0; i < nr; i++)
		json_array_foreach(json_object_get(results[i].result, "cases"), k, entry)
			if (!strcmp(kb_text(entry, "suite"), suite))
				return true;
	return false;
}

/* Latencies, but no more of them than their percentiles. */
static bool has_percentiles(const struct kb_named_result *results, size_t nr, const char *suite)
{
	const json_t *entry;
	size_t k;

	for (size_t i = 0; i < nr; i++)
		json_array_foreach(json_object_get(results[i].result, "cases"), k, entry)
			if (json_object_get(entry, "histogram") &&
			    (!suite || !strcmp(kb_text(entry, "suite"), suite)))
				return true;
	return false;
}

/* Why there is no panel, and what helps. */
static int fail_empty(const struct kb_plot_options *options, const struct kb_named_result *results,
		      size_t nr, struct kb_error *err)
{
	static const char *const lacks[KB_NR_PLOT_KINDS] = {
		[KB_PLOT_SCALING] = "no case was measured on several numbers of CPUs or with three "
				    "values of a parameter: 'kbench run --cpus 1,2,4' does that",
		[KB_PLOT_HEATMAP] = "no case is of a pair of CPUs: 'kbench run cache/handover "
				    "--cpus 4' measures them",
		[KB_PLOT_PERCENTILES] = "no latencies were measured: 'kbench run --latency' does "
					"that",
		[KB_PLOT_HISTOGRAM] = "no latencies were measured: 'kbench run --latency' does "
				      "that",
		[KB_PLOT_HISTORY] = "a history takes two results or more of one machine, fidelity, "
				    "backend and flavour of the kernel, with a case in common",
		[KB_PLOT_FOREST] = "the results have no measured case in common",
	};
	const char *suite = options->suite;

	if (suite && !has_suite(results, nr, suite)) {
		const char *near = near_suite(results, nr, suite);

		return kb_fail(err, KB_EXIT_USAGE, "no suite %s in %s; it has %s", suite,
			       nr == 1 ? results[0].path : "these results",
			       *near ? near : "no case at all");
	}
	if ((options->kind == KB_PLOT_PERCENTILES || options->kind == KB_PLOT_HISTOGRAM) &&
	    has_percentiles(results, nr, suite))
		return kb_fail(err, KB_EXIT_USAGE, "nothing to draw: %s percentiles of latencies "
			       "alone, without the buckets that pictures are made of; kbench show "
			       "prints them", nr == 1 ? "the file has" : "the files have");
	if (lacks[options->kind])
		return kb_fail(err, KB_EXIT_USAGE, "nothing to draw: %s", lacks[options->kind]);
	return kb_fail(err, KB_EXIT_USAGE, "no case was measured, so there is nothing to draw; "
		       "kbench show says why");
}

static int draw_page(const struct kb_page *page, char **picture, size_t *size,
		     struct kb_error *err)
{
	size_t script_size;
	char *script = kb_plot_script(page, &script_size, err), *drawn;
	int ret = -1;

	if (script)
		ret = kb_gnuplot_run(script, script_size, page->options->format, picture, size,
				     err);
	free(script);
	if (ret || (page->options->format != KB_PLOT_TERM && page->options->format != KB_PLOT_SVG))
		return ret;
	drawn = *picture;
	*picture = page->options->format == KB_PLOT_SVG ? kb_svg_name_fonts(drawn, size) :
							  kb_terminal_page(page, drawn, size);
	free(drawn);
	return *picture ? 0 : no_memory(err);
}

static int draw(const struct kb_panels *panels, const struct kb_plot_options *options,
		const struct kb_named_result *results, size_t nr, char **picture, size_t *size,
		struct kb_error *err)
{
	struct kb_page page = {
		.panels = panels, .options = options, .medium = kb_medium_of(options),
	};
	size_t pages = kb_page_choose(&page);
	char *plots;
	int ret;

	if (options->page >= pages)
		return kb_fail(err, KB_EXIT_USAGE, "there is no page %u: the last is %zu",
			       options->page + 1, pages);
	plots = find_templates(err);
	if (!plots)
		return -1;
	page.plots = plots;
	ret = kb_page_describe(&page, results, nr, pages) ? no_memory(err) :
	      draw_page(&page, picture, size, err);
	free(plots);
	return ret;
}

int kb_plot_draw(char **picture, size_t *size, const struct kb_plot_options *options,
		 const struct kb_named_result *results, size_t nr, struct kb_error *err)
{
	struct kb_panels panels = { .most_cells = kb_medium_of(options).most_cells };
	int ret;

	*picture = NULL;
	ret = make_panels(&panels, options, results, nr, err);
	if (!ret && !panels.nr_panels)
		ret = fail_empty(options, results, nr, err);
	if (!ret)
		ret = draw(&panels, options, results, nr, picture, size, err);
	kb_panels_free(&panels);
	return ret;
}

int kb_plot_write(const char *path, const struct kb_plot_options *options,
		  const struct kb_named_result *results, size_t nr, struct kb_error *err)
{
	struct kb_plot_options own = *options;
	char *picture;
	size_t size;
	int ret;

	if (kb_plot_format_of(&own.format, path, err) || kb_outfile_check(path, err))
		return -1;
	ret = kb_plot_draw(&picture, &size, &own, results, nr, err) ||
	      write_picture(path, picture, size, err) ? -1 : 0;
	free(picture);
	return ret;
}

int kb_plot_result(const json_t *result, const char *path, struct kb_error *err)
{
	/* What is drawn is not changed, but comparisons keep references. */
	const struct kb_named_result named = { .path = path, .result = (json_t *)result };
	const struct kb_plot_options options = { 0 };

	return kb_plot_write(path, &options, &named, 1, err);
}
