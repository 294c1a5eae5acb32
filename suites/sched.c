// SPDX-License-Identifier: GPL-2.0
/*
 * The scheduler and what runs deferred: switches between threads, wake-ups, threads made and ended,
 * work queues, wait queues, completions, timers.
 *
 * Where an op needs another thread, that is a partner of the worker's own: it is there from the
 * worker's setup to its teardown and answers whatever the other workers do, so no op waits for
 * a worker that may have left its round.
 */
#include <kbench/suite.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/topology.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <uapi/linux/sched/types.h>

/* With nothing else to run */

KBENCH(schedule, "schedule with nothing else to run: what does asking the scheduler cost?")
{
	schedule();
}

KBENCH(cond_resched, "cond_resched with nothing else to run: may a loop have it in every round?")
{
	cond_resched();
}

KBENCH(yield, "yield with nothing else to run")
{
	yield();
}

/* A partner thread */

/* Values of the parameter policy. */
static const unsigned int policies[] = { SCHED_NORMAL, SCHED_FIFO, SCHED_RR };

#define PARAM_POLICY(whose) \
	{ .name = "policy", .unit = "", .def = 0, .min = 0, .max = 2, \
	  .help = "of " whose ": 0 is OTHER, 1 is FIFO, 2 is RR, both at priority 50" }

static int set_policy(struct task_struct *task, s64 policy)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = policies[policy],
		.sched_priority = policies[policy] == SCHED_NORMAL ? 0 : MAX_RT_PRIO / 2,
	};

	return sched_setattr_nocheck(task, &attr);
}

/*
 * struct partner - a thread that answers one worker
 * @worker: whom it answers
 * @task:   NULL when there is none
 * @hog:    keeps the partner's CPU busy, or NULL
 * @asked:  the worker wants an answer; the answer is to clear it
 * @ending: the partner's last request
 */
struct partner {
	const struct kb		*kb;
	struct task_struct	*worker;
	struct task_struct	*task;
	struct task_struct	*hog;
	int			asked;
	int			ending;
	wait_queue_head_t	question;
	wait_queue_head_t	answer;
	struct completion	question_done;
	struct completion	answer_done;
};

