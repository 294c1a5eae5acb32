/* SPDX-License-Identifier: GPL-2.0 */
/* Which accelerator works on this machine. */
#ifndef KB_ACCEL_H
#define KB_ACCEL_H

#include "error.h"
#include "kernel.h"
#include "qemu.h"

/** What the cache remembers of an accelerator that works. */
#define KB_ACCEL_WORKS	"works"

/**
 * kb_accel_choose() - the accelerator to use
 * @wanted: "auto", "kvm", "tcg" or "icount"
 * @kernel: to try KVM with where it is this machine's, @agent: path of kbench-agent
 *
 * A /dev/kvm that opens is no proof that guests run on it, so one is booted, with a deadline; the
 * answer is remembered in the cache. "auto" falls back to tcg; kb_accel_known_kvm() says why.
 * Return: 0, or -1 with @err: "kvm" was asked for and does not work.
 */
int kb_accel_choose(enum kb_accel *accel, const char *wanted, const struct kb_kernel *kernel,
		    const char *agent, const char *qemu_version, struct kb_error *err);

/**
 * kb_accel_probe_kvm() - does KVM work here?
 * Return: NULL when it does, else malloc()ed reason
 */
char *kb_accel_probe_kvm(const struct kb_kernel *kernel, const char *agent,
			 const char *qemu_version);

/**
 * kb_accel_known_kvm() - what is known of KVM here without booting a guest
 * Return: KB_ACCEL_WORKS, or the reason why it does not work, or NULL: it was not tried yet
 */
char *kb_accel_known_kvm(const char *qemu_version);

#endif
