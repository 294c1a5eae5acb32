// SPDX-License-Identifier: GPL-2.0
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"

double kb_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void set_standard(int wanted, int number)
{
	int fd = wanted < 0 ? open("/dev/null", O_RDWR) : wanted;

	if (fd == number)
		fcntl(fd, F_SETFD, 0);
	else
		dup2(fd, number);
}

/* struct sched_attr of the kernel, first version, whose header does not go with that of libc. */
struct attributes {
	uint32_t	size;
	uint32_t	policy;
	uint64_t	flags;
	int32_t		nice;
	uint32_t	priority;
	uint64_t	runtime;	/* ns; of an ordinary task: its time slice */
	uint64_t	deadline;
	uint64_t	period;
};

/* Kernels before 6.12 ignore the wish; so does this, for it only makes a guest faster. */
static void wish_slice(unsigned int slice_ns)
{
	struct attributes attr = { .size = sizeof(attr) };

	if (syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0) ||
	    attr.policy != SCHED_OTHER)
		return;
	attr.runtime = slice_ns;
	syscall(SYS_sched_setattr, 0, &attr, 0);
}

/* In the child, between fork and exec: only calls that are safe there. */
static void become(const struct kb_spawn *spawn, pid_t parent, char **environment)
{
	sigset_t none;

	if (!spawn->foreground)
		setpgid(0, 0);
	if (spawn->death_signal) {
		prctl(PR_SET_PDEATHSIG, spawn->death_signal);
		if (getppid() != parent)
			_exit(127);
	}
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	set_standard(spawn->in, STDIN_FILENO);
	set_standard(spawn->out, STDOUT_FILENO);
	set_standard(spawn->err, STDERR_FILENO);
	for (const int *fd = spawn->keep; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	if (spawn->slice_ns)
		wish_slice(spawn->slice_ns);
	if (spawn->directory && chdir(spawn->directory))
		return;
	execvpe(spawn->argv[0], (char *const *)spawn->argv, environment);
}

/*
 * Our environment, unless it is to be @bare, and the additions, which come first so that they are
 * found first.
 */
static char **join_environment(const char *const *added, bool bare)
{
	size_t nr_own = 0, nr_added = 0, nr = 0;
	char **all;

	while (!bare && environ[nr_own])
		nr_own++;
	while (added && added[nr_added])
		nr_added++;
	all = calloc(nr_own + nr_added + 1, sizeof(*all));
	if (!all)
		return NULL;
	for (size_t i = 0; i < nr_added; i++)
		all[nr++] = (char *)added[i];
	for (size_t i = 0; i < nr_own; i++) {
		size_t name = strcspn(environ[i], "=") + 1;
		bool replaced = false;

		for (size_t j = 0; j < nr_added && !replaced; j++)
			replaced = !strncmp(environ[i], added[j], name);
		if (!replaced)
			all[nr++] = environ[i];
	}
	return all;
}

/* The child's errno comes through a pipe that exec closes. */
static int exec_error(int fd)
{
	int error = 0;
	ssize_t n;

	do {
		n = read(fd, &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(error) ? error : 0;
}

int kb_process_start(struct kb_process *process, const struct kb_spawn *spawn,
		     struct kb_error *err)
{
	char **environment = join_environment(spawn->environment, spawn->bare);
	pid_t parent = getpid();
	int report[2] = { -1, -1 };
	int error = 0;
	pid_t pid = -1;

	if (environment && pipe2(report, O_CLOEXEC) == 0)
		pid = fork();
	if (pid == 0) {
		become(spawn, parent, environment);
		error = errno;
		if (write(report[1], &error, sizeof(error)) < 0)
			_exit(126);
		_exit(127);
	}
	if (pid < 0)
		error = errno;
	free(environment);
	if (report[1] >= 0)
		close(report[1]);
	if (pid > 0) {
		/* Here too, so that it is so before we go on, whoever runs first. */
		if (!spawn->foreground)
			setpgid(pid, pid);
		error = exec_error(report[0]);
	}
	if (report[0] >= 0)
		close(report[0]);
	if (error) {
		if (pid > 0)
			waitpid(pid, NULL, 0);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot start %s: %s", spawn->argv[0],
			       strerror(error));
	}
	*process = (struct kb_process){ .pid = pid, .foreground = spawn->foreground };
	return 0;
}

static void nap(double seconds)
{
	struct timespec ts = { .tv_nsec = (long)(seconds * 1e9) };

	nanosleep(&ts, NULL);
}

/* Whether the child has ended, without waiting. */
static bool reap(struct kb_process *process)
{
	pid_t pid;

	if (!process->pid)
		return true;
	do {
		pid = waitpid(process->pid, &process->status, WNOHANG);
	} while (pid < 0 && errno == EINTR);
	if (pid == 0)
		return false;
	process->pid = 0;
	return true;
}

static bool wait_until(struct kb_process *process, double seconds, bool heed_interrupt)
{
	double end = kb_now() + seconds;
	double pause = 0.0005;

	while (!reap(process)) {
		if (kb_now() >= end || (heed_interrupt && kb_interrupted))
			return false;
		nap(pause);
		if (pause < 0.02)
			pause *= 2;
	}
	return true;
}

bool kb_process_wait(struct kb_process *process, double seconds)
{
	return wait_until(process, seconds, true);
}

bool kb_process_gone(struct kb_process *process, double seconds)
{
	return wait_until(process, seconds, false);
}

void kb_process_stop(struct kb_process *process, double grace)
{
	pid_t group = process->foreground ? process->pid : -process->pid;

	if (!process->pid)
		return;
	if (grace > 0) {
		kill(group, SIGTERM);
		if (wait_until(process, grace, false) && process->foreground)
			return;
	}
	/* The group too, when its leader has ended but others have not. */
	kill(group, SIGKILL);
	wait_until(process, 10, false);
}
