// SPDX-License-Identifier: GPL-2.0
#include "pulse.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BEAT_S	2

static void beat(const struct kb_pulse *pulse)
{
	for (int i = 0; i < KB_PULSE_NR; i++)
		/* A pipe that is full has enough of them, and who reads a broken one knows. */
		if (pulse->fds[i] >= 0 && write(pulse->fds[i], "\n", 1) < 0)
			continue;
}

static void *run(void *arg)
{
	struct kb_pulse *pulse = arg;
	struct timespec until;

	pthread_mutex_lock(&pulse->lock);
	while (!pulse->ended) {
		beat(pulse);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += BEAT_S;
		while (!pulse->ended &&
		       !pthread_cond_timedwait(&pulse->wake, &pulse->lock, &until))
			;
	}
	pthread_mutex_unlock(&pulse->lock);
	return NULL;
}

int kb_pulse_start(struct kb_pulse *pulse, struct kb_error *err)
{
	pthread_condattr_t attr;
	sigset_t all, before;
	int error;

	memset(pulse, 0, sizeof(*pulse));
	for (int i = 0; i < KB_PULSE_NR; i++)
		pulse->fds[i] = -1;
	pthread_mutex_init(&pulse->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&pulse->wake, &attr);
	pthread_condattr_destroy(&attr);
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&pulse->thread, NULL, run, pulse);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pulse->running = !error;
	return error ? kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot start a thread: %s",
			       strerror(error)) : 0;
}

void kb_pulse_set(struct kb_pulse *pulse, int which, int fd)
{
	if (!pulse->running)
		return;
	pthread_mutex_lock(&pulse->lock);
	pulse->fds[which] = fd;
	pthread_mutex_unlock(&pulse->lock);
}

void kb_pulse_stop(struct kb_pulse *pulse)
{
	if (!pulse->running)
		return;
	pthread_mutex_lock(&pulse->lock);
	pulse->ended = true;
	pthread_cond_signal(&pulse->wake);
	pthread_mutex_unlock(&pulse->lock);
	pthread_join(pulse->thread, NULL);
	pthread_cond_destroy(&pulse->wake);
	pthread_mutex_destroy(&pulse->lock);
	pulse->running = false;
}
