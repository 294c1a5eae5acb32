/* SPDX-License-Identifier: GPL-2.0 */
/* Of suites/alloc.c: what its cases have, how it is made, and how much memory an op takes. */
#ifndef _ALLOC_SETUP_H
#define _ALLOC_SETUP_H

#include <kbench/suite.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/memcontrol.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#define KNOWN_SIZE	64
#define MAX_ORDER_OF_2	(KMALLOC_SHIFT_MAX - PAGE_SHIFT)

/* Elements that a mempool keeps in reserve. */
#define POOL_RESERVE	16

/* Objects that a worker has on the way to its neighbour, at most. */
#define BOX_SLOTS	256

/* What all workers together may have given to kfree_rcu() before they wait until it is free. */
#define RCU_BYTES	(16UL * SZ_1M)

/*
 * struct state - what a case has, for all its workers
 * @memcg:    the cgroup that allocations are charged to (gfp=2), of the process in the ioctl
 * @boxes:    BOX_SLOTS pointers per worker, on the way to another worker
 * @box_free: frees what is in them
 */
struct state {
	struct mem_cgroup	*memcg;
	struct kmem_cache	*cache;
	mempool_t		*pool;
	void			**boxes;
	unsigned long		nr_boxed;
	void			(*box_free)(void *memory);
};

/* struct hands - where a worker puts what its neighbour frees, and takes what it frees itself */
struct hands {
	void	**put;
	void	**take;
};

static const gfp_t gfps[] = { GFP_KERNEL, GFP_ATOMIC, GFP_KERNEL_ACCOUNT, GFP_NOWAIT };

#define PARAM_SIZE(def_, max_) \
	{ .name = "size", .unit = "bytes", .def = def_, .min = 1, .max = max_, \
	  .help = "how much one op allocates" }
#define PARAM_ORDER \
	{ .name = "order", .unit = "", .def = 0, .min = 0, .max = MAX_ORDER_OF_2, \
	  .help = "one op allocates 2^order pages" }
#define PARAM_GFP \
	{ .name = "gfp", .unit = "", .def = 0, .min = 0, .max = ARRAY_SIZE(gfps) - 1, \
	  .help = "0 GFP_KERNEL, 1 GFP_ATOMIC, 2 GFP_KERNEL_ACCOUNT (charged to the cgroup that " \
		  "runs kbench), 3 GFP_NOWAIT" }
#define PARAM_ALIGN \
	{ .name = "align", .unit = "bytes", .def = 0, .min = 0, .max = 4096, \
	  .help = "alignment of the cache's objects, a power of two; 0: the cache's own" }
#define PARAM_CTOR \
	{ .name = "ctor", .unit = "", .def = 0, .min = 0, .max = 1, \
	  .help = "1: the cache has a constructor" }
#define PARAM_OBJECTS \
	{ .name = "objects", .unit = "objects", .def = 16, .min = 1, .max = 256, \
	  .help = "how many objects one op allocates and frees" }

