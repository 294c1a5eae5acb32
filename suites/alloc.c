// SPDX-License-Identifier: GPL-2.0
/*
 * Allocators. Each one as a pair, where an op allocates and frees at once, and most as a batch,
 * where all allocations of the batch come before all frees and the two are timed apart. Memory is
 * freed in the order in which it came, in a shuffled one, on another CPU, or after a grace period.
 *
 * A size or a GFP flag that the compiler knows makes different code from one in a variable: a
 * kmalloc(64, GFP_KERNEL) goes straight to its cache, a kmalloc(n, flags) looks for it. Benches
 * with parameters time the second form, those with the size in their name the first.
 *
 * The allocators hand out what was freed last, so successive ops depend on each other.
 */
#include <kbench/suite.h>

#include "alloc_setup.h"

#define PROCESS_OPTIONS	.context = KB_PROCESS, .flags = KBENCH_BENCH_DEPENDENT
#define ATOMIC_OPTIONS \
	.context = KB_ATOMIC, .contexts = KB_SPIN_CONTEXT, .flags = KBENCH_BENCH_DEPENDENT

/* In other contexts with a gfp that does not sleep. */
#define GFP_OPTIONS_WITH(setup_) \
	PROCESS_OPTIONS, .contexts = KB_SPIN_CONTEXT, .setup = setup_, .teardown = state_teardown, \
	.setup_worker = gfp_setup_worker, .teardown_worker = gfp_teardown_worker
#define GFP_OPTIONS	GFP_OPTIONS_WITH(gfp_setup)

#define KMALLOC_OPTIONS \
	GFP_OPTIONS, .live_bytes = kmalloc_live, \
	KB_PARAMS(PARAM_SIZE(64, KMALLOC_MAX_SIZE), PARAM_GFP)
#define CACHE_OPTIONS \
	GFP_OPTIONS_WITH(cache_setup), .live_bytes = object_live, \
	KB_PARAMS(PARAM_SIZE(64, 32768), PARAM_GFP, PARAM_ALIGN, PARAM_CTOR)
#define POOL_OPTIONS \
	GFP_OPTIONS_WITH(pool_setup), .live_bytes = kmalloc_live, \
	KB_PARAMS(PARAM_SIZE(64, 65536), PARAM_GFP)
#define BULK_OPTIONS \
	PROCESS_OPTIONS, .setup = bulk_setup, .teardown = state_teardown, \
	.setup_worker = bulk_setup_worker, .teardown_worker = bulk_teardown_worker, \
	.live_bytes = bulk_live, KB_PARAMS(PARAM_SIZE(64, 32768), PARAM_OBJECTS)
#define VMALLOC_OPTIONS \
	PROCESS_OPTIONS, .live_bytes = vmalloc_live, KB_PARAMS(PARAM_SIZE(65536, 64 << 20))
#define ORDER_OPTIONS	GFP_OPTIONS, .live_bytes = order_live, KB_PARAMS(PARAM_ORDER, PARAM_GFP)
#define EXACT_OPTIONS \
	GFP_OPTIONS, .live_bytes = exact_live, \
	KB_PARAMS(PARAM_SIZE(3 * PAGE_SIZE, KMALLOC_MAX_SIZE), PARAM_GFP)
#define PERCPU_OPTIONS \
	PROCESS_OPTIONS, .live_bytes = percpu_live, KB_PARAMS(PARAM_SIZE(8, PCPU_MIN_UNIT_SIZE))
#define DEVM_OPTIONS \
	PROCESS_OPTIONS, .setup_worker = owner_setup_worker, \
	.teardown_worker = owner_teardown_worker, .live_bytes = kmalloc_live, \
	KB_PARAMS(PARAM_SIZE(64, KMALLOC_MAX_SIZE / 2))
#define REMOTE_OPTIONS(setup_) \
	PROCESS_OPTIONS, .setup = setup_, .teardown = state_teardown, \
	.setup_worker = boxes_setup_worker, .teardown_worker = bulk_teardown_worker

/* Pairs, size and flag in variables */

KBENCH(kmalloc, "kmalloc and kfree, size and flag in variables: what does a size unknown cost?",
       KMALLOC_OPTIONS)
{
	kfree(got(kb, kmalloc(size(kb), gfp(kb))));
}

