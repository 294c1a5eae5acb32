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
#include "result.h"
#include "table.h"

int kb_picture_kind(enum kb_picture *kind, const char *path, struct kb_error *err)
{
	const char *ending = strrchr(path, '.');

	if (ending && !strcasecmp(ending, ".png"))
		*kind = KB_PICTURE_PNG;
	else if (ending && !strcasecmp(ending, ".svg"))
		*kind = KB_PICTURE_SVG;
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

static int draw(const struct kb_panels *panels, const json_t *result, enum kb_picture kind,
		const char *path, struct kb_error *err)
{
	char *plots = find_templates(err), *script = NULL, *picture = NULL;
	size_t script_size, picture_size;
	int ret = -1;

	if (plots)
		script = kb_plot_script(panels, result, kind, plots, &script_size, err);
	if (script && !kb_gnuplot_run(script, script_size, kind, &picture, &picture_size, err))
		ret = write_picture(path, picture, picture_size, err);
	free(picture);
	free(script);
	free(plots);
	return ret;
}

int kb_result_plot(const json_t *result, const char *path, struct kb_error *err)
{
	enum kb_picture kind;
	struct kb_panels panels = { 0 };
	int ret = -1;

	if (kb_picture_kind(&kind, path, err) || kb_outfile_check(path, err))
		return -1;
	if (kb_panels_make(&panels, result))
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	else if (!panels.nr_panels)
		kb_fail(err, KB_EXIT_USAGE,
			"no case of this result was measured, so there is nothing to draw; "
			"kbench show says why");
	else
		ret = draw(&panels, result, kind, path, err);
	kb_panels_free(&panels);
	return ret;
}
