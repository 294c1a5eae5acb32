// SPDX-License-Identifier: GPL-2.0
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accel.h"
#include "environment.h"
#include "exact.h"
#include "online.h"
#include "own_cases.h"
#include "paths.h"
#include "perf_use.h"
#include "result.h"
#include "run.h"
#include "target_choice.h"
#include "target_ssh.h"
#include "told_command.h"

/* Longest time that a case takes samples in an emulated guest, by default. */
#define EMULATED_TIME_NS	40000000ULL

#define WHY_VM	"the target is a guest: the running kernel gets modules only with --target host"

/* What was run, for the name of the result: the selectors with a '-' between them. */
static char *selectors_text(const struct kb_request *request)
{
	size_t size = 1;
	char *text;

	for (size_t i = 0; i < request->nr_selectors; i++)
		size += strlen(request->selectors[i]) + 1;
	text = calloc(size, 1);
	for (size_t i = 0; text && i < request->nr_selectors; i++) {
		strcat(text, i ? "-" : "");
		strcat(text, request->selectors[i]);
	}
	return text;
}

/*
 * @kind: of a run's several results, or "": they may be of one kernel and of one second
 * @name: without what was run
 */
static int result_path(char **path, const struct kb_run_options *options, const char *kind,
		       struct kb_result_name *name, size_t nr_jobs, struct kb_error *err)
{
	char *text = selectors_text(&options->request);
	char *what = text ? kb_path("%s%s", text, kind) : NULL;
	int ret;

	free(text);
	if (!what)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	name->what = what;
	ret = kb_result_path(path, options->output, name, nr_jobs, err);
	free(what);
	return ret;
}

int kb_job_check_output(const struct kb_run_options *options, struct kb_error *err)
{
	struct kb_result_name name = { .release = "kernel" };
	char *path = NULL;
	int ret = result_path(&path, options, "", &name, kb_target_count(options), err);

	free(path);
	return ret;
}

/* No other job of the run gets the same path, of equal kernels in trees of equal names either. */
static int choose_path(struct kb_job *job, const struct kb_run_options *options,
		       const struct kb_job *jobs, size_t nr_jobs, struct kb_error *err)
{
	const char **taken = calloc(nr_jobs + 1, sizeof(*taken));
	struct kb_result_name name = {
		.release = job->target->kernel_release, .tree = job->target->kernel_tree,
		.taken = taken, .nr_taken = nr_jobs,
	};
	const char *label = job->target->label;
	char *kind;
	int ret;

	if (!taken)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (size_t i = 0; i < nr_jobs; i++)
		taken[i] = jobs[i].path;
	kind = kb_path("%s%s%s", job->part && job->plan.bpf ? "-bpf" : "", label ? "-" : "",
		       label ? label : "");
	ret = result_path(&job->path, options, kind, &name, nr_jobs, err);
	free(kind);
	free(taken);
	return ret;
}

/* Guests are flat: whichever threads of the host run their CPUs, they are cores of one thread. */
static int guest_topology(struct kb_topology *topology, const struct kb_request *request,
			  struct kb_error *err)
{
	if (request->placement == KB_PLACEMENT_SMT)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--placement smt: a guest's CPUs are cores of one thread each; it "
			       "needs --target host");
	return kb_topology_flat(topology, kb_cpus_needed(&request->cpus), err);
}

int kb_host_topology(struct kb_topology *topology, enum kb_backend backend,
		     struct kb_error *err)
{
	if (kb_topology_read(topology, "/sys/devices/system", err))
		return -1;
	/* Threads of the agent are bound by what binds this process, the module's are not. */
	if (backend == KB_BACKEND_BPF)
		kb_topology_keep_allowed(topology);
	return 0;
}

/* The CPUs of the machine that is measured. */
static int assign_cpus(struct kb_run_options *options, struct kb_error *err)
{
	struct kb_request *request = &options->request;
	struct kb_topology topology = { 0 };
	int ret;

	if (options->target == KB_TARGET_HOST)
		ret = kb_host_topology(&topology, options->backend, err);
	else
		ret = guest_topology(&topology, request, err);
	if (!ret)
		ret = kb_online_assign(request, &topology, "here and open to this process; try "
				       "--target vm", err);
	kb_topology_free(&topology);
	return ret;
}

/* The CPUs of another machine; those of the one before it do not count. */
static int assign_remote_cpus(struct kb_run_options *options, const struct kb_target *target,
			      struct kb_error *err)
{
	struct kb_cpus *cpus = &options->request.cpus;
	char *where = kb_path("on %s", target->label);
	struct kb_topology topology = { 0 };
	int ret = kb_target_ssh_topology(target, &topology, err);

	if (!options->cpu_list) {
		free(cpus->list);
		cpus->list = NULL;
		cpus->nr_list = 0;
	}
	if (!ret)
		ret = kb_online_assign(&options->request, &topology, where, err);
	kb_topology_free(&topology);
	free(where);
	return ret;
}

static struct kb_target *open_remote(struct kb_run_options *options, const char *machine,
				     struct kb_error *err)
{
	struct kb_ssh_spec spec;
	const struct kb_ssh_options ssh = {
		.spec = &spec, .suites = &options->suites,
		.tree = options->nr_kernels ? options->kernels[0] : NULL,
		.bpf = options->backend == KB_BACKEND_BPF,
	};
	struct kb_target *target;

	if (kb_ssh_spec_parse(&spec, machine, err))
		return NULL;
	target = kb_target_ssh(&ssh, err);
	if (target && assign_remote_cpus(options, target, err)) {
		target->ops->free(target);
		return NULL;
	}
	return target;
}

