// SPDX-License-Identifier: GPL-2.0
/*
 * Read-copy-update: what readers pay (in their several kinds, and walking a list beside the locks
 * that RCU stands in for) and what writers wait.
 *
 * What waits for a grace period takes milliseconds and sleeps: batches of one or two ops.
 */
#include <kbench/suite.h>
#include <linux/delay.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_trace.h>
#include <linux/rcupdate_wait.h>
#include <linux/seqlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

DEFINE_STATIC_SRCU(srcu);

/* Readers */

#define READER_OPTIONS	.context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT

KBENCH(read_lock, "rcu_read_lock and rcu_read_unlock: are readers really free?", READER_OPTIONS)
{
	rcu_read_lock();
	rcu_read_unlock();
}

KBENCH(read_lock_bh, "rcu_read_lock_bh and rcu_read_unlock_bh: what do the older readers cost?",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON)
{
	rcu_read_lock_bh();
	rcu_read_unlock_bh();
}

KBENCH(read_lock_sched, "rcu_read_lock_sched and rcu_read_unlock_sched: is it just preemption off?",
       READER_OPTIONS)
{
	rcu_read_lock_sched();
	rcu_read_unlock_sched();
}

struct value {
	unsigned long	value;
};

static KB_SHARED struct value first_value = { 1 };
static KB_SHARED struct value __rcu *shared_value = RCU_INITIALIZER(&first_value);

KBENCH(dereference, "rcu_read_lock, rcu_dereference, a read through the pointer, rcu_read_unlock",
       READER_OPTIONS)
{
	rcu_read_lock();
	kb_use(READ_ONCE(rcu_dereference(shared_value)->value));
	rcu_read_unlock();
}

KBENCH(srcu_read_lock,
       "srcu_read_lock and srcu_read_unlock: what does a reader pay that may sleep?",
       READER_OPTIONS)
{
	srcu_read_unlock(&srcu, srcu_read_lock(&srcu));
}

#define NMISAFE_HELP	"srcu_read_lock_nmisafe and its unlock: what does NMI safety add?"
#define FAST_HELP	"srcu_read_lock_fast and its unlock: how close to RCU does SRCU come?"
#define TRACE_HELP \
	"rcu_read_lock_trace and rcu_read_unlock_trace: what do sleepable BPF programs pay?"

#ifdef CONFIG_NEED_SRCU_NMI_SAFE
DEFINE_STATIC_SRCU(srcu_nmisafe);

KBENCH(srcu_read_nmisafe, NMISAFE_HELP, READER_OPTIONS)
{
	srcu_read_unlock_nmisafe(&srcu_nmisafe, srcu_read_lock_nmisafe(&srcu_nmisafe));
}
#else
KBENCH_LACKING(srcu_read_nmisafe, NMISAFE_HELP,
	       "srcu_read_lock is safe in NMIs here (CONFIG_NEED_SRCU_NMI_SAFE is off)");
#endif

/* The header's own macro came with the function; a kind of structure for it came later. */
#ifdef SRCU_READ_FLAVOR_FAST
#ifdef DEFINE_STATIC_SRCU_FAST
DEFINE_STATIC_SRCU_FAST(srcu_fast);
#else
DEFINE_STATIC_SRCU(srcu_fast);
#endif

KBENCH(srcu_read_fast, FAST_HELP, READER_OPTIONS)
{
	srcu_read_unlock_fast(&srcu_fast, srcu_read_lock_fast(&srcu_fast));
}
#else
KBENCH_LACKING(srcu_read_fast, FAST_HELP, "this kernel has no srcu_read_lock_fast");
#endif

#ifdef CONFIG_TASKS_TRACE_RCU
KBENCH(read_lock_trace, TRACE_HELP, READER_OPTIONS)
{
	rcu_read_lock_trace();
	rcu_read_unlock_trace();
}
#else
KBENCH_LACKING(read_lock_trace, TRACE_HELP, "CONFIG_TASKS_TRACE_RCU is off");
#endif

