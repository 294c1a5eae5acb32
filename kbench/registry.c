// SPDX-License-Identifier: GPL-2.0
/* The suites that are loaded, and their benches by name. */

#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "core.h"

static LIST_HEAD(suites);
/* Guards the list; held only for look-ups, never while a case runs. */
static DEFINE_MUTEX(suites_lock);

static bool name_ok(const char *name)
{
	size_t length = strnlen(name, KBENCH_NAME_LEN);

	return length > 0 && length < KBENCH_NAME_LEN;
}

static bool params_ok(const struct kbench_bench *bench)
{
	unsigned int i;

	if (bench->nr_params > KBENCH_MAX_PARAMS)
		return false;
	for (i = 0; i < bench->nr_params; i++) {
		const struct kbench_param_desc *param = &bench->params[i];

		if (!name_ok(param->name) || param->min > param->max ||
		    param->def < param->min || param->def > param->max)
			return false;
	}
	return true;
}

static bool loops_ok(const struct kbench_bench *bench)
{
	unsigned int i, phases = max(bench->nr_phases, 1U);

	if (bench->nr_phases > KBENCH_MAX_PHASES)
		return false;
	for (i = 0; i < phases; i++)
		if (!bench->loop[i][0] || !bench->loop[i][1] ||
		    !bench->latency[i][0] || !bench->latency[i][1])
			return false;
	return true;
}

/* A pair has two ends. */
static bool cpus_ok(const struct kbench_bench *bench)
{
	if (bench->flags & KBENCH_BENCH_PAIRS)
		return bench->min_cpus == 2 && bench->max_cpus == 2;
	return !bench->max_cpus || bench->min_cpus <= bench->max_cpus;
}

static int bench_check(struct kbench_bench *bench, const char *suite)
{
	if (bench->context == KBENCH_CTX_DEFAULT)
		bench->context = KBENCH_CTX_PROCESS;
	if (!name_ok(bench->name) || !params_ok(bench) || !loops_ok(bench) ||
	    !cpus_ok(bench) || bench->context > KBENCH_CTX_IRQ_OFF ||
	    bench->contexts >> (KBENCH_CTX_IRQ_OFF + 1)) {
		pr_err("kbench: %s/%.*s: name, parameters, phases, CPUs or contexts are wrong\n",
		       suite, KBENCH_NAME_LEN - 1, bench->name);
		return -EINVAL;
	}
	strscpy(bench->suite, suite, sizeof(bench->suite));
	return 0;
}

static struct kbench_suite *find_suite(const char *name)
{
	struct kbench_suite *suite;

	lockdep_assert_held(&suites_lock);
	list_for_each_entry(suite, &suites, node)
		if (!strncmp(suite->desc->name, name, KBENCH_NAME_LEN))
			return suite;
	return NULL;
}

int kbench_register_suite(struct kbench_suite *suite)
{
	unsigned int i;
	int err;

	if (suite->desc->abi != KBENCH_ABI || !name_ok(suite->desc->name)) {
		pr_err("kbench: a suite of interface %u does not fit the core's %u\n",
		       suite->desc->abi, KBENCH_ABI);
		return -EINVAL;
	}
	for (i = 0; i < suite->nr_benches; i++) {
		err = bench_check(suite->benches[i], suite->desc->name);
		if (err)
			return err;
	}

	mutex_lock(&suites_lock);
	if (find_suite(suite->desc->name)) {
		err = -EEXIST;
	} else {
		list_add_tail(&suite->node, &suites);
		err = 0;
	}
	mutex_unlock(&suites_lock);
	if (err)
		pr_err("kbench: suite %s is loaded already\n", suite->desc->name);
	return err;
}
EXPORT_SYMBOL_GPL(kbench_register_suite);

void kbench_unregister_suite(struct kbench_suite *suite)
{
	mutex_lock(&suites_lock);
	list_del(&suite->node);
	mutex_unlock(&suites_lock);
}
EXPORT_SYMBOL_GPL(kbench_unregister_suite);

struct kbench_bench *kb_registry_get(const char *suite_name, const char *name,
				     struct module **owner)
{
	struct kbench_bench *found = ERR_PTR(-ENOENT);
	struct kbench_suite *suite;
	unsigned int i;

	mutex_lock(&suites_lock);
	suite = find_suite(suite_name);
	for (i = 0; suite && i < suite->nr_benches; i++) {
		if (strncmp(suite->benches[i]->name, name, KBENCH_NAME_LEN))
			continue;
		/* A module on its way out still stands in the list for a moment. */
		if (try_module_get(suite->owner)) {
			found = suite->benches[i];
			*owner = suite->owner;
		}
		break;
	}
	mutex_unlock(&suites_lock);
	return found;
}

int kb_registry_describe(unsigned int index, struct kbench_bench_desc *desc)
{
	struct kbench_suite *suite;
	int err = -ENOENT;

	mutex_lock(&suites_lock);
	list_for_each_entry(suite, &suites, node) {
		if (index < suite->nr_benches) {
			/* A bench begins with it: see KBENCH_BENCH_DESC_MEMBERS. */
			memcpy(desc, suite->benches[index], sizeof(*desc));
			err = 0;
			break;
		}
		index -= suite->nr_benches;
	}
	mutex_unlock(&suites_lock);
	return err;
}

unsigned int kb_registry_count(void)
{
	struct kbench_suite *suite;
	unsigned int count = 0;

	mutex_lock(&suites_lock);
	list_for_each_entry(suite, &suites, node)
		count += suite->nr_benches;
	mutex_unlock(&suites_lock);
	return count;
}

static_assert(offsetof(struct kbench_bench, loop) >= sizeof(struct kbench_bench_desc));
static_assert(offsetof(struct kbench_bench, params) == offsetof(struct kbench_bench_desc, params));
