/* SPDX-License-Identifier: GPL-2.0 */
/* Of suites/structs.c: a set of elements in each structure, how it is filled and emptied. */
#ifndef _STRUCTS_SET_H
#define _STRUCTS_SET_H

#include <kbench/suite.h>
#include <linux/hash.h>
#include <linux/idr.h>
#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/log2.h>
#include <linux/maple_tree.h>
#include <linux/mm.h>
#include <linux/ptr_ring.h>
#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#define MAX_ELEMENTS	65536
#define RING_SIZE	256

/* About what an element and its place in a structure take, in bytes. */
#define ELEMENT_BYTES	256

/* Keys are even, so that there is an absent one between any two. */
#define KEY(i)		(2 * (unsigned long)(i))

/* A range of the maple tree: half of it is gap, so that neighbours stay apart. */
#define RANGE_FIRST(i)	(16 * (unsigned long)(i))
#define RANGE_LAST(i)	(RANGE_FIRST(i) + 7)

struct element {
	unsigned long		key;
	struct list_head	list;
	struct hlist_node	hash;
	struct rb_node		rb;
	struct rhash_head	rhash;
	struct llist_node	llist;
} __aligned(KB_LINE);

/*
 * struct set - a structure and its elements
 * @nr:       elements in the structure; elements[@nr] is a spare one outside of it
 * @buckets:  of the hash table, 1 << @bits
 * @stack:    where the llist bench puts its spare: @own_stack or what all share
 * @empty:    what undoes the filling, also one that failed half way; elements stay
 */
struct set {
	unsigned long		nr;
	struct element		*elements;
	struct list_head	list;
	struct hlist_head	*buckets;
	unsigned int		bits;
	struct rb_root		rb;
	struct rhashtable	rhash;
	struct xarray		xa;
	struct maple_tree	maple;
	struct idr		idr;
	struct ida		ida;
	struct ptr_ring		ring;
	DECLARE_KFIFO(fifo, unsigned long, RING_SIZE);
	struct llist_head	own_stack;
	struct llist_head	*stack;
	void			(*empty)(struct set *set);
};

static struct {
	struct llist_head stack;
} shared KB_SHARED = { .stack = LLIST_HEAD_INIT(shared.stack) };

static __always_inline struct set *set(const struct kb *kb)
{
	return kb->priv;
}

static __always_inline struct element *spare(const struct kb *kb)
{
	return &set(kb)->elements[set(kb)->nr];
}

/* Number of the element for op @i: Weyl's sequence, which spreads over all of them evenly. */
static __always_inline unsigned long pick(const struct kb *kb, unsigned long i)
{
	return ((u64)((u32)i * 0x9e3779b1U) * (u32)set(kb)->nr) >> 32;
}

/* A lookup that finds nothing is cheap: it must not count as one. */
static __always_inline void found(struct kb *kb, const void *element)
{
	if (unlikely(!element))
		kb_fail(kb);
	kb_use(element);
}

static __always_inline void worked(struct kb *kb, int err)
{
	if (unlikely(err))
		kb_fail(kb);
}

/* Making and filling */

static int fill_nothing(struct set *set)
{
	return 0;
}

static void empty_nothing(struct set *set)
{
}

/* Elements follow each other in an order that no prefetcher guesses: a shuffle with fixed seeds. */
static int fill_list(struct set *set)
{
	u32 *order = kvmalloc_array(set->nr, sizeof(*order), GFP_KERNEL);
	unsigned long i, j;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < set->nr; i++) {
		j = ((u64)hash_32(i + 1, 32) * (i + 1)) >> 32;
		order[i] = order[j];
		order[j] = i;
	}
	for (i = 0; i < set->nr; i++)
		list_add_tail(&set->elements[order[i]].list, &set->list);
	kvfree(order);
	return 0;
}

static int fill_hash(struct set *set)
{
	unsigned long i;

	set->bits = max(ilog2(roundup_pow_of_two(set->nr)), 1);
	set->buckets = kvcalloc(1UL << set->bits, sizeof(*set->buckets), GFP_KERNEL);
	if (!set->buckets)
		return -ENOMEM;
	for (i = 0; i < set->nr; i++) {
		struct element *e = &set->elements[i];

		hlist_add_head(&e->hash, &set->buckets[hash_long(e->key, set->bits)]);
	}
	return 0;
}

static void empty_hash(struct set *set)
{
	kvfree(set->buckets);
}

static __always_inline bool rb_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct element, rb)->key < rb_entry(b, struct element, rb)->key;
}

static __always_inline int rb_compare(const void *key, const struct rb_node *node)
{
	unsigned long a = *(const unsigned long *)key, b = rb_entry(node, struct element, rb)->key;

	return a < b ? -1 : a > b;
}

static int fill_rb(struct set *set)
{
	unsigned long i;

	for (i = 0; i < set->nr; i++)
		rb_add(&set->elements[i].rb, &set->rb, rb_less);
	return 0;
}

/* Known to the compiler, as users have it: hashing and comparing are inlined. */
static const struct rhashtable_params rhash_params = {
	.key_len = sizeof(unsigned long),
	.key_offset = offsetof(struct element, key),
	.head_offset = offsetof(struct element, rhash),
};

