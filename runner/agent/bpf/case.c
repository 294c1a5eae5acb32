// SPDX-License-Identifier: GPL-2.0
/* A case: which program on which CPUs, with what parameters, and the memory for its samples. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf.h"

#define say(reason, ...)	snprintf(reason, KBENCH_REASON_LEN, __VA_ARGS__)

static const char *const fixed_params[] = { KB_BPF_FIXED_PARAMS };

static int check_bench(const struct bpf_case *kase, const struct kb_bpf_bench_desc *desc,
		       char *reason)
{
	if (kase->nr_workers < (desc->min_cpus ? desc->min_cpus : 1))
		say(reason, "needs at least %u CPUs", desc->min_cpus);
	else if (desc->max_cpus && kase->nr_workers > desc->max_cpus)
		say(reason, "takes at most %u CPUs", desc->max_cpus);
	else if (kase->context != KBENCH_CTX_PROCESS && kase->context != KBENCH_CTX_ATOMIC)
		say(reason, "BPF programs run in process context or with preemption off");
	else if (!(KBENCH_CONTEXTS(desc) & (1U << kase->context)))
		say(reason, "the bench cannot run in this context");
	else
		return 0;
	return -EOPNOTSUPP;
}

/* Return: index of the parameter, or -1 */
static int find_param(const struct kb_bpf_bench_desc *desc, const char *name)
{
	for (uint32_t i = 0; i < desc->nr_params; i++)
		if (!strcmp(desc->params[i].name, name))
			return (int)i;
	return -1;
}

static int take_param(struct bpf_case *kase, const struct kb_bpf_bench_desc *desc,
		      const struct kbench_param_value *given, char *reason)
{
	int index = find_param(desc, given->name);

	if (index < 0) {
		say(reason, "the bench has no parameter %s", given->name);
		return -ENOENT;
	}
	if (given->value < desc->params[index].min || given->value > desc->params[index].max) {
		say(reason, "parameter %s is out of range", given->name);
		return -ERANGE;
	}
	for (size_t i = 0; i < sizeof(fixed_params) / sizeof(fixed_params[0]); i++) {
		if (strcmp(given->name, fixed_params[i]) || given->value == desc->params[index].def)
			continue;
		say(reason, "BPF programs have %s=%lld only", given->name,
		    (long long)desc->params[index].def);
		return -EOPNOTSUPP;
	}
	for (uint32_t i = 0; i < kase->nr_workers; i++)
		kase->workers[i].shared->param[index] = given->value;
	return 0;
}

static int take_params(struct bpf_case *kase, const struct kb_bpf_bench_desc *desc,
		       const struct plan_case *plan, char *reason)
{
	int err = 0;

	for (uint32_t i = 0; i < kase->nr_workers; i++)
		for (uint32_t j = 0; j < desc->nr_params; j++)
			kase->workers[i].shared->param[j] = desc->params[j].def;
	for (uint32_t i = 0; i < plan->nr_params && !err; i++)
		err = take_param(kase, desc, &plan->params[i], reason);
	return err;
}

struct kbench_map_worker *bpf_case_entry(const struct bpf_case *kase, uint32_t index)
{
	return (struct kbench_map_worker *)((char *)kase->map + sizeof(*kase->map)) + index;
}

static size_t whole_lines(size_t size)
{
	return (size + 127) & ~(size_t)127;
}

/* Laid out as the module does: header and entries, then each worker's samples and counts. */
static int make_map(struct bpf_case *kase)
{
	size_t head = whole_lines(sizeof(*kase->map) +
				  kase->nr_workers * sizeof(struct kbench_map_worker));
	size_t samples = whole_lines(kase->max_samples * sizeof(struct kbench_sample));
	size_t counts = whole_lines((size_t)kase->max_samples * kase->nr_counters *
				    sizeof(struct kbench_count));
	size_t each = samples + counts;

	kase->map_size = whole_lines(head + each * kase->nr_workers);
	kase->map = aligned_alloc(128, kase->map_size);
	if (!kase->map)
		return -ENOMEM;
	/* Touched before anything is timed. */
	memset(kase->map, 0, kase->map_size);
	*kase->map = (struct kbench_map_header) {
		.header_size = sizeof(*kase->map),
		.sample_size = sizeof(struct kbench_sample),
		.nr_workers = kase->nr_workers,
		.nr_phases = 1,
		.nr_counters = kase->nr_counters,
		.count_size = sizeof(struct kbench_count),
		.worker_bytes = each + sizeof(struct bpf_worker) + sizeof(struct kb_bpf_worker),
	};
	for (uint32_t i = 0; i < kase->nr_workers; i++) {
		struct kbench_map_worker *entry = bpf_case_entry(kase, i);

		entry->cpu = kase->workers[i].cpu;
		entry->offset = head + each * i;
		entry->counts = entry->offset + samples;
		kase->workers[i].samples = (struct kbench_sample *)((char *)kase->map +
								    entry->offset);
		kase->workers[i].counts = (struct kbench_count *)((char *)kase->map +
								  entry->counts);
	}
	return 0;
}

