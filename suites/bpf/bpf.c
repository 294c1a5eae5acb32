// SPDX-License-Identifier: GPL-2.0
/*
 * What only BPF programs have: their maps, locks and kernel functions. For authors of BPF programs,
 * and the nearest thing to a figure of the kernel's own where no module loads. There is no module
 * of this suite.
 */
#include <kbench/portable.h>
#include <bpf/bpf_core_read.h>

#define ANYWHERE	.context = KB_ATOMIC, .contexts = 1U << KB_ATOMIC

/* Each worker has keys of its own, so that buckets and not values are what workers share. */
#define OWN_KEYS	16
#define ENTRIES		(OWN_KEYS * KB_BPF_CPUS)

/* Fewer than the keys of one worker, so that each update drops an entry. */
#define LRU_ENTRIES	4096
#define LRU_KEYS	65536

/** struct value - what the maps hold */
struct value {
	u64	count;
	u64	more[7];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENTRIES);
	__type(key, u32);
	__type(value, struct value);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct value);
} percpu_array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ENTRIES);
	__type(key, u32);
	__type(value, struct value);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, ENTRIES);
	__type(key, u32);
	__type(value, struct value);
} percpu_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, LRU_ENTRIES);
	__type(key, u32);
	__type(value, struct value);
} lru_hash SEC(".maps");

/** struct record - what goes through the ring buffer */
struct record {
	u64	words[8];
};

/* With the header before each record. */
#define RECORD_BYTES	(sizeof(struct record) + BPF_RINGBUF_HDR_SZ)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} ring SEC(".maps");

static const struct value zeroes;

static __always_inline u32 own_key(const struct kb *kb, unsigned long i)
{
	return (kb->index * OWN_KEYS + i % OWN_KEYS) % ENTRIES;
}

KBENCH(ktime, "bpf_ktime_get_ns: what does a time stamp cost?", ANYWHERE)
{
	kb_use(bpf_ktime_get_ns());
}

KBENCH(ktime_boot, "bpf_ktime_get_boot_ns: is a clock that runs through suspend any dearer?",
       ANYWHERE)
{
	kb_use(bpf_ktime_get_boot_ns());
}

KBENCH(array_lookup, "a look-up in an array: what is the least that a map costs?", ANYWHERE)
{
	u32 key = own_key(kb, kb_index());

	kb_use(bpf_map_lookup_elem(&array, &key));
}

KBENCH(array_update, "bpf_map_update_elem of an array's element of 64 bytes: dearer than a store?",
       ANYWHERE)
{
	u32 key = own_key(kb, kb_index());

	if (bpf_map_update_elem(&array, &key, &zeroes, BPF_ANY))
		kb_fail(kb);
}

KBENCH(percpu_array_inc,
       "a look-up in a per-CPU array and count++: cheaper than counters/atomic64_inc?", ANYWHERE,
       .flags = KBENCH_BENCH_DEPENDENT)
{
	u32 key = 0;
	struct value *value = bpf_map_lookup_elem(&percpu_array, &key);

	if (value)
		value->count++;
}

KBENCH(hash_lookup, "a look-up of a key that a hash has not: what does asking cost?", ANYWHERE)
{
	u32 key = own_key(kb, kb_index());

	kb_use(bpf_map_lookup_elem(&hash, &key));
}

KBENCH(hash_update, "bpf_map_update_elem of a hash, mostly of keys it has: dearer than an array?",
       ANYWHERE)
{
	u32 key = own_key(kb, kb_index());

	if (bpf_map_update_elem(&hash, &key, &zeroes, BPF_ANY))
		kb_fail(kb);
}

KBENCH(hash_update_delete, "bpf_map_update_elem of a new key, and its bpf_map_delete_elem",
       ANYWHERE)
{
	u32 key = own_key(kb, kb_index());

	if (bpf_map_update_elem(&hash, &key, &zeroes, BPF_ANY) ||
	    bpf_map_delete_elem(&hash, &key))
		kb_fail(kb);
}

KBENCH(percpu_hash_update_delete,
       "the same with a per-CPU hash: do values for each CPU cost more to make?", ANYWHERE)
{
	u32 key = own_key(kb, kb_index());

	if (bpf_map_update_elem(&percpu_hash, &key, &zeroes, BPF_ANY) ||
	    bpf_map_delete_elem(&percpu_hash, &key))
		kb_fail(kb);
}

KBENCH(lru_hash_update, "bpf_map_update_elem of a full hash, which drops another: what does that add?",
       ANYWHERE)
{
	u32 key = kb->index * LRU_KEYS + kb_index() % LRU_KEYS;

	if (bpf_map_update_elem(&lru_hash, &key, &zeroes, BPF_ANY))
		kb_fail(kb);
}

KBENCH(ringbuf_submit,
       "bpf_ringbuf_reserve and bpf_ringbuf_submit of 64 bytes, nobody woken: what does telling cost?",
       ANYWHERE, .ring_bytes = RECORD_BYTES)
{
	struct record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (record)
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	else
		kb_leave_out(kb);
}

