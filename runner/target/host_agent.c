// SPDX-License-Identifier: GPL-2.0
#include "host_agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent/exit.h"
#include "paths.h"
#include "target.h"

/* How long the agent may take to stop by itself, and after a signal. */
#define STOP_S		5.0
#define SIGNAL_S	2.0

/* For the plan to be taken: sudo may be slow, but not for ever. */
#define PLAN_S		30.0

/* Descendants of one sudo: itself, a monitor, the agent. */
#define MAX_FAMILY	16

void kb_host_agent_init(struct kb_host_agent *agent)
{
	*agent = (struct kb_host_agent){ .plan = -1, .records = -1, .messages = -1 };
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_all(struct kb_host_agent *agent)
{
	close_fd(&agent->plan);
	close_fd(&agent->records);
	close_fd(&agent->messages);
}

/* Waits whether or not the user is impatient. Return: true when the process has ended. */
static bool wait_for(struct kb_host_agent *agent, double seconds)
{
	const struct timespec step = { .tv_nsec = 5000000 };
	double end = kb_now() + seconds;

	while (!kb_process_wait(&agent->process, 0)) {
		if (kb_now() >= end)
			return false;
		nanosleep(&step, NULL);
	}
	return true;
}

static void send_plan(struct kb_host_agent *agent, const char *text, size_t length)
{
	double end = kb_now() + PLAN_S;
	size_t done = 0;

	/* An agent that takes no plan says why, or ends: seen when its records are read. */
	while (done < length && kb_now() < end && !kb_interrupted) {
		struct pollfd poll_fd = { .fd = agent->plan, .events = POLLOUT };
		ssize_t n;

		if (poll(&poll_fd, 1, 200) <= 0)
			continue;
		n = write(agent->plan, text + done, length - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return;
	}
}

static int open_pipes(struct kb_host_agent *agent, int *plan_out, int *records_in)
{
	int plan[2], records[2];

	if (pipe2(plan, O_CLOEXEC))
		return -1;
	*plan_out = plan[0];
	agent->plan = plan[1];
	if (pipe2(records, O_CLOEXEC))
		return -1;
	agent->records = records[0];
	*records_in = records[1];
	agent->messages = memfd_create("kbench-agent", MFD_CLOEXEC);
	return agent->messages < 0 ? -1 : fcntl(agent->plan, F_SETFL, O_NONBLOCK);
}

int kb_host_agent_start(struct kb_host_agent *agent, const char *const *argv,
			const char *plan_text, size_t length, struct kb_error *err)
{
	struct kb_spawn spawn = { .argv = argv, .in = -1, .out = -1 };
	int ret;

	kb_host_agent_init(agent);
	agent->sudo = !strcmp(argv[0], "sudo");
	if (open_pipes(agent, &spawn.in, &spawn.out)) {
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "no pipe to the agent: %s",
			      strerror(errno));
	} else {
		spawn.err = agent->messages;
		ret = kb_process_start(&agent->process, &spawn, err);
	}
	close_fd(&spawn.in);
	close_fd(&spawn.out);
	if (ret) {
		close_all(agent);
		return -1;
	}
	send_plan(agent, plan_text, length);
	return agent->records;
}

/* The parent of a process, or 0. */
static pid_t parent_of(pid_t pid)
{
	char *path = kb_path("/proc/%d/stat", (int)pid);
	char *text = kb_read_text(path, NULL);
	const char *at = text ? strrchr(text, ')') : NULL;
	int parent = 0;

	if (!at || sscanf(at, ") %*c %d", &parent) != 1)
		parent = 0;
	free(text);
	free(path);
	return parent;
}

static bool belongs(pid_t pid, const pid_t *family, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (family[i] == pid)
			return true;
	return false;
}

/* Adds one process whose parent is in the family. Return: false when there is none more. */
static bool add_child(pid_t *family, size_t *nr)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (dir && !found && *nr < MAX_FAMILY && (entry = readdir(dir))) {
		pid_t pid = atoi(entry->d_name);

		if (pid <= 0 || belongs(pid, family, *nr) ||
		    !belongs(parent_of(pid), family, *nr))
			continue;
		family[(*nr)++] = pid;
		found = true;
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Signals to root's processes go through sudo, where a rule allows that; else they are not sent. */
static void signal_by_sudo(pid_t pid, int number)
{
	char option[16], target[16];
	const char *const argv[] = { "sudo", "-n", "--", "kill", option, target, NULL };
	struct kb_command command = { .argv = argv, .timeout = 5 };
	struct kb_error unsaid = { 0 };

	snprintf(option, sizeof(option), "-%d", number);
	snprintf(target, sizeof(target), "%d", (int)pid);
	kb_command_run(&command, &unsaid);
	kb_command_free(&command);
}

/* Signals sudo and all below it, the youngest first: the agent itself is what must go. */
static void signal_family(struct kb_host_agent *agent, int number)
{
	pid_t family[MAX_FAMILY] = { agent->process.pid };
	size_t nr = 1;

	while (add_child(family, &nr))
		;
	while (nr--)
		if (kill(family[nr], number) && errno == EPERM)
			signal_by_sudo(family[nr], number);
}

/* Return: true when the process has ended. */
static bool stop(struct kb_host_agent *agent, double seconds)
{
	/* The end of its input is the stop request; a closed reader ends a write that waits. */
	close_fd(&agent->plan);
	close_fd(&agent->records);
	if (wait_for(agent, seconds))
		return true;
	signal_family(agent, SIGTERM);
	if (wait_for(agent, SIGNAL_S))
		return true;
	signal_family(agent, SIGKILL);
	return wait_for(agent, SIGNAL_S);
}

/* The last line that the agent or sudo wrote on standard error. */
static void last_message(struct kb_host_agent *agent, char *text, size_t size)
{
	char bytes[2048];
	off_t length = lseek(agent->messages, 0, SEEK_END);
	off_t begin = length > (off_t)sizeof(bytes) - 1 ? length - (off_t)sizeof(bytes) + 1 : 0;
	ssize_t n = pread(agent->messages, bytes, sizeof(bytes) - 1, begin);
	char *line;

	text[0] = 0;
	if (n <= 0)
		return;
	bytes[n] = 0;
	while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
		bytes[--n] = 0;
	line = strrchr(bytes, '\n');
	snprintf(text, size, "%.400s", line ? line + 1 : bytes);
}

/* What sudo warns of means nothing once the agent has said how it went. */
static int judge_end(struct kb_host_agent *agent, struct kb_error *err)
{
	int status = agent->process.status;
	char message[500];

	last_message(agent, message, sizeof(message));
	if (WIFSIGNALED(status))
		return kb_fail(err, KB_EXIT_TARGET, "signal %d ended the agent%s%s",
			       WTERMSIG(status), message[0] ? ": " : "", message);
	if (WEXITSTATUS(status) == AGENT_EXIT_OK || WEXITSTATUS(status) == AGENT_EXIT_TOLD ||
	    !message[0])
		return 0;
	if (!strncmp(message, "sudo:", 5))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s; run as root, or allow sudo to start "
			       "the agent without a password", message);
	return kb_fail(err, KB_EXIT_TARGET, "%s", message);
}

int kb_host_agent_finish(struct kb_host_agent *agent, bool kill, struct kb_error *err)
{
	bool was_running = agent->process.pid != 0;
	bool in_time;
	int ret = 0;

	if (!was_running) {
		close_all(agent);
		return 0;
	}
	in_time = !kill && wait_for(agent, STOP_S);
	if (!in_time && !stop(agent, kill ? STOP_S : 0)) {
		/* Not even SIGKILL: it hangs in the kernel, or sudo does not let us. */
		ret = kb_fail(err, KB_EXIT_TARGET, "the agent (process %d) cannot be stopped: "
			      "reboot this machine before the next run", (int)agent->process.pid);
	} else if (in_time) {
		ret = judge_end(agent, err);
	} else if (!kill) {
		ret = kb_fail(err, KB_EXIT_TARGET,
			      "the agent did not end by itself and was stopped");
	}
	close_all(agent);
	agent->process.pid = 0;
	return ret;
}
