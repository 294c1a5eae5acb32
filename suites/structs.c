// SPDX-License-Identifier: GPL-2.0
/*
 * Which structure do I keep my objects in. Every worker has a structure of n elements to itself,
 * with the same keys in the same order in each run; lookups can all go to one instead, which
 * nobody changes (shared=1). What is looked up, or changed, is spread over the whole structure.
 *
 * Successive lookups do not need each other's results, so a CPU may overlap them; changes and
 * walks depend on what came before.
 */
#include <kbench/suite.h>

#include "structs_set.h"

#define SET(kind, fill, empty) \
	static int kind##_setup(struct kb *kb) { return set_setup(kb, fill, empty); } \
	static int kind##_setup_worker(struct kb *kb) { return set_setup_worker(kb, fill, empty); }

#define SET_OPTIONS(kind) \
	.setup = kind##_setup, .teardown = set_teardown, \
	.setup_worker = kind##_setup_worker, .teardown_worker = set_teardown_worker

#define READ_OPTIONS(kind) \
	SET_OPTIONS(kind), .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, \
	KB_PARAMS(PARAM_N(1000), PARAM_SHARED)
#define CHANGE_OPTIONS(kind) \
	SET_OPTIONS(kind), .flags = KBENCH_BENCH_DEPENDENT
#define N_PARAMS	KB_PARAMS(PARAM_N(1000))

SET(array, fill_nothing, empty_nothing)
SET(list, fill_list, empty_nothing)
SET(hash, fill_hash, empty_hash)
SET(rb, fill_rb, empty_nothing)
SET(rhash, fill_rhash, empty_rhash)
SET(xa, fill_xa, empty_xa)
SET(maple, fill_maple, empty_maple)
SET(idr, fill_idr, empty_idr)
SET(ida, fill_ida, empty_ida)
SET(ring, fill_ring, empty_ring)

/* Lookups */

KBENCH(array_load, "elements[i].key: the floor, what any lookup costs at least",
       READ_OPTIONS(array))
{
	kb_use(READ_ONCE(set(kb)->elements[pick(kb, kb_index())].key));
}

KBENCH(hashtable_lookup, "a hash table of hlists, one element per bucket: is a tree as fast?",
       READ_OPTIONS(hash))
{
	unsigned long key = KEY(pick(kb, kb_index()));
	struct element *e;

	hlist_for_each_entry(e, &set(kb)->buckets[hash_long(key, set(kb)->bits)], hash)
		if (e->key == key)
			break;
	found(kb, e);
}

KBENCH(rhashtable_lookup, "rhashtable_lookup_fast: what does a table that resizes itself cost?",
       READ_OPTIONS(rhash))
{
	unsigned long key = KEY(pick(kb, kb_index()));

	found(kb, rhashtable_lookup_fast(&set(kb)->rhash, &key, rhash_params));
}

KBENCH(xa_load, "xa_load at dense indices: is it as good as an array?", READ_OPTIONS(xa))
{
	found(kb, xa_load(&set(kb)->xa, pick(kb, kb_index())));
}

KBENCH(mtree_load, "mtree_load of an index inside one of n ranges: what do ranges cost?",
       READ_OPTIONS(maple))
{
	found(kb, mtree_load(&set(kb)->maple, RANGE_FIRST(pick(kb, kb_index())) + 4));
}

KBENCH(rb_find, "rb_find: what does a binary tree cost against a B-tree or a hash?",
       READ_OPTIONS(rb))
{
	unsigned long key = KEY(pick(kb, kb_index()));

	found(kb, rb_find(&key, &set(kb)->rb, rb_compare));
}

KBENCH(idr_find, "idr_find: from a number that idr_alloc gave back to its pointer",
       READ_OPTIONS(idr))
{
	found(kb, idr_find(&set(kb)->idr, pick(kb, kb_index())));
}

/* Changes */

KBENCH(list_add_del, "list_add and list_del of one element: the floor for any change",
       CHANGE_OPTIONS(list), .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	list_add(&spare(kb)->list, &set(kb)->list);
	list_del(&spare(kb)->list);
}

KBENCH(hlist_add_del, "hlist_add_head and hlist_del of one element: does half a head save time?",
       CHANGE_OPTIONS(hash), .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	hlist_add_head(&spare(kb)->hash, set(kb)->buckets);
	hlist_del(&spare(kb)->hash);
}

KBENCH(list_walk, "a walk over a whole list of n, scattered in memory: when is a list too long?",
       SET_OPTIONS(list), .flags = KBENCH_BENCH_DEPENDENT, .context = KB_ATOMIC,
       .contexts = KB_ANY_CONTEXT, KB_PARAMS(PARAM_N(64)))
{
	struct element *e;

	list_for_each_entry(e, &set(kb)->list, list)
		kb_use(e->key);
}

/* Locks a bucket with bottom halves or interrupts off, so those have to be on before. */
KBENCH(rhashtable_insert_remove,
       "rhashtable_insert_fast and rhashtable_remove_fast: what do changes cost?",
       CHANGE_OPTIONS(rhash), .context = KB_ATOMIC, .contexts = KB_IRQS_ON, N_PARAMS)
{
	struct element *e = spare(kb);

	worked(kb, rhashtable_insert_fast(&set(kb)->rhash, &e->rhash, rhash_params));
	worked(kb, rhashtable_remove_fast(&set(kb)->rhash, &e->rhash, rhash_params));
}

