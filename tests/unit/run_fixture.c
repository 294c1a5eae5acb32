// SPDX-License-Identifier: GPL-2.0
#include "run_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"
#include "support.h"

#define NR_SAMPLES	8
#define NS_PER_TICK	0.5
#define FIXED_NS	40

static struct kbench_bench_desc empty = {
	.suite = "selfcheck", .name = "empty", .context = KBENCH_CTX_ATOMIC, .min_cpus = 1,
};

static char program[] = "kbench", command[] = "run", selector[] = "locks,alloc";
static char *arguments[] = { program, command, selector };

/* What a case of the fixture is, and half nanoseconds an op in each phase, so ticks. */
static const struct {
	const char	*suite, *bench;
	unsigned int	cpus[2], nr_cpus;
	unsigned int	ticks[2];
} kinds[NR_FIXTURE_CASES] = {
	[SPIN_LOCK] = { "locks", "spin_lock", { 0, 1 }, 2, { 50 } },
	[MUTEX] = { "locks", "mutex", { 3, 1 }, 2, { 0 } },
	[KMALLOC] = { "alloc", "kmalloc", { 0 }, 1, { 100, 40 } },
	[SOLO] = { "locks", "solo", { 0 }, 1, { 0 } },
	[EMPTY] = { "selfcheck", "empty", { 0 }, 1, { 1 } },
};

static const struct kbench_bench_desc *find_bench(enum fixture_case id)
{
	const struct kb_suite *suite = kb_catalog_suite(&toy_catalog, kinds[id].suite);

	return suite ? kb_suite_bench(suite, kinds[id].bench) : &empty;
}

static void make_case(struct kb_case *kcase, enum fixture_case id)
{
	kcase->id = id;
	kcase->bench = find_bench(id);
	kcase->nr_cpus = kinds[id].nr_cpus;
	kcase->cpus = calloc(kcase->nr_cpus, sizeof(*kcase->cpus));
	assert_non_null(kcase->cpus);
	memcpy(kcase->cpus, kinds[id].cpus, kcase->nr_cpus * sizeof(*kcase->cpus));
	for (unsigned int i = 0; i < kcase->bench->nr_params; i++)
		kcase->params[i] = kcase->bench->params[i].def;
}

static void *column(size_t size)
{
	void *memory = calloc(NR_SAMPLES, size);

	assert_non_null(memory);
	return memory;
}

static void fill_series(struct kb_series *series, enum fixture_case id, unsigned int worker,
			unsigned int phase, unsigned int slower)
{
	*series = (struct kb_series){
		.worker = worker, .cpu = kinds[id].cpus[worker], .phase = phase,
		.total_ops = 12000 - 6000 * worker, .nr = NR_SAMPLES,
		.ops = column(sizeof(uint64_t)), .value = column(sizeof(uint64_t)),
		.flags = column(sizeof(uint32_t)), .cpu_start = column(sizeof(uint32_t)),
		.cpu_end = column(sizeof(uint32_t)),
	};
	for (size_t i = 0; i < NR_SAMPLES; i++) {
		series->ops[i] = i % 2 ? 2000 : 1000;
		series->flags[i] = i % 2 ? KBENCH_SAMPLE_DOUBLE : 0;
		series->value[i] = (uint64_t)(FIXED_NS / NS_PER_TICK) +
				   series->ops[i] * kinds[id].ticks[phase] * slower;
		series->cpu_start[i] = series->cpu_end[i] = series->cpu;
	}
}

void run_fixture_lengthen(struct kb_series *series, size_t nr, size_t first, size_t last)
{
	series->ops = reallocarray(series->ops, nr, sizeof(*series->ops));
	series->value = reallocarray(series->value, nr, sizeof(*series->value));
	series->flags = reallocarray(series->flags, nr, sizeof(*series->flags));
	series->cpu_start = reallocarray(series->cpu_start, nr, sizeof(*series->cpu_start));
	series->cpu_end = reallocarray(series->cpu_end, nr, sizeof(*series->cpu_end));
	for (size_t i = series->nr; i < nr; i++) {
		series->ops[i] = series->ops[i % 2];
		series->value[i] = series->value[i % 2];
		series->flags[i] = series->flags[i % 2];
		series->cpu_start[i] = series->cpu_end[i] = series->cpu;
	}
	series->nr = nr;
	for (size_t i = first; i <= last && i < nr; i++)
		series->value[i] *= 2;
}

void run_fixture_measure(struct run_fixture *run, struct kb_boot *boot, enum fixture_case id,
			 unsigned int slower)
{
	struct kb_measured *measured = &boot->measured[id];
	unsigned int nr_phases = run->plan.cases[id].bench->nr_phases;

	kb_measured_clear(measured);
	nr_phases = nr_phases ? nr_phases : 1;
	*measured = (struct kb_measured){
		.status = KB_CASE_OK, .batch_ops = 1000, .unit_per_tick = NS_PER_TICK,
		.window_ns = 1e6,
		.series = calloc((size_t)kinds[id].nr_cpus * nr_phases, sizeof(struct kb_series)),
	};
	assert_non_null(measured->series);
	for (unsigned int phase = 0; phase < nr_phases; phase++)
		for (unsigned int worker = 0; worker < kinds[id].nr_cpus; worker++)
			fill_series(&measured->series[measured->nr_series++], id, worker, phase,
				    slower);
}

