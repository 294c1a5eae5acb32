// SPDX-License-Identifier: GPL-2.0
#include "split.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../kbench/uapi/bpf.h"
#include "paths.h"
#include "perf_use.h"
#include "placement.h"
#include "run.h"
#include "topology.h"

static const char *const fixed_params[] = { KB_BPF_FIXED_PARAMS };

/* Two results have to fit where the user wants them; as JSON they would be no document. */
static bool has_room(const struct kb_run_options *options)
{
	if (options->json)
		return false;
	return !options->output || kb_is_directory(options->output);
}

/* Whether the user left open what times, where, and the guest is emulated. */
static bool is_open(const struct kb_job *guest, const struct kb_run_options *options)
{
	const char *fidelity = json_string_value(json_object_get(guest->environment, "fidelity"));

	return options->backend == KB_BACKEND_AUTO && options->target == KB_TARGET_AUTO &&
	       !options->nr_kernels && !strcmp(options->accel, "auto") &&
	       !options->request.latency && options->boots < 2 && fidelity &&
	       !strcmp(fidelity, "tcg") && !access("/sys/kernel/btf/vmlinux", R_OK);
}

static bool has_defaults(const struct kb_case *kase)
{
	for (unsigned int i = 0; i < kase->bench->nr_params; i++)
		for (size_t j = 0; j < sizeof(fixed_params) / sizeof(fixed_params[0]); j++)
			if (!strcmp(kase->bench->params[i].name, fixed_params[j]) &&
			    kase->params[i] != kase->bench->params[i].def)
				return false;
	return true;
}

/**
 * struct host_cpus - which of this machine's CPUs stands for a guest's, which are numbered from 0
 * @list: the CPU for each number of a guest's, or with @named those that may be named
 */
struct host_cpus {
	unsigned int	*list;
	size_t		nr;
	bool		named;
};

static int host_cpus_read(struct host_cpus *cpus, const struct kb_run_options *options,
			  struct kb_error *err)
{
	enum kb_placement placement = options->request.placement;
	struct kb_topology topology;
	int ret = kb_host_topology(&topology, KB_BACKEND_BPF, err);

	if (ret)
		return -1;
	*cpus = (struct host_cpus){ .nr = topology.nr, .named = options->cpu_list };
	cpus->list = calloc(cpus->nr + 1, sizeof(*cpus->list));
	if (!cpus->list)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	else if (placement != KB_PLACEMENT_NONE)
		ret = kb_placement_choose(cpus->list, cpus->nr, &topology, placement, err);
	else
		for (size_t i = 0; i < cpus->nr; i++)
			cpus->list[i] = topology.cpus[i].number;
	kb_topology_free(&topology);
	return ret;
}

/* The host's CPU for a guest's. Return: false: there is none */
static bool host_cpu(unsigned int *cpu, const struct host_cpus *cpus)
{
	if (!cpus->named) {
		if (*cpu >= cpus->nr)
			return false;
		*cpu = cpus->list[*cpu];
		return true;
	}
	for (size_t i = 0; i < cpus->nr; i++)
		if (cpus->list[i] == *cpu)
			return true;
	return false;
}

/* The same case as a BPF program, or NULL where it has none or this machine has not its CPUs. */
static const struct kbench_bench_desc *twin_of(const struct kb_case *kase,
					       const struct kb_catalog *catalog,
					       const struct host_cpus *cpus)
{
	const struct kb_suite *suite = kb_catalog_suite(catalog, kase->bench->suite);

	if (!suite || !has_defaults(kase) ||
	    (kase->context != KBENCH_CTX_PROCESS && kase->context != KBENCH_CTX_ATOMIC))
		return NULL;
	for (unsigned int i = 0; i < kase->nr_cpus; i++) {
		unsigned int cpu = kase->cpus[i];

		if (!host_cpu(&cpu, cpus))
			return NULL;
	}
	return kb_suite_bench(suite, kase->bench->name);
}

