/* SPDX-License-Identifier: GPL-2.0 */
/* A gnuplot script made of panels and the templates in plots/, and what gnuplot makes of it. */
#ifndef KB_PLOT_SCRIPT_H
#define KB_PLOT_SCRIPT_H

#include "panels.h"
#include "plot.h"

/**
 * kb_plot_script() - the script that draws @panels to gnuplot's standard output
 * @plots: directory of the templates
 * Return: malloc()ed text of *@size bytes, or NULL with @err
 */
char *kb_plot_script(const struct kb_panels *panels, const json_t *result,
		     const struct kb_plot_options *options, const char *plots, size_t *size,
		     struct kb_error *err);

/**
 * kb_gnuplot_run() - run a script
 * @picture: out: what it drew, malloc()ed, *@picture_size bytes
 * Return: 0, or -1: KB_EXIT_ENVIRONMENT when there is no gnuplot or it failed
 */
int kb_gnuplot_run(const char *script, size_t size, enum kb_plot_format format, char **picture,
		   size_t *picture_size, struct kb_error *err);

/** kb_plot_ticks() - "'10 ns' 10, '100 ns' 100" for a logarithmic axis of @unit, malloc()ed */
char *kb_plot_ticks(double low, double high, const char *unit);

#endif
