// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <string.h>

/* The runner's main.c has it, which the tests do not link. */
extern volatile int kb_interrupted;
volatile int kb_interrupted;

void _assert_error(const struct kb_error *err, enum kb_exit code, const char *part,
		   const char *file, int line)
{
	if (err->exit == code && !strchr(err->text, '\n') && strstr(err->text, part))
		return;
	print_error("exit %d, wanted %d; text \"%s\", wanted one line with \"%s\"\n", err->exit,
		    code, err->text, part);
	_fail(file, line);
}

#define PARAM_CS	{ .name = "cs", .unit = "work units", .max = 1000000 }
#define PARAM_THINK	{ .name = "think", .unit = "work units", .max = 1000000 }

static struct kbench_bench_desc locks_benches[] = {
	{
		.suite = "locks", .name = "spin_lock", .help = "a spinlock",
		.context = KBENCH_CTX_ATOMIC, .min_cpus = 1,
		.nr_params = 2, .params = { PARAM_CS, PARAM_THINK },
	}, {
		.suite = "locks", .name = "mutex", .help = "a mutex",
		.context = KBENCH_CTX_PROCESS, .min_cpus = 1,
		.nr_params = 2, .params = { PARAM_CS, PARAM_THINK },
	}, {
		.suite = "locks", .name = "pair", .context = KBENCH_CTX_PROCESS, .min_cpus = 2,
	}, {
		.suite = "locks", .name = "solo", .context = KBENCH_CTX_PROCESS, .min_cpus = 1,
		.max_cpus = 1,
	}, {
		.suite = "locks", .name = "hangs", .context = KBENCH_CTX_PROCESS, .min_cpus = 1,
		.flags = KBENCH_BENCH_BROKEN,
	}, {
		.suite = "locks", .name = "every", .context = KBENCH_CTX_PROCESS,
		.min_cpus = 2, .max_cpus = 2, .flags = KBENCH_BENCH_PAIRS,
		.nr_params = 1, .params = { PARAM_CS },
	},
};

static struct kbench_bench_desc alloc_benches[] = {
	{
		.suite = "alloc", .name = "kmalloc", .context = KBENCH_CTX_PROCESS, .min_cpus = 1,
		.nr_phases = 2, .phases = { "alloc", "free" },
		.nr_params = 2,
		.params = {
			{ .name = "size", .unit = "bytes", .def = 64, .min = 1, .max = 1048576 },
			{ .name = "gfp", .max = 1 },
		},
	},
};

static char locks_module[] = "kbench_locks.ko", alloc_module[] = "kbench_alloc.ko";

static struct kb_suite suites[] = {
	{ .name = "alloc", .help = "allocators", .module = alloc_module, .benches = alloc_benches,
	  .nr_benches = 1 },
	{ .name = "locks", .help = "locks", .module = locks_module, .benches = locks_benches,
	  .nr_benches = 6 },
};

const struct kb_catalog toy_catalog = { .suites = suites, .nr_suites = 2 };
