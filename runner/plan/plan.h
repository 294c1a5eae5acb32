/* SPDX-License-Identifier: GPL-2.0 */
/* The plan: an immutable list of cases, expanded from suites, parameters and CPU counts. */
#ifndef KB_PLAN_H
#define KB_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "catalog.h"
#include "counters.h"
#include "error.h"
#include "perf.h"
#include "placement.h"

/**
 * struct kb_cpus - what --cpus or --cpu-list said
 * @counts:    worker counts to sweep, as given, without repeats
 * @list:      CPU numbers when --cpu-list named them (then there is one count, @nr_list), or when
 *             kb_online_assign() chose them: a count of n means the first n
 */
struct kb_cpus {
	unsigned int	*counts;
	size_t		nr_counts;
	unsigned int	*list;
	size_t		nr_list;
};

/** kb_cpus_parse_counts() - "8", "1,2,4,8", "1-8", "1,2-4"; every count 1 to 65536 */
int kb_cpus_parse_counts(struct kb_cpus *cpus, const char *text, struct kb_error *err);
/** kb_cpus_parse_list() - "0,2,4-6": CPU numbers, each once */
int kb_cpus_parse_list(struct kb_cpus *cpus, const char *text, struct kb_error *err);
/** Return: the number of CPUs that a machine must have: largest count, or largest number + 1 */
unsigned int kb_cpus_needed(const struct kb_cpus *cpus);
void kb_cpus_free(struct kb_cpus *cpus);

/** struct kb_seeds - one boot for each; none: one boot that is as it comes */
struct kb_seeds {
	unsigned int	*items;
	size_t		nr;
};

/** kb_seeds_parse() - "1", "1-5": seeds of guests whose instructions are counted */
int kb_seeds_parse(struct kb_seeds *seeds, const char *text, struct kb_error *err);

/** struct kb_sweep - one --param NAME=V1,V2 */
struct kb_sweep {
	char		name[KBENCH_NAME_LEN];
	int64_t		*values;
	size_t		nr_values;
};

/** kb_sweep_parse() - "size=64,128"; suffixes K, M, G mean 2^10, 2^20, 2^30 */
int kb_sweep_parse(struct kb_sweep *sweep, const char *text, struct kb_error *err);

/**
 * struct kb_request - what the user asked to run
 * @selectors:   "locks", "locks/spin_lock", comma-separated lists already split
 * @sweeps:      parameters; each must be known to at least one selected bench
 * @cpus:        CPU counts or list
 * @placement:   how counts choose CPUs
 * @context:     enum kbench_context; KBENCH_CTX_DEFAULT for each bench's own
 * @time_ns:     time per case
 * @deadline_ns: and its limit
 * @samples:     samples per worker and phase
 * @latency:     time single ops too
 * @counters:    perf counters, of every case
 * @perf:        what the perf tool is to do beside every case; NULL: nothing
 */
struct kb_request {
	char			**selectors;
	size_t			nr_selectors;
	struct kb_sweep		*sweeps;
	size_t			nr_sweeps;
	struct kb_cpus		cpus;
	enum kb_placement	placement;
	unsigned int		context;
	uint64_t		time_ns;
	uint64_t		deadline_ns;
	unsigned int		samples;
	bool			latency;
	struct kb_counters	counters;
	const struct kb_perf	*perf;
};

/**
 * struct kb_case - one case: a bench with one value per parameter on one set of CPUs
 * @id:     its place in the plan, from 0
 * @bench:  points into the catalog, which outlives the plan
 * @module: file name of the suite's module; NULL: BPF
 * @params: a value for every parameter of the bench, in its order
 * @every_boot: a boot that measures anything measures this too
 * @placement: how @cpus were chosen
 */
struct kb_case {
	unsigned int				id;
	const struct kbench_bench_desc		*bench;
	const char				*module;
	int64_t					params[KBENCH_MAX_PARAMS];
	unsigned int				*cpus;
	unsigned int				nr_cpus;
	enum kb_placement			placement;
	unsigned int				context;
	bool					every_boot;
};

/**
 * struct kb_plan
 * @bpf: BPF programs time the cases, not modules
 * @symbols: when the cases are over, the target is to tell what its kernel's functions are called
 */
struct kb_plan {
	struct kb_case		*cases;
	size_t			nr_cases;
	uint64_t		time_ns;
	uint64_t		deadline_ns;
	unsigned int		samples;
	bool			latency;
	struct kb_counters	counters;
	const struct kb_perf	*perf;
	bool			bpf;
	bool			symbols;
};

/**
 * kb_plan_expand() - the cases of a request
 *
 * Order: suite, bench, parameters (last varies fastest), CPU count. Benches marked
 * KBENCH_BENCH_BROKEN are taken only when named ("selfcheck/never_ends"). Benches that need more
 * CPUs than a count gives (min_cpus), or allow fewer (max_cpus), leave that count out; a named
 * bench that so has no case at all is an error, and so is one that cannot run in the context asked
 * for. A bench marked KBENCH_BENCH_PAIRS has a case of two CPUs for every pair of the CPUs of the
 * largest count: (0,1), (0,2), ... (1,2), ... Errors name the near match.
 */
int kb_plan_expand(struct kb_plan *plan, const struct kb_request *request,
		   const struct kb_catalog *catalog, struct kb_error *err);

/** kb_plan_pairs() - how many pairs of CPUs a bench marked KBENCH_BENCH_PAIRS has */
size_t kb_plan_pairs(const struct kb_request *request);

void kb_plan_free(struct kb_plan *plan);

/**
 * kb_plan_write() - the plan as the agent reads it
 * @pending: nr_cases flags; only cases whose flag is set are written
 *
 * Format: see runner/agent/plan.h.
 */
int kb_plan_write(const struct kb_plan *plan, const unsigned char *pending, FILE *file);

#endif
