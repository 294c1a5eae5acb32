/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A remote machine, reached and found fit: connected, asked what it is, the agent copied into a
 * private directory there, and a way to root found. The directory has a keeper, an agent of its own
 * as the ordinary user: it removes the directory when the connection ends or falls silent.
 */
#ifndef KB_REMOTE_H
#define KB_REMOTE_H

#include <jansson.h>
#include <stdbool.h>

#include "arch.h"
#include "host_agent.h"
#include "pulse.h"
#include "ssh.h"
#include "ssh_probe.h"

/**
 * struct kb_remote - a machine, or none (all zeroes)
 * @arch:      its architecture
 * @dir:       the private directory there: "/var/tmp/kbench-XXXXXX"
 * @sudo:      the agent needs sudo to be root
 * @facts:     the agent's facts record, as the ordinary user
 * @keeper:    the keeper as a process of this machine: the ssh that holds it
 * @keeper_in, @keeper_out: pipes to it
 * @pulse:     beats for the keeper and for a running agent
 * @open:      all of it is there
 */
struct kb_remote {
	struct kb_ssh		ssh;
	struct kb_ssh_probe	probe;
	const struct kb_arch	*arch;
	char			*dir;
	bool			sudo;
	json_t			*facts;
	struct kb_process	keeper;
	int			keeper_in;
	int			keeper_out;
	struct kb_pulse		pulse;
	bool			open;
};

/**
 * kb_remote_open() - get there
 * @purpose: what root is needed for: "loading modules"
 * Return: 0, or -1 with @err (KB_EXIT_ENVIRONMENT); kb_remote_close() in any case
 */
int kb_remote_open(struct kb_remote *remote, const struct kb_ssh_spec *spec, const char *purpose,
		   struct kb_error *err);

/** kb_remote_close() - leave: nothing stays there or here; may be called twice */
void kb_remote_close(struct kb_remote *remote);

/** kb_remote_agent() - the command that runs the agent there with @options, as root; malloc()ed */
char *kb_remote_agent(const struct kb_remote *remote, const char *options);

/**
 * kb_remote_put() - unpack a tar archive into NAME below the private directory
 * Return: 0 or -1 with @err: no space there
 */
int kb_remote_put(struct kb_remote *remote, const char *name, const char *bytes, size_t length,
		  struct kb_error *err);

/**
 * kb_remote_refused() - fill @err: a command there failed with what it @said
 * @doing: "copying the agent". Return: -1
 */
int kb_remote_refused(const struct kb_remote *remote, const char *doing, const char *said,
		      struct kb_error *err);

#endif
