// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case_name.h"
#include "plan.h"

/* A request with room for what the tests put into it. */
struct asked {
	struct kb_request	request;
	char			*selectors[4];
	struct kb_sweep		sweeps[3];
	struct kb_error		err;
};

static void ask(struct asked *asked, const char *selector, const char *cpus)
{
	memset(asked, 0, sizeof(*asked));
	asked->selectors[0] = strdup(selector);
	asked->request.selectors = asked->selectors;
	asked->request.nr_selectors = 1;
	asked->request.sweeps = asked->sweeps;
	asked->request.time_ns = 100000000;
	asked->request.deadline_ns = 10000000000;
	asked->request.samples = 32;
	assert_int_equal(kb_cpus_parse_counts(&asked->request.cpus, cpus, &asked->err), 0);
}

static void also(struct asked *asked, const char *selector)
{
	asked->selectors[asked->request.nr_selectors++] = strdup(selector);
}

static void sweep(struct asked *asked, const char *text)
{
	assert_int_equal(kb_sweep_parse(&asked->sweeps[asked->request.nr_sweeps++], text,
					&asked->err), 0);
}

static void done(struct asked *asked)
{
	for (size_t i = 0; i < asked->request.nr_selectors; i++)
		free(asked->selectors[i]);
	for (size_t i = 0; i < asked->request.nr_sweeps; i++)
		free(asked->sweeps[i].values);
	kb_cpus_free(&asked->request.cpus);
}

static void expand(struct kb_plan *plan, struct asked *asked)
{
	if (kb_plan_expand(plan, &asked->request, &toy_catalog, &asked->err))
		fail_msg("%s", asked->err.text);
	for (size_t i = 0; i < plan->nr_cases; i++)
		assert_int_equal(plan->cases[i].id, i);
}

/* The request is refused with that text. */
static void refused(struct asked *asked, const char *text)
{
	struct kb_plan plan;

	assert_int_equal(kb_plan_expand(&plan, &asked->request, &toy_catalog, &asked->err), -1);
	assert_error(&asked->err, KB_EXIT_USAGE, text);
	assert_null(plan.cases);
	done(asked);
}

static void suite_leaves_out_broken_and_unfit(void **state)
{
	static const char *const names[] = { "spin_lock", "mutex", "solo" };
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks", "1");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(plan.cases[i].bench->name, names[i]);
		assert_string_equal(plan.cases[i].module, "kbench_locks.ko");
		assert_int_equal(plan.cases[i].nr_cpus, 1);
	}
	assert_int_equal(plan.cases[0].context, KBENCH_CTX_ATOMIC);
	assert_int_equal(plan.cases[1].context, KBENCH_CTX_PROCESS);
	assert_int_equal(plan.time_ns, 100000000);
	assert_int_equal(plan.samples, 32);
	kb_plan_free(&plan);
	done(&asked);
}

static void order(void **state)
{
	/* size, gfp, CPUs: the last fastest */
	static const int64_t wanted[8][3] = {
		{ 64, 0, 1 }, { 64, 0, 4 }, { 64, 1, 1 }, { 64, 1, 4 },
		{ 4096, 0, 1 }, { 4096, 0, 4 }, { 4096, 1, 1 }, { 4096, 1, 4 },
	};
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "alloc", "1,4");
	sweep(&asked, "gfp=0,1");
	sweep(&asked, "size=64,4K");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 8);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(plan.cases[i].params[0], wanted[i][0]);
		assert_int_equal(plan.cases[i].params[1], wanted[i][1]);
		assert_int_equal(plan.cases[i].nr_cpus, wanted[i][2]);
		assert_int_equal(plan.cases[i].cpus[plan.cases[i].nr_cpus - 1], wanted[i][2] - 1);
	}
	kb_plan_free(&plan);
	done(&asked);
}

static void each_bench_once(void **state)
{
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/mutex", "1");
	also(&asked, "locks");
	also(&asked, "locks/mutex");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 3);
	assert_string_equal(plan.cases[0].bench->name, "mutex");
	kb_plan_free(&plan);
	done(&asked);
}

static void broken_when_named(void **state)
{
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/hangs", "1");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 1);
	kb_plan_free(&plan);
	done(&asked);
}

