// SPDX-License-Identifier: GPL-2.0
#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

/** struct work - @next: the piece that nobody has begun; @failed: a call did */
struct work {
	size_t		nr;
	int		(*each)(void *ctx, size_t i);
	void		*ctx;
	atomic_size_t	next;
	atomic_bool	failed;
};

static size_t usable_cpus(void)
{
	cpu_set_t set;

	/* It fails where there are more CPUs than a set holds. */
	return sched_getaffinity(0, sizeof(set), &set) ? KB_MOST_THREADS : (size_t)CPU_COUNT(&set);
}

size_t kb_parallel_threads(size_t nr)
{
	size_t cpus = usable_cpus(), most = cpus < KB_MOST_THREADS ? cpus : KB_MOST_THREADS;

	return nr < most ? nr : most;
}

static void *work_on(void *ctx)
{
	struct work *work = ctx;
	size_t i;

	while (!atomic_load(&work->failed) && (i = atomic_fetch_add(&work->next, 1)) < work->nr)
		if (work->each(work->ctx, i))
			atomic_store(&work->failed, true);
	return NULL;
}

int kb_parallel(size_t nr, int (*each)(void *ctx, size_t i), void *ctx)
{
	struct work work = { .nr = nr, .each = each, .ctx = ctx };
	pthread_t threads[KB_MOST_THREADS];
	size_t wanted = kb_parallel_threads(nr), others = 0;

	/* The caller is one of them; where there can be no others, it does all. */
	while (others + 1 < wanted && !pthread_create(&threads[others], NULL, work_on, &work))
		others++;
	work_on(&work);
	for (size_t i = 0; i < others; i++)
		pthread_join(threads[i], NULL);
	return atomic_load(&work.failed) ? -1 : 0;
}
