/* SPDX-License-Identifier: GPL-2.0 */
/* The agent as a process of this machine: plan in, records out, and its certain end. */
#ifndef KB_HOST_AGENT_H
#define KB_HOST_AGENT_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "process.h"

/**
 * struct kb_host_agent - a running agent, or none
 * @plan:     write end of its standard input: open while it is wanted
 * @records:  read end of its standard output
 * @messages: what it (or sudo) said on standard error: an unnamed file
 * @sudo:     it was started through sudo, so signals to it go the same way
 */
struct kb_host_agent {
	struct kb_process	process;
	int			plan;
	int			records;
	int			messages;
	bool			sudo;
};

void kb_host_agent_init(struct kb_host_agent *agent);

/**
 * kb_host_agent_start() - start @argv (whose first word may be sudo) and send it the plan
 * Return: the descriptor of its records, or -1 with @err
 */
int kb_host_agent_start(struct kb_host_agent *agent, const char *const *argv,
			const char *plan_text, size_t length, struct kb_error *err);

/**
 * kb_host_agent_finish() - wait for its end; with @kill, or when it takes longer than 5 s, stop it
 * Return: 0, or -1 with @err when it did not end by itself or says why it could not begin
 */
int kb_host_agent_finish(struct kb_host_agent *agent, bool kill, struct kb_error *err);

#endif