/* 999 ops of @ticks and one of @max. */
static struct kb_histogram make_histogram(enum fixture_case id, unsigned int worker,
					  unsigned int phase, uint64_t ticks, uint64_t max)
{
	struct kb_histogram histogram = {
		.worker = worker, .cpu = kinds[id].cpus[worker], .phase = phase, .max = max,
		.max_at = 1000, .nr = 2, .index = calloc(2, sizeof(uint32_t)),
		.count = calloc(2, sizeof(uint64_t)),
	};

	assert_non_null(histogram.index);
	assert_non_null(histogram.count);
	histogram.index[0] = kbench_histogram_index(ticks);
	histogram.index[1] = kbench_histogram_index(max);
	histogram.count[0] = 999;
	histogram.count[1] = 1;
	return histogram;
}

void run_fixture_time_ops(struct run_fixture *run, struct kb_boot *boot, enum fixture_case id)
{
	struct kb_measured *measured = &boot->measured[id];
	unsigned int nr_phases = run->plan.cases[id].bench->nr_phases;
	struct kb_histogram *histogram;

	nr_phases = nr_phases ? nr_phases : 1;
	measured->nr_histograms = (size_t)kinds[id].nr_cpus * (nr_phases + 1);
	histogram = calloc(measured->nr_histograms, sizeof(*histogram));
	assert_non_null(histogram);
	measured->histograms = histogram;
	for (unsigned int worker = 0; worker < kinds[id].nr_cpus; worker++) {
		for (unsigned int phase = 0; phase < nr_phases; phase++)
			*histogram++ = make_histogram(id, worker, phase, 120,
						      worker ? 18000 : 10000);
		*histogram = make_histogram(id, worker, 0, 30, 200);
		histogram++->clock = true;
	}
}

static void fill_boot(struct run_fixture *run, struct kb_boot *boot)
{
	boot->duration_s = 6.5;
	boot->boot_to_agent_s = 3.25;
	snprintf(boot->started, sizeof(boot->started), "2026-03-04T05:06:07Z");
	boot->machine = json_pack("{s:s, s:s, s:i, s:I}", "arch", "x86_64", "cpu_model", "toy",
				  "cpus", 4, "memory_bytes", (json_int_t)1 << 30);
	boot->kernel = json_pack("{s:s, s:s}", "release", "6.12.113+deb12-amd64", "arch", "x86_64");
	boot->environment = json_pack("{s:s, s:s}", "hypervisor", "", "clocksource", "tsc");
	json_array_append_new(boot->warnings, json_string("the clock is odd"));
	run_fixture_measure(run, boot, SPIN_LOCK, 1);
	run_fixture_measure(run, boot, KMALLOC, 1);
	run_fixture_measure(run, boot, EMPTY, 1);
	boot->measured[MUTEX] = (struct kb_measured){
		.status = KB_CASE_SKIPPED, .reason = "not on this kernel",
	};
	boot->measured[SOLO] = (struct kb_measured){
		.status = KB_CASE_FAILED, .reason = "an op slept", .run_flags = KBENCH_RUN_SLEPT,
	};
}

struct run_fixture *run_fixture_new(void)
{
	struct run_fixture *run = calloc(1, sizeof(*run));

	assert_non_null(run);
	run->plan.nr_cases = NR_FIXTURE_CASES;
	run->plan.cases = calloc(NR_FIXTURE_CASES, sizeof(*run->plan.cases));
	assert_non_null(run->plan.cases);
	for (int id = 0; id < NR_FIXTURE_CASES; id++)
		make_case(&run->plan.cases[id], (enum fixture_case)id);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(kb_boot_init(&run->boots[i], NR_FIXTURE_CASES), 0);
		run->boots[i].index = i;
	}
	fill_boot(run, &run->boots[0]);
	run->facts = (struct kb_run_facts){
		.argc = 3, .argv = arguments, .started = "2026-03-04T05:06:07Z",
		.finished = "2026-03-04T05:06:17Z",
		.environment = json_pack("{s:s, s:s, s:s}", "target", "vm", "fidelity", "tcg",
					 "module_compiler", "gcc-12"),
	};
	assert_non_null(run->facts.environment);
	return run;
}

void run_fixture_free(struct run_fixture *run)
{
	for (size_t i = 0; i < NR_FIXTURE_CASES; i++)
		free(run->plan.cases[i].cpus);
	free(run->plan.cases);
	kb_boot_free(&run->boots[0]);
	kb_boot_free(&run->boots[1]);
	json_decref(run->facts.environment);
	free(run);
}

json_t *run_fixture_result(const struct run_fixture *run, size_t nr_boots)
{
	json_t *result = kb_result_build(&run->plan, run->boots, nr_boots, &run->facts);

	assert_non_null(result);
	return result;
}
