// SPDX-License-Identifier: GPL-2.0
#include "keep.h"

#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sysfile.h"

/* What is being made below the directory while it is removed is removed next time. */
#define REMOVE_TRIES	50
#define REMOVE_STEP_US	20000

static volatile sig_atomic_t ended;

static void on_signal(int number)
{
	(void)number;
	ended = 1;
}

/* Their arrival ends the waiting, and nothing else. @before: what is blocked otherwise */
static void catch_signals(sigset_t *before)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaddset(&set, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &set, before);
	signal(SIGPIPE, SIG_IGN);
}

static void wait_for_end(unsigned int beat_s, const sigset_t *open_signals)
{
	const struct timespec limit = { .tv_sec = beat_s };
	struct pollfd poll_fd = { .fd = STDIN_FILENO, .events = POLLIN };
	char dropped[256];

	while (!ended) {
		int ready = ppoll(&poll_fd, 1, beat_s ? &limit : NULL, open_signals);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0 || read(STDIN_FILENO, dropped, sizeof(dropped)) <= 0)
			return;
	}
}

static void end_groups(const char *dir)
{
	char pattern[PATH_MAX];
	char text[32];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/*.pid", dir);
	if (glob(pattern, GLOB_NOSORT, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (sysfile_read(found.gl_pathv[i], text, sizeof(text)) && atoi(text) > 1)
			kill(-atoi(text), SIGKILL);
	globfree(&found);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

/* What is removed whole had better be what kbench has made. */
static int check_dir(const char *dir)
{
	const char *slash = strrchr(dir, '/');
	struct stat st;

	if (dir[0] == '/' && !strncmp(slash, "/kbench-", strlen("/kbench-")) &&
	    !lstat(dir, &st) && S_ISDIR(st.st_mode) && st.st_uid == geteuid())
		return 0;
	fprintf(stderr, "kbench-agent: --keep %s: no directory .../kbench-* of this user's\n", dir);
	return -1;
}

int keep_run(const char *dir, unsigned int beat_s)
{
	sigset_t before;

	if (check_dir(dir))
		return -1;
	catch_signals(&before);
	printf("kbench-keep %s\n", dir);
	fflush(stdout);
	wait_for_end(beat_s, &before);
	end_groups(dir);
	for (int i = 0; i < REMOVE_TRIES; i++) {
		nftw(dir, remove_entry, 16, FTW_PHYS | FTW_DEPTH);
		if (access(dir, F_OK))
			return 0;
		usleep(REMOVE_STEP_US);
	}
	return 0;
}
