// SPDX-License-Identifier: GPL-2.0
/* Policies on made topologies, and topologies read from made directories. */
#include "support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "online.h"
#include "paths.h"
#include "temp_dir.h"

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

/*
 * Two packages of eight cores of two threads, each a node. As x86 numbers them: CPUs 0 to 7 are the
 * first threads of package 0, 8 to 15 those of package 1, 16 on the second threads.
 */
static struct kb_topology_cpu smt2_cpus[32];
static const struct kb_topology smt2 = { smt2_cpus, 32 };

/* Four cores of two threads (CPUs 0 to 7), four of one (8 to 11), one package, no nodes. */
static struct kb_topology_cpu hybrid_cpus[12];
static const struct kb_topology hybrid = { hybrid_cpus, 12 };

/* Big cores 4 and 5, little ones 0 to 3, each package a cluster; no SMT. */
static struct kb_topology_cpu little_cpus[] = {
	{ 0, 0, 0, 0 }, { 1, 1, 0, 0 }, { 2, 2, 0, 0 }, { 3, 3, 0, 0 }, { 4, 4, 1, 0 },
	{ 5, 5, 1, 0 },
};
static const struct kb_topology little = { little_cpus, NR(little_cpus) };

/* Of two nodes with two cores of two threads CPUs 1, 3 and 4 are offline: 0+5, 2+6, 7 are not. */
static struct kb_topology_cpu holes_cpus[] = {
	{ 0, 0, 0, 0 }, { 2, 2, 0, 1 }, { 5, 0, 0, 0 }, { 6, 2, 0, 1 }, { 7, 7, 0, 1 },
};
static const struct kb_topology holes = { holes_cpus, NR(holes_cpus) };

static struct kb_topology_cpu lone_cpu[] = { { 0, 0, 0, 0 } };
static const struct kb_topology lone = { lone_cpu, 1 };

static int make_topologies(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 32; i++)
		smt2_cpus[i] = (struct kb_topology_cpu){ i, i % 16, i % 16 / 8, i % 16 / 8 };
	for (unsigned int i = 0; i < 12; i++)
		hybrid_cpus[i] = (struct kb_topology_cpu){ i, i < 8 ? i / 2 * 2 : i, 0, 0 };
	return 0;
}

