// SPDX-License-Identifier: GPL-2.0
/* A case: a bench, its parameters, the memory for samples, and its workers. */

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "core.h"

#define say(reason, ...)	snprintf(reason, KBENCH_REASON_LEN, __VA_ARGS__)

struct kbench_map_header *kb_case_header(const struct kb_case *kase)
{
	return kase->map;
}

struct kbench_map_worker *kb_case_map_worker(const struct kb_case *kase, unsigned int index)
{
	return (struct kbench_map_worker *)(kb_case_header(kase) + 1) + index;
}

static int find_param(const struct kbench_bench *bench, const char *name)
{
	unsigned int i;

	for (i = 0; i < bench->nr_params; i++)
		if (!strncmp(bench->params[i].name, name, KBENCH_NAME_LEN))
			return i;
	return -ENOENT;
}

/* Value of a parameter that the core knows by its name, or @absent where the bench has none. */
static s64 known_param(const struct kb_case *kase, const char *name, s64 absent)
{
	int at = find_param(kase->bench, name);

	return at < 0 ? absent : kase->proto.param[at];
}

static int take_params(struct kb_case *kase, struct kbench_setup *setup,
		       const struct kbench_param_value *values)
{
	const struct kbench_bench *bench = kase->bench;
	struct kb *kb = &kase->proto;
	unsigned int i;

	for (i = 0; i < bench->nr_params; i++)
		kb->param[i] = bench->params[i].def;
	for (i = 0; i < setup->nr_params; i++) {
		int at = find_param(bench, values[i].name);

		if (at < 0) {
			say(setup->reason, "no parameter %.*s", KBENCH_NAME_LEN - 1,
			    values[i].name);
			return -ENOENT;
		}
		if (values[i].value < bench->params[at].min ||
		    values[i].value > bench->params[at].max) {
			say(setup->reason, "%s=%lld is not in %lld..%lld", bench->params[at].name,
			    values[i].value, bench->params[at].min, bench->params[at].max);
			return -ERANGE;
		}
		kb->param[at] = values[i].value;
	}

	kb->cs = known_param(kase, "cs", 0);
	kb->think = known_param(kase, "think", 0);
	kb->readers = known_param(kase, "readers", KB_ALL);
	kase->with_work = kb->cs || kb->think || kb->readers != KB_ALL;
	return 0;
}

/*
 * A bench runs in the context that it declares, in process context, which allows all that the
 * others do, and in those that it names. In another its op may sleep where it must not.
 */
static int take_context(struct kb_case *kase, struct kbench_setup *setup)
{
	u32 own = kase->bench->context;

	kase->context = setup->context == KBENCH_CTX_DEFAULT ? own : setup->context;
	if (kase->context > KBENCH_CTX_IRQ_OFF)
		return -EINVAL;
	kase->proto.context = kase->context;
	if (KBENCH_CONTEXTS(kase->bench) & (1U << kase->context))
		return 0;
	say(setup->reason, "its op must not run in this context");
	return -EOPNOTSUPP;
}

