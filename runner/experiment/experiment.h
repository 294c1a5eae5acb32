/* SPDX-License-Identifier: GPL-2.0 */
/* The rounds of a run: which kernel boots when, and when they are enough. */
#ifndef KB_EXPERIMENT_H
#define KB_EXPERIMENT_H

#include "job.h"
#include "journal_dir.h"

/**
 * kb_experiment_measure() - the rounds that are not behind yet
 * @experiment: its boots come in blocks, in each of which every kernel has one, in random order:
 *              what changes with time meets all of them alike. NULL: one job after the other.
 * @journal:    keeps the rounds, or NULL
 * @most:       rounds of each job, at most: fewer where the user asked for a precision
 * Each job knows its own error.
 */
void kb_experiment_measure(struct kb_jobs *jobs, const struct kb_run_options *options,
			   const struct kb_experiment *experiment,
			   const struct kb_journal_dir *journal, size_t most);

/**
 * kb_experiment_enough() - the rounds so far are as many, or tell as much, as was asked for
 * @say: how far it is
 */
bool kb_experiment_enough(struct kb_jobs *jobs, const struct kb_run_options *options, bool say);

#endif