static void assert_chosen(const struct kb_topology *topology, enum kb_placement placement,
			  size_t nr, const unsigned int *wanted)
{
	struct kb_error err = { 0 };
	unsigned int list[32];

	if (kb_placement_choose(list, nr, topology, placement, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < nr; i++)
		if (list[i] != wanted[i])
			fail_msg("%s, place %zu of %zu: CPU %u, wanted %u",
				 kb_placement_name(placement), i, nr, list[i], wanted[i]);
}

#define chosen(topology, placement, ...) \
	assert_chosen(topology, placement, NR(((unsigned int[]){ __VA_ARGS__ })), \
		      (unsigned int[]){ __VA_ARGS__ })

static void assert_refused(const struct kb_topology *topology, enum kb_placement placement,
			   size_t nr, const char *says)
{
	struct kb_error err = { 0 };
	unsigned int list[64];

	assert_int_equal(kb_placement_choose(list, nr, topology, placement, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, says);
}

static void compact(void **state)
{
	(void)state;
	chosen(&smt2, KB_PLACEMENT_COMPACT, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23,
	       8, 24, 9, 25);
	chosen(&hybrid, KB_PLACEMENT_COMPACT, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
	chosen(&little, KB_PLACEMENT_COMPACT, 0, 1, 2, 3, 4, 5);
	chosen(&holes, KB_PLACEMENT_COMPACT, 0, 5, 2, 6, 7);
	chosen(&lone, KB_PLACEMENT_COMPACT, 0);
	assert_refused(&lone, KB_PLACEMENT_COMPACT, 2, "2 CPUs are wanted, and 1 is online");
	assert_refused(&holes, KB_PLACEMENT_COMPACT, 6, "6 CPUs are wanted, and 5 are online");
}

static void spread(void **state)
{
	(void)state;
	chosen(&smt2, KB_PLACEMENT_SPREAD, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15,
	       16, 24, 17, 25);
	chosen(&hybrid, KB_PLACEMENT_SPREAD, 0, 2, 4, 6, 8, 9, 10, 11, 1, 3, 5, 7);
	chosen(&little, KB_PLACEMENT_SPREAD, 0, 4, 1, 5, 2, 3);
	chosen(&holes, KB_PLACEMENT_SPREAD, 0, 2, 7, 5, 6);
	chosen(&lone, KB_PLACEMENT_SPREAD, 0);
	assert_refused(&little, KB_PLACEMENT_SPREAD, 7, "7 CPUs are wanted, and 6 are online");
}

static void smt(void **state)
{
	(void)state;
	chosen(&smt2, KB_PLACEMENT_SMT, 0, 16, 1, 17);
	chosen(&hybrid, KB_PLACEMENT_SMT, 0, 1, 2, 3, 4, 5, 6, 7);
	chosen(&holes, KB_PLACEMENT_SMT, 0, 5, 2, 6);
	assert_refused(&hybrid, KB_PLACEMENT_SMT, 9, "only 8 share a core");
	assert_refused(&holes, KB_PLACEMENT_SMT, 5, "only 4 share a core");
	assert_refused(&little, KB_PLACEMENT_SMT, 1, "no core has two threads");
	assert_refused(&lone, KB_PLACEMENT_SMT, 1, "no core has two threads");
	assert_refused(&smt2, KB_PLACEMENT_SMT, 33, "33 CPUs are wanted, and 32 are online");
}

static void node(void **state)
{
	(void)state;
	chosen(&smt2, KB_PLACEMENT_NODE, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17);
	chosen(&hybrid, KB_PLACEMENT_NODE, 0, 2, 4, 6, 8, 9, 10, 11, 1, 3, 5, 7);
	/* The first node that is large enough. */
	chosen(&holes, KB_PLACEMENT_NODE, 0, 5);
	chosen(&holes, KB_PLACEMENT_NODE, 2, 7, 6);
	chosen(&lone, KB_PLACEMENT_NODE, 0);
	assert_refused(&smt2, KB_PLACEMENT_NODE, 17, "the largest node has 16 online");
	assert_refused(&holes, KB_PLACEMENT_NODE, 4, "the largest node has 3 online");
}

/* Fewer CPUs of a sweep are the first of those for more, and none comes twice. */
static void counts_share_one_order(void **state)
{
	static const enum kb_placement all[] = {
		KB_PLACEMENT_COMPACT, KB_PLACEMENT_SPREAD, KB_PLACEMENT_SMT,
	};

	(void)state;
	for (size_t i = 0; i < NR(all); i++) {
		struct kb_error err = { 0 };
		unsigned int whole[32], part[32];
		unsigned char seen[32] = { 0 };

		assert_int_equal(kb_placement_choose(whole, 32, &smt2, all[i], &err), 0);
		for (size_t j = 0; j < 32; j++)
			assert_int_equal(seen[whole[j]]++, 0);
		for (size_t nr = 1; nr < 32; nr++) {
			assert_int_equal(kb_placement_choose(part, nr, &smt2, all[i], &err), 0);
			assert_memory_equal(part, whole, nr * sizeof(*part));
		}
	}
}

static void names(void **state)
{
	enum kb_placement placement = KB_PLACEMENT_NONE;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_placement_parse(&placement, "smt", &err), 0);
	assert_int_equal(placement, KB_PLACEMENT_SMT);
	assert_string_equal(kb_placement_name(placement), "smt");
	assert_null(kb_placement_name(KB_PLACEMENT_NONE));
	assert_int_equal(kb_placement_parse(&placement, "tight", &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "write compact, spread, smt or node");
}

static void assert_assigned(const struct kb_topology *topology, const char *counts,
			    const char *list, enum kb_placement placement, size_t nr,
			    const unsigned int *wanted, const char *says)
{
	struct kb_request request = { .placement = placement };
	struct kb_error err = { 0 };
	int ret;

	if (counts)
		assert_int_equal(kb_cpus_parse_counts(&request.cpus, counts, &err), 0);
	else
		assert_int_equal(kb_cpus_parse_list(&request.cpus, list, &err), 0);
	ret = kb_online_assign(&request, topology, "here", &err);
	if (says) {
		assert_int_equal(ret, -1);
		assert_error(&err, KB_EXIT_USAGE, says);
	} else {
		assert_int_equal(ret, 0);
		assert_int_equal(request.cpus.nr_list, nr);
		assert_memory_equal(request.cpus.list, wanted, nr * sizeof(*wanted));
		/* Once more, for the next kernel of a run. */
		assert_int_equal(kb_online_assign(&request, topology, "here", &err), 0);
		assert_memory_equal(request.cpus.list, wanted, nr * sizeof(*wanted));
	}
	kb_cpus_free(&request.cpus);
}

static void requests_get_cpus(void **state)
{
	static const unsigned int by_number[] = { 0, 2, 5 }, listed[] = { 7, 0 },
				  spread_out[] = { 0, 2, 7 };

	(void)state;
	assert_assigned(&holes, "1,3", NULL, KB_PLACEMENT_NONE, 3, by_number, NULL);
	assert_assigned(&holes, "3,2", NULL, KB_PLACEMENT_SPREAD, 3, spread_out, NULL);
	assert_assigned(&holes, NULL, "7,0", KB_PLACEMENT_NONE, 2, listed, NULL);
	assert_assigned(&holes, NULL, "0,1", KB_PLACEMENT_NONE, 0, NULL, "no CPU 1 is online");
	assert_assigned(&holes, NULL, "0-9", KB_PLACEMENT_NONE, 0, NULL, "no CPU 1 is online");
	assert_assigned(&holes, "2,6", NULL, KB_PLACEMENT_NONE, 0, NULL, "only 5 CPUs are online");
	assert_assigned(&lone, "1", NULL, KB_PLACEMENT_SMT, 0, NULL, "no core has two threads");
}

/* Directories as /sys/devices/system has them */

static void put(const char *path, const char *text)
{
	char *line = kb_path("%s\n", text);

	temp_dir_put(path, line);
	free(line);
}

static void topology_is(size_t nr, const struct kb_topology_cpu *wanted)
{
	struct kb_topology topology;
	struct kb_error err = { 0 };

	if (kb_topology_read(&topology, temp_dir, &err))
		fail_msg("%s", err.text);
	assert_int_equal(topology.nr, nr);
	assert_memory_equal(topology.cpus, wanted, nr * sizeof(*wanted));
	kb_topology_free(&topology);
}

static void reads_what_the_kernel_says(void **state)
{
	static const struct kb_topology_cpu bare[] = { { 0, 0, 0, 0 }, { 3, 3, 0, 0 } };
	static const struct kb_topology_cpu whole[] = { { 0, 0, 0, 0 }, { 3, 0, 1, 12 } };
	struct kb_topology topology;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_topology_read(&topology, temp_dir, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "is /sys mounted?");

	/* A board that tells nothing, or -1; nodes of memory alone. */
	put("cpu/online", "0,3");
	put("cpu/cpu0/topology/physical_package_id", "-1");
	put("node/node0/cpulist", "");
	topology_is(2, bare);

	/* CPU 1 is offline: it is no sibling, and belongs to no core. */
	put("cpu/cpu0/topology/physical_package_id", "0");
	put("cpu/cpu0/topology/thread_siblings_list", "0,3");
	put("cpu/cpu3/topology/physical_package_id", "1");
	put("cpu/cpu3/topology/thread_siblings_list", "0-1,3");
	put("node/node0/cpulist", "0-1");
	put("node/node12/cpulist", "2-5");
	topology_is(2, whole);
}

static void guests_are_flat(void **state)
{
	struct kb_topology topology;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(kb_topology_flat(&topology, 4, &err), 0);
	chosen(&topology, KB_PLACEMENT_SPREAD, 0, 1, 2, 3);
	chosen(&topology, KB_PLACEMENT_COMPACT, 0, 1, 2, 3);
	chosen(&topology, KB_PLACEMENT_NODE, 0, 1, 2, 3);
	kb_topology_free(&topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact),
		cmocka_unit_test(spread),
		cmocka_unit_test(smt),
		cmocka_unit_test(node),
		cmocka_unit_test(counts_share_one_order),
		cmocka_unit_test(names),
		cmocka_unit_test(requests_get_cpus),
		cmocka_unit_test_setup_teardown(reads_what_the_kernel_says, temp_dir_make,
						temp_dir_remove),
		cmocka_unit_test(guests_are_flat),
	};

	return cmocka_run_group_tests_name("placement", tests, make_topologies, NULL);
}