static void cpu_limits(void **state)
{
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/pair", "1,2,8");
	also(&asked, "locks/solo");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 3);
	assert_int_equal(plan.cases[0].nr_cpus, 2);
	assert_int_equal(plan.cases[1].nr_cpus, 8);
	assert_int_equal(plan.cases[2].nr_cpus, 1);
	kb_plan_free(&plan);
	done(&asked);

	ask(&asked, "locks/pair", "1");
	refused(&asked, "at least 2 CPUs");
	ask(&asked, "locks/solo", "2");
	refused(&asked, "runs on one CPU; give --cpus 1");
}

static void cpu_list(void **state)
{
	static const unsigned int wanted[] = { 5, 0, 2 };
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/spin_lock", "1");
	kb_cpus_free(&asked.request.cpus);
	assert_int_equal(kb_cpus_parse_list(&asked.request.cpus, "5,0,2", &asked.err), 0);
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 1);
	assert_int_equal(plan.cases[0].nr_cpus, 3);
	assert_memory_equal(plan.cases[0].cpus, wanted, sizeof(wanted));
	kb_plan_free(&plan);
	done(&asked);
}

static void check_pairs(const struct kb_plan *plan, const unsigned int (*wanted)[2], size_t nr)
{
	assert_int_equal(plan->nr_cases, nr);
	for (size_t i = 0; i < nr; i++) {
		assert_string_equal(plan->cases[i].bench->name, "every");
		assert_int_equal(plan->cases[i].nr_cpus, 2);
		assert_memory_equal(plan->cases[i].cpus, wanted[i], sizeof(wanted[i]));
	}
}

static void pairs(void **state)
{
	static const unsigned int of_four[][2] = {
		{ 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 2 }, { 1, 3 }, { 2, 3 },
	};
	static const unsigned int of_list[][2] = { { 5, 0 }, { 5, 2 }, { 0, 2 } };
	char name[KB_CASE_NAME_LEN];
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	/* Of several counts the largest: its pairs are all there are. */
	ask(&asked, "locks/every", "2,4,1");
	assert_int_equal(kb_plan_pairs(&asked.request), 6);
	expand(&plan, &asked);
	check_pairs(&plan, of_four, 6);
	kb_case_name(name, &plan.cases[4]);
	assert_string_equal(name, "locks/every, CPUs 1 and 3");
	kb_plan_free(&plan);
	done(&asked);

	ask(&asked, "locks/every", "1");
	kb_cpus_free(&asked.request.cpus);
	assert_int_equal(kb_cpus_parse_list(&asked.request.cpus, "5,0,2", &asked.err), 0);
	expand(&plan, &asked);
	check_pairs(&plan, of_list, 3);
	kb_plan_free(&plan);
	done(&asked);
}

static void pairs_and_parameters(void **state)
{
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/every", "64");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 2016);
	kb_plan_free(&plan);
	done(&asked);

	ask(&asked, "locks/every", "3");
	sweep(&asked, "cs=0,10");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 6);
	assert_int_equal(plan.cases[2].params[0], 0);
	assert_int_equal(plan.cases[3].params[0], 10);
	assert_int_equal(plan.cases[3].cpus[1], 1);
	kb_plan_free(&plan);
	done(&asked);
	/* Beside others of its suite: spin_lock and mutex on both counts, solo and pair on one. */
	ask(&asked, "locks", "1,3");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 2 + 2 + 1 + 1 + 3);
	kb_plan_free(&plan);
	done(&asked);

	ask(&asked, "locks/every", "1");
	refused(&asked, "at least 2 CPUs; give --cpus 2");
	ask(&asked, "locks/every", "201");
	refused(&asked, "more than 20000 cases");
}

static void context(void **state)
{
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/spin_lock", "1");
	asked.request.context = KBENCH_CTX_PROCESS;
	expand(&plan, &asked);
	assert_int_equal(plan.cases[0].context, KBENCH_CTX_PROCESS);
	kb_plan_free(&plan);
	done(&asked);
	/* What may sleep has no other; the kernel decides about those that were not named. */
	ask(&asked, "locks/mutex", "1");
	asked.request.context = KBENCH_CTX_IRQ_OFF;
	refused(&asked, "must not run in context irq-off; it may in process");
	ask(&asked, "locks", "1");
	asked.request.context = KBENCH_CTX_IRQ_OFF;
	expand(&plan, &asked);
	assert_int_equal(plan.cases[0].context, KBENCH_CTX_IRQ_OFF);
	kb_plan_free(&plan);
	done(&asked);
}

