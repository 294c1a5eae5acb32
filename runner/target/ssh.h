/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One connection to a remote machine, by OpenSSH's own program with the user's configuration and
 * agent. A master holds it, as our child; commands share it through a socket in a private
 * directory.
 */
#ifndef KB_SSH_H
#define KB_SSH_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "process.h"
#include "ssh_spec.h"

/** KB_SSH_LOST - exit code of ssh itself: the connection failed; no command of ours says 255 */
#define KB_SSH_LOST	255

/**
 * struct kb_ssh - a connection, or none (all zeroes)
 * @dir:      holds @control, the master's socket
 * @messages: what the master said: an unnamed file
 */
struct kb_ssh {
	struct kb_ssh_spec	spec;
	char			*dir;
	char			*control;
	struct kb_process	master;
	int			messages;
};

/**
 * struct kb_ssh_argv - a command line of ssh
 * @words: ended by NULL; they live as long as the connection and the command
 */
struct kb_ssh_argv {
	const char	*words[32];
};

/**
 * kb_ssh_open() - connect; nothing is ever asked at the terminal
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT: what ssh says, in one line. kb_ssh_close() in any case
 */
int kb_ssh_open(struct kb_ssh *ssh, const struct kb_ssh_spec *spec, struct kb_error *err);

/** kb_ssh_close() - end it and remove what it has here; may be called twice */
void kb_ssh_close(struct kb_ssh *ssh);

/** kb_ssh_alive() - the connection stands, as far as is known */
bool kb_ssh_alive(struct kb_ssh *ssh);

/** kb_ssh_argv() - the command line that runs @command (for the user's shell there) over it */
void kb_ssh_argv(const struct kb_ssh *ssh, const char *command, struct kb_ssh_argv *argv);

/**
 * kb_ssh_run() - run @command there, as kb_command_run() does here
 * @run: its argv and environment are set; kb_command_free() it in any case
 * Return: its exit code, or -1 with @err: also when the connection broke (KB_EXIT_TARGET)
 */
int kb_ssh_run(struct kb_ssh *ssh, const char *command, struct kb_command *run,
	       struct kb_error *err);

/**
 * kb_ssh_broke() - fill @err: the connection is lost, and why the master says so
 * @more: what a command's own ssh said, for want of that; or NULL
 * Return: -1
 */
int kb_ssh_broke(struct kb_ssh *ssh, const char *more, struct kb_error *err);

#endif
