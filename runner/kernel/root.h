/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private roots: small Debian systems in the cache with the compiler of another suite, for kernels
 * whose compiler or build tools do not run on this machine. What runs in one sees, beside the
 * system's files, only what is named, and no network.
 */
#ifndef KB_ROOT_H
#define KB_ROOT_H

#include <stddef.h>

#include "arch.h"
#include "error.h"

/**
 * struct kb_root_wish - which root
 * @suite:    that has the compiler: "trixie"
 * @compiler: "gcc-14"
 * @arch:     that it compiles for
 */
struct kb_root_wish {
	const char		*suite;
	const char		*compiler;
	const struct kb_arch	*arch;
};

/**
 * kb_root_get() - the directory of a root in the cache, made if need be
 * Return: malloc()ed; NULL with KB_EXIT_ENVIRONMENT: the error says which program is missing
 */
char *kb_root_get(const struct kb_root_wish *wish, struct kb_error *err);

/** kb_root_check() - whether its files are what they were; one that was damaged is made again */
int kb_root_check(const struct kb_root_wish *wish, struct kb_error *err);

/** kb_root_program() - the compiler's name in a root, with the prefix of a cross compiler */
char *kb_root_program(const struct kb_root_wish *wish);

/** kb_root_compiler() - first line of what the root's compiler says of itself; NULL with @err */
char *kb_root_compiler(const char *root, struct kb_error *err);

/**
 * kb_root_command() - @argv, ended by NULL, as a command that runs it in @root
 * @seen:    directories that are there under the same path, to be read; ended by NULL
 * @changed: the same, to be written
 * Return: free with kb_root_command_free(); NULL with @err
 */
char **kb_root_command(const char *root, const char *const *argv, const char *const *seen,
		       const char *const *changed, struct kb_error *err);
void kb_root_command_free(char **command);

#endif
