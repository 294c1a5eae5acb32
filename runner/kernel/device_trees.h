/* SPDX-License-Identifier: GPL-2.0 */
/* The boards' device trees that a packaged kernel brings. */
#ifndef KB_DEVICE_TREES_H
#define KB_DEVICE_TREES_H

#include <stdbool.h>

#include "error.h"
#include "kernel.h"
#include "machine.h"

/** kb_trees_wanted() - whether there are boards that may run the kernel */
bool kb_trees_wanted(const struct kb_kernel_info *info);

/**
 * kb_trees_unpack() - those of all boards, to below @dir
 * @deb: the package of @info's image, or where the kernel is split that of its base
 * Packages may lack some. Return: 0 or -1 with @err
 */
int kb_trees_unpack(const char *deb, const char *dir, const struct kb_kernel_info *info,
		    struct kb_error *err);

/** kb_trees_missing() - whether @entry of the cache lacks trees that fetching it anew may bring */
bool kb_trees_missing(const char *entry, const struct kb_kernel_info *info);

/** kb_trees_path() - path of @board's for @kernel, malloc()ed; NULL with @err: there is none */
char *kb_trees_path(const struct kb_kernel *kernel, const struct kb_machine *board,
		    struct kb_error *err);

#endif