/* kthread_stop() has to find the thread, so it stays until that came. */
static int wait_for_stop(void)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int answer_task(void *arg)
{
	struct partner *partner = arg;

	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		if (!smp_load_acquire(&partner->asked)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		smp_store_release(&partner->asked, 0);
		wake_up_process(partner->worker);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int answer_wait_queue(void *arg)
{
	struct partner *partner = arg;

	for (;;) {
		wait_event_idle(partner->question, smp_load_acquire(&partner->asked));
		if (READ_ONCE(partner->ending))
			return wait_for_stop();
		smp_store_release(&partner->asked, 0);
		wake_up(&partner->answer);
	}
}

static int answer_completion(void *arg)
{
	struct partner *partner = arg;

	for (;;) {
		/* Nobody sends signals to it: it comes back when it is asked. */
		if (wait_for_completion_interruptible(&partner->question_done))
			continue;
		if (READ_ONCE(partner->ending))
			return wait_for_stop();
		complete(&partner->answer_done);
	}
}

/* Other work for the partner's CPU: always runnable while a round is on, never in the way long. */
static int hog(void *arg)
{
	const struct partner *partner = arg;

	while (!kthread_should_stop()) {
		if (kb_should_stop(partner->kb))
			schedule_timeout_idle(1);
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static struct task_struct *aux_start(int (*function)(void *arg), struct partner *partner,
				     unsigned int cpu, s64 policy)
{
	struct task_struct *task;
	int err;

	task = kthread_create_on_node(function, partner, cpu_to_node(cpu), "kbench-aux/%u", cpu);
	if (IS_ERR(task))
		return task;
	kthread_bind(task, cpu);
	err = policy ? set_policy(task, policy) : 0;
	if (err) {
		kthread_stop(task);
		return ERR_PTR(err);
	}
	wake_up_process(task);
	return task;
}

static int partner_start(struct kb *kb, int (*function)(void *arg), unsigned int cpu, s64 policy)
{
	struct partner *partner = kzalloc(sizeof(*partner), GFP_KERNEL);
	struct task_struct *task;

	kb->priv = partner;
	if (!partner)
		return -ENOMEM;
	partner->kb = kb;
	partner->worker = current;
	init_waitqueue_head(&partner->question);
	init_waitqueue_head(&partner->answer);
	init_completion(&partner->question_done);
	init_completion(&partner->answer_done);
	task = aux_start(function, partner, cpu, policy);
	if (IS_ERR(task))
		return PTR_ERR(task);
	partner->task = task;
	return 0;
}

static void partner_teardown_worker(struct kb *kb)
{
	struct partner *partner = kb->priv;

	if (!partner)
		return;
	if (partner->hog)
		kthread_stop(partner->hog);
	if (partner->task) {
		WRITE_ONCE(partner->ending, 1);
		smp_store_release(&partner->asked, 1);
		wake_up(&partner->question);
		complete(&partner->question_done);
		kthread_stop(partner->task);
	}
	kfree(partner);
	kb->priv = NULL;
}

/* The answer always comes, so an op that has asked waits for it. */
static __always_inline void ask_task(struct partner *partner)
{
	smp_store_release(&partner->asked, 1);
	wake_up_process(partner->task);
	for (;;) {
		set_current_state(TASK_IDLE);
		if (!smp_load_acquire(&partner->asked))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int context_switch_setup_worker(struct kb *kb)
{
	return partner_start(kb, answer_task, kb->cpu, kb->param[0]);
}

static int wake_setup_worker(struct kb *kb)
{
	struct partner *partner;
	int err = partner_start(kb, answer_task, kb->next_cpu, kb->param[0]);

	if (err || !kb->param[1])
		return err;
	partner = kb->priv;
	partner->hog = aux_start(hog, partner, kb->next_cpu, 0);
	if (!IS_ERR(partner->hog))
		return 0;
	err = PTR_ERR(partner->hog);
	partner->hog = NULL;
	return err;
}

static int wait_queue_setup_worker(struct kb *kb)
{
	return partner_start(kb, answer_wait_queue, kb->cpu, 0);
}

static int completion_setup_worker(struct kb *kb)
{
	return partner_start(kb, answer_completion, kb->cpu, 0);
}

KBENCH(context_switch,
       "to a thread on the same CPU and back, by wake_up_process: what do two switches cost?",
       .setup_worker = context_switch_setup_worker,
       .teardown_worker = partner_teardown_worker,
       KB_PARAMS(PARAM_POLICY("the other thread")))
{
	ask_task(kb->priv);
}

KBENCH(wake, "a thread on the next worker's CPU woken, and its answer: how long is a wake-up?",
       .setup_worker = wake_setup_worker, .teardown_worker = partner_teardown_worker,
       KB_PARAMS(PARAM_POLICY("the other thread"),
		 { .name = "load", .unit = "", .def = 0, .min = 0, .max = 1,
		   .help = "1 keeps the other thread's CPU busy with a thread of policy OTHER" }))
{
	ask_task(kb->priv);
}

KBENCH(wait_queue, "as context_switch, through wait queues: wake_up and wait_event, there and back",
       .setup_worker = wait_queue_setup_worker, .teardown_worker = partner_teardown_worker)
{
	struct partner *partner = kb->priv;

	smp_store_release(&partner->asked, 1);
	wake_up(&partner->question);
	wait_event_idle(partner->answer, !smp_load_acquire(&partner->asked));
}

KBENCH(completion, "as context_switch, through completions: complete and wait_for_completion",
       .setup_worker = completion_setup_worker, .teardown_worker = partner_teardown_worker)
{
	struct partner *partner = kb->priv;

	complete(&partner->question_done);
	wait_for_completion(&partner->answer_done);
}

/* Threads and deferred work */

static DECLARE_WAIT_QUEUE_HEAD(nobody);

KBENCH(wake_up_nobody, "wake_up of a wait queue where nobody waits: should one look first?",
       .context = KB_ATOMIC, .contexts = KB_ANY_CONTEXT)
{
	wake_up(&nobody);
}

static int ends_when_told(void *unused)
{
	return wait_for_stop();
}

KBENCH(kthread, "kthread_run and kthread_stop: may one have a thread for every job?")
{
	struct task_struct *task = kthread_run(ends_when_told, NULL, "kbench-new");

	if (IS_ERR(task))
		kb_fail(kb);
	else
		kthread_stop(task);
}

static void work_nothing(struct work_struct *work)
{
}

static int work_setup_worker(struct kb *kb)
{
	struct work_struct *work = kzalloc(sizeof(*work), GFP_KERNEL);

	kb->priv = work;
	if (!work)
		return -ENOMEM;
	INIT_WORK(work, work_nothing);
	return 0;
}

static void work_teardown_worker(struct kb *kb)
{
	/* Every op has waited for its own. */
	kfree(kb->priv);
	kb->priv = NULL;
}

#define WORK_OPTIONS \
	.setup_worker = work_setup_worker, .teardown_worker = work_teardown_worker

KBENCH(work, "schedule_work_on this CPU and flush_work: what does a work of the system's cost?",
       WORK_OPTIONS)
{
	schedule_work_on(kb->cpu, kb->priv);
	flush_work(kb->priv);
}

static int highpri_setup(struct kb *kb)
{
	kb->data = alloc_workqueue("kbench-high", WQ_HIGHPRI, 0);
	return kb->data ? 0 : -ENOMEM;
}

static int unbound_setup(struct kb *kb)
{
	kb->data = alloc_workqueue("kbench-unbound", WQ_UNBOUND, 0);
	return kb->data ? 0 : -ENOMEM;
}

static void queue_teardown(struct kb *kb)
{
	if (kb->data)
		destroy_workqueue(kb->data);
	kb->data = NULL;
}

KBENCH(work_highpri, "the same on a work queue of its own with WQ_HIGHPRI: is it any sooner?",
       .setup = highpri_setup, .teardown = queue_teardown, WORK_OPTIONS)
{
	queue_work_on(kb->cpu, kb->data, kb->priv);
	flush_work(kb->priv);
}

KBENCH(work_unbound, "the same on a work queue of its own with WQ_UNBOUND: what does any CPU cost?",
       .setup = unbound_setup, .teardown = queue_teardown, WORK_OPTIONS)
{
	queue_work(kb->data, kb->priv);
	flush_work(kb->priv);
}

/* Timers */

/* Later than any round, so that none fires. */
#define FAR_OFF		(3600UL * HZ)

static void timer_nothing(struct timer_list *timer)
{
}

static int timer_setup_worker(struct kb *kb)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	kb->priv = timer;
	if (!timer)
		return -ENOMEM;
	timer_setup(timer, timer_nothing, 0);
	return 0;
}

static void timer_teardown_worker(struct kb *kb)
{
	if (kb->priv)
		timer_delete_sync(kb->priv);
	kfree(kb->priv);
	kb->priv = NULL;
}

#define TIMER_OPTIONS \
	.context = KB_ATOMIC, .contexts = KB_IRQS_ON, .setup_worker = timer_setup_worker, \
	.teardown_worker = timer_teardown_worker

KBENCH(timer,
       "mod_timer of an idle timer and timer_delete: what does a time-out cost that never comes?",
       TIMER_OPTIONS)
{
	mod_timer(kb->priv, jiffies + FAR_OFF);
	timer_delete(kb->priv);
}

/* Another time with each op: one that stays the same is not moved. */
KBENCH(mod_timer, "mod_timer of a pending timer to another time: what does putting it off cost?",
       TIMER_OPTIONS)
{
	mod_timer(kb->priv, jiffies + FAR_OFF + (kb_index() & 1) * FAR_OFF);
}

static enum hrtimer_restart hrtimer_nothing(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

static int hrtimer_setup_worker(struct kb *kb)
{
	struct hrtimer *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	kb->priv = timer;
	if (!timer)
		return -ENOMEM;
	kbench_hrtimer_setup(timer, hrtimer_nothing, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	return 0;
}

static void hrtimer_teardown_worker(struct kb *kb)
{
	if (kb->priv)
		hrtimer_cancel(kb->priv);
	kfree(kb->priv);
	kb->priv = NULL;
}

KBENCH(hrtimer, "hrtimer_start an hour ahead and hrtimer_cancel: is it dearer than a timer?",
       .context = KB_ATOMIC, .contexts = KB_IRQS_ON, .setup_worker = hrtimer_setup_worker,
       .teardown_worker = hrtimer_teardown_worker)
{
	hrtimer_start(kb->priv, ktime_set(3600, 0), HRTIMER_MODE_REL);
	hrtimer_cancel(kb->priv);
}

static int sleep_setup_worker(struct kb *kb)
{
	return kb->param[1] ? set_policy(current, kb->param[1]) : 0;
}

KBENCH(hrtimer_sleep,
       "a sleep until a timer d us ahead: what exceeds d is the latency that cyclictest sees",
       .setup_worker = sleep_setup_worker,
       KB_PARAMS({ .name = "d", .unit = "us", .def = 100, .min = 1, .max = 100000,
		   .help = "how far ahead the timer is set" },
		 PARAM_POLICY("the sleeper")))
{
	ktime_t ahead = ns_to_ktime(kb->param[0] * NSEC_PER_USEC);

	set_current_state(TASK_IDLE);
	schedule_hrtimeout_range(&ahead, 0, HRTIMER_MODE_REL);
}

KBENCH_SUITE(sched, "The scheduler, wake-ups, threads, deferred work and timers",
	     schedule, cond_resched, yield, context_switch, wake, wait_queue, completion,
	     wake_up_nobody, kthread, work, work_highpri, work_unbound, timer, mod_timer, hrtimer,
	     hrtimer_sleep);
