// SPDX-License-Identifier: GPL-2.0
/*
 * The threads of a case. Each is bound to its CPU, takes orders by generation number (a round, or
 * to exit) and reports the end of each. A thread holds this module for itself, and the case stays
 * until the last one is gone, so that one that never comes back from an op leaves nothing dangling.
 */

#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "core.h"

#define say(reason, ...)	snprintf(reason, KBENCH_REASON_LEN, __VA_ARGS__)

/* setup_worker and teardown_worker may allocate and free a lot, on a slow machine. */
#define SETUP_TIMEOUT		(10 * HZ)
#define EXIT_TIMEOUT		(5 * HZ)

static void worker_report(struct kb_case *kase)
{
	if (atomic_dec_and_test(&kase->pending))
		wake_up_all(&kase->reports);
}

static int worker_set_up(struct kb_worker *worker)
{
	struct kb_case *kase = worker->kase;
	const struct kbench_bench *bench = kase->bench;
	size_t bytes = bench->live_bytes ? bench->live_bytes(&worker->kb) : PAGE_SIZE;

	worker->max_ops = ULONG_MAX;
	if (bench->live_bytes && !bench->nr_phases) {
		int err = kbench_may_take(&worker->kb, (u64)bytes * kase->nr_workers);

		if (err)
			return err;
	}
	if (bench->nr_phases) {
		worker->max_ops = kb_memory_max_slots(bytes, kase->nr_workers);
		if (worker->max_ops < 2)
			return -E2BIG;
		worker->kb.slots = kvcalloc(worker->max_ops, sizeof(void *), GFP_KERNEL);
		if (!worker->kb.slots)
			return -ENOMEM;
	}
	if (kb_counters_open(worker))
		return -ENOMEM;
	worker->set_up = true;
	return bench->setup_worker ? bench->setup_worker(&worker->kb) : 0;
}

static void worker_tear_down(struct kb_worker *worker)
{
	const struct kbench_bench *bench = worker->kase->bench;

	if (worker->set_up && bench->teardown_worker)
		bench->teardown_worker(&worker->kb);
	kb_counters_close(worker);
	kvfree(worker->kb.slots);
}

static bool worker_wait(struct kb_worker *worker)
{
	struct kb_case *kase = worker->kase;

	wait_event_idle(kase->orders, smp_load_acquire(&kase->generation) != worker->seen);
	worker->seen = kase->generation;
	return !kase->exiting;
}

/* After the unlock the session may free the case, unless it has left that to the last worker. */
static void worker_leave(struct kb_case *kase)
{
	bool frees;

	spin_lock_irq(&kase->reports.lock);
	WRITE_ONCE(kase->alive, kase->alive - 1);
	frees = kase->abandoned && !kase->alive;
	wake_up_locked(&kase->reports);
	spin_unlock_irq(&kase->reports.lock);
	if (frees)
		kb_case_free(kase);
}

static int worker_thread(void *arg)
{
	struct kb_worker *worker = arg;
	struct kb_case *kase = worker->kase;

	worker->error = worker_set_up(worker);
	worker_report(kase);
	while (worker_wait(worker)) {
		kb_worker_round(worker);
		worker_report(kase);
	}
	worker_tear_down(worker);
	worker_leave(kase);
	module_put_and_kthread_exit(0);
}

/* The next worker's CPU, or of one alone the next that is online. */
static unsigned int next_cpu(const struct kb_case *kase, unsigned int index, const u32 *cpus)
{
	unsigned int cpu;

	if (kase->nr_workers > 1)
		return cpus[(index + 1) % kase->nr_workers];
	cpu = cpumask_next(cpus[0], cpu_online_mask);
	return cpu < nr_cpu_ids ? cpu : cpumask_first(cpu_online_mask);
}

static struct kb_worker *worker_alloc(struct kb_case *kase, unsigned int index, const u32 *cpus)
{
	unsigned int cpu = cpus[index];
	struct kbench_map_worker *entry = kb_case_map_worker(kase, index);
	struct kb_worker *worker;

	/* A power of two: aligned to its size, so alone on its lines. */
	worker = kzalloc_node(roundup_pow_of_two(sizeof(*worker)), GFP_KERNEL, cpu_to_node(cpu));
	if (!worker)
		return NULL;
	worker->kb = kase->proto;
	worker->kb.index = index;
	worker->kb.cpu = cpu;
	/* Not in phase: at readers=50 one worker reads while the next one writes. */
	worker->kb.turn = index * KB_ALL / kase->nr_workers;
	worker->kb.next_cpu = next_cpu(kase, index, cpus);
	worker->kase = kase;
	worker->seen = kase->generation;
	worker->samples = kase->map + entry->offset;
	worker->counts = kase->map + entry->counts;
	worker->histograms = entry->histograms ? kase->map + entry->histograms : NULL;
	entry->cpu = cpu;
	return worker;
}

