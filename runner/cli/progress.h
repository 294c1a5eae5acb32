/* SPDX-License-Identifier: GPL-2.0 */
/* What the user sees on stderr while a run works. */
#ifndef KB_PROGRESS_H
#define KB_PROGRESS_H

#include <stdbool.h>

#include "collect.h"
#include "table.h"

/**
 * struct kb_progress - the progress of one run
 * @quiet:     show nothing
 * @rewrite:   stderr is a terminal that can go back to the begin of a line
 * @drawn:     a line without newline is on the screen
 * @nr_done:   cases of the plan that are over, in all boots
 * @case_since: CLOCK_MONOTONIC seconds when the first case of this boot began; 0: none yet
 * @boot_done: cases over in this boot
 * @printed:   when the last plain line was printed
 * @estimate:  of the case that ended last, "49.1 ns"; empty when there is none
 */
struct kb_progress {
	const struct kb_plan	*plan;
	bool			quiet;
	bool			rewrite;
	bool			drawn;
	size_t			nr_done;
	size_t			boot_done;
	double			case_since;
	double			printed;
	char			estimate[KB_FIGURE_LEN];
};

/** kb_progress_begin() - notes clear the line of this progress until kb_progress_end() */
void kb_progress_begin(struct kb_progress *progress, const struct kb_plan *plan, bool quiet);
void kb_progress_end(struct kb_progress *progress);

/** kb_progress_boot() - a boot of @what begins; @nr_done cases are behind */
void kb_progress_boot(struct kb_progress *progress, const char *what, size_t nr_done);

/** kb_progress_ops() - for kb_collect() */
struct kb_progress_ops kb_progress_ops(struct kb_progress *progress);

#endif
