/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernels that the user has built: a tree that "make" was run in, or the directory that it was
 * given with O=. Nothing is ever written there.
 */
#ifndef KB_TREE_H
#define KB_TREE_H

#include "arch.h"
#include "error.h"
#include "kernel.h"

/** kb_tree_arch() - of the kernel built in @path; -1 with @err: it is no such tree */
int kb_tree_arch(const struct kb_arch **arch, const char *path, struct kb_error *err);

/**
 * kb_tree_open() - the kernel built in @path
 *
 * What is booted is a copy in the cache, so that the tree may be built anew during a run; modules
 * are built against the tree itself. Return: 0, or -1 with KB_EXIT_USAGE (no kernel tree) or
 * KB_EXIT_ENVIRONMENT (one that lacks something).
 */
int kb_tree_open(struct kb_kernel *kernel, const char *path, struct kb_error *err);

/** kb_tree_check_modules() - can modules be built for it, does it take them? 0 or -1 with @err */
int kb_tree_check_modules(const struct kb_kernel *kernel, struct kb_error *err);

/**
 * kb_tree_check_build() - is what lies in its tree still the build that @kernel is a copy of?
 * After modules were built against the tree. Return: 0, or -1 with KB_EXIT_ENVIRONMENT
 */
int kb_tree_check_build(const struct kb_kernel *kernel, struct kb_error *err);

/**
 * kb_tree_name() - what a result calls the tree at @path: the name of its directory
 * Return: malloc()ed; printable, and fit for JSON whatever the directory is called
 */
char *kb_tree_name(const char *path);

#endif