/** struct locked - a count and the lock that it is under */
struct locked {
	struct bpf_spin_lock	lock;
	u32			unused;
	u64			count;
};

/* In a map of its own: programs that trace may use none that holds such a lock. */
static struct locked locked __attribute__((aligned(KB_LINE))) SEC(".data.kb_locked");

KBENCH(spin_lock, "bpf_spin_lock, count++, bpf_spin_unlock of one lock: to be held against atomics",
       .context = KB_PROCESS, .flags = KBENCH_BENCH_DEPENDENT)
{
	bpf_spin_lock(&locked.lock);
	locked.count++;
	bpf_spin_unlock(&locked.lock);
}

extern void bpf_rcu_read_lock(void) __weak __ksym;
extern void bpf_rcu_read_unlock(void) __weak __ksym;

KBENCH(rcu_read_lock, "bpf_rcu_read_lock and bpf_rcu_read_unlock: is the read side free?",
       .context = KB_PROCESS, KB_NEEDS("bpf_rcu_read_lock", "bpf_rcu_read_unlock"))
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
}

extern void bpf_preempt_disable(void) __weak __ksym;
extern void bpf_preempt_enable(void) __weak __ksym;

KBENCH(preempt_disable, "bpf_preempt_disable and bpf_preempt_enable: what does staying here cost?",
       .context = KB_PROCESS, .contexts = KB_ANY_CONTEXT,
       KB_NEEDS("bpf_preempt_disable", "bpf_preempt_enable"))
{
	bpf_preempt_disable();
	bpf_preempt_enable();
}

extern void bpf_local_irq_save(unsigned long *flags) __weak __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __weak __ksym;

KBENCH(irq_save, "bpf_local_irq_save and bpf_local_irq_restore: how dear are interrupts off?",
       ANYWHERE, KB_NEEDS("bpf_local_irq_save", "bpf_local_irq_restore"))
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	bpf_local_irq_restore(&flags);
}

struct bpf_res_spin_lock {
	u32	val;
} __attribute__((aligned(4)));

/** struct resilient - the same under a lock that gives up where it would never come */
struct resilient {
	struct bpf_res_spin_lock	lock;
	u32				unused;
	u64				count;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct resilient);
} resilient SEC(".maps");

extern int bpf_res_spin_lock(struct bpf_res_spin_lock *lock) __weak __ksym;
extern void bpf_res_spin_unlock(struct bpf_res_spin_lock *lock) __weak __ksym;

KBENCH(res_spin_lock,
       "a look-up, bpf_res_spin_lock, count++, bpf_res_spin_unlock: what does resilience cost?",
       .context = KB_PROCESS, .flags = KBENCH_BENCH_DEPENDENT,
       KB_NEEDS("bpf_res_spin_lock", "bpf_res_spin_unlock"))
{
	u32 key = 0;
	struct resilient *value = bpf_map_lookup_elem(&resilient, &key);

	if (!value)
		return;
	if (bpf_res_spin_lock(&value->lock)) {
		kb_fail(kb);
		return;
	}
	value->count++;
	bpf_res_spin_unlock(&value->lock);
}

extern void *bpf_obj_new_impl(u64 local_type_id, void *meta) __weak __ksym;
extern void bpf_obj_drop_impl(void *object, void *meta) __weak __ksym;

KBENCH(obj_new_drop, "bpf_obj_new and bpf_obj_drop of 64 bytes: how dear is BPF's allocator?",
       .context = KB_PROCESS, KB_NEEDS("bpf_obj_new_impl", "bpf_obj_drop_impl"))
{
	struct value *value;

	value = bpf_obj_new_impl(bpf_core_type_id_local(struct value), NULL);
	if (value)
		bpf_obj_drop_impl(value, NULL);
	else
		kb_fail(kb);
}

/* Read by all; each copies it to lines of its own. */
static KB_SHARED struct value copied;

static int copy_setup(struct kb *kb)
{
	kb->data = kb_line_zalloc(kb->nr_workers * KB_LINE);
	return kb->data ? 0 : -ENOMEM;
}

static int copy_setup_worker(struct kb *kb)
{
	kb->priv = kb_at(kb->data, kb->index * KB_LINE);
	return 0;
}

#define COPY	ANYWHERE, .setup = copy_setup, .setup_worker = copy_setup_worker

KBENCH(memcpy_64, "a copy of 64 bytes, which the compiler makes loads and stores of", COPY)
{
	*(struct value *)kb->priv = copied;
}

KBENCH(probe_read_64, "bpf_probe_read_kernel of 64 bytes: what does a read that may fault cost?",
       COPY)
{
	if (bpf_probe_read_kernel(kb->priv, sizeof(copied), &copied))
		kb_fail(kb);
}

KBENCH_SUITE(bpf, "What BPF programs alone have: maps, locks, kernel functions");