KBENCH(kzalloc,
       "kzalloc and kfree, size and flag in variables: from which size on do zeroes count?",
       KMALLOC_OPTIONS)
{
	kfree(got(kb, kzalloc(size(kb), gfp(kb))));
}

KBENCH(kmem_cache, "kmem_cache_alloc and kmem_cache_free: does a cache of one's own beat kmalloc?",
       CACHE_OPTIONS)
{
	object_free(kb, got(kb, kmem_cache_alloc(state(kb)->cache, gfp(kb))));
}

KBENCH(kmem_cache_bulk,
       "kmem_cache_alloc_bulk and kmem_cache_free_bulk: what does many at once save?",
       BULK_OPTIONS)
{
	size_t nr = (size_t)kb->param[1];

	if (likely(kmem_cache_alloc_bulk(state(kb)->cache, GFP_KERNEL, nr, kb->priv)))
		kmem_cache_free_bulk(state(kb)->cache, nr, kb->priv);
	else
		got(kb, NULL);
}

KBENCH(mempool, "mempool_alloc and mempool_free: what does a reserve add to kmalloc?", POOL_OPTIONS)
{
	mempool_free(got(kb, mempool_alloc(state(kb)->pool, gfp(kb))), state(kb)->pool);
}

KBENCH(vmalloc, "vmalloc and vfree: what do mapping and unmapping add to the pages?",
       VMALLOC_OPTIONS)
{
	vfree(got(kb, vmalloc(size(kb))));
}

KBENCH(vzalloc, "vzalloc and vfree: what do zeroes add to vmalloc?", VMALLOC_OPTIONS)
{
	vfree(got(kb, vzalloc(size(kb))));
}

KBENCH(kvmalloc, "kvmalloc with GFP_KERNEL, and kvfree: what does trying kmalloc first cost?",
       VMALLOC_OPTIONS)
{
	kvfree(got(kb, kvmalloc(size(kb), GFP_KERNEL)));
}

KBENCH(alloc_pages,
       "alloc_pages and __free_pages, order and flag in variables: which order is dear?",
       ORDER_OPTIONS)
{
	pages_free(got(kb, alloc_pages(gfp(kb), order(kb))), order(kb));
}

KBENCH(get_free_pages, "__get_free_pages and free_pages: does an address cost more than a page?",
       ORDER_OPTIONS)
{
	free_pages((unsigned long)got(kb, (void *)__get_free_pages(gfp(kb), order(kb))),
		   order(kb));
}

KBENCH(get_zeroed_page, "get_zeroed_page and free_page: what do zeroes add to a page?",
       PROCESS_OPTIONS)
{
	free_page((unsigned long)got(kb, (void *)get_zeroed_page(GFP_KERNEL)));
}

KBENCH(alloc_pages_exact,
       "alloc_pages_exact and free_pages_exact: what does giving back a tail cost?",
       EXACT_OPTIONS)
{
	exact_free(got(kb, alloc_pages_exact(size(kb), gfp(kb))), size(kb));
}

KBENCH(percpu, "alloc_percpu and free_percpu: how dear is it to make a per-CPU counter?",
       PERCPU_OPTIONS)
{
	percpu_free(got(kb, percpu_take(size(kb))));
}

KBENCH(devm_kmalloc, "devm_kmalloc and devm_kfree of a device: what does being managed add?",
       DEVM_OPTIONS)
{
	struct owner *owner = kb->priv;
	void *memory = got(kb, devm_kmalloc(&owner->dev, size(kb), GFP_KERNEL));

	if (likely(memory))
		devm_kfree(&owner->dev, memory);
}

/* Pairs, size and flag known to the compiler */

KBENCH(kmalloc_64, "kmalloc(64, GFP_KERNEL) and kfree, known to the compiler: what does that save?",
       PROCESS_OPTIONS)
{
	kfree(got(kb, kmalloc(KNOWN_SIZE, GFP_KERNEL)));
}

KBENCH(kmalloc_64_atomic, "kmalloc(64, GFP_ATOMIC) and kfree, known to the compiler: is it slower?",
       ATOMIC_OPTIONS)
{
	kfree(got(kb, kmalloc(KNOWN_SIZE, GFP_ATOMIC)));
}

