/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KB_JOB_SUM_H
#define KB_JOB_SUM_H

#include "job.h"

/**
 * kb_job_sum() - a checksum of what a job measures, and how
 * Of its plan, kbench, the modules' sources, the kernel, the environment but for its warnings, and
 * the machine: boots that are taken together have it in common. Return: malloc()ed, or NULL
 */
char *kb_job_sum(const struct kb_job *job);

#endif