static int take_cpus(struct bpf_case *kase, const struct plan_case *plan, char *reason)
{
	for (uint32_t i = 0; i < plan->nr_cpus; i++) {
		if (plan->cpus[i] >= KB_BPF_CPUS) {
			say(reason, "CPU %u: BPF programs of kbench know CPUs below %d",
			    plan->cpus[i], KB_BPF_CPUS);
			return -EOPNOTSUPP;
		}
		for (uint32_t j = 0; j < i; j++) {
			if (plan->cpus[j] != plan->cpus[i])
				continue;
			say(reason, "CPU %u is named twice", plan->cpus[i]);
			return -EINVAL;
		}
		kase->workers[i].kase = kase;
		kase->workers[i].cpu = plan->cpus[i];
	}
	return 0;
}

static void fill_shared(struct bpf_case *kase)
{
	for (uint32_t i = 0; i < kase->nr_workers; i++) {
		struct kb_bpf_worker *shared = kase->workers[i].shared;

		shared->index = i;
		shared->cpu = kase->workers[i].cpu;
		shared->next_cpu = kase->workers[(i + 1) % kase->nr_workers].cpu;
		shared->nr_workers = kase->nr_workers;
		shared->context = kase->context;
	}
}

static void *run_once(void *arg)
{
	const struct bpf_case *kase = arg;

	return (void *)(intptr_t)bpf_run(kase);
}

/* The bench's setup, without a batch, on the CPU of the first worker. */
static int try_setup(struct bpf_case *kase, char *reason)
{
	struct kb_bpf_worker *shared = kase->workers[0].shared;
	pthread_t thread;
	void *ret;
	int err;

	shared->iterations = 0;
	err = bpf_thread_start(&thread, kase->workers[0].cpu, run_once, kase);
	if (err == -EINVAL) {
		say(reason, "CPU %u is not online, or this process may not run on it",
		    kase->workers[0].cpu);
		return -ENODEV;
	}
	if (err)
		return err;
	pthread_join(thread, &ret);
	err = (int)(intptr_t)ret;
	if (err)
		say(reason, "its program cannot be run: %s", strerror(-err));
	else if (shared->error)
		say(reason, "setup of the bench failed: error %d", shared->error);
	return err ? err : shared->error;
}

static int set_up(struct bpf_case *kase, const struct plan_case *plan, char *reason, char **log)
{
	const struct bpf_suite *suite;
	struct kb_bpf_bench_desc desc;
	int err = bpf_bench_find(&suite, &desc, plan->suite, plan->bench);

	if (err) {
		say(reason, "there is no BPF program of this bench: --backend lkm has it");
		return -EOPNOTSUPP;
	}
	/* The module's limits. */
	if (plan->samples < 4 || plan->samples > 65536 || !plan->nr_cpus)
		return -EINVAL;
	if (plan->latency) {
		say(reason, "BPF programs do not time single ops: --latency needs --backend lkm");
		return -EOPNOTSUPP;
	}
	kase->context = plan->context == KBENCH_CTX_DEFAULT ? desc.context : plan->context;
	err = check_bench(kase, &desc, reason);
	err = err ? err : take_cpus(kase, plan, reason);
	err = err ? err : make_map(kase);
	err = err ? err : bpf_object_load(kase, suite, &desc, reason, log);
	if (err)
		return err;
	fill_shared(kase);
	err = take_params(kase, &desc, plan, reason);
	return err ? err : try_setup(kase, reason);
}

struct bpf_case *bpf_case_create(const struct plan_case *plan, char reason[KBENCH_REASON_LEN],
				 char **log, int *error)
{
	struct bpf_case *kase = calloc(1, sizeof(*kase));

	*log = NULL;
	*error = -ENOMEM;
	if (!kase)
		return NULL;
	kase->program = -1;
	pthread_mutex_init(&kase->ring_lock, NULL);
	kase->nr_workers = plan->nr_cpus;
	kase->max_samples = plan->samples;
	kase->nr_counters = plan->nr_counters;
	memcpy(kase->counters, plan->counters, sizeof(kase->counters));
	kase->workers = aligned_alloc(_Alignof(struct bpf_worker),
				      kase->nr_workers * sizeof(*kase->workers));
	if (kase->workers) {
		memset(kase->workers, 0, kase->nr_workers * sizeof(*kase->workers));
		*error = set_up(kase, plan, reason, log);
	}
	if (!*error)
		return kase;
	bpf_case_free(kase);
	return NULL;
}

void bpf_case_free(struct bpf_case *kase)
{
	if (!kase)
		return;
	bpf_object_unload(kase);
	free(kase->map);
	free(kase->workers);
	pthread_mutex_destroy(&kase->ring_lock);
	free(kase);
}
