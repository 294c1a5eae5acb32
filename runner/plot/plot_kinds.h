/* SPDX-License-Identifier: GPL-2.0 */
/* The panels of the kinds that are not made of a result's medians. */
#ifndef KB_PLOT_KINDS_H
#define KB_PLOT_KINDS_H

#include "panels.h"

/*
 * All of these add to panels and fill in the foot. @suite: NULL: all. Return: 0, or -1 with @err:
 * out of memory, or what the results lack.
 */

/**
 * kb_latency_panels() - of @kind, KB_PLOT_PERCENTILES or KB_PLOT_HISTOGRAM
 * Percentiles of one result have its cases beside each other, of several the results of each case.
 */
int kb_latency_panels(struct kb_panels *panels, const struct kb_named_result *results, size_t nr,
		      enum kb_plot_kind kind, const char *suite, struct kb_error *err);

/** kb_latency_is_drawable() - has that entry of cases[] the buckets that pictures are made of? */
bool kb_latency_is_drawable(const json_t *entry, const char *suite);

/** kb_history_panels() - a panel for each case of a series, those that changed first */
int kb_history_panels(struct kb_panels *panels, const struct kb_named_result *results, size_t nr,
		      const char *suite, struct kb_error *err);

/** kb_history_shows() - whether any case is in several of the results */
bool kb_history_shows(const struct kb_named_result *results, size_t nr, const char *suite);

/** kb_forest_panels() - two results, or more of several kernels: each with the first kernel's */
int kb_forest_panels(struct kb_panels *panels, const struct kb_named_result *results, size_t nr,
		     const char *suite, struct kb_error *err);

#endif
