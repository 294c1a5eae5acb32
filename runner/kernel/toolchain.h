/* SPDX-License-Identifier: GPL-2.0 */
/* What a kernel's modules are built with: its compiler, on this machine or in a private root. */
#ifndef KB_TOOLCHAIN_H
#define KB_TOOLCHAIN_H

#include "error.h"
#include "kernel.h"
#include "root.h"

/**
 * struct kb_toolchain - a compiler and where it is
 * @compiler: program: "gcc-12"
 * @version:  first line of its --version
 * @root:     the private root that it is in; NULL: it is on this machine
 * @suite, @name, @arch: what that root was asked for by (struct kb_root_wish)
 */
struct kb_toolchain {
	char			*compiler;
	char			*version;
	char			*root;
	char			*suite;
	char			*name;
	const struct kb_arch	*arch;
};

/**
 * kb_toolchain_find() - of the series that the kernel was built with
 *
 * A private root is used for a packaged kernel whose suite is known, where this machine lacks the
 * compiler, or where the build tools of another suite's do not run here since they want a newer
 * libc. For one of the machine's own it is, where one can be made, the second choice to installing
 * the compiler.
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT: what to install
 */
int kb_toolchain_find(struct kb_toolchain *toolchain, const struct kb_kernel *kernel,
		      struct kb_error *err);
void kb_toolchain_clear(struct kb_toolchain *toolchain);

/** kb_toolchain_check() - before it is used: a private root that was damaged is made again */
int kb_toolchain_check(const struct kb_toolchain *toolchain, struct kb_error *err);

/** kb_toolchain_tools_run() - whether the build tools of these headers run on this machine */
bool kb_toolchain_tools_run(const char *headers);

#endif
