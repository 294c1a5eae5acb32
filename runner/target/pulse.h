/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Heartbeats: a thread that writes a line to some pipes again and again, so that who reads them at
 * the far end of a connection can tell that it was cut, and that this program still runs.
 */
#ifndef KB_PULSE_H
#define KB_PULSE_H

#include <pthread.h>
#include <stdbool.h>

#include "error.h"

/** KB_PULSE_SILENCE_S - silence for so long means that there is nobody any more: three beats */
#define KB_PULSE_SILENCE_S	7

enum { KB_PULSE_KEEPER, KB_PULSE_AGENT, KB_PULSE_NR };

/** struct kb_pulse - @fds: where it beats, -1 for none; @lock is for these and @ended */
struct kb_pulse {
	pthread_t	thread;
	pthread_mutex_t	lock;
	pthread_cond_t	wake;
	bool		running;
	bool		ended;
	int		fds[KB_PULSE_NR];
};

/** kb_pulse_start() - 0 or -1 with KB_EXIT_ENVIRONMENT */
int kb_pulse_start(struct kb_pulse *pulse, struct kb_error *err);

/** kb_pulse_set() - beat there, too; -1: no more. A descriptor is taken out before it is closed */
void kb_pulse_set(struct kb_pulse *pulse, int which, int fd);

/** kb_pulse_stop() - end the thread; does nothing when there is none */
void kb_pulse_stop(struct kb_pulse *pulse);

#endif
