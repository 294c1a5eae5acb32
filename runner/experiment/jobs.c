// SPDX-License-Identifier: GPL-2.0
#include "jobs.h"

#include "backend_choice.h"
#include "split.h"
#include "suite_sources.h"
#include "target_choice.h"

int kb_jobs_check(struct kb_run_options *options, struct kb_error *err)
{
	const struct kb_request *request = &options->request;

	if (kb_backend_choose(options, err))
		return -1;
	if (options->backend == KB_BACKEND_BPF)
		return 0;
	return kb_suite_sources_check(request->selectors, request->nr_selectors, &options->suites,
				      err);
}

/* What this machine times natively comes first, and may be all. */
static int split(struct kb_jobs *jobs, const struct kb_run_options *options, struct kb_error *err)
{
	struct kb_job *guest = &jobs->items[0], bpf;

	if (kb_split(guest, &bpf, options, err)) {
		kb_job_free(&bpf);
		return -1;
	}
	if (!bpf.plan.nr_cases)
		return 0;
	if (guest->plan.nr_cases)
		jobs->items[jobs->nr++] = *guest;
	else
		kb_job_free(guest);
	jobs->items[0] = bpf;
	return 0;
}

/* All kernels are prepared before the first is measured: mistakes show at once. */
int kb_jobs_prepare(struct kb_jobs *jobs, struct kb_run_options *options, struct kb_error *err)
{
	size_t nr = kb_target_count(options);

	if (kb_jobs_check(options, err) || kb_job_check_output(options, err))
		return -1;
	while (jobs->nr < nr) {
		const char *spec = kb_target_name(options, jobs->nr);

		if (kb_job_prepare(&jobs->items[jobs->nr++], options, spec, err)) {
			kb_backend_hint(options, err);
			return -1;
		}
	}
	if (split(jobs, options, err))
		return -1;
	for (size_t i = 0; i < jobs->nr; i++)
		if (kb_job_finish(&jobs->items[i], options, jobs->items, jobs->nr, err))
			return -1;
	return 0;
}

void kb_jobs_free(struct kb_jobs *jobs)
{
	for (size_t i = 0; i < jobs->nr; i++)
		kb_job_free(&jobs->items[i]);
	jobs->nr = 0;
}