static struct kb_target *open_target(struct kb_run_options *options, const char *spec,
				     struct kb_error *err)
{
	const struct kb_vm_options vm = {
		.kernel_spec = spec || !options->machine ? spec : options->machine->kernel,
		.accel = options->accel, .machine = options->machine,
		.cpus = kb_cpus_needed(&options->request.cpus),
		.suites = &options->suites, .bpf = options->backend == KB_BACKEND_BPF,
		.counts = options->counts,
	};

	if (options->target == KB_TARGET_SSH)
		return open_remote(options, spec, err);
	if (assign_cpus(options, err))
		return NULL;
	if (options->target != KB_TARGET_HOST)
		return kb_target_vm(&vm, err);
	if (!vm.bpf)
		return kb_target_host(&options->suites, err);
	return kb_target_host_bpf(true, options->request.perf && !options->no_result, err);
}

/* The environment's warnings, made when there are none yet. Return: NULL: no memory */
static json_t *warnings_of(json_t *environment)
{
	json_t *warnings = json_object_get(environment, "warnings");

	if (!warnings) {
		warnings = json_array();
		if (json_object_set_new(environment, "warnings", warnings))
			return NULL;
	}
	return warnings;
}

/* Add a line to the environment's warnings. Return: 0 or -1 */
static int add_warning(json_t *environment, const char *text)
{
	return json_array_append_new(warnings_of(environment), json_string(text));
}

int kb_job_warn(struct kb_job *job, const char *text)
{
	return add_warning(job->environment, text);
}

/* Why a guest is emulated although the user left that open. Return: malloc()ed, or NULL */
static char *why_emulated(const json_t *environment)
{
	const char *accel = NULL, *version = NULL;
	char *known, *why = NULL;

	json_unpack((json_t *)environment, "{s:{s:s, s:s}}", "emulator", "accel", &accel,
		    "version", &version);
	if (!accel || !version || strcmp(accel, kb_accel_name(KB_ACCEL_TCG)) != 0)
		return NULL;
	known = kb_accel_known_kvm(version);
	if (known && strcmp(known, KB_ACCEL_WORKS) != 0)
		why = kb_path("KVM does not work here (%s): the guest is emulated", known);
	free(known);
	return why;
}

/* A guest on real CPUs wanders with them, and sees none of their settings. */
static int add_host_warnings(json_t *environment)
{
	const char *fidelity = json_string_value(json_object_get(environment, "fidelity"));
	struct kb_environment host;

	if (!json_object_get(environment, "emulator") || !fidelity || strcmp(fidelity, "virtual"))
		return 0;
	kb_environment_judge(&host, NULL);
	return kb_environment_warn(&host, warnings_of(environment));
}

/* The target's facts, with a word on why it is what it is where the user left that open. */
static json_t *build_environment(const struct kb_target *target,
				 const struct kb_run_options *options)
{
	json_t *environment = target->ops->facts(target);
	char *why = NULL;
	int bad = 0;

	if (!environment)
		return NULL;
	if (!strcmp(options->accel, "auto"))
		why = why_emulated(environment);
	if (options->target == KB_TARGET_AUTO)
		bad |= add_warning(environment, WHY_VM);
	if (why)
		bad |= add_warning(environment, why);
	bad |= add_host_warnings(environment);
	free(why);
	if (!bad)
		return environment;
	json_decref(environment);
	return NULL;
}

/* Emulated times are functional only: nobody waits for better ones unless they ask. */
static struct kb_request request_for(const struct kb_run_options *options,
				     const json_t *environment)
{
	const char *fidelity = json_string_value(json_object_get(environment, "fidelity"));
	struct kb_request request = options->request;

	if (options->default_time && fidelity && !strcmp(fidelity, "tcg"))
		request.time_ns = EMULATED_TIME_NS;
	return request;
}

int kb_job_prepare(struct kb_job *job, struct kb_run_options *options, const char *spec,
		   struct kb_error *err)
{
	struct kb_request request;
	int ret;

	memset(job, 0, sizeof(*job));
	job->target = open_target(options, spec, err);
	if (!job->target)
		return -1;
	job->environment = build_environment(job->target, options);
	if (!job->environment)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	request = request_for(options, job->environment);
	if (kb_perf_use_settle(job, options, &request, err))
		return -1;
	if (job->target->module_dir)
		ret = kb_catalog_read(&job->catalog, job->target->module_dir, err);
	else
		ret = kb_catalog_read_bpf(&job->catalog, err);
	return ret ? ret : kb_plan_expand(&job->plan, &request, &job->catalog, err);
}

int kb_job_finish(struct kb_job *job, const struct kb_run_options *options,
		  const struct kb_job *jobs, size_t nr_jobs, struct kb_error *err)
{
	if (kb_is_exact(job->environment) && kb_plan_add_known(&job->plan, &job->catalog, err))
		return -1;
	if (kb_plan_add_overhead(&job->plan, &job->catalog, err))
		return -1;
	job->plan.symbols = options->counts != 0;
	if (options->no_result)
		return 0;
	return choose_path(job, options, jobs, nr_jobs, err);
}

void kb_job_announce(const struct kb_job *job)
{
	const json_t *warning;
	size_t i;

	json_array_foreach(json_object_get(job->environment, "warnings"), i, warning)
		kb_note("%s", json_string_value(warning));
}

void kb_job_free(struct kb_job *job)
{
	kb_perf_use_drop(job);
	if (job->target)
		job->target->ops->free(job->target);
	kb_run_free(&job->run);
	kb_plan_free(&job->plan);
	kb_catalog_free(&job->catalog);
	free(job->path);
	kb_told_command_free(job->command, job->facts.argc);
	json_decref(job->environment);
	memset(job, 0, sizeof(*job));
}
