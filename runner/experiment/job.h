/* SPDX-License-Identifier: GPL-2.0 */
/* One kernel of a run: its target, its plan, and where its result goes. */
#ifndef KB_JOB_H
#define KB_JOB_H

#include <jansson.h>

#include "catalog.h"
#include "options.h"
#include "plan.h"
#include "result.h"
#include "run.h"
#include "target.h"
#include "topology.h"

/**
 * struct kb_job - ready to be measured
 * @plan:        points into @catalog
 * @path:        of the result file
 * @perf_dir:    where perf's files are until the result is written; NULL: there is no perf
 * @environment: the target's facts, and why this target was chosen
 * @command: the command line as the result tells it
 * @part:        another job has the rest of what was asked for
 * @run, @facts: what was measured so far, and what is known of it
 * @number: in the run's journal
 * @rounds: how many are behind
 * @published: its result is written
 * @unkept: the last round is not in the journal
 * @err:         what ended it before its time
 */
struct kb_job {
	struct kb_target	*target;
	struct kb_catalog	catalog;
	struct kb_plan		plan;
	char			*path;
	char			*perf_dir;
	json_t			*environment;
	bool			part;
	char			**command;
	struct kb_run		run;
	struct kb_run_facts	facts;
	size_t			number;
	size_t			rounds;
	bool			published;
	bool			unkept;
	struct kb_error		err;
};

/**
 * struct kb_jobs - of one run: one for each kernel, or for each way of timing
 * @items: room for one more than there are kernels
 */
struct kb_jobs {
	struct kb_job	*items;
	size_t		nr;
};

/**
 * kb_job_prepare() - get the target ready and plan the cases that were asked for
 * @options: of the run; on a host its CPU counts get the CPUs that are online
 * @spec:    kernel spec, or machine of --target ssh:; NULL for the target's choice
 * Return: 0 or -1 with @err; kb_job_free() in any case
 */
int kb_job_prepare(struct kb_job *job, struct kb_run_options *options, const char *spec,
		   struct kb_error *err);

/**
 * kb_job_finish() - add kbench's own cases to the plan, and choose where the result goes
 * @jobs, @nr_jobs: of the run, @job among them: several results need a directory and other names
 */
int kb_job_finish(struct kb_job *job, const struct kb_run_options *options,
		  const struct kb_job *jobs, size_t nr_jobs, struct kb_error *err);

/** kb_host_topology() - the CPUs of this machine that @backend can use; 0 or -1 with @err */
int kb_host_topology(struct kb_topology *topology, enum kb_backend backend, struct kb_error *err);

/** kb_job_check_output() - can results be written at all? Before a target takes its time */
int kb_job_check_output(const struct kb_run_options *options, struct kb_error *err);

/** kb_job_warn() - add a line to the environment's warnings; 0 or -1: out of memory */
int kb_job_warn(struct kb_job *job, const char *text);

/** kb_job_announce() - say what the environment's warnings are */
void kb_job_announce(const struct kb_job *job);

void kb_job_free(struct kb_job *job);

/** kb_job_rounds() - how often each case is measured, at most: once a boot */
size_t kb_job_rounds(const struct kb_run_options *options);

/**
 * kb_job_begin() - say what comes, make room for what is measured
 * @experiment: whose boots these are, or NULL
 * @argc, @argv: the command line, for the result
 */
void kb_job_begin(struct kb_job *job, const struct kb_run_options *options,
		  const struct kb_experiment *experiment, int argc, char **argv);

/**
 * kb_job_round() - measure once more; does nothing after an error
 * @journal: path of the file that keeps the round until the run has its result, or NULL
 */
void kb_job_round(struct kb_job *job, const struct kb_run_options *options, const char *journal);

/**
 * kb_job_replay() - take the next round from its journal; 0 or -1 with @err
 */
int kb_job_replay(struct kb_job *job, const char *journal, struct kb_error *err);

/**
 * kb_job_result() - what was measured, and nothing else done about it
 * Return: the result, or NULL with job->err. An error may come with a result.
 */
json_t *kb_job_result(struct kb_job *job);

/** kb_job_end() - write result and plot, print. Return: exit code; all messages are printed */
int kb_job_end(struct kb_job *job, const struct kb_run_options *options);

#endif
