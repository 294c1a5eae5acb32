// SPDX-License-Identifier: GPL-2.0
#include "case_runs.h"

#include <stdlib.h>
#include <string.h>

#include "case_name.h"
#include "experiment.h"
#include "interrupt.h"
#include "jobs.h"
#include "kept.h"
#include "one_case.h"
#include "paths.h"
#include "result.h"
#include "which_case.h"

#define MAX_KERNELS	2

/** struct attempt - jobs of one measurement, and the command lines that stand in their results */
struct attempt {
	struct kb_case_runs	*runs;
	const char *const	*kernels;
	size_t			nr;
	struct kb_job		jobs[MAX_KERNELS];
	struct kb_words		commands[MAX_KERNELS];
	struct kb_experiment	experiment;
};

int kb_case_runs_open(struct kb_case_runs *runs, struct kb_error *err)
{
	struct kb_run_options *options = &runs->options;
	char **argv = calloc(runs->words.nr + 2, sizeof(*argv));
	char name[] = "kbench run";
	int ret;

	if (!argv)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	argv[0] = name;
	memcpy(argv + 1, runs->words.items, runs->words.nr * sizeof(*argv));
	ret = kb_run_options_parse(options, (int)runs->words.nr + 1, argv, err);
	free(argv);
	options->no_result = true;
	if (ret || kb_jobs_check(options, err))
		return -1;
	return kb_kept_read(&runs->kept, runs->directory, &options->suites, err);
}

void kb_case_runs_free(struct kb_case_runs *runs)
{
	kb_run_options_free(&runs->options);
	kb_words_free(&runs->words);
	json_decref(runs->kept);
	runs->kept = NULL;
}

/* The command line that measures the same on @kernel alone. */
static void write_command(struct kb_words *command, const struct kb_words *words,
			  const char *kernel)
{
	char *option = kb_path("--kernels=%s", kernel);

	kb_words_add(command, "kbench");
	kb_words_add(command, "run");
	for (size_t i = 0; i < words->nr; i++)
		kb_words_add(command, words->items[i]);
	kb_words_add(command, option);
	free(option);
}

static int name_cases(const struct kb_plan *plan, const char *wanted, struct kb_error *err)
{
	json_t *names = json_object();

	for (size_t i = 0; i < plan->nr_cases; i++) {
		char name[KB_CASE_NAME_LEN];

		kb_case_name(name, &plan->cases[i]);
		json_object_set_new(names, name, json_true());
	}
	kb_case_several(names, "there are", wanted, err);
	json_decref(names);
	return -1;
}

static int name_phases(const struct kbench_bench_desc *bench, const char *wanted,
		       struct kb_error *err)
{
	json_t *names = json_object();

	for (unsigned int i = 0; i < bench->nr_phases; i++) {
		char *name = kb_path("%s/%s:%s", bench->suite, bench->name, bench->phases[i]);

		json_object_set_new(names, name, json_true());
		free(name);
	}
	kb_case_several(names, "there are", wanted, err);
	json_decref(names);
	return -1;
}

/* A bench whose phases are timed apart has a case for each. */
static int check_phase(const struct kbench_bench_desc *bench, const char *wanted,
		       struct kb_error *err)
{
	size_t length = strcspn(wanted, " ,");
	const char *colon = memchr(wanted, ':', length);
	int phase = colon ? (int)(wanted + length - colon - 1) : 0;

	if (!bench->nr_phases && colon)
		return kb_fail(err, KB_EXIT_USAGE, "%s/%s has no phases: leave out ':%.*s'",
			       bench->suite, bench->name, phase, colon + 1);
	for (unsigned int i = 0; colon && i < bench->nr_phases; i++)
		if (!strncmp(bench->phases[i], colon + 1, (size_t)phase) &&
		    !bench->phases[i][phase])
			return 0;
	if (!bench->nr_phases)
		return 0;
	return name_phases(bench, wanted, err);
}

static int prepare(struct attempt *attempt, size_t i, struct kb_error *err)
{
	struct kb_case_runs *runs = attempt->runs;
	struct kb_job *job = &attempt->jobs[i];

	if (kb_job_prepare(job, &runs->options, attempt->kernels[i], err))
		return -1;
	if (job->plan.nr_cases != 1)
		return name_cases(&job->plan, runs->wanted, err);
	if (check_phase(job->plan.cases[0].bench, runs->wanted, err))
		return -1;
	return kb_job_finish(job, &runs->options, job, 1, err);
}

