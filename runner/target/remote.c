// SPDX-License-Identifier: GPL-2.0
#include "remote.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "lines.h"
#include "local.h"
#include "paths.h"
#include "ssh_words.h"

/* Single commands that wait for nothing; and what is copied over a slow connection. */
#define COMMAND_S	60
#define COPY_S		180

/* For the keeper to end by itself, when it is asked to. */
#define KEEPER_S	4

#define NS_PER_S	1000000000ULL

int kb_remote_refused(const struct kb_remote *remote, const char *doing, const char *said,
		      struct kb_error *err)
{
	const char *host = remote->ssh.spec.host;
	char line[400];

	kb_last_line(said ? said : "", line, sizeof(line));
	if (said && strstr(said, "No space left"))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "no space on %s while %s: free some "
			       "there, or set TMPDIR for ssh's sessions", host, doing);
	if (said && strstr(said, "Exec format error"))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s cannot run the agent, which is not "
			       "for its architecture (%s): run make, or unset KBENCH_AGENT", host,
			       remote->probe.machine);
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s on %s failed: %s", doing, host,
		       *line ? line : "it does not say why");
}

static int probe(struct kb_remote *remote, struct kb_error *err)
{
	struct kb_command command = {
		.input = kb_ssh_probe_script, .input_length = strlen(kb_ssh_probe_script),
		.timeout = COMMAND_S,
	};
	const char *host = remote->ssh.spec.host;
	int ret = kb_ssh_run(&remote->ssh, "exec sh -s", &command, err);

	if (ret >= 0)
		ret = kb_ssh_probe_parse(&remote->probe, command.output, host, err);
	kb_command_free(&command);
	if (!ret)
		remote->arch = kb_ssh_probe_arch(&remote->probe, host, err);
	return remote->arch ? 0 : -1;
}

/* The agent for that machine; NULL with @err. */
static char *read_agent(const struct kb_remote *remote, size_t *length, struct kb_error *err)
{
	const struct kb_arch *arch = remote->arch;
	bool native = kb_arch_is_native(arch);
	char *path = kb_agent_path(native ? NULL : arch->deb);
	char *bytes = kb_read_text(path, length);

	if (!bytes && native)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "the agent %s cannot be read (%s): build it with "
			"make", path, strerror(errno));
	else if (!bytes)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "%s is an %s machine, and the agent for these is "
			"missing (%s): sudo apt install gcc-12-%s libc6-dev-%s-cross, then run "
			"make", remote->ssh.spec.host, arch->deb, path, arch->triplet, arch->deb);
	free(path);
	return bytes;
}

/*
 * The directory is made, the agent comes on standard input, and then keeps it. The shell stays
 * behind it, for whatever might keep the agent from running. No quotes of this kind in it, no "!"
 * that a C shell would see at the begin of a word, and one line: so any login shell takes it.
 */
static char *keeper_command(size_t agent_length)
{
	return kb_path("exec sh -c '"
		       "umask 077; t=${TMPDIR:-/var/tmp}; "
		       "[ -z \"$(printf %%s \"$t\" | tr -d A-Za-z0-9/._+-)\" ] || t=/var/tmp; "
		       "case $t in /*) ;; *) t=/var/tmp;; esac; "
		       "d=$(mktemp -d $t/kbench-XXXXXX) || exit 1; "
		       "trap \"rm -rf $d\" EXIT; trap \"exit 1\" HUP INT TERM; "
		       "timeout %d head -c %zu >$d/kbench-agent && "
		       "chmod 700 $d/kbench-agent && "
		       "$d/kbench-agent --keep $d --heartbeat %d'", COPY_S, agent_length,
		       KB_PULSE_SILENCE_S);
}

