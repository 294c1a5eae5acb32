/* SPDX-License-Identifier: GPL-2.0 */
/* The start of a run: what times, which kernels and cases, and where the results go. */
#ifndef KB_JOBS_H
#define KB_JOBS_H

#include "job.h"

/**
 * kb_jobs_check() - settle what times, and look for mistypes in the names of suites
 * Before a kernel is fetched or built for: the target of @options is known after this, not before.
 * Return: 0 or -1 with @err
 */
int kb_jobs_check(struct kb_run_options *options, struct kb_error *err);

/**
 * kb_jobs_prepare() - kb_jobs_check(), then a job for each kernel, ready to be measured
 * @jobs: room for one more than there are kernels (two without): what this machine times natively
 *        may become a job of its own, which comes first. kb_jobs_free() in any case
 * Return: 0 or -1 with @err
 */
int kb_jobs_prepare(struct kb_jobs *jobs, struct kb_run_options *options, struct kb_error *err);

/** kb_jobs_free() - the jobs; not the room for them */
void kb_jobs_free(struct kb_jobs *jobs);

#endif
