/* SPDX-License-Identifier: GPL-2.0 */
/* --perf at a run: whether it can be had, what stands in for it, where its files are. */
#ifndef KB_PERF_USE_H
#define KB_PERF_USE_H

#include "job.h"

/** kb_perf_use_check() - what only the whole command line shows; 0, or -1 with KB_EXIT_USAGE */
int kb_perf_use_check(const struct kb_run_options *options, struct kb_error *err);

/**
 * kb_perf_use_settle() - is perf at work at @job's target? Its environment says what that means
 * @request: of the job; out: without perf, and with counters, where perf cannot go
 * Return: 0, or -1 with @err: perf is missing there, or not permitted
 */
int kb_perf_use_settle(struct kb_job *job, const struct kb_run_options *options,
		       struct kb_request *request, struct kb_error *err);

/** kb_perf_use_begin() - a place for perf's files, where it is at work; 0 or -1 with @err */
int kb_perf_use_begin(struct kb_job *job, struct kb_error *err);

/** kb_perf_use_drop() - remove what was not kept */
void kb_perf_use_drop(struct kb_job *job);

#endif
