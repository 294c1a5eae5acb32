// SPDX-License-Identifier: GPL-2.0
/* All panels of a page: their ranges, their end. */
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

void kb_panels_free(struct kb_panels *panels)
{
	for (size_t i = 0; i < panels->nr_panels; i++) {
		for (size_t j = 0; j < panels->panels[i].nr_lines; j++)
			free(panels->panels[i].lines[j].points);
		free(panels->panels[i].lines);
		free(panels->panels[i].places);
	}
	free(panels->panels);
	kb_rows_free(panels);
	memset(panels, 0, sizeof(*panels));
}
