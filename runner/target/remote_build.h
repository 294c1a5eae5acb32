/* SPDX-License-Identifier: GPL-2.0 */
/* kbench's modules for the kernel of a remote machine. */
#ifndef KB_REMOTE_BUILD_H
#define KB_REMOTE_BUILD_H

#include "remote.h"
#include "suite_file.h"

/**
 * kb_remote_build() - build them there, against its own headers; where it cannot, here, for a
 * kernel that is packaged; or find them in the cache here, the only place where they stay
 * @module_dir: out: malloc()ed, a directory of this machine
 * @tree: a built kernel tree on this machine that its kernel is of; NULL: none is known
 * Return: 0, or -1 with KB_EXIT_ENVIRONMENT: what is missing there, and what a compiler said on
 * stderr when it was the one to fail
 */
int kb_remote_build(char **module_dir, struct kb_remote *remote, const char *tree,
		    const struct kb_suite_files *suites, struct kb_error *err);

#endif
