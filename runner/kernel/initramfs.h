/* SPDX-License-Identifier: GPL-2.0 */
/* The initramfs of a guest: the agent as /init, the modules, the plan. */
#ifndef KB_INITRAMFS_H
#define KB_INITRAMFS_H

#include <stddef.h>

#include "error.h"

/**
 * struct kb_initramfs - what goes into it
 * @agent:      path of kbench-agent, which becomes /init
 * @module_dir: directory of .ko files, which go to /modules; or NULL
 * @config:     the kernel's configuration, which goes to /boot/config for the agent; or NULL
 * @plan:       text for /plan, @plan_length bytes
 */
struct kb_initramfs {
	const char	*agent;
	const char	*module_dir;
	const char	*config;
	const char	*plan;
	size_t		plan_length;
};

/** kb_initramfs_write() - as a cpio archive into @fd; 0 or -1 with @err */
int kb_initramfs_write(int fd, const struct kb_initramfs *initramfs, struct kb_error *err);

#endif
