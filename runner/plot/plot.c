// SPDX-License-Identifier: GPL-2.0
/* From a result to a picture file. */
#include "plot.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outfile.h"
#include "paths.h"
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
	else
		return kb_fail(err, KB_EXIT_USAGE,
			       "cannot tell what picture %s is to be: end its name in .png or .svg",
			       path);
	return 0;
}

/* "1 us" where kb_format_figure() would say "1.000 us". */
static void put_tick(FILE *out, double value, const char *unit, bool first)
{
	struct kb_scale scale = kb_scale_for(value, unit);

	fprintf(out, "%s'%g %s' %.17g", first ? "" : ", ", value * scale.factor, scale.unit, value);
}

char *kb_plot_ticks(double low, double high, const char *unit)
{
	static const int within[] = { 1, 2, 5 };
	int first = (int)floor(log10(low)), last = (int)ceil(log10(high));
	/* Few decades have room for 2 and 5 as well. */
	size_t nr = last - first <= 3 ? 3 : 1;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (int decade = first; decade <= last; decade++)
		for (size_t i = 0; i < nr; i++)
			put_tick(out, within[i] * pow(10, decade), unit, !ftell(out));
	fclose(out);
	return text;
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

static int draw(const struct kb_panels *panels, const json_t *result,
		const struct kb_plot_options *options, char **picture, size_t *size,
		struct kb_error *err)
{
	char *plots = find_templates(err), *script = NULL;
	size_t script_size;
	int ret = -1;

	if (plots)
		script = kb_plot_script(panels, result, options, plots, &script_size, err);
	if (script)
		ret = kb_gnuplot_run(script, script_size, options->format, picture, size, err);
	free(script);
	free(plots);
	return ret;
}

int kb_plot_draw(char **picture, size_t *size, const struct kb_plot_options *options,
		 const struct kb_named_result *results, size_t nr, struct kb_error *err)
{
	struct kb_panels panels = { 0 };
	int ret = -1;

	*picture = NULL;
	if (nr != 1 || options->kind != KB_PLOT_OVERVIEW)
		return kb_fail(err, KB_EXIT_USAGE, "one result at a time");
	if (kb_panels_make(&panels, results[0].result))
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	else if (!panels.nr_panels)
		kb_fail(err, KB_EXIT_USAGE,
			"no case of this result was measured, so there is nothing to draw; "
			"kbench show says why");
	else
		ret = draw(&panels, results[0].result, options, picture, size, err);
	kb_panels_free(&panels);
	return ret;
}

unsigned int kb_plot_kinds(const struct kb_named_result *results, size_t nr, const char *suite)
{
	const json_t *entry;
	size_t i;

	if (nr != 1)
		return 0;
	json_array_foreach(json_object_get(results[0].result, "cases"), i, entry)
		if (!strcmp(kb_text(entry, "status"), "ok") &&
		    (!suite || !strcmp(kb_text(entry, "suite"), suite)))
			return 1U << KB_PLOT_OVERVIEW;
	return 0;
}

enum kb_plot_kind kb_plot_best(const struct kb_named_result *results, size_t nr)
{
	(void)results;
	(void)nr;
	return KB_PLOT_OVERVIEW;
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