static __always_inline struct state *state(const struct kb *kb)
{
	return kb->data;
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
	if (unlikely(!memory)) {
		kb->reason = "an allocation failed: memory is short, or in pieces too small";
		kb_fail(kb);
	}
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

/* New compilers know per-CPU pointers from others, and let numbers alone pass between them. */
static __always_inline void *percpu_take(size_t size)
{
	return (void *)(__force unsigned long)__alloc_percpu(size, 8);
}

static __always_inline void percpu_free(void *memory)
{
	free_percpu((void __percpu *)(__force unsigned long)memory);
}

static __always_inline void object_free(const struct kb *kb, void *object)
{
	if (likely(object))
		kmem_cache_free(state(kb)->cache, object);
}

/* Bytes that one op takes, see .live_bytes */

static size_t kmalloc_live(const struct kb *kb)
{
	return roundup_pow_of_two(max_t(size_t, size(kb), KMALLOC_MIN_SIZE));
}

static size_t object_live(const struct kb *kb)
{
	return ALIGN(size(kb), max_t(size_t, kb->param[2], sizeof(long))) + sizeof(long);
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

static size_t percpu_live(const struct kb *kb)
{
	return size(kb) * num_possible_cpus();
}

static size_t boxed_live(const struct kb *kb)
{
	return (BOX_SLOTS + 1) * kmalloc_live(kb);
}

/* Setup */

static int state_setup(struct kb *kb)
{
	kb->data = kzalloc(sizeof(struct state), GFP_KERNEL);
	return kb->data ? 0 : -ENOMEM;
}

static void state_teardown(struct kb *kb)
{
	struct state *state = kb->data;
	unsigned long i;

	if (!state)
		return;
	for (i = 0; i < state->nr_boxed; i++)
		if (state->boxes[i])
			state->box_free(state->boxes[i]);
	kvfree(state->boxes);
	mempool_destroy(state->pool);
	kmem_cache_destroy(state->cache);
	if (state->memcg)
		mem_cgroup_put(state->memcg);
	kfree(state);
	kb->data = NULL;
}

/* With the parameters size (or order) and gfp, in that order. */
static int gfp_setup(struct kb *kb)
{
	gfp_t gfp = gfps[kb->param[1]];

	if (kb->context != KB_PROCESS && gfpflags_allow_blocking(gfp)) {
		kb->reason = "an allocation with this gfp may sleep; gfp=1 and gfp=3 do not";
		return -EOPNOTSUPP;
	}
	if (state_setup(kb))
		return -ENOMEM;
	if (gfp & __GFP_ACCOUNT)
		state(kb)->memcg = get_mem_cgroup_from_mm(current->mm);
	return 0;
}

/* A kernel thread is charged nothing unless it names who is. */
static int gfp_setup_worker(struct kb *kb)
{
	kb->priv = (void *)(__force unsigned long)gfps[kb->param[1]];
	if (state(kb)->memcg)
		set_active_memcg(state(kb)->memcg);
	return 0;
}

static void gfp_teardown_worker(struct kb *kb)
{
	if (state(kb)->memcg)
		set_active_memcg(NULL);
}

static void construct(void *object)
{
	*(unsigned long *)object = 1;
}

static int cache_create(struct kb *kb, unsigned int align, bool ctor)
{
	unsigned int bytes = max_t(unsigned int, size(kb), sizeof(unsigned long));
	static atomic_t nr;
	char name[32];

	if (align && !is_power_of_2(align)) {
		kb->reason = "align has to be 0 or a power of two";
		return -EOPNOTSUPP;
	}
	/* Several sessions at a time may have one, and the kernel wants their names to differ. */
	snprintf(name, sizeof(name), "kbench_object_%d", atomic_inc_return(&nr));
	state(kb)->cache = kmem_cache_create(name, bytes, align, 0, ctor ? construct : NULL);
	return state(kb)->cache ? 0 : -ENOMEM;
}

static int cache_setup(struct kb *kb)
{
	int err = gfp_setup(kb);

	return err ? err : cache_create(kb, (unsigned int)kb->param[2], kb->param[3]);
}

static int bulk_setup(struct kb *kb)
{
	int err = state_setup(kb);

	return err ? err : cache_create(kb, 0, false);
}

static int bulk_setup_worker(struct kb *kb)
{
	kb->priv = kcalloc(kb->param[1], sizeof(void *), GFP_KERNEL);
	return kb->priv ? 0 : -ENOMEM;
}

static void bulk_teardown_worker(struct kb *kb)
{
	kfree(kb->priv);
	kb->priv = NULL;
}

static size_t bulk_live(const struct kb *kb)
{
	return kmalloc_live(kb) * kb->param[1];
}

static int pool_setup(struct kb *kb)
{
	int err = gfp_setup(kb);

	if (err)
		return err;
	state(kb)->pool = mempool_create_kmalloc_pool(POOL_RESERVE, size(kb));
	return state(kb)->pool ? 0 : -ENOMEM;
}

/* A device that is on no bus and has no name: all that managed memory needs. */
struct owner {
	struct device		dev;
	struct completion	released;
};

static void owner_release(struct device *dev)
{
	complete(&container_of(dev, struct owner, dev)->released);
}

static int owner_setup_worker(struct kb *kb)
{
	struct owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return -ENOMEM;
	init_completion(&owner->released);
	device_initialize(&owner->dev);
	owner->dev.release = owner_release;
	kb->priv = owner;
	return 0;
}

static void owner_teardown_worker(struct kb *kb)
{
	struct owner *owner = kb->priv;

	if (!owner)
		return;
	put_device(&owner->dev);
	wait_for_completion(&owner->released);
	kfree(owner);
	kb->priv = NULL;
}

static int boxes_setup(struct kb *kb, void (*box_free)(void *memory))
{
	int err = state_setup(kb);

	if (err)
		return err;
	state(kb)->box_free = box_free;
	state(kb)->boxes = kvcalloc((size_t)kb->nr_workers * BOX_SLOTS, sizeof(void *), GFP_KERNEL);
	if (!state(kb)->boxes)
		return -ENOMEM;
	state(kb)->nr_boxed = (unsigned long)kb->nr_workers * BOX_SLOTS;
	return 0;
}

static void box_kfree(void *memory)
{
	kfree(memory);
}

static void box_free_page(void *page)
{
	__free_page(page);
}

static int kmalloc_boxes_setup(struct kb *kb)
{
	return boxes_setup(kb, box_kfree);
}

static int page_boxes_setup(struct kb *kb)
{
	return boxes_setup(kb, box_free_page);
}

static int boxes_setup_worker(struct kb *kb)
{
	struct hands *hands = kzalloc(sizeof(*hands), GFP_KERNEL);

	if (!hands)
		return -ENOMEM;
	hands->put = state(kb)->boxes + (size_t)kb->index * BOX_SLOTS;
	hands->take = state(kb)->boxes + (size_t)((kb->index + 1) % kb->nr_workers) * BOX_SLOTS;
	kb->priv = hands;
	return 0;
}

/*
 * Hands @memory to the neighbour on one side. What that has not taken in the meantime comes back,
 * so that no more than BOX_SLOTS are on the way, and whoever holds a pointer is the only one.
 */
static __always_inline void *put(const struct kb *kb, unsigned long i, void *memory)
{
	struct hands *hands = kb->priv;

	return xchg(&hands->put[i % BOX_SLOTS], memory);
}

/* Takes one from the neighbour on the other side, half a round behind, or NULL. */
static __always_inline void *take(const struct kb *kb, unsigned long i)
{
	struct hands *hands = kb->priv;

	return xchg(&hands->take[(i + BOX_SLOTS / 2) % BOX_SLOTS], NULL);
}

/*
 * Puts what op @i allocated in a place among those before it, which moves there: each order of
 * the batch is as likely as any other (Fisher and Yates, inside out), the seed is fixed.
 */
static __always_inline void shuffle_in(struct kb *kb, unsigned long i, void *memory)
{
	u32 x = ((u32)i + 1) * GOLDEN_RATIO_32;
	unsigned long j = ((u64)((x ^ (x >> 15)) * 0x85ebca6bU) * (u32)(i + 1)) >> 32;

	kb->slots[i] = kb->slots[j];
	kb->slots[j] = memory;
}

#endif /* _ALLOC_SETUP_H */