/* Take the cases with a twin out of @guest's plan and put them into @bpf's. */
static int move_cases(struct kb_job *guest, struct kb_job *bpf, const struct host_cpus *cpus,
		      const struct kb_request *request)
{
	struct kb_plan *from = &guest->plan, *to = &bpf->plan;
	size_t kept = 0;

	*to = *from;
	to->bpf = true;
	/* A guest's is shorter, since its times mean little. */
	to->time_ns = request->time_ns;
	/* Nor need counters stand in for perf here. */
	to->perf = request->perf;
	to->counters = request->counters;
	to->nr_cases = 0;
	to->cases = calloc(from->nr_cases + 1, sizeof(*to->cases));
	if (!to->cases)
		return -1;
	for (size_t i = 0; i < from->nr_cases; i++) {
		struct kb_case *kase = &from->cases[i];
		const struct kbench_bench_desc *twin = twin_of(kase, &bpf->catalog, cpus);
		struct kb_case *moved = twin ? &to->cases[to->nr_cases] : &from->cases[kept];

		*moved = *kase;
		moved->id = (unsigned int)(twin ? to->nr_cases++ : kept++);
		if (!twin)
			continue;
		moved->bench = twin;
		moved->module = NULL;
		for (unsigned int j = 0; j < moved->nr_cpus; j++)
			host_cpu(&moved->cpus[j], cpus);
	}
	from->nr_cases = kept;
	return 0;
}

/* Not through sudo: nobody asked for it. */
static int open_bpf(struct kb_job *bpf, const struct kb_run_options *options,
		    struct kb_request *request, struct kb_error *err)
{
	bpf->target = kb_target_host_bpf(false, false, err);
	if (!bpf->target)
		return -1;
	bpf->environment = bpf->target->ops->facts(bpf->target);
	if (!bpf->environment)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return kb_perf_use_settle(bpf, options, request, err);
}

static size_t count_twins(const struct kb_job *guest, const struct kb_catalog *catalog,
			  const struct host_cpus *cpus)
{
	size_t nr = 0;

	for (size_t i = 0; i < guest->plan.nr_cases; i++)
		nr += twin_of(&guest->plan.cases[i], catalog, cpus) != NULL;
	return nr;
}

/* Which and why, for both results. */
static int explain(struct kb_job *guest, struct kb_job *bpf)
{
	char *text = kb_path("guests are emulated here: %zu of the cases have BPF programs and are "
			     "timed natively by these, %zu in a guest", bpf->plan.nr_cases,
			     guest->plan.nr_cases);
	int bad = kb_job_warn(bpf, text) || kb_job_warn(guest, text);

	free(text);
	bpf->part = true;
	guest->part = true;
	return bad;
}

int kb_split(struct kb_job *guest, struct kb_job *bpf, const struct kb_run_options *options,
	     struct kb_error *err)
{
	struct host_cpus cpus = { 0 };
	struct kb_request request = options->request;
	struct kb_error why = { 0 };
	size_t nr_twins = 0;
	int ret = 0;

	memset(bpf, 0, sizeof(*bpf));
	if (!is_open(guest, options))
		return 0;
	/* A guest does without whatever this machine lacks. */
	if (!host_cpus_read(&cpus, options, &why) && !kb_catalog_read_bpf(&bpf->catalog, &why))
		nr_twins = count_twins(guest, &bpf->catalog, &cpus);
	if (!nr_twins) {
		kb_job_free(bpf);
	} else if (nr_twins < guest->plan.nr_cases && !has_room(options)) {
		kb_note("there is room for one result: all is measured in the guest; with -o and a "
			"directory, or --backend bpf, there are native figures");
		kb_job_free(bpf);
	} else if (open_bpf(bpf, options, &request, &why)) {
		kb_note("no native figures: %s", why.text);
		kb_job_free(bpf);
	} else {
		json_t *said = json_object();

		kb_run_left_out(&guest->plan, &options->request, &guest->catalog, said);
		json_decref(said);
		if (move_cases(guest, bpf, &cpus, &request) || explain(guest, bpf))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	free(cpus.list);
	return ret;
}