KBENCH(kzalloc_64, "kzalloc(64, GFP_KERNEL) and kfree, known to the compiler: are few zeroes free?",
       PROCESS_OPTIONS)
{
	kfree(got(kb, kzalloc(KNOWN_SIZE, GFP_KERNEL)));
}

KBENCH(kzalloc_64_atomic, "kzalloc(64, GFP_ATOMIC) and kfree, known to the compiler",
       ATOMIC_OPTIONS)
{
	kfree(got(kb, kzalloc(KNOWN_SIZE, GFP_ATOMIC)));
}

KBENCH(alloc_page, "alloc_page(GFP_KERNEL) and __free_page: is a page dearer than kmalloc(4096)?",
       PROCESS_OPTIONS)
{
	pages_free(got(kb, alloc_page(GFP_KERNEL)), 0);
}

KBENCH(alloc_page_atomic, "alloc_page(GFP_ATOMIC) and __free_page: is it slower than GFP_KERNEL?",
       ATOMIC_OPTIONS)
{
	pages_free(got(kb, alloc_page(GFP_ATOMIC)), 0);
}

/* Batches: BATCH(name, "help", what takes memory, what frees it, options) */

#define BATCH(id, help_, take_, free_, ...) \
	KBENCH_PHASE(id, alloc) { kb_slot(kb) = got(kb, take_); } \
	KBENCH_PHASE(id, free) { free_; } \
	KBENCH_PHASED(id, help_, alloc, free, __VA_ARGS__)

BATCH(kmalloc_batch, "many kmalloc, then as many kfree: what if it is not the last one freed?",
      kmalloc(size(kb), gfp(kb)), kfree(kb_slot(kb)), KMALLOC_OPTIONS);

BATCH(kzalloc_batch, "many kzalloc, then as many kfree: what do zeroes in cold memory cost?",
      kzalloc(size(kb), gfp(kb)), kfree(kb_slot(kb)), KMALLOC_OPTIONS);

BATCH(kmem_cache_batch, "many kmem_cache_alloc, then as many kmem_cache_free",
      kmem_cache_alloc(state(kb)->cache, gfp(kb)), object_free(kb, kb_slot(kb)), CACHE_OPTIONS);

BATCH(vmalloc_batch, "many vmalloc, then as many vfree: does it slow down with areas in use?",
      vmalloc(size(kb)), vfree(kb_slot(kb)), VMALLOC_OPTIONS);

BATCH(vzalloc_batch, "many vzalloc, then as many vfree",
      vzalloc(size(kb)), vfree(kb_slot(kb)), VMALLOC_OPTIONS);

BATCH(kvmalloc_batch, "many kvmalloc with GFP_KERNEL, then as many kvfree",
      kvmalloc(size(kb), GFP_KERNEL), kvfree(kb_slot(kb)), VMALLOC_OPTIONS);

BATCH(alloc_pages_batch, "many alloc_pages, then as many __free_pages: what beyond per-CPU lists?",
      alloc_pages(gfp(kb), order(kb)), pages_free(kb_slot(kb), order(kb)), ORDER_OPTIONS);

BATCH(alloc_pages_exact_batch, "many alloc_pages_exact, then as many free_pages_exact",
      alloc_pages_exact(size(kb), gfp(kb)), exact_free(kb_slot(kb), size(kb)), EXACT_OPTIONS);

BATCH(percpu_batch, "many alloc_percpu, then as many free_percpu: does it slow down when it fills?",
      percpu_take(size(kb)), percpu_free(kb_slot(kb)), PERCPU_OPTIONS);

BATCH(kmalloc_64_batch, "many kmalloc(64, GFP_KERNEL), then as many kfree",
      kmalloc(KNOWN_SIZE, GFP_KERNEL), kfree(kb_slot(kb)),
      PROCESS_OPTIONS, .live_bytes = known_live);

BATCH(kmalloc_64_atomic_batch, "many kmalloc(64, GFP_ATOMIC), then as many kfree",
      kmalloc(KNOWN_SIZE, GFP_ATOMIC), kfree(kb_slot(kb)),
      ATOMIC_OPTIONS, .live_bytes = known_live);

