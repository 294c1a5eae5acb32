// SPDX-License-Identifier: GPL-2.0
#include "perf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../base/advice.h"
#include "../base/paths.h"

/* For perf to open its events on many CPUs, and to write what it has. */
#define BEGIN_S		10.0
#define END_S		10.0

/* How long a check lets it count. */
#define CHECK_US	20000

/*
 * Without the files of build ids, which perf would copy into the user's home, and without looking
 * for those that have samples, which takes long where there are many. lock and c2c hand on what
 * they do not know to record.
 */
static const struct perf_kind kinds[] = {
	{
		.name = "record",
		.record = { "perf", "record", "-N", "--buildid-all", NULL },
		.reports = { { "perf", "report", "--stdio", "--no-children", "-g", "none", "-F",
			       "overhead,symbol,dso", "-t", "\t", NULL } },
	}, {
		.name = "stat", .text = true,
		.record = { "perf", "stat", "-x", ",", NULL },
	}, {
		.name = "c2c",
		.record = { "perf", "c2c", "record", "--", "-N", "--buildid-all", NULL },
		.reports = { { "perf", "c2c", "report", "--stdio", NULL } },
	}, {
		.name = "lock", .merged = true,
		.record = { "perf", "lock", "record", "-N", "--buildid-all", NULL },
		/* The second for an old perf, and kernels that tell of locks with lockdep alone. */
		.reports = { { "perf", "lock", "contention", NULL },
			     { "perf", "lock", "report", NULL } },
	},
};

/* It may run as root: nothing of who called has a say in what it does, and what it starts. */
const char *const perf_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent",
	"LC_ALL=C", "PERF_CONFIG=/dev/null", "DEBUGINFOD_URLS=", NULL,
};

const struct perf_kind *perf_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

bool perf_stopping(const struct perf *perf)
{
	return perf->stop && stop_requested(perf->stop);
}

void perf_note(struct perf *perf, const char *format, ...)
{
	va_list args;

	if (perf->note[0] || perf_stopping(perf))
		return;
	va_start(args, format);
	vsnprintf(perf->note, sizeof(perf->note), format, args);
	va_end(args);
}

bool perf_wait(struct perf *perf, double seconds)
{
	double end = kb_now() + seconds;

	while (!kb_process_gone(&perf->process, 0.05))
		if (perf_stopping(perf) || kb_now() >= end)
			return false;
	return true;
}

/* Whether a line says nothing of what went wrong. */
static bool is_empty(const char *line)
{
	static const char *const words[] = { "Error:", "Events ", "WARNING: A single --control" };

	line += strspn(line, " \t");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strncmp(line, words[i], strlen(words[i])))
			return true;
	return !*line;
}

void perf_said(int fd, char *line, size_t size)
{
	char text[4096], *rest = text, *one;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = 0;
	line[0] = 0;
	while ((one = strsep(&rest, "\r\n"))) {
		if (is_empty(one))
			continue;
		snprintf(line, size, "%s", one + strspn(one, " \t"));
		return;
	}
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* "0,2,3"; malloc()ed, NULL: no memory */
static char *cpu_list(const uint32_t *cpus, uint32_t nr)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	for (uint32_t i = 0; file && i < nr; i++)
		fprintf(file, "%s%u", i ? "," : "", cpus[i]);
	return file && !fclose(file) ? text : NULL;
}

/*
 * What perf does of its own had better not happen where the case runs. Where the case has all CPUs
 * there is no other place.
 */
static void stand_aside(const struct perf *perf, const uint32_t *cpus, uint32_t nr)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (uint32_t i = 0; i < nr; i++)
		if (cpus[i] < CPU_SETSIZE)
			CPU_CLR(cpus[i], &set);
	if (CPU_COUNT(&set))
		sched_setaffinity(perf->process.pid, sizeof(set), &set);
}

/* @theirs: perf's ends of the pipes, to be closed. Return: 0 or -1 */
static int open_pipes(struct perf *perf, int theirs[2])
{
	int control[2], ack[2];

	if (pipe2(control, O_CLOEXEC))
		return -1;
	theirs[0] = control[0];
	perf->control = control[1];
	if (pipe2(ack, O_CLOEXEC))
		return -1;
	theirs[1] = ack[1];
	perf->ack = ack[0];
	perf->messages = memfd_create("kbench-perf", MFD_CLOEXEC);
	return perf->messages < 0 ? -1 : 0;
}

static int start(struct perf *perf, const char *cpus, const int theirs[2])
{
	const int keep[] = { theirs[0], theirs[1], -1 };
	const char *words[PERF_MAX_WORDS + 12];
	char control[40];
	struct kb_spawn spawn = {
		.argv = words, .environment = perf_environment, .bare = true, .in = -1,
		.out = -1, .err = perf->messages, .keep = keep, .death_signal = SIGKILL,
	};
	struct kb_error err = { 0 };
	size_t nr = 0;

	snprintf(control, sizeof(control), "fd:%d,%d", theirs[0], theirs[1]);
	while (perf->kind->record[nr]) {
		words[nr] = perf->kind->record[nr];
		nr++;
	}
	words[0] = perf->program;
	words[nr++] = "-a";
	words[nr++] = "-C";
	words[nr++] = cpus;
	words[nr++] = "-D";
	words[nr++] = "-1";
	words[nr++] = "--control";
	words[nr++] = control;
	words[nr++] = "-o";
	words[nr++] = perf->file;
	words[nr] = NULL;
	if (!kb_process_start(&perf->process, &spawn, &err))
		return 0;
	perf_note(perf, "%s", err.text);
	return -1;
}

