// SPDX-License-Identifier: GPL-2.0
#include "plan.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "selection.h"

/* More cases than this are a mistake in a sweep, not a wish. */
#define MAX_CASES	20000U

/* Samples that each worker and phase must have before the case's time counts. */
#define MIN_SAMPLES	4U

static const struct kbench_param_desc *find_param(const struct kbench_bench_desc *bench,
						  const char *name)
{
	for (size_t i = 0; i < bench->nr_params; i++)
		if (!strcmp(bench->params[i].name, name))
			return &bench->params[i];
	return NULL;
}

static int unknown_param(const struct kb_selection *selection, const char *name,
			 struct kb_error *err)
{
	const char **names = calloc(selection->nr_benches * KBENCH_MAX_PARAMS + 1, sizeof(*names));
	const char *near = NULL;
	size_t nr = 0;

	for (size_t i = 0; names && i < selection->nr_benches; i++)
		for (size_t j = 0; j < selection->benches[i].bench->nr_params; j++)
			names[nr++] = selection->benches[i].bench->params[j].name;
	if (names)
		near = kb_near(name, names, nr);
	if (near)
		kb_fail(err, KB_EXIT_USAGE,
			"no selected bench has a parameter '%s'; did you mean '%s'?", name, near);
	else if (!nr)
		kb_fail(err, KB_EXIT_USAGE,
			"no selected bench has a parameter '%s', nor any other", name);
	else
		kb_fail(err, KB_EXIT_USAGE,
			"no selected bench has a parameter '%s'; 'kbench list %s' shows them", name,
			selection->benches[0].suite->name);
	free(names);
	return -1;
}

static int check_values(const struct kb_sweep *sweep, const struct kb_selected *selected,
			const struct kbench_param_desc *param, struct kb_error *err)
{
	for (size_t i = 0; i < sweep->nr_values; i++)
		if (sweep->values[i] < param->min || sweep->values[i] > param->max)
			return kb_fail(err, KB_EXIT_USAGE,
				       "%s %lld is out of range: %s/%s takes %lld to %lld%s%s",
				       param->name, (long long)sweep->values[i],
				       selected->suite->name,
				       selected->bench->name, param->min, param->max,
				       *param->unit ? " " : "", param->unit);
	return 0;
}

/* Every sweep is known to some selected bench, and in the range of each that knows it. */
static int check_sweeps(const struct kb_request *request, const struct kb_selection *selection,
			struct kb_error *err)
{
	for (size_t i = 0; i < request->nr_sweeps; i++) {
		const struct kb_sweep *sweep = &request->sweeps[i];
		bool known = false;

		for (size_t j = 0; j < i; j++)
			if (!strcmp(request->sweeps[j].name, sweep->name))
				return kb_fail(err, KB_EXIT_USAGE,
					       "--param %s is given twice; write %s=V1,V2 instead",
					       sweep->name, sweep->name);
		for (size_t j = 0; j < selection->nr_benches; j++) {
			const struct kb_selected *selected = &selection->benches[j];
			const struct kbench_param_desc *param;

			param = find_param(selected->bench, sweep->name);
			if (param && check_values(sweep, selected, param, err))
				return -1;
			known |= param != NULL;
		}
		if (!known)
			return unknown_param(selection, sweep->name, err);
	}
	return 0;
}

static const struct kb_sweep *find_sweep(const struct kb_request *request, const char *name)
{
	for (size_t i = 0; i < request->nr_sweeps; i++)
		if (!strcmp(request->sweeps[i].name, name))
			return &request->sweeps[i];
	return NULL;
}

/* Value number @index of parameter @param: its sweep's, or its default when it has no sweep. */
static int64_t param_value(const struct kb_request *request, const struct kbench_param_desc *param,
			   size_t index)
{
	const struct kb_sweep *sweep = find_sweep(request, param->name);

	return sweep ? sweep->values[index] : param->def;
}

static size_t nr_param_values(const struct kb_request *request,
			      const struct kbench_param_desc *param)
{
	const struct kb_sweep *sweep = find_sweep(request, param->name);

	return sweep ? sweep->nr_values : 1;
}

static bool has_pairs(const struct kbench_bench_desc *bench)
{
	return bench->flags & KBENCH_BENCH_PAIRS;
}

static bool count_fits(const struct kbench_bench_desc *bench, unsigned int count)
{
	/* Of more CPUs it takes two at a time. */
	if (has_pairs(bench))
		return count >= 2;
	return count >= bench->min_cpus && (!bench->max_cpus || count <= bench->max_cpus);
}

/* Whether the core module would refuse it: an op runs where its suite says that it may. */
static int check_context(const struct kb_request *request, const struct kb_selected *selected,
			 struct kb_error *err)
{
	unsigned int asked = request->context;
	char allowed[64];

	if (!selected->named || asked == KBENCH_CTX_DEFAULT ||
	    (KBENCH_CONTEXTS(selected->bench) & (1U << asked)))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "%s/%s must not run in context %s; it may in %s",
		       selected->suite->name, selected->bench->name, kb_context_name(asked),
		       kb_context_names(selected->bench, allowed, sizeof(allowed)));
}

