// SPDX-License-Identifier: GPL-2.0
/*
 * Bounds on memory: what batches may hold at a time, and by how much free memory may fall while a
 * case runs before an op is taken to leak.
 */

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/percpu.h>
#include <linux/sizes.h>
#include <linux/vmstat.h>

#include "core.h"

/* Live memory of all workers' batches together, at most. */
#define LIVE_BYTES	(32UL * SZ_1M)
/* A round stops when free memory fell by a quarter, or by this where that is more. */
#define FALL_BYTES	(64UL * SZ_1M)

/* A smaller fall after a round is not looked into. */
#define NOTICED_BYTES	(1UL * SZ_1M)
/* The smallest leak per op that is looked for: below it, caches of the kernel explain a lot. */
#define LEAKED_BYTES_PER_OP	8

unsigned long kb_memory_free_pages(void)
{
	/* Files that others read fill the page cache, which is no use of memory that counts. */
	return global_zone_page_state(NR_FREE_PAGES) + global_node_page_state(NR_FILE_PAGES);
}

/*
 * Pages on the allocator's per-CPU lists count as used. An op that splits large blocks moves many
 * there, up to an eighth of the machine's memory.
 */
static unsigned long listed_pages(const struct zone *zone)
{
	unsigned long pages = 0;
	int cpu;

	for_each_online_cpu(cpu)
		pages += READ_ONCE(per_cpu_ptr(zone->per_cpu_pageset, cpu)->count);
	return pages;
}

unsigned long kb_memory_unused_pages(void)
{
	unsigned long pages = kb_memory_free_pages();
	unsigned int zone;
	int node;

	for_each_online_node(node)
		for (zone = 0; zone < MAX_NR_ZONES; zone++)
			if (populated_zone(&NODE_DATA(node)->node_zones[zone]))
				pages += listed_pages(&NODE_DATA(node)->node_zones[zone]);
	return pages;
}

unsigned long kb_memory_fall_pages(void)
{
	unsigned long free = global_zone_page_state(NR_FREE_PAGES);

	return min(max(FALL_BYTES >> PAGE_SHIFT, free / 4), free / 2);
}

bool kb_memory_looks_leaked(unsigned long pages_before, unsigned long pages_after, u64 ops)
{
	u64 bytes;

	if (pages_after >= pages_before)
		return false;
	bytes = (u64)(pages_before - pages_after) << PAGE_SHIFT;
	return bytes >= NOTICED_BYTES && bytes >= ops * LEAKED_BYTES_PER_OP;
}

unsigned long kb_memory_max_slots(size_t live_bytes, unsigned int nr_workers)
{
	unsigned long cap = min(LIVE_BYTES >> PAGE_SHIFT,
				global_zone_page_state(NR_FREE_PAGES) / 16);
	u64 bytes = (u64)cap << PAGE_SHIFT;

	bytes = div_u64(bytes, nr_workers);
	return min_t(u64, div64_u64(bytes, max_t(u64, live_bytes, 1)), KB_MAX_SLOTS);
}

int kbench_may_take(struct kb *kb, u64 bytes)
{
	if (bytes >> PAGE_SHIFT <= kb_memory_free_pages() / 8)
		return 0;
	kb->reason = "all workers together would take more than an eighth of the free memory";
	return -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(kbench_may_take);

void kbench_wait_kfree_rcu(void)
{
	kb_kvfree_rcu_barrier();
}
EXPORT_SYMBOL_GPL(kbench_wait_kfree_rcu);
