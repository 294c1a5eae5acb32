// SPDX-License-Identifier: GPL-2.0
/* All panels of a page: their ranges, whose they are, their end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "panels.h"

/** struct range - of a suite's panels of one kind */
struct range {
	double	low;
	double	high;
};

static void widen(struct range *range, const struct kb_panel *panel)
{
	for (size_t i = 0; i < panel->nr_lines; i++) {
		for (size_t j = 0; j < panel->lines[i].nr_points; j++) {
			const struct kb_point *point = &panel->lines[i].points[j];

			range->low = fmin(range->low, fmin(point->low, point->value));
			range->high = fmax(range->high, fmax(point->high, point->value));
		}
	}
}

static bool belongs(const struct kb_panel *panel, const struct kb_panel *first)
{
	return panel->kind == first->kind && !strcmp(panel->suite, first->suite);
}

void kb_panels_finish(struct kb_panels *panels)
{
	for (size_t i = 0; i < panels->nr_panels; i++) {
		struct kb_panel *panel = &panels->panels[i];
		struct range range = { HUGE_VAL, 0 };

		/* Filled in with an earlier one, or by who made it. */
		if (panel->high > 0)
			continue;
		for (size_t j = i; j < panels->nr_panels; j++)
			if (belongs(&panels->panels[j], panel))
				widen(&range, &panels->panels[j]);
		for (size_t j = panels->nr_panels; j-- > i;) {
			if (!belongs(&panels->panels[j], panel))
				continue;
			panels->panels[j].low = range.low;
			panels->panels[j].high = range.high;
		}
	}
}

/* They share one set: a history has many panels, and each as many results. */
int kb_panels_from(struct kb_panels *panels, size_t first, const char *path)
{
	json_t *set;

	if (first >= panels->nr_panels)
		return 0;
	set = panels->panels[first].from;
	if (!set)
		set = json_object();
	for (size_t i = first; i < panels->nr_panels; i++)
		if (!panels->panels[i].from)
			panels->panels[i].from = i == first ? set : json_incref(set);
	return json_object_set_new_nocheck(set, path, json_true());
}

bool kb_panel_is_from(const struct kb_panel *panel, const char *path)
{
	return !panel->from || json_object_get(panel->from, path);
}

void kb_panel_count_boots(struct kb_panel *panel, size_t nr)
{
	if (!panel->least_boots || nr < panel->least_boots)
		panel->least_boots = nr;
	if (nr > panel->most_boots)
		panel->most_boots = nr;
}

void kb_panels_free(struct kb_panels *panels)
{
	for (size_t i = 0; i < panels->nr_panels; i++) {
		for (size_t j = 0; j < panels->panels[i].nr_lines; j++)
			free(panels->panels[i].lines[j].points);
		free(panels->panels[i].lines);
		free(panels->panels[i].places);
		json_decref(panels->panels[i].from);
	}
	free(panels->panels);
	kb_losses_free(&panels->missing);
	kb_losses_free(&panels->gaps);
	kb_rows_free(panels);
	memset(panels, 0, sizeof(*panels));
}