static int check_bench(const struct kb_case *kase, struct kbench_setup *setup)
{
	const struct kbench_bench *bench = kase->bench;

	if (bench->lacks) {
		say(setup->reason, "%s", bench->lacks);
		return -EOPNOTSUPP;
	}
	if (setup->nr_cpus < max(bench->min_cpus, 1U)) {
		say(setup->reason, "needs at least %u CPUs", bench->min_cpus);
		return -EOPNOTSUPP;
	}
	if (bench->max_cpus && setup->nr_cpus > bench->max_cpus) {
		say(setup->reason, "takes at most %u CPUs", bench->max_cpus);
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Header and entries, then each worker's samples, counts and histograms on pages of their own. */
static int make_map(struct kb_case *kase)
{
	size_t head = PAGE_ALIGN(sizeof(struct kbench_map_header) +
				 kase->nr_workers * sizeof(struct kbench_map_worker));
	size_t nr = (size_t)kase->max_samples * kase->nr_phases;
	size_t samples = PAGE_ALIGN(nr * sizeof(struct kbench_sample));
	size_t counts = PAGE_ALIGN(nr * kase->nr_counters * sizeof(struct kbench_count));
	/* One beside those of the phases: for reading the clock. */
	size_t histograms = kase->latency ? (kase->nr_phases + 1) * KB_HISTOGRAM_SIZE : 0;
	size_t each = samples + counts + histograms;
	struct kbench_map_header *header;
	unsigned int i;

	if (each > (SIZE_MAX / 2 - head) / kase->nr_workers)
		return -ENOMEM;
	kase->map_size = head + each * kase->nr_workers;
	kase->map = vmalloc_user(kase->map_size);
	if (!kase->map)
		return -ENOMEM;

	header = kb_case_header(kase);
	header->header_size = sizeof(*header);
	header->sample_size = sizeof(struct kbench_sample);
	header->nr_workers = kase->nr_workers;
	header->nr_phases = kase->nr_phases;
	header->nr_counters = kase->nr_counters;
	header->count_size = sizeof(struct kbench_count);
	header->histogram_size = KB_HISTOGRAM_SIZE;
	header->worker_bytes = each + roundup_pow_of_two(sizeof(struct kb_worker)) +
			       kase->nr_counters * sizeof(struct kb_counter);
	if (kase->bench->nr_phases)
		header->worker_bytes += KB_MAX_SLOTS * sizeof(void *);
	for (i = 0; i < kase->nr_workers; i++) {
		struct kbench_map_worker *entry = kb_case_map_worker(kase, i);

		entry->offset = head + each * i;
		entry->counts = entry->offset + samples;
		entry->histograms = histograms ? entry->counts + counts : 0;
	}
	return 0;
}

void kb_case_free(struct kb_case *kase)
{
	unsigned int i;

	/* Also after a setup that failed half way, never without one. */
	if (kase->set_up && kase->bench->teardown)
		kase->bench->teardown(&kase->proto);
	for (i = 0; i < kase->nr_ready; i++)
		kfree(kase->workers[i]);
	kvfree(kase->workers);
	vfree(kase->map);
	module_put(kase->owner);
	kfree(kase);
}

static int run_setup(struct kb_case *kase, struct kbench_setup *setup)
{
	int err = 0;

	kase->set_up = true;
	if (kase->bench->setup)
		err = kase->bench->setup(&kase->proto);
	if (err == -EOPNOTSUPP && kase->proto.reason)
		say(setup->reason, "%s", kase->proto.reason);
	else if (err && !setup->reason[0])
		say(setup->reason, "setup of the bench failed: error %d", err);
	return err;
}

static struct kb_case *case_alloc(struct kbench_setup *setup, const struct kbench_counter *counters)
{
	struct module *owner;
	struct kbench_bench *bench = kb_registry_get(setup->suite, setup->bench, &owner);
	struct kb_case *kase;

	if (IS_ERR(bench)) {
		say(setup->reason, "no bench %s/%s is loaded", setup->suite, setup->bench);
		return ERR_CAST(bench);
	}
	/* A power of two: such objects are aligned to their size, so to KB_LINE too. */
	kase = kzalloc(roundup_pow_of_two(sizeof(*kase)), GFP_KERNEL);
	if (!kase) {
		module_put(owner);
		return ERR_PTR(-ENOMEM);
	}
	init_waitqueue_head(&kase->orders);
	init_waitqueue_head(&kase->reports);
	kb_round_init(kase);
	kase->bench = bench;
	kase->owner = owner;
	kase->nr_workers = setup->nr_cpus;
	kase->nr_phases = max(bench->nr_phases, 1U);
	kase->max_samples = setup->max_samples;
	kase->nr_counters = setup->nr_counters;
	memcpy(kase->counters, counters, setup->nr_counters * sizeof(*counters));
	kase->latency = setup->flags & KBENCH_SETUP_LATENCY;
	kase->proto.nr_workers = setup->nr_cpus;
	kase->proto.stop = &kase->control.stop;
	return kase;
}

struct kb_case *kb_case_create(struct kbench_setup *setup, const u32 *cpus,
			       const struct kbench_param_value *values,
			       const struct kbench_counter *counters)
{
	struct kb_case *kase = case_alloc(setup, counters);
	int err;

	if (IS_ERR(kase))
		return kase;
	err = take_context(kase, setup);
	err = err ?: check_bench(kase, setup);
	err = err ?: take_params(kase, setup, values);
	err = err ?: make_map(kase);
	if (!err) {
		kase->workers = kvcalloc(kase->nr_workers, sizeof(*kase->workers), GFP_KERNEL);
		err = kase->workers ? 0 : -ENOMEM;
	}
	err = err ?: run_setup(kase, setup);
	err = err ?: kb_workers_start(kase, cpus, setup->reason);
	if (err) {
		kb_case_destroy(kase);
		return ERR_PTR(err);
	}
	kb_counters_publish(kase);
	setup->map_size = kase->map_size;
	return kase;
}

void kb_case_destroy(struct kb_case *kase)
{
	if (kb_workers_exit(kase))
		pr_err("kbench: a worker does not return; its CPU may be lost until a reboot\n");
	else
		kb_case_free(kase);
}
