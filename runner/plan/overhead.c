// SPDX-License-Identifier: GPL-2.0
#include "overhead.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool has_case(const struct kb_plan *plan, const struct kbench_bench_desc *bench,
		     unsigned int context, unsigned int nr_cpus)
{
	/* From the end: there stand the cases added here, which most questions are about. */
	for (size_t i = plan->nr_cases; i-- > 0; )
		if (plan->cases[i].bench == bench && plan->cases[i].context == context &&
		    plan->cases[i].nr_cpus == nr_cpus)
			return true;
	return false;
}

/* The empty op in the context and on the CPUs of @like. */
static int add_empty(struct kb_plan *plan, const struct kb_suite *suite,
		     const struct kbench_bench_desc *bench, const struct kb_case *like)
{
	struct kb_case *empty = &plan->cases[plan->nr_cases];

	*empty = (struct kb_case){
		.id = (unsigned int)plan->nr_cases, .bench = bench, .module = suite->module,
		.nr_cpus = like->nr_cpus, .context = like->context,
	};
	for (unsigned int i = 0; i < bench->nr_params; i++)
		empty->params[i] = bench->params[i].def;
	empty->cpus = calloc(like->nr_cpus, sizeof(*empty->cpus));
	if (!empty->cpus)
		return -1;
	memcpy(empty->cpus, like->cpus, like->nr_cpus * sizeof(*empty->cpus));
	plan->nr_cases++;
	return 0;
}

int kb_plan_add_overhead(struct kb_plan *plan, const struct kb_catalog *catalog,
			 struct kb_error *err)
{
	const struct kb_suite *suite = kb_catalog_suite(catalog, "selfcheck");
	const struct kbench_bench_desc *bench = suite ? kb_suite_bench(suite, "empty") : NULL;
	size_t nr = plan->nr_cases;
	struct kb_case *cases;

	if (!bench)
		return 0;
	cases = reallocarray(plan->cases, 2 * nr + 1, sizeof(*cases));
	if (!cases)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	plan->cases = cases;
	for (size_t i = 0; i < nr; i++) {
		const struct kb_case *like = &plan->cases[i];

		if (has_case(plan, bench, like->context, like->nr_cpus))
			continue;
		if (add_empty(plan, suite, bench, like))
			return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	return 0;
}
