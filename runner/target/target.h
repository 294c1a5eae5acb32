/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A target brings the agent to a running kernel and its records back. It knows nothing of
 * benchmarks: it gets a plan as text and gives a file descriptor to read lines from.
 */
#ifndef KB_TARGET_H
#define KB_TARGET_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "interrupt.h"
#include "machine.h"
#include "suite_file.h"

struct kb_target;

/**
 * struct kb_target_ops - what a kind of target does
 * @name:   "host", "vm", "ssh"
 * @start:  start the agent on the plan in @plan_text (@length bytes). Return: a descriptor to
 *          read record lines from until end of file, or -1. The target keeps ownership of it.
 * @finish: end the session. @kill: do not wait for a normal end. Removes all that start() made
 *          (processes, temporary files). Return: 0 when the agent ended by itself, -1 with @err
 *          when it did not (panic, time-out: with the last console lines in the text). After
 *          @kill by the user's wish it returns 0. Safe to call twice.
 * @facts:  members to add to the result's "environment" object: target, fidelity, emulator{...}
 * @check_perf: whether the perf tool can do @kind there. Return: 0, or -1 with @err: what is in the
 *          way. NULL: perf cannot go there
 * @free:   free the target
 */
struct kb_target_ops {
	const char	*name;
	int		(*start)(struct kb_target *target, const char *plan_text, size_t length,
				 struct kb_error *err);
	int		(*finish)(struct kb_target *target, bool kill, struct kb_error *err);
	json_t		*(*facts)(const struct kb_target *target);
	int		(*check_perf)(struct kb_target *target, const char *kind,
				      struct kb_error *err);
	void		(*free)(struct kb_target *target);
};

/**
 * struct kb_target - common head of every target
 * @tripped: its emulator, or the connection to it, ended it, and nothing that ran there
 * @module_dir: has the .ko files for it; NULL: BPF programs time, which the agent has in it
 * @kernel_title: its release, for people, with the name of the tree that it was built in
 * @kernel_tree:  that name alone; NULL: it was built in none of the user's
 * @perf_dir:   where perf's files are brought, a directory of this machine; NULL: there is no perf.
 *              Borrowed
 * @label:      which machine it is, where it is another one; NULL: this one
 */
struct kb_target {
	const struct kb_target_ops	*ops;
	char				*module_dir;
	char				*kernel_release;
	char				*kernel_title;
	char				*kernel_tree;
	char				*kernel_spec;	/* as the user wrote it; NULL for host */
	char				*label;
	const char			*perf_dir;
	unsigned int			boot_timeout_s;	/* until the first record; 0: 120 */
	unsigned int			slowness;	/* seconds here for one of its own; 0: 1 */
	unsigned int			seed;		/* of the next boot, if it can be had */
	bool				tripped;	/* or was cut off */
};

/**
 * struct kb_vm_options - for kb_target_vm()
 * @kernel_spec:  "6.12", "6.1-cloud", an exact release, the path of a built tree; NULL: the newest
 *                packaged cloud kernel
 * @accel:        "auto", "kvm", "tcg", "icount"
 * @machine:      a board, whose kernel_spec is not NULL; NULL: what guests else are
 * @cpus:         vCPUs, at least 1
 * @memory_mib:   0 chooses
 * @boot_timeout_s: until the agent's first record; 0: 120
 * @suites:       the user's own, built beside kbench's
 * @bpf:          BPF programs time: no modules are built
 * @counts:       descriptor of a file for the instructions of each batch, by address
 *                (runner/plugin/counts.h), which stays the caller's; 0: they are not wanted
 */
struct kb_vm_options {
	const char	*kernel_spec;
	const char	*accel;
	const struct kb_machine	*machine;
	unsigned int	cpus;
	unsigned int	memory_mib;
	unsigned int	boot_timeout_s;
	const struct kb_suite_files	*suites;
	bool		bpf;
	int		counts;
};

/**
 * kb_target_vm() - find or fetch the kernel, build the modules for it, find an accelerator
 * Prints what takes long on stderr. Return: the target or NULL.
 */
struct kb_target *kb_target_vm(const struct kb_vm_options *options, struct kb_error *err);

/** kb_target_host() - build modules and @suites for the running kernel, find sudo. NULL on error */
struct kb_target *kb_target_host(const struct kb_suite_files *suites, struct kb_error *err);

/**
 * kb_target_host_bpf() - the running kernel, which gets BPF programs and no module
 * @may_sudo: the agent may be started through sudo, where it has not the capabilities itself
 * @perf:     and rather so: it is going to start perf
 * Return: the target, which was tried; NULL with @err: what is in the way
 */
struct kb_target *kb_target_host_bpf(bool may_sudo, bool perf, struct kb_error *err);

#endif