/* What was measured so far. @results are replaced. */
static int take_results(struct attempt *attempt, json_t **results, struct kb_error *err)
{
	for (size_t i = 0; i < attempt->nr; i++) {
		struct kb_job *job = &attempt->jobs[i];

		json_decref(results[i]);
		results[i] = kb_job_result(job);
		if (job->err.exit != KB_EXIT_OK)
			return kb_fail(err, job->err.exit, "%s", job->err.text);
		if (!results[i])
			return kb_fail(err, KB_EXIT_TARGET, "nothing was measured");
		if (kb_one_case_check(results[i], attempt->kernels[i], attempt->runs->wanted, err))
			return -1;
	}
	return 0;
}

/* Boots, and twice as many while they do not suffice. */
static int boot_all(struct attempt *attempt, const struct kb_case_boots *boots, json_t **results,
		    struct kb_error *err)
{
	const struct kb_run_options *options = &attempt->runs->options;
	struct kb_jobs jobs = { .items = attempt->jobs, .nr = attempt->nr };
	unsigned int most = boots->first;

	for (size_t i = 0; i < attempt->nr; i++)
		kb_job_begin(&attempt->jobs[i], options,
			     attempt->nr > 1 ? &attempt->experiment : NULL,
			     (int)attempt->commands[i].nr, attempt->commands[i].items);
	for (;;) {
		kb_experiment_measure(&jobs, options, attempt->nr > 1 ? &attempt->experiment : NULL,
				      NULL, most);
		/* Between two rounds it ends without a job's error. */
		if (kb_interrupted)
			return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
		if (take_results(attempt, results, err))
			return -1;
		if (most >= boots->most || !boots->enough || boots->enough(results, boots->ctx))
			return 0;
		most = 2 * most < boots->most ? 2 * most : boots->most;
	}
}

static int save(struct attempt *attempt, json_t **results, struct kb_error *err)
{
	for (size_t i = 0; attempt->runs->directory && i < attempt->nr; i++) {
		struct kb_job *job = &attempt->jobs[i];
		const struct kb_result_name name = {
			.what = attempt->runs->wanted, .release = job->target->kernel_release,
			.tree = job->target->kernel_tree,
		};
		char *path = NULL;
		int ret;

		ret = kb_result_path(&path, attempt->runs->directory, &name, MAX_KERNELS, err) ||
		      kb_result_write(results[i], &job->plan, job->run.boots, job->run.nr_boots,
				      path, err);
		free(path);
		if (ret)
			return -1;
	}
	return 0;
}

/* A kernel that fails says nothing of the next; bad arguments and the user's wish to stop do. */
static int what_next(const struct kb_error *err)
{
	return err->exit == KB_EXIT_ENVIRONMENT || err->exit == KB_EXIT_TARGET ? 1 : -1;
}

static int measure(struct attempt *attempt, const struct kb_case_boots *boots, json_t **results,
		   struct kb_error *err)
{
	for (size_t i = 0; i < attempt->nr; i++)
		if (prepare(attempt, i, err))
			return what_next(err);
	kb_experiment_begin(&attempt->experiment, attempt->runs->options.order_seed);
	if (boot_all(attempt, boots, results, err))
		return what_next(err);
	return save(attempt, results, err);
}

static bool take_kept(const struct attempt *attempt, const struct kb_case_boots *boots,
		      json_t **results)
{
	return kb_kept_find(attempt->runs->kept, attempt->commands, attempt->nr,
			    attempt->runs->wanted, attempt->runs->options.quiet, results) &&
	       (!boots->enough || boots->enough(results, boots->ctx));
}

int kb_case_runs_measure(struct kb_case_runs *runs, const char *const *kernels, size_t nr,
			 const struct kb_case_boots *boots, json_t **results,
			 struct kb_error *err)
{
	struct attempt attempt = { .runs = runs, .kernels = kernels, .nr = nr };
	int ret = 0;

	for (size_t i = 0; i < nr; i++) {
		results[i] = NULL;
		write_command(&attempt.commands[i], &runs->words, kernels[i]);
	}
	if (!take_kept(&attempt, boots, results))
		ret = measure(&attempt, boots, results, err);
	for (size_t i = 0; i < nr; i++) {
		kb_job_free(&attempt.jobs[i]);
		kb_words_free(&attempt.commands[i]);
		if (ret) {
			json_decref(results[i]);
			results[i] = NULL;
		}
	}
	return ret;
}