/* Writes the agent to the keeper's shell. An end that comes early says why when it is read. */
static void send_agent(struct kb_remote *remote, const char *bytes, size_t length)
{
	double end = kb_now() + COPY_S;
	size_t done = 0;

	while (done < length && kb_now() < end && !kb_interrupted) {
		struct pollfd poll_fd = { .fd = remote->keeper_in, .events = POLLOUT };
		ssize_t n;

		if (poll(&poll_fd, 1, 200) <= 0)
			continue;
		n = write(remote->keeper_in, bytes + done, length - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return;
	}
}

/* What the keeper's shell said on standard error, into a malloc()ed text. */
static char *keeper_words(int errors)
{
	char *text = calloc(1, 4096);

	if (text && pread(errors, text, 4095, 0) < 0)
		text[0] = '\0';
	return text;
}

/* Waits for the keeper's word. Lines of a login shell may come before it. */
static int await_keeper(struct kb_remote *remote, int errors, struct kb_error *err)
{
	static const char mark[] = "kbench-keep ";
	struct kb_lines lines = { .fd = remote->keeper_out };
	enum kb_lines_event event;
	char *line, *words;
	size_t size;

	do {
		event = kb_lines_next(&lines, kb_now_ns(), COMMAND_S * NS_PER_S, &line, &size);
		if (event == KB_LINES_LINE && !strncmp(line, mark, strlen(mark)))
			remote->dir = kb_path("%s", line + strlen(mark));
	} while (event == KB_LINES_LINE && !remote->dir);
	kb_lines_free(&lines);
	if (remote->dir)
		return 0;
	if (event == KB_LINES_INTERRUPTED || kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	/* What it said is all there once it has ended. */
	kb_process_wait(&remote->keeper, 2);
	if (!kb_ssh_alive(&remote->ssh))
		return kb_ssh_broke(&remote->ssh, NULL, err);
	words = keeper_words(errors);
	kb_remote_refused(remote, "copying the agent into a directory of its own", words, err);
	free(words);
	return -1;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Starts the keeper's shell with pipes to it. Return: 0 or -1 with @err */
static int start_keeper(struct kb_remote *remote, const char *command, int errors,
			struct kb_error *err)
{
	struct kb_ssh_argv argv;
	struct kb_spawn spawn = { .err = errors, .death_signal = SIGTERM };
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, ret = -1;

	kb_ssh_argv(&remote->ssh, command, &argv);
	spawn.argv = argv.words;
	if (errors < 0 || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    fcntl(in[1], F_SETFL, O_NONBLOCK)) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "no pipe to ssh: %s", strerror(errno));
	} else {
		spawn.in = in[0];
		spawn.out = out[1];
		ret = kb_process_start(&remote->keeper, &spawn, err);
	}
	close_fd(&in[0]);
	close_fd(&out[1]);
	remote->keeper_in = in[1];
	remote->keeper_out = out[0];
	return ret;
}

/* The private directory there, with the agent in it. */
static int settle(struct kb_remote *remote, struct kb_error *err)
{
	int errors = memfd_create("kbench-keeper", MFD_CLOEXEC), ret;
	size_t length = 0;
	char *bytes = read_agent(remote, &length, err);
	char *command = keeper_command(length);

	ret = bytes ? start_keeper(remote, command, errors, err) : -1;
	if (!ret) {
		send_agent(remote, bytes, length);
		ret = await_keeper(remote, errors, err);
	}
	if (!ret)
		ret = kb_pulse_start(&remote->pulse, err);
	if (!ret)
		kb_pulse_set(&remote->pulse, KB_PULSE_KEEPER, remote->keeper_in);
	close_fd(&errors);
	free(command);
	free(bytes);
	return ret;
}

char *kb_remote_agent(const struct kb_remote *remote, const char *options)
{
	return kb_path("exec %s%s/kbench-agent %s", remote->sudo ? "sudo -n -- " : "", remote->dir,
		       options);
}

/* As root, or through a sudo that does not ask. */
static int find_privilege(struct kb_remote *remote, const char *purpose, struct kb_error *err)
{
	const char *host = remote->ssh.spec.host;
	struct kb_command command = { .timeout = COMMAND_S };
	char *words, line[300];
	int ret;

	remote->sudo = !remote->probe.root;
	if (!remote->sudo)
		return 0;
	words = kb_remote_agent(remote, "--version");
	ret = kb_ssh_run(&remote->ssh, words, &command, err);
	kb_last_line(command.errors ? command.errors : "", line, sizeof(line));
	if (ret == 127 || strstr(line, "not found"))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s on %s needs root, and there is no "
			      "sudo: --target ssh:root@%s", purpose, host, host);
	else if (ret > 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s on %s needs root, and sudo there does "
			      "not let us without a password (%s): sudo visudo there, then the "
			      "line \"%s ALL = NOPASSWD: ALL\"; or --target ssh:root@%s", purpose,
			      host, line, remote->probe.user, host);
	kb_command_free(&command);
	free(words);
	return ret;
}

static int learn_facts(struct kb_remote *remote, struct kb_error *err)
{
	char *command = kb_path("exec %s/kbench-agent --facts", remote->dir);
	struct kb_ssh_argv argv;

	kb_ssh_argv(&remote->ssh, command, &argv);
	json_decref(remote->facts);
	remote->facts = kb_local_facts_of(argv.words, err);
	free(command);
	return remote->facts ? 0 : -1;
}

int kb_remote_open(struct kb_remote *remote, const struct kb_ssh_spec *spec, const char *purpose,
		   struct kb_error *err)
{
	memset(remote, 0, sizeof(*remote));
	remote->keeper_in = remote->keeper_out = -1;
	if (kb_ssh_open(&remote->ssh, spec, err) || probe(remote, err) || settle(remote, err) ||
	    find_privilege(remote, purpose, err) || learn_facts(remote, err))
		return -1;
	remote->open = true;
	return 0;
}

void kb_remote_close(struct kb_remote *remote)
{
	kb_pulse_stop(&remote->pulse);
	if (remote->keeper.pid) {
		/* The end of its input is all that it waits for. */
		close_fd(&remote->keeper_in);
		if (!kb_process_gone(&remote->keeper, KEEPER_S))
			kb_process_stop(&remote->keeper, 1);
		close_fd(&remote->keeper_out);
	}
	kb_ssh_close(&remote->ssh);
	json_decref(remote->facts);
	free(remote->dir);
	remote->facts = NULL;
	remote->dir = NULL;
	remote->open = false;
}

int kb_remote_put(struct kb_remote *remote, const char *name, const char *bytes, size_t length,
		  struct kb_error *err)
{
	char *words = kb_path("cd %s && rm -rf %s && mkdir %s && cd %s && exec tar -xf -",
			      remote->dir, name, name, name);
	struct kb_command command = {
		.input = bytes, .input_length = length, .timeout = COPY_S,
	};
	int ret = kb_ssh_run(&remote->ssh, words, &command, err);

	if (ret > 0)
		ret = kb_remote_refused(remote, "copying files there", command.errors, err);
	kb_command_free(&command);
	free(words);
	return ret;
}
