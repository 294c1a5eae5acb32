/* SPDX-License-Identifier: GPL-2.0 */
/* The agent run on this machine to its end, for other things than a plan. */
#ifndef KB_LOCAL_H
#define KB_LOCAL_H

#include <jansson.h>
#include <stdbool.h>

#include "error.h"

/**
 * kb_local_privilege() - does what needs root work here, as root or through sudo?
 * @agent:     the agent's program
 * @purpose:   "loading modules"
 * @otherwise: what else the user can do, with ", " in front; or ""
 * @sudo:      out: the agent has to be started through sudo
 * Return: 0, or -1 with @err: KB_EXIT_ENVIRONMENT, and what mends it
 */
int kb_local_privilege(const char *agent, const char *purpose, const char *otherwise, bool *sudo,
		       struct kb_error *err);

/**
 * kb_local_bpf() - does the running kernel take BPF programs from the agent?
 * @sudo: start it through sudo
 * Return: 0, or -1 with @err: KB_EXIT_ENVIRONMENT, and what is in the way
 */
int kb_local_bpf(const char *agent, bool sudo, struct kb_error *err);

/**
 * kb_local_records() - run the agent with some options and gather the records that it sends
 * @argv: the agent's program and its options, perhaps after sudo's; ended by NULL
 * Return: an array of them, or NULL with @err: also when it sent an error or no goodbye
 */
json_t *kb_local_records(const char *const *argv, struct kb_error *err);

/** kb_local_check() - the same where what counts is that all is well: 0, or -1 with @err */
int kb_local_check(const char *const *argv, struct kb_error *err);

/**
 * kb_local_facts() - what this machine is, as its user may see it: an object like a facts record
 * @root: what /proc and /sys of the environment stand below: NULL, or a test's directory
 */
json_t *kb_local_facts(const char *root, struct kb_error *err);

/** kb_local_facts_of() - the same of what @argv runs: an agent with --facts, perhaps far away */
json_t *kb_local_facts_of(const char *const *argv, struct kb_error *err);

#endif
