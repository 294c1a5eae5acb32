/* SPDX-License-Identifier: GPL-2.0 */
/* What kbench needs of a machine, one check for each thing. */
#ifndef KB_CHECK_H
#define KB_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/** What is impossible without the thing that a check looks for. */
#define KB_NEEDS_HOST	(1U << 0)	/* --target host */
#define KB_NEEDS_VM	(1U << 1)	/* --target vm */
#define KB_NEEDS_BPF	(1U << 2)	/* --backend bpf on this machine */

/**
 * struct kb_check - one thing
 * @name:  "qemu", "headers"
 * @needs: KB_NEEDS_*; 0: kbench works without it, but does less
 * @ok:    it is there
 * @found: what was found, one line
 * @mend:  the command that mends it, or what else to do; empty when @ok
 */
struct kb_check {
	char		name[32];
	unsigned int	needs;
	bool		ok;
	char		found[256];
	char		mend[256];
};

/** struct kb_checks - in the order of printing */
struct kb_checks {
	struct kb_check	items[32];
	size_t		nr;
};

/** kb_check_add() - a new check that is ok so far */
struct kb_check *kb_check_add(struct kb_checks *checks, const char *name, unsigned int needs);

/** kb_check_found() - what was found; the check stays as it is */
void kb_check_found(struct kb_check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** kb_check_mend() - it is not ok, and this helps */
void kb_check_mend(struct kb_check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** kb_check_program() - is one of @names, ended by NULL, in PATH? @package brings it */
void kb_check_program(struct kb_checks *checks, const char *name, unsigned int needs,
		      const char *const *names, const char *package);

/** kb_checks_allow() - does nothing of what @needs names fail? */
bool kb_checks_allow(const struct kb_checks *checks, unsigned int needs);

/** kb_checks_host() - modules, headers, privilege, lockdown, signatures of the running kernel */
void kb_checks_host(struct kb_checks *checks);

/** kb_checks_bpf() - whether the running kernel takes BPF programs from the agent */
void kb_checks_bpf(struct kb_checks *checks);

/** kb_checks_guest() - QEMU, KVM, kernels. @probe: boot a guest to see whether KVM works */
void kb_checks_guest(struct kb_checks *checks, bool probe);

#endif
