// SPDX-License-Identifier: GPL-2.0
#include "own_cases.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const struct kb_known kb_known_sequences[] = {
	{ "nops_1", 1 }, { "nops_10", 10 }, { "nops_100", 100 }, { "nops_1000", 1000 }, { NULL, 0 },
};

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

/* Append a case of @bench in @context on the first @nr_cpus of @like's CPUs. Room is there. */
static int append(struct kb_plan *plan, const struct kb_suite *suite,
		  const struct kbench_bench_desc *bench, unsigned int context,
		  const struct kb_case *like, unsigned int nr_cpus)
{
	struct kb_case *added = &plan->cases[plan->nr_cases];

	*added = (struct kb_case){
		.id = (unsigned int)plan->nr_cases, .bench = bench, .module = suite->module,
		.nr_cpus = nr_cpus, .placement = like->placement, .context = context,
	};
	for (unsigned int i = 0; i < bench->nr_params; i++)
		added->params[i] = bench->params[i].def;
	added->cpus = calloc(nr_cpus, sizeof(*added->cpus));
	if (!added->cpus)
		return -1;
	memcpy(added->cpus, like->cpus, nr_cpus * sizeof(*added->cpus));
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
		if (append(plan, suite, bench, like->context, like, like->nr_cpus))
			return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	return 0;
}

/* The empty op, then the known sequences. */
static const char *known_name(size_t i)
{
	return i ? kb_known_sequences[i - 1].bench : "empty";
}

static bool is_known(const struct kb_case *kase)
{
	if (strcmp(kase->bench->suite, "selfcheck") || kase->nr_cpus != 1 ||
	    kase->context != kase->bench->context)
		return false;
	for (size_t i = 0; known_name(i); i++)
		if (!strcmp(kase->bench->name, known_name(i)))
			return true;
	return false;
}

/* What the user asked for and is measured anyway stands in the plan once. */
static void drop_known(struct kb_plan *plan)
{
	size_t nr = 0;

	for (size_t i = 0; i < plan->nr_cases; i++) {
		if (is_known(&plan->cases[i]))
			free(plan->cases[i].cpus);
		else
			plan->cases[nr++] = plan->cases[i];
	}
	plan->nr_cases = nr;
}

/* Move the cases from @from on to the begin. */
static int move_to_front(struct kb_plan *plan, size_t from)
{
	struct kb_case *cases = calloc(plan->nr_cases + 1, sizeof(*cases));
	size_t nr = plan->nr_cases - from;

	if (!cases)
		return -1;
	memcpy(cases, plan->cases + from, nr * sizeof(*cases));
	memcpy(cases + nr, plan->cases, from * sizeof(*cases));
	for (size_t i = 0; i < plan->nr_cases; i++)
		cases[i].id = (unsigned int)i;
	free(plan->cases);
	plan->cases = cases;
	return 0;
}

int kb_plan_add_known(struct kb_plan *plan, const struct kb_catalog *catalog,
		      struct kb_error *err)
{
	const struct kb_suite *suite = kb_catalog_suite(catalog, "selfcheck");
	struct kb_case *cases, like;
	size_t nr, nr_known = 0;
	unsigned int cpu;

	if (!plan->nr_cases)
		return 0;
	cpu = plan->cases[0].cpus[0];
	like = (struct kb_case){ .cpus = &cpu };
	drop_known(plan);
	nr = plan->nr_cases;
	while (known_name(nr_known))
		nr_known++;
	cases = reallocarray(plan->cases, nr + nr_known, sizeof(*cases));
	if (!cases)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	plan->cases = cases;
	for (size_t i = 0; i < nr_known; i++) {
		const struct kbench_bench_desc *bench =
			suite ? kb_suite_bench(suite, known_name(i)) : NULL;

		if (!bench)
			return kb_fail(err, KB_EXIT_ENVIRONMENT,
				       "there is no bench selfcheck/%s, which sets the scale of "
				       "counted instructions", known_name(i));
		if (append(plan, suite, bench, bench->context, &like, 1))
			return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		plan->cases[nr + i].every_boot = true;
	}
	return move_to_front(plan, nr) ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}
