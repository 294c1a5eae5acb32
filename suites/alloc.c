// SPDX-License-Identifier: GPL-2.0
/*
 * Allocators. Each one as a pair, where an op allocates and frees at once, and as a batch, where
 * all allocations of the batch come before all frees and the two are timed apart.
 *
 * A size or a GFP flag that the compiler knows makes different code from one in a variable: a
 * kmalloc(64, GFP_KERNEL) goes straight to its cache, a kmalloc(n, flags) looks for it. Benches
 * with parameters time the second form, those with the size in their name the first.
 *
 * The allocators hand out what was freed last, so successive ops depend on each other.
 */
#include <kbench/suite.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define KNOWN_SIZE	64

#define PARAM_SIZE(def_, max_) \
	{ .name = "size", .unit = "bytes", .def = def_, .min = 1, .max = max_, \
	  .help = "how much one op allocates" }
#define PARAM_ORDER \
	{ .name = "order", .unit = "", .def = 0, .min = 0, .max = KMALLOC_SHIFT_MAX - PAGE_SHIFT, \
	  .help = "one op allocates 2^order pages" }
#define PARAM_GFP \
	{ .name = "gfp", .unit = "", .def = 0, .min = 0, .max = 1, \
	  .help = "0 is GFP_KERNEL, 1 is GFP_ATOMIC" }

#define PROCESS_OPTIONS	.context = KB_PROCESS, .flags = KBENCH_BENCH_DEPENDENT
#define ATOMIC_OPTIONS	.context = KB_ATOMIC, .flags = KBENCH_BENCH_DEPENDENT

/* With the parameters size (or order) and gfp, in that order. */
#define GFP_OPTIONS	PROCESS_OPTIONS, .setup_worker = gfp_setup_worker

static int gfp_setup_worker(struct kb *kb)
{
	kb->priv = (void *)(__force unsigned long)(kb->param[1] ? GFP_ATOMIC : GFP_KERNEL);
	return 0;
}

static __always_inline gfp_t gfp(const struct kb *kb)
{
	return (__force gfp_t)(unsigned long)kb->priv;
}

static __always_inline size_t size(const struct kb *kb)
{
	return (size_t)kb->param[0];
}

static __always_inline unsigned int order(const struct kb *kb)
{
	return (unsigned int)kb->param[0];
}

/* An allocation that comes to nothing is cheap: it must not count as one. */
static __always_inline void *got(struct kb *kb, void *memory)
{
	if (unlikely(!memory))
		kb_fail(kb);
	return memory;
}

static __always_inline void pages_free(struct page *page, unsigned int order)
{
	if (likely(page))
		__free_pages(page, order);
}

static __always_inline void exact_free(void *memory, size_t size)
{
	if (likely(memory))
		free_pages_exact(memory, size);
}

static size_t kmalloc_live(const struct kb *kb)
{
	return roundup_pow_of_two(max_t(size_t, size(kb), KMALLOC_MIN_SIZE));
}

static size_t known_live(const struct kb *kb)
{
	return KNOWN_SIZE;
}

/* The page tables and the description of an area take about a page more. */
static size_t vmalloc_live(const struct kb *kb)
{
	return PAGE_ALIGN(size(kb)) + PAGE_SIZE;
}

static size_t exact_live(const struct kb *kb)
{
	return PAGE_ALIGN(size(kb));
}

static size_t order_live(const struct kb *kb)
{
	return PAGE_SIZE << order(kb);
}

static int cache_setup(struct kb *kb)
{
	kb->data = kmem_cache_create("kbench_object", (unsigned int)size(kb), 0, 0, NULL);
	return kb->data ? 0 : -ENOMEM;
}

static void cache_teardown(struct kb *kb)
{
	kmem_cache_destroy(kb->data);
	kb->data = NULL;
}

/* Pairs, size and flag in variables */

#define KMALLOC_PARAMS	KB_PARAMS(PARAM_SIZE(64, KMALLOC_MAX_SIZE), PARAM_GFP)
#define CACHE_PARAMS	KB_PARAMS(PARAM_SIZE(64, 32768), PARAM_GFP)
#define VMALLOC_PARAMS	KB_PARAMS(PARAM_SIZE(65536, 64 << 20))
#define ORDER_PARAMS	KB_PARAMS(PARAM_ORDER, PARAM_GFP)
#define EXACT_PARAMS	KB_PARAMS(PARAM_SIZE(3 * PAGE_SIZE, KMALLOC_MAX_SIZE), PARAM_GFP)

#define CACHE_OPTIONS	GFP_OPTIONS, .setup = cache_setup, .teardown = cache_teardown