static int fill_rhash(struct set *set)
{
	struct rhashtable_params params = rhash_params;
	unsigned long i;
	int err;

	/* Large enough from the begin: a table that is growing is slower. */
	params.nelem_hint = min_t(unsigned long, set->nr + 1, U16_MAX);
	err = rhashtable_init(&set->rhash, &params);
	for (i = 0; i < set->nr && !err; i++)
		err = rhashtable_insert_fast(&set->rhash, &set->elements[i].rhash, rhash_params);
	return err;
}

static void empty_rhash(struct set *set)
{
	/* Not when its init failed. */
	if (set->rhash.tbl)
		rhashtable_destroy(&set->rhash);
}

static int fill_xa(struct set *set)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < set->nr && !err; i++)
		err = xa_err(xa_store(&set->xa, i, &set->elements[i], GFP_KERNEL));
	return err;
}

static void empty_xa(struct set *set)
{
	xa_destroy(&set->xa);
}

static int fill_maple(struct set *set)
{
	unsigned long i;
	int err = 0;

	for (i = 0; i < set->nr && !err; i++)
		err = mtree_store_range(&set->maple, RANGE_FIRST(i), RANGE_LAST(i),
					&set->elements[i], GFP_KERNEL);
	return err;
}

static void empty_maple(struct set *set)
{
	mtree_destroy(&set->maple);
}

static int fill_idr(struct set *set)
{
	unsigned long i;
	int id = 0;

	for (i = 0; i < set->nr && id >= 0; i++)
		id = idr_alloc(&set->idr, &set->elements[i], 0, 0, GFP_KERNEL);
	return min(id, 0);
}

static void empty_idr(struct set *set)
{
	idr_destroy(&set->idr);
}

static int fill_ida(struct set *set)
{
	unsigned long i;
	int id = 0;

	for (i = 0; i < set->nr && id >= 0; i++)
		id = ida_alloc(&set->ida, GFP_KERNEL);
	return min(id, 0);
}

static void empty_ida(struct set *set)
{
	ida_destroy(&set->ida);
}

static int fill_ring(struct set *set)
{
	return ptr_ring_init(&set->ring, RING_SIZE, GFP_KERNEL);
}

static void empty_ring(struct set *set)
{
	if (set->ring.queue)
		ptr_ring_cleanup(&set->ring, NULL);
}

static void set_free(struct set *set)
{
	if (!set)
		return;
	set->empty(set);
	kvfree(set->elements);
	kfree(set);
}

static int set_new(void **to, unsigned long nr, int (*fill)(struct set *set),
		   void (*empty)(struct set *set))
{
	struct set *set = kzalloc(sizeof(*set), GFP_KERNEL);
	unsigned long i;

	if (!set)
		return -ENOMEM;
	*to = set;
	set->nr = nr;
	set->empty = empty_nothing;
	set->elements = kvcalloc(nr + 1, sizeof(*set->elements), GFP_KERNEL);
	if (!set->elements)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		set->elements[i].key = KEY(i);
	set->elements[nr].key = KEY(nr) + 1;
	INIT_LIST_HEAD(&set->list);
	INIT_KFIFO(set->fifo);
	xa_init(&set->xa);
	mt_init(&set->maple);
	idr_init(&set->idr);
	ida_init(&set->ida);
	set->rb = RB_ROOT;
	set->stack = &set->own_stack;
	set->empty = empty;
	return fill(set);
}

/* Parameters in this order; benches without them have a set of one element, or one per worker. */
#define PARAM_N(def_) \
	{ .name = "n", .unit = "elements", .def = def_, .min = 1, .max = MAX_ELEMENTS, \
	  .help = "how many elements the structure holds" }
#define PARAM_SHARED \
	{ .name = "shared", .unit = "", .def = 0, .min = 0, .max = 1, \
	  .help = "1: all workers use the same structure, 0: each its own" }

static unsigned long wanted_nr(const struct kb *kb)
{
	return kb->param[0] ? (unsigned long)kb->param[0] : 1;
}

static void set_teardown(struct kb *kb)
{
	set_free(kb->data);
	kb->data = NULL;
}

static void set_teardown_worker(struct kb *kb)
{
	if (kb->priv != kb->data)
		set_free(kb->priv);
	kb->priv = NULL;
}

static int set_setup(struct kb *kb, int (*fill)(struct set *set), void (*empty)(struct set *set))
{
	u64 bytes = (u64)wanted_nr(kb) * ELEMENT_BYTES;
	int err = kbench_may_take(kb, kb->param[1] ? bytes : bytes * kb->nr_workers);

	if (err || !kb->param[1])
		return err;
	return set_new(&kb->data, wanted_nr(kb), fill, empty);
}

static int set_setup_worker(struct kb *kb, int (*fill)(struct set *set),
			    void (*empty)(struct set *set))
{
	if (!kb->data)
		return set_new(&kb->priv, wanted_nr(kb), fill, empty);
	kb->priv = kb->data;
	return 0;
}

#endif /* _STRUCTS_SET_H */