/*
 * A list of n nodes, each alone on its lines, walked under one lock or another. Ops that by the
 * parameter readers do not read change the value of the first node in place, as RCU allows, too.
 */

struct node {
	struct list_head	entry;
	unsigned long		value;
} __aligned(KB_LINE);

struct walk {
	struct list_head	list;
	spinlock_t		spinlock __aligned(KB_LINE);
	rwlock_t		rwlock __aligned(KB_LINE);
	seqlock_t		seqlock __aligned(KB_LINE);
	struct node		nodes[];
} __aligned(KB_LINE);

static int walk_setup(struct kb *kb)
{
	size_t i, nr = (size_t)kb->param[0];
	struct walk *walk;

	walk = kb_line_zalloc(struct_size(walk, nodes, nr));
	kb->data = walk;
	if (!walk)
		return -ENOMEM;
	INIT_LIST_HEAD(&walk->list);
	spin_lock_init(&walk->spinlock);
	rwlock_init(&walk->rwlock);
	seqlock_init(&walk->seqlock);
	for (i = 0; i < nr; i++) {
		walk->nodes[i].value = i;
		list_add_tail(&walk->nodes[i].entry, &walk->list);
	}
	return 0;
}

static void walk_teardown(struct kb *kb)
{
	kvfree(kb->data);
	kb->data = NULL;
}

#define WALK_OPTIONS \
	.context = KB_ATOMIC, .contexts = KB_IRQS_ON, \
	.setup = walk_setup, .teardown = walk_teardown, \
	KB_PARAMS({ .name = "n", .unit = "nodes", .def = 10, .min = 1, .max = 10000, \
		    .help = "length of the list" }, KB_PARAM_READERS)

static __always_inline void walk_list(const struct walk *walk)
{
	const struct node *node;
	unsigned long sum = 0;

	list_for_each_entry_rcu(node, &walk->list, entry, true)
		sum += READ_ONCE(node->value);
	kb_use(sum);
}

static __always_inline void walk_change(struct walk *walk)
{
	WRITE_ONCE(walk->nodes[0].value, walk->nodes[0].value + 1);
}

KBENCH(walk_rcu, "a list walked under rcu_read_lock: what do readers gain over a lock?",
       WALK_OPTIONS)
{
	struct walk *walk = kb->data;

	if (kb_reads(kb)) {
		rcu_read_lock();
		walk_list(walk);
		rcu_read_unlock();
	} else {
		spin_lock(&walk->spinlock);
		walk_change(walk);
		spin_unlock(&walk->spinlock);
	}
}

KBENCH(walk_rwlock, "the same list walked under read_lock: do readers disturb each other?",
       WALK_OPTIONS)
{
	struct walk *walk = kb->data;

	if (kb_reads(kb)) {
		read_lock(&walk->rwlock);
		walk_list(walk);
		read_unlock(&walk->rwlock);
	} else {
		write_lock(&walk->rwlock);
		walk_change(walk);
		write_unlock(&walk->rwlock);
	}
}

KBENCH(walk_seqlock,
       "the same list walked under a seqlock: is it as cheap as RCU, and with writers?",
       WALK_OPTIONS)
{
	struct walk *walk = kb->data;
	unsigned int seq;

	if (kb_reads(kb)) {
		do {
			seq = read_seqbegin(&walk->seqlock);
			walk_list(walk);
		} while (read_seqretry(&walk->seqlock, seq));
	} else {
		write_seqlock(&walk->seqlock);
		walk_change(walk);
		write_sequnlock(&walk->seqlock);
	}
}

/* Writers: all of these sleep */

KBENCH(synchronize, "synchronize_rcu: how long does a writer wait?")
{
	synchronize_rcu();
}