KBENCH(kmalloc, "kmalloc and kfree, size and flag in variables", GFP_OPTIONS, KMALLOC_PARAMS)
{
	kfree(got(kb, kmalloc(size(kb), gfp(kb))));
}

KBENCH(kzalloc, "kzalloc and kfree, size and flag in variables", GFP_OPTIONS, KMALLOC_PARAMS)
{
	kfree(got(kb, kzalloc(size(kb), gfp(kb))));
}

KBENCH(kmem_cache, "kmem_cache_alloc and kmem_cache_free", CACHE_OPTIONS, CACHE_PARAMS)
{
	void *object = got(kb, kmem_cache_alloc(kb->data, gfp(kb)));

	if (likely(object))
		kmem_cache_free(kb->data, object);
}

KBENCH(vmalloc, "vmalloc and vfree", PROCESS_OPTIONS, VMALLOC_PARAMS)
{
	vfree(got(kb, vmalloc(size(kb))));
}

KBENCH(vzalloc, "vzalloc and vfree", PROCESS_OPTIONS, VMALLOC_PARAMS)
{
	vfree(got(kb, vzalloc(size(kb))));
}

KBENCH(kvmalloc, "kvmalloc with GFP_KERNEL, and kvfree", PROCESS_OPTIONS, VMALLOC_PARAMS)
{
	kvfree(got(kb, kvmalloc(size(kb), GFP_KERNEL)));
}

KBENCH(alloc_pages, "alloc_pages and __free_pages, order and flag in variables",
       GFP_OPTIONS, ORDER_PARAMS)
{
	pages_free(got(kb, alloc_pages(gfp(kb), order(kb))), order(kb));
}

KBENCH(alloc_pages_exact, "alloc_pages_exact and free_pages_exact", GFP_OPTIONS, EXACT_PARAMS)
{
	exact_free(got(kb, alloc_pages_exact(size(kb), gfp(kb))), size(kb));
}

/* Pairs, size and flag known to the compiler */

KBENCH(kmalloc_64, "kmalloc(64, GFP_KERNEL) and kfree, known to the compiler", PROCESS_OPTIONS)
{
	kfree(got(kb, kmalloc(KNOWN_SIZE, GFP_KERNEL)));
}

KBENCH(kmalloc_64_atomic, "kmalloc(64, GFP_ATOMIC) and kfree, known to the compiler",
       ATOMIC_OPTIONS)
{
	kfree(got(kb, kmalloc(KNOWN_SIZE, GFP_ATOMIC)));
}

KBENCH(kzalloc_64, "kzalloc(64, GFP_KERNEL) and kfree, known to the compiler", PROCESS_OPTIONS)
{
	kfree(got(kb, kzalloc(KNOWN_SIZE, GFP_KERNEL)));
}

KBENCH(kzalloc_64_atomic, "kzalloc(64, GFP_ATOMIC) and kfree, known to the compiler",
       ATOMIC_OPTIONS)
{
	kfree(got(kb, kzalloc(KNOWN_SIZE, GFP_ATOMIC)));
}

KBENCH(alloc_page, "alloc_page(GFP_KERNEL) and __free_page, known to the compiler",
       PROCESS_OPTIONS)
{
	pages_free(got(kb, alloc_page(GFP_KERNEL)), 0);
}

KBENCH(alloc_page_atomic, "alloc_page(GFP_ATOMIC) and __free_page, known to the compiler",
       ATOMIC_OPTIONS)
{
	pages_free(got(kb, alloc_page(GFP_ATOMIC)), 0);
}

/* Batches, size and flag in variables */

KBENCH_PHASE(kmalloc_batch, alloc)
{
	kb_slot(kb) = got(kb, kmalloc(size(kb), gfp(kb)));
}

KBENCH_PHASE(kmalloc_batch, free)
{
	kfree(kb_slot(kb));
}

KBENCH_PHASED(kmalloc_batch, "many kmalloc, then as many kfree", alloc, free,
	      GFP_OPTIONS, .live_bytes = kmalloc_live, KMALLOC_PARAMS);

KBENCH_PHASE(kzalloc_batch, alloc)
{
	kb_slot(kb) = got(kb, kzalloc(size(kb), gfp(kb)));
}

KBENCH_PHASE(kzalloc_batch, free)
{
	kfree(kb_slot(kb));
}

KBENCH_PHASED(kzalloc_batch, "many kzalloc, then as many kfree", alloc, free,
	      GFP_OPTIONS, .live_bytes = kmalloc_live, KMALLOC_PARAMS);

KBENCH_PHASE(kmem_cache_batch, alloc)
{
	kb_slot(kb) = got(kb, kmem_cache_alloc(kb->data, gfp(kb)));
}