static int check_counts(const struct kb_request *request, const struct kb_selected *selected,
			struct kb_error *err)
{
	const struct kbench_bench_desc *bench = selected->bench;

	for (size_t i = 0; i < request->cpus.nr_counts; i++)
		if (count_fits(bench, request->cpus.counts[i]))
			return 0;
	if (!selected->named)
		return 0;
	if (bench->max_cpus == 1)
		return kb_fail(err, KB_EXIT_USAGE, "%s/%s runs on one CPU; give --cpus 1",
			       selected->suite->name, bench->name);
	if (bench->max_cpus && !has_pairs(bench))
		return kb_fail(err, KB_EXIT_USAGE, "%s/%s runs on %u to %u CPUs; give --cpus %u",
			       selected->suite->name, bench->name, bench->min_cpus, bench->max_cpus,
			       bench->min_cpus);
	return kb_fail(err, KB_EXIT_USAGE, "%s/%s needs at least %u CPUs; give --cpus %u",
		       selected->suite->name, bench->name, bench->min_cpus, bench->min_cpus);
}

/* The CPU in place @index of those asked for. */
static unsigned int cpu_at(const struct kb_request *request, unsigned int index)
{
	return request->cpus.list ? request->cpus.list[index] : index;
}

/*
 * Append one case.
 * @indices: which value each parameter takes
 * @places:  which of the CPUs asked for it has; NULL for the first @count
 */
static int add_case(struct kb_plan *plan, const struct kb_request *request,
		    const struct kb_selected *selected, const size_t *indices,
		    const unsigned int *places, unsigned int count, struct kb_error *err)
{
	struct kb_case *kase = &plan->cases[plan->nr_cases];

	kase->cpus = calloc(count, sizeof(*kase->cpus));
	if (!kase->cpus)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	for (unsigned int i = 0; i < count; i++)
		kase->cpus[i] = cpu_at(request, places ? places[i] : i);
	kase->nr_cpus = count;
	kase->placement = request->placement;
	kase->id = (unsigned int)plan->nr_cases++;
	kase->bench = selected->bench;
	kase->module = selected->suite->module;
	kase->context = request->context == KBENCH_CTX_DEFAULT ? selected->bench->context :
								 request->context;
	for (size_t i = 0; i < selected->bench->nr_params; i++)
		kase->params[i] = param_value(request, &selected->bench->params[i], indices[i]);
	return 0;
}

/* The next combination of parameter values, the last parameter fastest. Return: false at the end */
static bool next_values(const struct kb_request *request, const struct kbench_bench_desc *bench,
			size_t *indices)
{
	for (size_t i = bench->nr_params; i-- > 0; ) {
		if (++indices[i] < nr_param_values(request, &bench->params[i]))
			return true;
		indices[i] = 0;
	}
	return false;
}

static unsigned int largest_count(const struct kb_request *request)
{
	unsigned int largest = 0;

	for (size_t i = 0; i < request->cpus.nr_counts; i++)
		if (request->cpus.counts[i] > largest)
			largest = request->cpus.counts[i];
	return largest;
}

size_t kb_plan_pairs(const struct kb_request *request)
{
	size_t count = largest_count(request);

	return count * (count - 1) / 2;
}

/* The pairs of a smaller count are among those of the largest. */
static int add_pairs(struct kb_plan *plan, const struct kb_request *request,
		     const struct kb_selected *selected, const size_t *indices,
		     struct kb_error *err)
{
	unsigned int count = largest_count(request), places[2];

	for (places[0] = 0; places[0] < count; places[0]++)
		for (places[1] = places[0] + 1; places[1] < count; places[1]++)
			if (add_case(plan, request, selected, indices, places, 2, err))
				return -1;
	return 0;
}

static int add_counts(struct kb_plan *plan, const struct kb_request *request,
		      const struct kb_selected *selected, const size_t *indices,
		      struct kb_error *err)
{
	for (size_t i = 0; i < request->cpus.nr_counts; i++) {
		unsigned int count = request->cpus.counts[i];

		if (count_fits(selected->bench, count) &&
		    add_case(plan, request, selected, indices, NULL, count, err))
			return -1;
	}
	return 0;
}

static int add_bench(struct kb_plan *plan, const struct kb_request *request,
		     const struct kb_selected *selected, struct kb_error *err)
{
	size_t indices[KBENCH_MAX_PARAMS] = { 0 };

	do {
		if (has_pairs(selected->bench) ?
		    add_pairs(plan, request, selected, indices, err) :
		    add_counts(plan, request, selected, indices, err))
			return -1;
	} while (next_values(request, selected->bench, indices));
	return 0;
}

/* Room for all cases. A selection that makes too many is an error before memory is taken. */
static int make_room(struct kb_plan *plan, const struct kb_request *request,
		     const struct kb_selection *selection, struct kb_error *err)
{
	size_t total = 0;

	for (size_t i = 0; i < selection->nr_benches; i++) {
		const struct kbench_bench_desc *bench = selection->benches[i].bench;
		size_t nr = has_pairs(bench) ? kb_plan_pairs(request) : request->cpus.nr_counts;

		for (size_t j = 0; j < bench->nr_params && nr <= MAX_CASES; j++)
			nr *= nr_param_values(request, &bench->params[j]);
		total += nr;
		if (total > MAX_CASES)
			return kb_fail(err, KB_EXIT_USAGE,
				       "more than %u cases; sweep fewer values or CPU counts",
				       MAX_CASES);
	}
	plan->cases = calloc(total + 1, sizeof(*plan->cases));
	return plan->cases ? 0 : kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
}

