/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stopping: a thread that sees stop requests and deadlines while the main thread is inside a
 * blocking call, and interrupts that call.
 *
 * A request is SIGTERM, SIGINT, SIGHUP, the end of the plan channel, or its silence where something
 * is to come again and again: a connection that was cut has no end. The thread signals the main
 * thread again and again, so none is lost between a look at stop_requested() and the call.
 */
#ifndef KB_AGENT_STOP_H
#define KB_AGENT_STOP_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * struct stop - one per process
 * @requested: nonzero once a stop was asked for
 * @calling:   nonzero while the main thread is between stop_arm() and stop_disarm()
 * @expired:   nonzero once the deadline of that call has passed
 * @ended:     nonzero once the main thread needs no watching
 * @channel:   descriptor whose end of file is a stop request, or -1
 * @beat_ns:   silence on the channel for so long is one, too; 0: it may be silent
 * @heard_ns:  when something came last
 * @signals:   signalfd of the requests
 * @timer:     timerfd of the deadline: no periodic wake-up disturbs a measurement
 * @give_up:   called in the thread when the main thread does not come back: ends the process
 */
struct stop {
	atomic_int	requested;
	atomic_int	calling;
	atomic_int	expired;
	atomic_int	ended;
	int		channel;
	uint64_t	beat_ns;
	uint64_t	heard_ns;
	int		signals;
	int		timer;
	pthread_t	main_thread;
	pthread_t	watcher;
	void		(*give_up)(void *ctx, bool stop_requested);
	void		*ctx;
};

/**
 * stop_init() - block the signals and start the thread
 * @channel: plan channel to watch, or -1. Call it before other threads exist.
 * @beat_s:  seconds for which it may be silent; 0: for ever
 * Return: 0 or a negative errno
 */
int stop_init(struct stop *stop, int channel, unsigned int beat_s,
	      void (*give_up)(void *ctx, bool stop_requested), void *ctx);

/** stop_end() - the main thread has cleaned up: end the thread */
void stop_end(struct stop *stop);

/** stop_arm() - a call begins that must return within @limit_ns, else it is interrupted */
void stop_arm(struct stop *stop, uint64_t limit_ns);
/** stop_disarm() - it has returned. Return: true when its deadline had passed */
bool stop_disarm(struct stop *stop);

/** now_ns() - CLOCK_MONOTONIC */
uint64_t now_ns(void);

static inline bool stop_requested(struct stop *stop)
{
	return atomic_load(&stop->requested) != 0;
}

#endif