static void unknown_names(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, "lokcs", "1");
	refused(&asked, "did you mean 'locks'?");
	ask(&asked, "network", "1");
	refused(&asked, "kbench list");
	ask(&asked, "locks/spinlock", "1");
	refused(&asked, "did you mean 'locks/spin_lock'?");
	ask(&asked, "locks/", "1");
	refused(&asked, "no bench 'locks/'");
	ask(&asked, "mutex", "1");
	refused(&asked, "did you mean 'locks/mutex'?");
	ask(&asked, "", "1");
	refused(&asked, "no suite ''");
	ask(&asked, "locks/mutex/x", "1");
	refused(&asked, "no bench");
}

static void bad_params(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, "alloc", "1");
	sweep(&asked, "sise=64");
	refused(&asked, "did you mean 'size'?");
	ask(&asked, "locks", "1");
	sweep(&asked, "colour=1");
	refused(&asked, "no selected bench has a parameter 'colour'");
	ask(&asked, "alloc", "1");
	sweep(&asked, "size=64,0");
	refused(&asked, "1 to 1048576 bytes");
	ask(&asked, "alloc", "1");
	sweep(&asked, "size=1048577");
	refused(&asked, "out of range");
	ask(&asked, "alloc", "1");
	sweep(&asked, "size=1");
	sweep(&asked, "size=2");
	refused(&asked, "twice");
	/* Known to one of several benches is enough. */
	struct kb_plan plan;

	ask(&asked, "locks", "1");
	also(&asked, "alloc");
	sweep(&asked, "size=128");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 4);
	kb_plan_free(&plan);
	done(&asked);
}

static void too_many_cases(void **state)
{
	struct asked asked;

	(void)state;
	ask(&asked, "locks/spin_lock", "1-60000");
	refused(&asked, "cases");
}

static char *write_plan(const struct kb_plan *plan, const unsigned char *pending)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	assert_int_equal(kb_plan_write(plan, pending, file), 0);
	fclose(file);
	return text;
}

static void written(void **state)
{
	static const char wanted[] =
		"kbench-plan 1\n"
		"module kbench.ko\n"
		"module kbench_alloc.ko\n"
		"case 1\n"
		"suite alloc\n"
		"bench kmalloc\n"
		"context 1\n"
		"cpus 0,1\n"
		"param size 64\n"
		"param gfp 0\n"
		"duration_ns 100000000\n"
		"deadline_ns 10000000000\n"
		"batch_ns 0\n"
		"samples 32\n"
		"min_samples 4\n"
		"latency 0\n"
		"end\n"
		"go\n";
	struct kb_plan plan;
	struct asked asked;
	char *text;

	(void)state;
	ask(&asked, "locks/mutex", "2");
	also(&asked, "alloc");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 2);

	/* Only what is pending, and only the modules for that. */
	text = write_plan(&plan, (unsigned char[]){ 0, 1 });
	assert_string_equal(text, wanted);
	free(text);

	text = write_plan(&plan, (unsigned char[]){ 1, 1 });
	assert_non_null(strstr(text, "module kbench.ko\nmodule kbench_locks.ko\n"
				     "module kbench_alloc.ko\ncase 0\n"));
	free(text);

	text = write_plan(&plan, (unsigned char[]){ 0, 0 });
	assert_string_equal(text, "kbench-plan 1\nmodule kbench.ko\ngo\n");
	free(text);
	kb_plan_free(&plan);
	done(&asked);
}

static void names(void **state)
{
	char name[KB_CASE_NAME_LEN];
	struct kb_plan plan;
	struct asked asked;

	(void)state;
	ask(&asked, "locks/spin_lock", "1,8");
	sweep(&asked, "cs=0,10");
	expand(&plan, &asked);
	assert_int_equal(plan.nr_cases, 4);
	kb_case_name(name, &plan.cases[0]);
	assert_string_equal(name, "locks/spin_lock, 1 CPU");
	kb_case_name(name, &plan.cases[3]);
	assert_string_equal(name, "locks/spin_lock cs=10, 8 CPUs");
	kb_plan_free(&plan);
	done(&asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suite_leaves_out_broken_and_unfit),
		cmocka_unit_test(order),
		cmocka_unit_test(each_bench_once),
		cmocka_unit_test(broken_when_named),
		cmocka_unit_test(cpu_limits),
		cmocka_unit_test(cpu_list),
		cmocka_unit_test(pairs),
		cmocka_unit_test(pairs_and_parameters),
		cmocka_unit_test(context),
		cmocka_unit_test(unknown_names),
		cmocka_unit_test(bad_params),
		cmocka_unit_test(too_many_cases),
		cmocka_unit_test(written),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
