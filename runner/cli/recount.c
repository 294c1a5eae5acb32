// SPDX-License-Identifier: GPL-2.0
#include "recount.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jobs.h"
#include "paths.h"
#include "table.h"

/* A case has 8 parameters, a user may have given some suites of their own. */
#define MAX_ARGS	96

/** struct args - a command line of "kbench run"; its strings live as long as the options do */
struct args {
	char	*items[MAX_ARGS + 1];
	int	nr;
};

static void add(struct args *args, char *text)
{
	if (args->nr < MAX_ARGS)
		args->items[args->nr++] = text;
	else
		free(text);
}

static void add_option(struct args *args, const char *name, const char *value)
{
	add(args, kb_path("%s=%s", name, value));
}

static void args_free(struct args *args)
{
	/* argp puts them into another order, but keeps all. */
	for (int i = 0; i < args->nr; i++)
		free(args->items[i]);
}

/* Options of the run that change how a case is measured. */
static void add_options(struct args *args, const struct kb_run_options *options)
{
	const struct kb_request *request = &options->request;

	if (!options->default_time)
		add(args, kb_path("--time=%lluns", (unsigned long long)request->time_ns));
	add(args, kb_path("--deadline=%lluns", (unsigned long long)request->deadline_ns));
	add(args, kb_path("--samples=%u", request->samples));
	for (size_t i = 0; i < options->suites.nr; i++)
		add_option(args, "--suite", options->suites.files[i].path);
	if (options->machine)
		add_option(args, "--machine", options->machine->name);
}

/* The result's own command line is parsed as it was then: its options may be abbreviated. */
static int add_given(struct args *args, const struct kb_recount *recount, struct kb_error *err)
{
	const json_t *command = json_object_get(recount->result, "command"), *word;
	char **argv = calloc(json_array_size(command) + 2, sizeof(*argv));
	struct kb_run_options options = { 0 };
	struct kb_error why = { 0 };
	int argc = 0, ret;
	size_t i;

	if (!argv)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	json_array_foreach(command, i, word)
		if (i && json_string_value(word))
			argv[argc++] = (char *)json_string_value(word);
	ret = argc ? kb_run_options_parse(&options, argc, argv, &why) : -1;
	if (!ret)
		add_options(args, &options);
	else
		kb_fail(err, KB_EXIT_USAGE, "%s: its command line does not say how it was "
			"measured: %s", recount->path, why.text[0] ? why.text : "there is none");
	kb_run_options_free(&options);
	free(argv);
	return ret ? -1 : 0;
}

/* The boot that @entry is of. */
static const json_t *boot_of(const struct kb_recount *recount)
{
	size_t index = (size_t)json_integer_value(json_object_get(recount->entry, "boot"));

	return json_array_get(json_object_get(recount->result, "boots"), index);
}

static int fill_args(struct args *args, const struct kb_recount *recount, struct kb_error *err)
{
	const json_t *entry = recount->entry, *value;
	const json_t *cpu = json_array_get(json_object_get(entry, "cpu_list"), 0);
	const char *name;

	add(args, kb_path("kbench explain"));
	add(args, kb_path("%s/%s", kb_text(entry, "suite"), kb_text(entry, "bench")));
	add_option(args, "--target", "vm");
	add_option(args, "--backend", "lkm");
	add_option(args, "--accel", "icount");
	add_option(args, "--context", kb_text(entry, "context"));
	add_option(args, "--kernels",
		   kb_text(json_object_get(recount->result, "kernel"), "release"));
	add(args, kb_path("--cpu-list=%lld", (long long)json_integer_value(cpu)));
	add(args, kb_path("--seed=%lld", (long long)json_integer_value(
				json_object_get(boot_of(recount), "seed"))));
	json_object_foreach((json_t *)json_object_get(entry, "params"), name, value)
		add(args, kb_path("--param=%s=%lld", name, (long long)json_integer_value(value)));
	return add_given(args, recount, err);
}