/* Not one case: say how many CPUs the first bench wants. */
static int no_case(const struct kb_selection *selection, struct kb_error *err)
{
	if (!selection->nr_benches)
		return kb_fail(err, KB_EXIT_USAGE,
			       "nothing selected: benches that are broken on purpose run only when "
			       "named, as SUITE/BENCH");
	return kb_fail(err, KB_EXIT_USAGE,
		       "no bench selected runs on that many CPUs; give --cpus %u",
		       selection->benches[0].bench->min_cpus);
}

static int expand(struct kb_plan *plan, const struct kb_request *request,
		  const struct kb_selection *selection, struct kb_error *err)
{
	if (check_sweeps(request, selection, err))
		return -1;
	for (size_t i = 0; i < selection->nr_benches; i++)
		if (check_context(request, &selection->benches[i], err) ||
		    check_counts(request, &selection->benches[i], err))
			return -1;
	if (make_room(plan, request, selection, err))
		return -1;
	for (size_t i = 0; i < selection->nr_benches; i++)
		if (add_bench(plan, request, &selection->benches[i], err))
			return -1;
	return plan->nr_cases ? 0 : no_case(selection, err);
}

int kb_plan_expand(struct kb_plan *plan, const struct kb_request *request,
		   const struct kb_catalog *catalog, struct kb_error *err)
{
	struct kb_selection selection;
	int ret;

	memset(plan, 0, sizeof(*plan));
	plan->time_ns = request->time_ns;
	plan->deadline_ns = request->deadline_ns;
	plan->samples = request->samples;
	plan->latency = request->latency;
	plan->counters = request->counters;
	plan->perf = request->perf;
	plan->bpf = catalog->bpf;
	if (kb_select(&selection, request->selectors, request->nr_selectors, catalog, err))
		return -1;
	ret = expand(plan, request, &selection, err);
	kb_selection_free(&selection);
	if (ret)
		kb_plan_free(plan);
	return ret;
}

void kb_plan_free(struct kb_plan *plan)
{
	for (size_t i = 0; i < plan->nr_cases; i++)
		free(plan->cases[i].cpus);
	free(plan->cases);
	memset(plan, 0, sizeof(*plan));
}

/*
 * Cases of one suite need not be neighbours: a module is written at its first pending case. They
 * mostly are, so looking backwards finds it soon.
 */
static bool module_written(const struct kb_plan *plan, const unsigned char *pending, size_t index)
{
	for (size_t i = index; i-- > 0; )
		if (pending[i] && !strcmp(plan->cases[i].module, plan->cases[index].module))
			return true;
	return false;
}

static void write_case(const struct kb_plan *plan, const struct kb_case *kase, FILE *file)
{
	fprintf(file, "case %u\nsuite %s\nbench %s\ncontext %u\ncpus ", kase->id,
		kase->bench->suite, kase->bench->name, kase->context);
	for (unsigned int i = 0; i < kase->nr_cpus; i++)
		fprintf(file, "%s%u", i ? "," : "", kase->cpus[i]);
	fputc('\n', file);
	for (unsigned int i = 0; i < kase->bench->nr_params; i++)
		fprintf(file, "param %s %" PRId64 "\n", kase->bench->params[i].name,
			kase->params[i]);
	for (unsigned int i = 0; i < plan->counters.nr; i++)
		fprintf(file, "counter %" PRIu32 " %" PRIu64 "\n", plan->counters.list[i].type,
			plan->counters.list[i].config);
	fprintf(file, "duration_ns %" PRIu64 "\ndeadline_ns %" PRIu64 "\n", plan->time_ns,
		plan->deadline_ns);
	fprintf(file, "batch_ns 0\nsamples %u\nmin_samples %u\nlatency %d\nend\n",
		plan->samples, plan->samples < MIN_SAMPLES ? plan->samples : MIN_SAMPLES,
		plan->latency);
}

static void write_modules(const struct kb_plan *plan, const unsigned char *pending, FILE *file)
{
	fputs("module kbench.ko\n", file);
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (pending[i] && !module_written(plan, pending, i))
			fprintf(file, "module %s\n", plan->cases[i].module);
}

int kb_plan_write(const struct kb_plan *plan, const unsigned char *pending, FILE *file)
{
	fputs("kbench-plan 1\n", file);
	if (plan->bpf)
		fputs("backend bpf\n", file);
	else
		write_modules(plan, pending, file);
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (pending[i])
			write_case(plan, &plan->cases[i], file);
	if (plan->perf)
		fprintf(file, "perf %s\n", plan->perf->name);
	if (plan->symbols)
		fputs("symbols\n", file);
	fputs("go\n", file);
	return ferror(file) ? -1 : 0;
}