static int worker_start(struct kb_case *kase, unsigned int index, const u32 *cpus)
{
	struct kb_worker *worker = worker_alloc(kase, index, cpus);
	unsigned int cpu = cpus[index];
	struct task_struct *task;

	if (!worker)
		return -ENOMEM;
	task = kthread_create_on_node(worker_thread, worker, cpu_to_node(cpu), "kbench/%u", cpu);
	if (IS_ERR(task)) {
		kfree(worker);
		return PTR_ERR(task);
	}
	kthread_bind(task, cpu);
	worker->task = task;
	kase->workers[index] = worker;
	kase->nr_ready = index + 1;
	/* Both are dropped at the end of worker_thread(). */
	__module_get(THIS_MODULE);
	spin_lock_irq(&kase->reports.lock);
	kase->alive++;
	spin_unlock_irq(&kase->reports.lock);
	atomic_inc(&kase->pending);
	wake_up_process(task);
	return 0;
}

static int check_cpus(const struct kb_case *kase, const u32 *cpus, char *reason)
{
	cpumask_var_t seen;
	unsigned int i;
	int err = 0;

	if (!zalloc_cpumask_var(&seen, GFP_KERNEL))
		return -ENOMEM;
	for (i = 0; i < kase->nr_workers && !err; i++) {
		if (cpus[i] >= nr_cpu_ids || !cpu_online(cpus[i])) {
			say(reason, "CPU %u is not online", cpus[i]);
			err = -ENODEV;
		} else if (cpumask_test_and_set_cpu(cpus[i], seen)) {
			say(reason, "CPU %u is named twice", cpus[i]);
			err = -EINVAL;
		}
	}
	free_cpumask_var(seen);
	return err;
}

static int wait_set_up(struct kb_case *kase, char *reason)
{
	unsigned int i;
	long left;

	left = wait_event_interruptible_timeout(kase->reports, kb_workers_idle(kase),
						SETUP_TIMEOUT);
	if (left <= 0) {
		say(reason, left ? "interrupted" : "setup of the workers does not end");
		return left ? -EINTR : -ETIMEDOUT;
	}
	for (i = 0; i < kase->nr_ready; i++) {
		int err = kase->workers[i]->error;

		if (!err)
			continue;
		if (err == -EOPNOTSUPP && kase->workers[i]->kb.reason)
			say(reason, "%s", kase->workers[i]->kb.reason);
		else if (err == -E2BIG)
			say(reason, "too little memory for a batch of two at a time");
		else
			say(reason, "setup of the worker on CPU %u failed: error %d",
			    kase->workers[i]->kb.cpu, err);
		return err == -E2BIG ? -EOPNOTSUPP : err;
	}
	return 0;
}

int kb_workers_start(struct kb_case *kase, const u32 *cpus, char *reason)
{
	unsigned int i;
	int err;

	/* CPUs stay while threads are bound to them; a round notices one that leaves. */
	cpus_read_lock();
	err = check_cpus(kase, cpus, reason);
	for (i = 0; i < kase->nr_workers && !err; i++)
		err = worker_start(kase, i, cpus);
	cpus_read_unlock();
	if (!err)
		err = wait_set_up(kase, reason);
	else if (!reason[0])
		say(reason, "cannot start a worker: error %d", err);
	return err;
}

void kb_workers_order(struct kb_case *kase)
{
	atomic_set(&kase->pending, kase->nr_ready);
	smp_store_release(&kase->generation, kase->generation + 1);
	wake_up_all(&kase->orders);
}

int kb_workers_exit(struct kb_case *kase)
{
	int err;

	WRITE_ONCE(kase->control.stop, 1);
	kase->exiting = true;
	smp_store_release(&kase->generation, kase->generation + 1);
	wake_up_all(&kase->orders);
	wait_event_timeout(kase->reports, !READ_ONCE(kase->alive), kase->stuck ? 1 : EXIT_TIMEOUT);
	spin_lock_irq(&kase->reports.lock);
	kase->abandoned = kase->alive > 0;
	err = kase->abandoned ? -ETIMEDOUT : 0;
	spin_unlock_irq(&kase->reports.lock);
	return err;
}