/* Freed in another order, where it was allocated. Shuffling is part of the first phase. */

KBENCH_PHASE(kmalloc_shuffled, alloc)
{
	shuffle_in(kb, kb_index(), got(kb, kmalloc(size(kb), gfp(kb))));
}

KBENCH_PHASE(kmalloc_shuffled, free)
{
	kfree(kb_slot(kb));
}

KBENCH_PHASED(kmalloc_shuffled, "many kmalloc, then kfree in a shuffled order: does order matter?",
	      alloc, free, KMALLOC_OPTIONS);

KBENCH_PHASE(alloc_pages_shuffled, alloc)
{
	shuffle_in(kb, kb_index(), got(kb, alloc_pages(gfp(kb), order(kb))));
}

KBENCH_PHASE(alloc_pages_shuffled, free)
{
	pages_free(kb_slot(kb), order(kb));
}

KBENCH_PHASED(alloc_pages_shuffled, "many alloc_pages, then __free_pages in a shuffled order",
	      alloc, free, ORDER_OPTIONS);

/* Freed on another CPU: each op allocates one, and frees one that came from a neighbour. */

KBENCH(kmalloc_remote,
       "kmalloc, and kfree of what another CPU allocated: is that slower?",
       .min_cpus = 2, REMOTE_OPTIONS(kmalloc_boxes_setup), .live_bytes = boxed_live,
       KB_PARAMS(PARAM_SIZE(64, 8192)))
{
	kfree(put(kb, kb_index(), got(kb, kmalloc(size(kb), GFP_KERNEL))));
	kfree(take(kb, kb_index()));
}

KBENCH(alloc_page_remote, "alloc_page, and __free_page of what another CPU allocated",
       .min_cpus = 2, REMOTE_OPTIONS(page_boxes_setup))
{
	pages_free(put(kb, kb_index(), got(kb, alloc_page(GFP_KERNEL))), 0);
	pages_free(take(kb, kb_index()), 0);
}

/* Freed after a grace period */

struct rcu_object {
	struct rcu_head	rcu;
};

static size_t rcu_live(const struct kb *kb)
{
	return roundup_pow_of_two(max_t(size_t, size(kb), sizeof(struct rcu_object)));
}

/* Between batches, untimed: the more was given, the more often this waits until it is free. */
static void rcu_settle(struct kb *kb, unsigned long ops)
{
	unsigned long given = (unsigned long)kb->priv + ops * rcu_live(kb);

	if (given >= RCU_BYTES / kb->nr_workers) {
		kbench_wait_kfree_rcu();
		given = 0;
	}
	kb->priv = (void *)given;
}

KBENCH_PHASE(kfree_rcu, alloc)
{
	kb_slot(kb) = got(kb, kmalloc(max_t(size_t, size(kb), sizeof(struct rcu_object)),
				      GFP_KERNEL));
}

KBENCH_PHASE(kfree_rcu, free)
{
	struct rcu_object *object = kb_slot(kb);

	if (likely(object))
		kfree_rcu(object, rcu);
}

KBENCH_PHASED(kfree_rcu, "many kmalloc, then as many kfree_rcu: what does the caller pay?",
	      alloc, free, PROCESS_OPTIONS, .live_bytes = rcu_live, .settle = rcu_settle,
	      KB_PARAMS(PARAM_SIZE(64, 8192)));

KBENCH_SUITE(alloc, "Allocators, as pairs and as batches",
	     kmalloc, kzalloc, kmem_cache, kmem_cache_bulk, mempool, vmalloc, vzalloc, kvmalloc,
	     alloc_pages, get_free_pages, get_zeroed_page, alloc_pages_exact, percpu, devm_kmalloc,
	     kmalloc_64, kmalloc_64_atomic, kzalloc_64, kzalloc_64_atomic, alloc_page,
	     alloc_page_atomic, kmalloc_batch, kzalloc_batch, kmem_cache_batch, vmalloc_batch,
	     vzalloc_batch, kvmalloc_batch, alloc_pages_batch, alloc_pages_exact_batch,
	     percpu_batch, kmalloc_64_batch, kmalloc_64_atomic_batch, kmalloc_shuffled,
	     alloc_pages_shuffled, kmalloc_remote, alloc_page_remote, kfree_rcu);