KBENCH_PHASE(kmem_cache_batch, free)
{
	if (likely(kb_slot(kb)))
		kmem_cache_free(kb->data, kb_slot(kb));
}

KBENCH_PHASED(kmem_cache_batch, "many kmem_cache_alloc, then as many kmem_cache_free", alloc, free,
	      CACHE_OPTIONS, .live_bytes = kmalloc_live, CACHE_PARAMS);

KBENCH_PHASE(vmalloc_batch, alloc)
{
	kb_slot(kb) = got(kb, vmalloc(size(kb)));
}

KBENCH_PHASE(vmalloc_batch, free)
{
	vfree(kb_slot(kb));
}

KBENCH_PHASED(vmalloc_batch, "many vmalloc, then as many vfree", alloc, free,
	      PROCESS_OPTIONS, .live_bytes = vmalloc_live, VMALLOC_PARAMS);

KBENCH_PHASE(vzalloc_batch, alloc)
{
	kb_slot(kb) = got(kb, vzalloc(size(kb)));
}

KBENCH_PHASE(vzalloc_batch, free)
{
	vfree(kb_slot(kb));
}

KBENCH_PHASED(vzalloc_batch, "many vzalloc, then as many vfree", alloc, free,
	      PROCESS_OPTIONS, .live_bytes = vmalloc_live, VMALLOC_PARAMS);

KBENCH_PHASE(kvmalloc_batch, alloc)
{
	kb_slot(kb) = got(kb, kvmalloc(size(kb), GFP_KERNEL));
}

KBENCH_PHASE(kvmalloc_batch, free)
{
	kvfree(kb_slot(kb));
}

KBENCH_PHASED(kvmalloc_batch, "many kvmalloc with GFP_KERNEL, then as many kvfree", alloc, free,
	      PROCESS_OPTIONS, .live_bytes = vmalloc_live, VMALLOC_PARAMS);

KBENCH_PHASE(alloc_pages_batch, alloc)
{
	kb_slot(kb) = got(kb, alloc_pages(gfp(kb), order(kb)));
}

KBENCH_PHASE(alloc_pages_batch, free)
{
	pages_free(kb_slot(kb), order(kb));
}

KBENCH_PHASED(alloc_pages_batch, "many alloc_pages, then as many __free_pages", alloc, free,
	      GFP_OPTIONS, .live_bytes = order_live, ORDER_PARAMS);

KBENCH_PHASE(alloc_pages_exact_batch, alloc)
{
	kb_slot(kb) = got(kb, alloc_pages_exact(size(kb), gfp(kb)));
}

KBENCH_PHASE(alloc_pages_exact_batch, free)
{
	exact_free(kb_slot(kb), size(kb));
}

KBENCH_PHASED(alloc_pages_exact_batch, "many alloc_pages_exact, then as many free_pages_exact",
	      alloc, free, GFP_OPTIONS, .live_bytes = exact_live, EXACT_PARAMS);

/* Batches, size and flag known to the compiler */

KBENCH_PHASE(kmalloc_64_batch, alloc)
{
	kb_slot(kb) = got(kb, kmalloc(KNOWN_SIZE, GFP_KERNEL));
}

KBENCH_PHASE(kmalloc_64_batch, free)
{
	kfree(kb_slot(kb));
}

KBENCH_PHASED(kmalloc_64_batch, "many kmalloc(64, GFP_KERNEL), then as many kfree", alloc, free,
	      PROCESS_OPTIONS, .live_bytes = known_live);

KBENCH_PHASE(kmalloc_64_atomic_batch, alloc)
{
	kb_slot(kb) = got(kb, kmalloc(KNOWN_SIZE, GFP_ATOMIC));
}

KBENCH_PHASE(kmalloc_64_atomic_batch, free)
{
	kfree(kb_slot(kb));
}

KBENCH_PHASED(kmalloc_64_atomic_batch, "many kmalloc(64, GFP_ATOMIC), then as many kfree",
	      alloc, free, ATOMIC_OPTIONS, .live_bytes = known_live);

KBENCH_SUITE(alloc, "Allocators, as pairs and as batches",
	     kmalloc, kzalloc, kmem_cache, vmalloc, vzalloc, kvmalloc, alloc_pages,
	     alloc_pages_exact, kmalloc_64, kmalloc_64_atomic, kzalloc_64, kzalloc_64_atomic,
	     alloc_page, alloc_page_atomic, kmalloc_batch, kzalloc_batch, kmem_cache_batch,
	     vmalloc_batch, vzalloc_batch, kvmalloc_batch, alloc_pages_batch,
	     alloc_pages_exact_batch, kmalloc_64_batch, kmalloc_64_atomic_batch);
