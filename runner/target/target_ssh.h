/* SPDX-License-Identifier: GPL-2.0 */
/* What only the ssh target has. */
#ifndef KB_TARGET_SSH_H
#define KB_TARGET_SSH_H

#include "ssh_spec.h"
#include "target.h"
#include "topology.h"

/**
 * struct kb_ssh_options - for kb_target_ssh()
 * @spec:   the machine
 * @tree:   a built kernel tree here that its kernel is of; NULL: none is known
 * @suites: the user's own, built beside kbench's
 * @bpf:    BPF programs time: no modules are built
 */
struct kb_ssh_options {
	const struct kb_ssh_spec	*spec;
	const char			*tree;
	const struct kb_suite_files	*suites;
	bool				bpf;
};

/**
 * kb_target_ssh() - connect, copy the agent there, build modules for the machine's running kernel
 * Prints what takes long on stderr. Return: the target or NULL.
 */
struct kb_target *kb_target_ssh(const struct kb_ssh_options *options, struct kb_error *err);

/** kb_target_ssh_topology() - the CPUs of that machine; 0 or -1 with @err */
int kb_target_ssh_topology(const struct kb_target *target, struct kb_topology *topology,
			   struct kb_error *err);

#endif