KBENCH(synchronize_expedited, "synchronize_rcu_expedited: how much sooner, for IPIs to all CPUs?")
{
	synchronize_rcu_expedited();
}

KBENCH(synchronize_srcu, "synchronize_srcu: is its grace period shorter than RCU's?")
{
	synchronize_srcu(&srcu);
}

KBENCH(synchronize_srcu_expedited,
       "synchronize_srcu_expedited: how soon can it be without readers?")
{
	synchronize_srcu_expedited(&srcu);
}

KBENCH(barrier, "rcu_barrier with nothing outstanding: what does a module's exit wait?")
{
	rcu_barrier();
}

#define TASKS_HELP	"synchronize_rcu_tasks: how long does the removal of a trampoline wait?"

/* One worker: each op is a good part of a second. */
#ifdef CONFIG_TASKS_RCU
KBENCH(synchronize_tasks, TASKS_HELP, .max_cpus = 1)
{
	synchronize_rcu_tasks();
}
#else
KBENCH_LACKING(synchronize_tasks, TASKS_HELP, "CONFIG_TASKS_RCU is off", .max_cpus = 1);
#endif

#define TASKS_TRACE_HELP \
	"synchronize_rcu_tasks_trace: how long does the freeing of a sleepable program wait?"

#ifdef CONFIG_TASKS_TRACE_RCU
KBENCH(synchronize_tasks_trace, TASKS_TRACE_HELP, .max_cpus = 1)
{
	synchronize_rcu_tasks_trace();
}
#else
KBENCH_LACKING(synchronize_tasks_trace, TASKS_TRACE_HELP, "CONFIG_TASKS_TRACE_RCU is off",
	       .max_cpus = 1);
#endif

/*
 * struct called - what one worker has given to call_rcu()
 * @next:  the head to be used next: a ring, since callbacks of one CPU come in their order
 * @heads: @busy from call_rcu() until the callback has run
 */
struct called {
	unsigned long	next;
	struct called_head {
		struct rcu_head	rcu;
		int		busy;
	} heads[];
};

static int call_setup_worker(struct kb *kb)
{
	struct called *called;

	kb->priv = kvzalloc(struct_size(called, heads, (size_t)kb->param[0]), GFP_KERNEL);
	return kb->priv ? 0 : -ENOMEM;
}

static void call_teardown_worker(struct kb *kb)
{
	/* Nothing may come when the memory is gone, nor when the module is. */
	rcu_barrier();
	kvfree(kb->priv);
	kb->priv = NULL;
}

static void call_done(struct rcu_head *rcu)
{
	smp_store_release(&container_of(rcu, struct called_head, rcu)->busy, 0);
}

KBENCH(call_rcu, "call_rcu at the rate at which callbacks are run: how many frees a second?",
       .setup_worker = call_setup_worker, .teardown_worker = call_teardown_worker,
       KB_PARAMS({ .name = "inflight", .unit = "callbacks", .def = 4096, .min = 1, .max = 1 << 20,
		   .help = "most that a worker has outstanding; then it waits" }))
{
	struct called *called = kb->priv;
	struct called_head *head = &called->heads[called->next];

	while (smp_load_acquire(&head->busy)) {
		if (kb_should_stop(kb))
			return;
		usleep_range(20, 50);
	}
	if (++called->next == (unsigned long)kb->param[0])
		called->next = 0;
	head->busy = 1;
	call_rcu(&head->rcu, call_done);
}

KBENCH_SUITE(rcu, "Read-copy-update: what readers pay, and what writers wait",
	     read_lock, read_lock_bh, read_lock_sched, dereference, srcu_read_lock,
	     srcu_read_nmisafe, srcu_read_fast, read_lock_trace, walk_rcu, walk_rwlock,
	     walk_seqlock, synchronize, synchronize_expedited, synchronize_srcu,
	     synchronize_srcu_expedited, barrier, synchronize_tasks, synchronize_tasks_trace,
	     call_rcu);
