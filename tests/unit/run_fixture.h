/* SPDX-License-Identifier: GPL-2.0 */
/* A run as the measuring half of the runner leaves it, made by hand for the tests of results. */
#ifndef KB_TESTS_RUN_FIXTURE_H
#define KB_TESTS_RUN_FIXTURE_H

#include "result.h"

/*
 * Cases of the plan, on toy_catalog's benches and a selfcheck/empty of its own:
 *
 *   0 locks/spin_lock on CPUs 0, 1	ok: batches of 40 ns + 25 ns an op
 *   1 locks/mutex on CPUs 3, 1		skipped
 *   2 alloc/kmalloc on CPU 0		ok, phases alloc (50 ns an op) and free (20 ns an op)
 *   3 locks/solo on CPU 0		failed
 *   4 selfcheck/empty on CPU 0		ok, in spin_lock's context: 0.5 ns an op
 */
enum fixture_case { SPIN_LOCK, MUTEX, KMALLOC, SOLO, EMPTY, NR_FIXTURE_CASES };

/** struct run_fixture - @boots[1] is empty until a test fills it; @facts says one boot's worth */
struct run_fixture {
	struct kb_plan		plan;
	struct kb_boot		boots[2];
	struct kb_run_facts	facts;
};

struct run_fixture *run_fixture_new(void);
void run_fixture_free(struct run_fixture *run);

/** run_fixture_measure() - fill case @id of @boot anew, @slower times as slow as said above */
void run_fixture_measure(struct run_fixture *run, struct kb_boot *boot, enum fixture_case id,
			 unsigned int slower);

/** run_fixture_lengthen() - @nr samples; those from @first to @last take twice as long */
void run_fixture_lengthen(struct kb_series *series, size_t nr, size_t first, size_t last);

/**
 * run_fixture_time_ops() - single ops of case @id were timed in @boot: each worker has 999 that
 * took 60 ns and one of 5000 ns, on its second CPU 9000 ns; reading the clock takes 15 ns
 */
void run_fixture_time_ops(struct run_fixture *run, struct kb_boot *boot, enum fixture_case id);

/** run_fixture_result() - its result, from @nr_boots boots; fails the test when there is none */
json_t *run_fixture_result(const struct run_fixture *run, size_t nr_boots);

#endif
