// SPDX-License-Identifier: GPL-2.0
/* Which kinds of picture have something to show. */
#include "plot_kinds.h"

#include <stdlib.h>
#include <string.h>

#include "files_settings.h"
#include "table.h"

/* Of medians: the kinds of diagram that an overview is made of. */
static unsigned int kinds_of_medians(const json_t *result, const char *suite)
{
	struct kb_panels panels = { .most_cells = 1 };
	unsigned int kinds = 0;

	if (!kb_panels_add(&panels, result, KB_PLOT_OVERVIEW, suite, ""))
		for (size_t i = 0; i < panels.nr_panels; i++)
			kinds |= 1U << panels.panels[i].kind | 1U << KB_PLOT_OVERVIEW |
				 1U << KB_PLOT_BARS;
	kb_panels_free(&panels);
	return kinds;
}

static unsigned int kinds_of_latency(const json_t *result, const char *suite)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry)
		if (kb_latency_is_drawable(entry, suite))
			return 1U << KB_PLOT_PERCENTILES | 1U << KB_PLOT_HISTOGRAM;
	return 0;
}

static bool forest_shows(const struct kb_named_result *results, size_t nr, const char *suite)
{
	struct kb_panels panels = { 0 };
	struct kb_error ignored = { 0 };
	bool shows = !kb_forest_panels(&panels, results, nr, suite, &ignored) &&
		     panels.nr_panels;

	kb_panels_free(&panels);
	return shows;
}

unsigned int kb_plot_kinds(const struct kb_named_result *results, size_t nr, const char *suite)
{
	unsigned int kinds = 0;

	for (size_t i = 0; i < nr; i++)
		kinds |= kinds_of_medians(results[i].result, suite) |
			 kinds_of_latency(results[i].result, suite);
	if (nr > 1 && kb_history_shows(results, nr, suite))
		kinds |= 1U << KB_PLOT_HISTORY;
	if (nr > 1 && forest_shows(results, nr, suite))
		kinds |= 1U << KB_PLOT_FOREST;
	return kinds;
}

static size_t count_kernels(const struct kb_named_result *results, size_t nr)
{
	json_t *seen = json_object();
	size_t kernels;

	for (size_t i = 0; i < nr; i++) {
		char *kernel = kb_files_kernel(results[i].result);

		json_object_set_new_nocheck(seen, kernel, json_true());
		free(kernel);
	}
	kernels = json_object_size(seen);
	json_decref(seen);
	return kernels;
}

static bool one_fidelity(const struct kb_named_result *results, size_t nr)
{
	const char *first = kb_text(json_object_get(results[0].result, "environment"), "fidelity");

	for (size_t i = 1; i < nr; i++)
		if (strcmp(kb_text(json_object_get(results[i].result, "environment"), "fidelity"),
			   first) != 0)
			return false;
	return true;
}

enum kb_plot_kind kb_plot_best(const struct kb_named_result *results, size_t nr, const char *suite)
{
	if (nr == 1 || !one_fidelity(results, nr))
		return KB_PLOT_OVERVIEW;
	if (nr == 2 || count_kernels(results, nr) == 2)
		return forest_shows(results, nr, suite) ? KB_PLOT_FOREST : KB_PLOT_OVERVIEW;
	return kb_history_shows(results, nr, suite) ? KB_PLOT_HISTORY : KB_PLOT_OVERVIEW;
}
