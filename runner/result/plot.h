/* SPDX-License-Identifier: GPL-2.0 */
/* Pictures of results: a gnuplot script made of panels and the templates in plots/. */
#ifndef KB_PLOT_H
#define KB_PLOT_H

#include <jansson.h>
#include <stddef.h>

#include "error.h"
#include "panels.h"

/** enum kb_picture - kinds of picture, chosen by the file's ending */
enum kb_picture {
	KB_PICTURE_PNG,
	KB_PICTURE_SVG,
};

/** kb_picture_kind() - by the ending of @path, .png or .svg; else -1 with KB_EXIT_USAGE */
int kb_picture_kind(enum kb_picture *kind, const char *path, struct kb_error *err);

/**
 * kb_plot_script() - the script that draws @panels to gnuplot's standard output
 * @plots: directory of the templates
 * Return: malloc()ed text of *@size bytes, or NULL with @err
 */
char *kb_plot_script(const struct kb_panels *panels, const json_t *result, enum kb_picture kind,
		     const char *plots, size_t *size, struct kb_error *err);

/**
 * kb_gnuplot_run() - run a script
 * @picture: out: what it drew, malloc()ed, *@picture_size bytes
 * Return: 0, or -1: KB_EXIT_ENVIRONMENT when there is no gnuplot or it failed
 */
int kb_gnuplot_run(const char *script, size_t size, enum kb_picture kind, char **picture,
		   size_t *picture_size, struct kb_error *err);

/** kb_plot_ticks() - "'10 ns' 10, '100 ns' 100" for a logarithmic axis of @unit, malloc()ed */
char *kb_plot_ticks(double low, double high, const char *unit);

#endif