KBENCH(xa_store, "xa_store over an entry that is there: what does its lock cost against xa_load?",
       CHANGE_OPTIONS(xa), .context = KB_ATOMIC, .contexts = KB_SPIN_CONTEXT, N_PARAMS)
{
	worked(kb, xa_err(xa_store(&set(kb)->xa, pick(kb, kb_index()), spare(kb), GFP_ATOMIC)));
}

KBENCH(xa_erase_store, "xa_erase of an entry, and xa_store of it again: what does a change cost?",
       CHANGE_OPTIONS(xa), .context = KB_PROCESS, N_PARAMS)
{
	unsigned long index = pick(kb, kb_index());

	found(kb, xa_erase(&set(kb)->xa, index));
	worked(kb, xa_err(xa_store(&set(kb)->xa, index, spare(kb), GFP_KERNEL)));
}

KBENCH(mtree_store, "mtree_store_range over a range that is there: are writes dear?",
       CHANGE_OPTIONS(maple), .context = KB_PROCESS, N_PARAMS)
{
	unsigned long i = pick(kb, kb_index());

	worked(kb, mtree_store_range(&set(kb)->maple, RANGE_FIRST(i), RANGE_LAST(i), spare(kb),
				     GFP_KERNEL));
}

KBENCH(mtree_erase_store, "mtree_erase of a range, and mtree_store_range of it again",
       CHANGE_OPTIONS(maple), .context = KB_PROCESS, N_PARAMS)
{
	unsigned long i = pick(kb, kb_index());

	found(kb, mtree_erase(&set(kb)->maple, RANGE_FIRST(i)));
	worked(kb, mtree_store_range(&set(kb)->maple, RANGE_FIRST(i), RANGE_LAST(i), spare(kb),
				     GFP_KERNEL));
}

KBENCH(rb_insert_erase, "rb_add and rb_erase of an absent key: what does balancing cost?",
       CHANGE_OPTIONS(rb), .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT, N_PARAMS)
{
	struct element *e = spare(kb);

	e->key = KEY(pick(kb, kb_index())) + 1;
	rb_add(&e->rb, &set(kb)->rb, rb_less);
	rb_erase(&e->rb, &set(kb)->rb);
}

KBENCH(idr_alloc_remove, "idr_alloc and idr_remove beside n others: what does a number cost?",
       CHANGE_OPTIONS(idr), .context = KB_PROCESS, N_PARAMS)
{
	int id = idr_alloc(&set(kb)->idr, spare(kb), 0, 0, GFP_KERNEL);

	if (likely(id >= 0))
		idr_remove(&set(kb)->idr, id);
	else
		kb_fail(kb);
}

KBENCH(ida_alloc_free, "ida_alloc and ida_free beside n others: is one without a pointer cheaper?",
       CHANGE_OPTIONS(ida), .context = KB_PROCESS, N_PARAMS)
{
	int id = ida_alloc(&set(kb)->ida, GFP_KERNEL);

	if (likely(id >= 0))
		ida_free(&set(kb)->ida, id);
	else
		kb_fail(kb);
}

/* Queues */

KBENCH(ptr_ring, "ptr_ring_produce and ptr_ring_consume of one pointer: are its two locks dear?",
       CHANGE_OPTIONS(ring), .context = KB_ATOMIC, .contexts = KB_SPIN_CONTEXT)
{
	worked(kb, ptr_ring_produce(&set(kb)->ring, set(kb)));
	found(kb, ptr_ring_consume(&set(kb)->ring));
}

KBENCH(kfifo, "kfifo_put and kfifo_get of one word: the queue that needs no lock between two",
       CHANGE_OPTIONS(array), .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	unsigned long word = kb_index();

	worked(kb, !kfifo_put(&set(kb)->fifo, word));
	worked(kb, !kfifo_get(&set(kb)->fifo, &word));
	kb_use(word);
}

static int llist_setup_worker(struct kb *kb)
{
	int err = set_new(&kb->priv, 1, fill_nothing, empty_nothing);

	if (!err && kb->param[0])
		set(kb)->stack = &shared.stack;
	return err;
}

/*
 * On the shared list another worker may take this one's node off first, and throws it away as
 * this one does: after an op its node is on no list, whoever took it.
 */
KBENCH(llist, "llist_add and llist_del_all: the queue without locks, alone or on one list of all",
       .setup_worker = llist_setup_worker, .teardown_worker = set_teardown_worker,
       .flags = KBENCH_BENCH_DEPENDENT, .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT,
       KB_PARAMS(PARAM_SHARED))
{
	llist_add(&spare(kb)->llist, set(kb)->stack);
	kb_use(llist_del_all(set(kb)->stack));
}

KBENCH_SUITE(structs, "Which structure do I keep my objects in: lookups, changes, queues",
	     array_load, hashtable_lookup, rhashtable_lookup, xa_load, mtree_load, rb_find,
	     idr_find, list_walk, list_add_del, hlist_add_del, rhashtable_insert_remove, xa_store,
	     xa_erase_store, mtree_store, mtree_erase_store, rb_insert_erase, idr_alloc_remove,
	     ida_alloc_free, ptr_ring, kfifo, llist);