/* The case of the plan that the entry is of; kbench's own stand beside it. */
static const struct kb_case *find_case(const struct kb_plan *plan, const struct kb_recount *recount)
{
	const json_t *entry = recount->entry;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		const struct kb_case *kase = &plan->cases[i];
		unsigned int context = kase->context == KBENCH_CTX_DEFAULT ? kase->bench->context :
									     kase->context;

		if (!strcmp(kase->bench->suite, kb_text(entry, "suite")) &&
		    !strcmp(kase->bench->name, kb_text(entry, "bench")) &&
		    !strcmp(kb_context_name(context), kb_text(entry, "context")))
			return kase;
	}
	return NULL;
}

static unsigned int phase_of(const struct kb_case *kase, const json_t *entry)
{
	unsigned int phase = 0;

	while (phase + 1 < kase->bench->nr_phases &&
	       strcmp(kase->bench->phases[phase], kb_text(entry, "phase")) != 0)
		phase++;
	return phase;
}

/* What was counted is what the result says, or both are about something else. */
static int check_figure(const struct kb_profile *profile, const struct kb_recount *recount,
			struct kb_error *err)
{
	double said = json_number_value(json_object_get(json_object_get(recount->entry, "per_op"),
							"median"));

	if (kb_same_count(profile->total, said))
		return 0;
	return kb_fail(err, KB_EXIT_TARGET, "not proved: %s has %.9g instructions for %s, which "
		       "takes %.9g alone, with this kbench and this emulator: run that case by "
		       "itself and explain that", recount->path, said, recount->name,
		       profile->total);
}

static int build(struct kb_profile *profile, const struct kb_job *job, int counts,
		 const struct kb_recount *recount, struct kb_error *err)
{
	const struct kb_case *kase = find_case(&job->plan, recount);
	const struct kb_boot *boot = &job->run.boots[job->run.nr_boots - 1];
	const struct kb_measured *measured = kase ? &boot->measured[kase->id] : NULL;
	struct kb_batches batches = { 0 };
	struct kb_symbols symbols = { 0 };
	int ret = -1;

	if (!measured || measured->status != KB_CASE_OK)
		return kb_fail(err, KB_EXIT_TARGET, "%s was not measured%s%s", recount->name,
			       measured && measured->reason[0] ? ": " : "",
			       measured ? measured->reason : "");
	if (!kb_symbols_read(&symbols, boot->symbols, err) &&
	    !kb_batches_read(&batches, counts, err))
		ret = kb_profile_build(profile, measured, phase_of(kase, recount->entry),
				       kase->bench->nr_phases, &batches, &symbols, err);
	kb_batches_free(&batches);
	kb_symbols_free(&symbols);
	return ret ? ret : check_figure(profile, recount, err);
}

static int measure(struct kb_profile *profile, struct kb_run_options *options,
		   const struct kb_recount *recount, int argc, char **argv, struct kb_error *err)
{
	struct kb_job job;
	json_t *result = NULL;
	int ret = -1;

	if (!kb_job_prepare(&job, options, options->kernels[0], err) &&
	    !kb_job_finish(&job, options, &job, 1, err)) {
		kb_job_begin(&job, options, NULL, argc, argv);
		kb_job_round(&job, options, NULL);
		/* This also makes instructions of the samples. */
		result = kb_job_result(&job);
		if (job.err.exit != KB_EXIT_OK)
			kb_fail(err, job.err.exit, "%s", job.err.text);
		else if (!result)
			kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		else
			ret = build(profile, &job, options->counts, recount, err);
	}
	json_decref(result);
	kb_job_free(&job);
	return ret;
}

int kb_recount(struct kb_profile *profile, const struct kb_recount *recount, int argc,
	       char **argv, struct kb_error *err)
{
	struct args args = { .nr = 0 }, given;
	struct kb_run_options options = { 0 };
	int ret;

	memset(profile, 0, sizeof(*profile));
	ret = fill_args(&args, recount, err);
	given = args;
	if (!ret)
		ret = kb_run_options_parse(&options, args.nr, args.items, err);
	options.no_result = true;
	options.counts = ret ? -1 : memfd_create("kbench-counts", MFD_CLOEXEC);
	if (!ret && options.counts < 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot create a file in memory: %s",
			      strerror(errno));
	if (!ret)
		ret = kb_jobs_check(&options, err);
	if (!ret)
		ret = measure(profile, &options, recount, argc, argv, err);
	if (options.counts >= 0)
		close(options.counts);
	kb_run_options_free(&options);
	args_free(&given);
	return ret ? -1 : 0;
}
