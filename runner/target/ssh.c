// SPDX-License-Identifier: GPL-2.0
#include "ssh.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "interrupt.h"
#include "paths.h"
#include "ssh_words.h"

/* For all of a handshake; ssh itself gives up a connection that is not made within 20 s. */
#define CONNECT_S	40

/* While the master has a name of its own for its socket, that is longer. */
#define SOCKET_ROOM	(sizeof(((struct sockaddr_un *)0)->sun_path) - 20)

/*
 * Nothing asks, nothing is forwarded, and a command of the user's configuration does not take the
 * place of ours. A cut connection is found out within 15 s.
 */
#define OPTIONS \
	"-oBatchMode=yes", "-oServerAliveInterval=5", "-oServerAliveCountMax=3", \
	"-oControlPersist=no", "-oClearAllForwardings=yes", "-oRemoteCommand=none", \
	"-oPermitLocalCommand=no", "-x", "-a", "-T"

/* In a place for temporary files; a socket there has to have a short name, without signs. */
static int make_dir(struct kb_ssh *ssh, struct kb_error *err)
{
	const char *place = getenv("TMPDIR");

	if (!place || place[0] != '/' || strpbrk(place, "%$\"' ") ||
	    strlen(place) + strlen("/kbench-ssh-XXXXXX/c") > SOCKET_ROOM)
		place = "/tmp";
	ssh->dir = kb_path("%s/kbench-ssh-XXXXXX", place);
	if (mkdtemp(ssh->dir)) {
		ssh->control = kb_path("%s/c", ssh->dir);
		return 0;
	}
	kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot make a directory in %s: %s; set TMPDIR", place,
		strerror(errno));
	free(ssh->dir);
	ssh->dir = NULL;
	return -1;
}

/* Appends the options that name the machine. Return: the next free place */
static size_t add_machine(const struct kb_ssh_spec *spec, const char **words, size_t nr)
{
	if (spec->port[0]) {
		words[nr++] = "-p";
		words[nr++] = spec->port;
	}
	if (spec->user[0]) {
		words[nr++] = "-l";
		words[nr++] = spec->user;
	}
	words[nr++] = "--";
	words[nr++] = spec->host;
	return nr;
}

static int start_master(struct kb_ssh *ssh, struct kb_error *err)
{
	const char *words[32] = {
		"ssh", OPTIONS, "-oConnectTimeout=20", "-oControlMaster=yes", "-N", "-S",
		ssh->control,
	};
	struct kb_spawn spawn = {
		.argv = words, .in = -1, .out = -1, .err = ssh->messages, .death_signal = SIGTERM,
	};
	size_t nr = 0;

	while (words[nr])
		nr++;
	add_machine(&ssh->spec, words, nr);
	return kb_process_start(&ssh->master, &spawn, err);
}

/* What the master said so far. */
static void said(const struct kb_ssh *ssh, char *text, size_t size)
{
	ssize_t n = pread(ssh->messages, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
}

static int await_master(struct kb_ssh *ssh, struct kb_error *err)
{
	double end = kb_now() + CONNECT_S;
	char text[8192], words[800];
	bool ended = false;

	while (!kb_exists(ssh->control) && !ended && !kb_interrupted && kb_now() < end)
		ended = kb_process_wait(&ssh->master, 0.05);
	if (kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	if (!ended && kb_exists(ssh->control))
		return 0;
	said(ssh, text, sizeof(text));
	kb_ssh_words(&ssh->spec, text, words, sizeof(words));
	if (!ended)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "no connection to %s within %d s; try "
			       "ssh by hand", ssh->spec.host, CONNECT_S);
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s", words);
}

int kb_ssh_open(struct kb_ssh *ssh, const struct kb_ssh_spec *spec, struct kb_error *err)
{
	char *program = kb_find_program("ssh");

	*ssh = (struct kb_ssh){ .spec = *spec, .messages = -1 };
	if (!program)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "the ssh program is missing: sudo apt "
			       "install openssh-client");
	free(program);
	ssh->messages = memfd_create("kbench-ssh", MFD_CLOEXEC);
	if (ssh->messages < 0)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (make_dir(ssh, err) || start_master(ssh, err))
		return -1;
	return await_master(ssh, err);
}

void kb_ssh_close(struct kb_ssh *ssh)
{
	if (!ssh->dir)
		return;
	kb_process_stop(&ssh->master, 3);
	kb_remove_tree(ssh->dir);
	if (ssh->messages >= 0)
		close(ssh->messages);
	free(ssh->control);
	free(ssh->dir);
	*ssh = (struct kb_ssh){ .spec = ssh->spec, .messages = -1 };
}

bool kb_ssh_alive(struct kb_ssh *ssh)
{
	return ssh->dir && !kb_process_wait(&ssh->master, 0);
}

void kb_ssh_argv(const struct kb_ssh *ssh, const char *command, struct kb_ssh_argv *argv)
{
	/*
	 * Without its master a command would make a connection of its own: it is to fail. The time
	 * is for the master to answer, which has other work on a slow machine.
	 */
	struct kb_ssh_argv made = {
		{ "ssh", OPTIONS, "-oConnectTimeout=60", "-oControlMaster=no",
		  "-oProxyCommand=false", "-S", ssh->control },
	};
	size_t nr = 0;

	*argv = made;
	while (argv->words[nr])
		nr++;
	nr = add_machine(&ssh->spec, argv->words, nr);
	argv->words[nr++] = command;
}

int kb_ssh_run(struct kb_ssh *ssh, const char *command, struct kb_command *run,
	       struct kb_error *err)
{
	struct kb_ssh_argv argv;
	int code;

	kb_ssh_argv(ssh, command, &argv);
	run->argv = argv.words;
	code = kb_command_run(run, err);
	run->argv = NULL;
	return code == KB_SSH_LOST ? kb_ssh_broke(ssh, run->errors, err) : code;
}

int kb_ssh_broke(struct kb_ssh *ssh, const char *more, struct kb_error *err)
{
	char text[8192] = "", line[400];

	if (ssh->messages >= 0)
		said(ssh, text, sizeof(text));
	kb_last_line(text, line, sizeof(line));
	if (!*line && more)
		kb_last_line(more, line, sizeof(line));
	return kb_fail(err, KB_EXIT_TARGET, "the connection to %s broke%s%s", ssh->spec.host,
		       *line ? ": " : "", line);
}
