// SPDX-License-Identifier: GPL-2.0
#include "perf_use.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"

int kb_perf_use_check(const struct kb_run_options *options, struct kb_error *err)
{
	if (!options->request.perf || options->target != KB_TARGET_HOST ||
	    (options->boots < 2 && !options->until))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "--perf looks at the boot that the machine is in: leave "
		       "out --boots and --until");
}

/* An emulated CPU has no caches and guesses no branches: there is nothing to count. */
static bool is_emulated(const struct kb_job *job)
{
	const char *fidelity = json_string_value(json_object_get(job->environment, "fidelity"));

	return fidelity && (!strcmp(fidelity, "tcg") || !strcmp(fidelity, "icount"));
}

/* Counters of the kernel's own, unless the user has chosen some, or there are none. */
static int stand_in(struct kb_job *job, struct kb_request *request, struct kb_error *err)
{
	const struct kb_perf *perf = request->perf;
	bool chosen = request->counters.nr > 0, none = !chosen && is_emulated(job);
	char *text;
	int ret = 0;

	request->perf = NULL;
	if (!chosen && !none)
		ret = kb_counters_parse(&request->counters, perf->counters, err);
	if (none)
		text = kb_path("perf cannot go into a guest, and this one is emulated and has no "
			       "counters that could stand in for perf %s", perf->name);
	else
		text = kb_path("perf cannot go into a guest: counters stand in for perf %s (%s)",
			       perf->name, chosen ? "those of --counters" : perf->counters);
	if (!ret && kb_job_warn(job, text))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	free(text);
	return ret;
}

int kb_perf_use_settle(struct kb_job *job, const struct kb_run_options *options,
		       struct kb_request *request, struct kb_error *err)
{
	const struct kb_perf *perf = options->request.perf;
	char *text;
	int bad;

	request->perf = options->no_result ? NULL : perf;
	if (!request->perf)
		return 0;
	if (!job->target->ops->check_perf)
		return stand_in(job, request, err);
	if (job->target->ops->check_perf(job->target, perf->name, err))
		return -1;
	text = kb_path("perf %s is at work beside the cases: it disturbs what it looks at",
		       perf->name);
	bad = json_object_set_new(job->environment, "perf", json_string(perf->name)) ||
	      kb_job_warn(job, text);
	free(text);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

/* A directory of this run's own until there is a result: what failed leaves nothing. */
int kb_perf_use_begin(struct kb_job *job, struct kb_error *err)
{
	if (!job->plan.perf || !job->path)
		return 0;
	job->perf_dir = kb_path_beside(job->path, ".perf-XXXXXX");
	if (mkdtemp(job->perf_dir)) {
		job->target->perf_dir = job->perf_dir;
		return 0;
	}
	kb_fail(err, KB_EXIT_ENVIRONMENT, "no directory for perf's files: %s: %s", job->perf_dir,
		strerror(errno));
	free(job->perf_dir);
	job->perf_dir = NULL;
	return -1;
}

void kb_perf_use_drop(struct kb_job *job)
{
	if (!job->perf_dir)
		return;
	if (job->target)
		job->target->perf_dir = NULL;
	kb_remove_tree(job->perf_dir);
	free(job->perf_dir);
	job->perf_dir = NULL;
}
