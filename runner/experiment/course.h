/* SPDX-License-Identifier: GPL-2.0 */
/* A run from its first boot to its results, in one go or in several. */
#ifndef KB_COURSE_H
#define KB_COURSE_H

#include "job.h"
#include "journal_dir.h"

/**
 * struct kb_course - of a run
 * @jobs:        prepared and finished (kb_job_finish())
 * @journal:     of a run of several boots, else all zeroes; @resumed: it was there before
 * @interleaved: boots of several kernels come in blocks
 * @stepwise:    somebody else boots this machine: each call measures one boot
 */
struct kb_course {
	struct kb_jobs		jobs;
	struct kb_experiment	experiment;
	struct kb_journal_dir	journal;
	bool			resumed;
	bool			interleaved;
	bool			stepwise;
};

/**
 * kb_course_run() - measure what is not measured yet, write and print the results
 * @argc, @argv: the command line, "kbench" and "run" first; they outlive the jobs
 * Messages are printed. Return: exit code
 */
int kb_course_run(struct kb_course *course, const struct kb_run_options *options, int argc,
		  char **argv);

#endif
