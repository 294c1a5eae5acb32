// SPDX-License-Identifier: GPL-2.0
#include "read_ahead.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "parallel.h"
#include "result.h"

/** struct slot - a file: @result or @err counts once it is @done */
struct slot {
	json_t		*result;
	struct kb_error	err;
	bool		done;
};

/**
 * struct kb_read_ahead - the files, and how far they are
 * @slots:   of the files that were begun and not taken, by their number in a circle
 * @begun:   files that a thread has begun
 * @taken:   files that kb_read_ahead_next() gave away
 * @stop:    threads begin no more
 * @lock:    of all these
 * @changed: any of them
 */
struct kb_read_ahead {
	const char *const	*paths;
	size_t			nr;
	kb_read_result		*read;
	struct slot		slots[KB_MOST_THREADS];
	size_t			begun;
	size_t			taken;
	bool			stop;
	pthread_mutex_t		lock;
	pthread_cond_t		changed;
	pthread_t		threads[KB_MOST_THREADS];
	size_t			nr_threads;
};

static struct slot *slot_of(struct kb_read_ahead *ahead, size_t i)
{
	return &ahead->slots[i % KB_MOST_THREADS];
}

static void read_one(struct kb_read_ahead *ahead, size_t i)
{
	struct slot *slot = slot_of(ahead, i);

	slot->err.exit = KB_EXIT_OK;
	slot->result = ahead->read(ahead->paths[i], &slot->err);
}

/* With the lock held: whether a thread may begin one more file. */
static bool has_room(const struct kb_read_ahead *ahead)
{
	return ahead->begun - ahead->taken < ahead->nr_threads;
}

static void *read_files(void *ctx)
{
	struct kb_read_ahead *ahead = ctx;

	pthread_mutex_lock(&ahead->lock);
	while (!ahead->stop && ahead->begun < ahead->nr) {
		size_t i;

		if (!has_room(ahead)) {
			pthread_cond_wait(&ahead->changed, &ahead->lock);
			continue;
		}
		i = ahead->begun++;
		pthread_mutex_unlock(&ahead->lock);
		read_one(ahead, i);
		pthread_mutex_lock(&ahead->lock);
		slot_of(ahead, i)->done = true;
		pthread_cond_broadcast(&ahead->changed);
	}
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

/* One thread would read no sooner than its caller, who does it where there is none. */
static void start_threads(struct kb_read_ahead *ahead)
{
	size_t wanted = kb_parallel_threads(ahead->nr);

	if (wanted < 2)
		return;
	/* Threads wait for the lock until it is known how many there are. */
	pthread_mutex_lock(&ahead->lock);
	while (ahead->nr_threads < wanted &&
	       !pthread_create(&ahead->threads[ahead->nr_threads], NULL, read_files, ahead))
		ahead->nr_threads++;
	pthread_mutex_unlock(&ahead->lock);
}

struct kb_read_ahead *kb_read_ahead_begin(const char *const *paths, size_t nr,
					  kb_read_result *read, struct kb_error *err)
{
	struct kb_read_ahead *ahead = calloc(1, sizeof(*ahead));

	if (!ahead) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	ahead->paths = paths;
	ahead->nr = nr;
	ahead->read = read;
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->changed, NULL);
	/* Else the first threads would choose the seed of jansson's tables at the same time. */
	json_object_seed(0);
	start_threads(ahead);
	return ahead;
}

/* What became of the file that is next: its slot is free for another then. */
static json_t *take(struct kb_read_ahead *ahead, struct kb_error *err)
{
	struct slot *slot = slot_of(ahead, ahead->taken++);
	json_t *result = slot->result;

	if (!result)
		kb_fail(err, slot->err.exit, "%s", slot->err.text);
	slot->result = NULL;
	slot->done = false;
	return result;
}

json_t *kb_read_ahead_next(struct kb_read_ahead *ahead, struct kb_error *err)
{
	json_t *result;

	pthread_mutex_lock(&ahead->lock);
	if (!ahead->nr_threads)
		read_one(ahead, ahead->taken);
	else
		while (!slot_of(ahead, ahead->taken)->done)
			pthread_cond_wait(&ahead->changed, &ahead->lock);
	result = take(ahead, err);
	pthread_cond_broadcast(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	return result;
}

void kb_read_ahead_end(struct kb_read_ahead *ahead)
{
	if (!ahead)
		return;
	pthread_mutex_lock(&ahead->lock);
	ahead->stop = true;
	pthread_cond_broadcast(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	for (size_t i = 0; i < ahead->nr_threads; i++)
		pthread_join(ahead->threads[i], NULL);
	for (size_t i = 0; i < KB_MOST_THREADS; i++)
		json_decref(ahead->slots[i].result);
	pthread_mutex_destroy(&ahead->lock);
	pthread_cond_destroy(&ahead->changed);
	free(ahead);
}