/* Waits for a word of perf. Return: 0; -1: it has ended, or is late */
static int await_ack(struct perf *perf)
{
	struct pollfd poll_fd = { .fd = perf->ack, .events = POLLIN };
	double end = kb_now() + BEGIN_S;
	char word[16];

	while (!perf_stopping(perf) && kb_now() < end) {
		int ready = poll(&poll_fd, 1, 50);

		if (ready < 0 && errno != EINTR)
			return -1;
		if (ready > 0)
			return read(perf->ack, word, sizeof(word)) > 0 ? 0 : -1;
	}
	perf_note(perf, "perf did not begin to count within %.0f s", BEGIN_S);
	return -1;
}

/* From the command on perf counts: the round begins after that. */
static int enable(struct perf *perf)
{
	static const char command[] = "enable\n";
	char line[300];

	if (write(perf->control, command, strlen(command)) == (ssize_t)strlen(command) &&
	    !await_ack(perf))
		return 0;
	/* It says why once it has ended. */
	if (!perf->note[0])
		perf_wait(perf, 1);
	perf_said(perf->messages, line, sizeof(line));
	perf_note(perf, "%s", *line ? line : "perf ended and does not say why");
	kb_process_stop(&perf->process, 0);
	return -1;
}

void perf_begin(struct perf *perf, const char *name, const uint32_t *cpus, uint32_t nr)
{
	int theirs[2] = { -1, -1 }, err;
	const char *dir;
	char *list;

	perf->control = perf->ack = perf->messages = -1;
	if (!perf->kind)
		return;
	dir = perf->place->own ? perf->place->own : "";
	list = cpu_list(cpus, nr);
	perf->program = kb_find_program("perf");
	perf->file = kb_path("%s/%s.%s", dir, name, perf->kind->text ? "txt" : "data");
	perf->report = kb_path("%s/%s.txt", dir, name);
	if (!*dir)
		perf_note(perf, "%s", perf->place->why);
	else if (!perf->program)
		perf_note(perf, "the perf tool is gone");
	err = perf->note[0] || !list || open_pipes(perf, theirs) || start(perf, list, theirs);
	close_fd(&theirs[0]);
	close_fd(&theirs[1]);
	if (!err) {
		stand_aside(perf, cpus, nr);
		err = enable(perf);
	}
	if (err)
		perf_note(perf, "perf cannot be started: %s", strerror(errno));
	free(list);
}

void perf_end(struct perf *perf)
{
	if (!perf->process.pid)
		return;
	if (!perf_stopping(perf)) {
		/* All of its group: it may be a script that started perf. */
		kill(-perf->process.pid, SIGINT);
		if (!perf_wait(perf, END_S) && !perf_stopping(perf))
			perf_note(perf, "perf did not end within %.0f s and was killed: its data "
				  "are not whole", END_S);
	}
	kb_process_stop(&perf->process, 0);
}

void perf_free(struct perf *perf)
{
	/* It was not begun: there was no case to be measured. */
	if (!perf->file)
		return;
	kb_process_stop(&perf->process, 0);
	close_fd(&perf->control);
	close_fd(&perf->ack);
	close_fd(&perf->messages);
	free(perf->program);
	free(perf->file);
	free(perf->report);
	perf->program = perf->file = perf->report = NULL;
}

static void missing(char *text, size_t size)
{
	char *os_release = kb_read_text("/etc/os-release", NULL);
	char advice[200];
	struct utsname uts;

	if (uname(&uts))
		uts.release[0] = 0;
	kb_perf_advice(os_release, uts.release, advice, sizeof(advice));
	free(os_release);
	snprintf(text, size, "the perf tool is missing: %s", advice);
}

/* One window on the CPU that we are on. */
static int try_once(struct perf *perf)
{
	int cpu = sched_getcpu();
	const uint32_t here = cpu < 0 ? 0 : (uint32_t)cpu;

	perf_begin(perf, "check", &here, 1);
	if (perf->process.pid) {
		usleep(CHECK_US);
		perf_end(perf);
	}
	if (!perf->note[0] && access(perf->file, F_OK)) {
		perf_said(perf->messages, perf->note, sizeof(perf->note));
		perf_note(perf, "it writes nothing");
	}
	return perf->note[0] ? -1 : 0;
}

int perf_check(const char *kind, const struct perf_place *place, struct stop *stop, char *text,
	       size_t size)
{
	struct perf perf = { .kind = perf_kind_find(kind), .place = place, .stop = stop };
	char *program = kb_find_program("perf");
	int ret = -1;

	if (!perf.kind) {
		snprintf(text, size, "this agent knows no perf %.40s", kind);
	} else if (!program) {
		missing(text, size);
	} else {
		ret = try_once(&perf);
		perf_free(&perf);
		if (perf_stopping(&perf))
			ret = -1;
		snprintf(text, size, "perf %s does not work here: %s", kind,
			 perf_stopping(&perf) ? "the agent was asked to stop" : perf.note);
	}
	free(program);
	return ret;
}
