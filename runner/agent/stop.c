// SPDX-License-Identifier: GPL-2.0
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S	1000000000ULL
#define NS_PER_MS	1000000ULL

/* Between two signals to the main thread. */
#define NUDGE_MS	50

/* How long after a request or a deadline the main thread may stay away. */
#define GIVE_UP_NS	(4 * NS_PER_S)

uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Its only use is to make a system call return EINTR. */
static void on_nudge(int number)
{
	(void)number;
}

static void drop_input(int fd)
{
	char dropped[256];

	while (read(fd, dropped, sizeof(dropped)) > 0)
		;
}

/* Input after the plan means nothing but that there is some; its end means stop. */
static bool channel_ended(struct stop *stop, short events)
{
	char dropped[256];
	ssize_t n;

	if (!(events & (POLLIN | POLLHUP | POLLERR)))
		return stop->beat_ns && now_ns() - stop->heard_ns >= stop->beat_ns;
	stop->heard_ns = now_ns();
	n = read(stop->channel, dropped, sizeof(dropped));
	return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
}

/* How long nothing may happen, in ms; -1: for ever. */
static int patience(const struct stop *stop, bool nudging)
{
	uint64_t silent;

	if (nudging)
		return NUDGE_MS;
	if (!stop->beat_ns || stop->channel < 0)
		return -1;
	silent = now_ns() - stop->heard_ns;
	/* One more, so that it is over and not just about to be. */
	return silent >= stop->beat_ns ? 0 : (int)((stop->beat_ns - silent) / NS_PER_MS) + 1;
}

static void set_timer(struct stop *stop, uint64_t ns)
{
	const struct itimerspec when = {
		.it_value = { .tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S) },
	};

	timerfd_settime(stop->timer, 0, &when, NULL);
}

/* Waits for something to happen; with @nudging at most NUDGE_MS. */
static void watch_once(struct stop *stop, bool nudging)
{
	struct pollfd fds[] = {
		{ .fd = stop->signals, .events = POLLIN },
		{ .fd = stop->timer, .events = POLLIN },
		{ .fd = stop->requested ? -1 : stop->channel, .events = POLLIN },
	};

	if (poll(fds, 3, patience(stop, nudging)) < 0)
		return;
	if (fds[0].revents) {
		drop_input(stop->signals);
		stop->requested = 1;
	}
	if (fds[1].revents) {
		drop_input(stop->timer);
		if (stop->calling)
			stop->expired = 1;
	}
	if (fds[2].fd >= 0 && channel_ended(stop, fds[2].revents))
		stop->requested = 1;
}

/* The main thread is wanted back. A deadline that passed just after its call ended is none. */
static bool is_due(const struct stop *stop)
{
	return stop->requested || (stop->expired && stop->calling);
}

static void *watch(void *arg)
{
	struct stop *stop = arg;
	uint64_t since = 0;

	while (!stop->ended) {
		watch_once(stop, is_due(stop));
		if (!is_due(stop)) {
			since = 0;
			continue;
		}
		if (!since)
			since = now_ns();
		if (stop->calling)
			pthread_kill(stop->main_thread, SIGUSR1);
		if (!stop->ended && now_ns() - since > GIVE_UP_NS)
			stop->give_up(stop->ctx, stop->requested != 0);
	}
	return NULL;
}

static int open_descriptors(struct stop *stop, const sigset_t *set)
{
	stop->signals = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (stop->signals < 0)
		return -errno;
	stop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return stop->timer < 0 ? -errno : 0;
}

int stop_init(struct stop *stop, int channel, unsigned int beat_s,
	      void (*give_up)(void *ctx, bool stop_requested), void *ctx)
{
	struct sigaction action;
	sigset_t set;
	int err;

	memset(stop, 0, sizeof(*stop));
	stop->channel = channel;
	stop->beat_ns = beat_s * NS_PER_S;
	stop->heard_ns = now_ns();
	stop->main_thread = pthread_self();
	stop->give_up = give_up;
	stop->ctx = ctx;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_nudge;
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);

	err = open_descriptors(stop, &set);
	if (err)
		return err;
	return -pthread_create(&stop->watcher, NULL, watch, stop);
}

void stop_end(struct stop *stop)
{
	stop->ended = 1;
	set_timer(stop, 1);
	pthread_join(stop->watcher, NULL);
	close(stop->signals);
	close(stop->timer);
}

void stop_arm(struct stop *stop, uint64_t limit_ns)
{
	stop->expired = 0;
	stop->calling = 1;
	set_timer(stop, limit_ns);
}

bool stop_disarm(struct stop *stop)
{
	bool expired = stop->expired != 0;

	set_timer(stop, 0);
	stop->calling = 0;
	stop->expired = 0;
	return expired;
}
