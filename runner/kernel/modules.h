/* SPDX-License-Identifier: GPL-2.0 */
/* kbench's kernel modules, built for one kernel. */
#ifndef KB_MODULES_H
#define KB_MODULES_H

#include <stddef.h>

#include "error.h"
#include "kernel.h"
#include "suite_file.h"

/**
 * kb_modules_build() - build the core module and the suites wanted, or find them in the cache
 * @module_dir:  out: malloc()ed, the directory of the .ko files
 * @kernel:      its release; its headers: from a package, /lib/modules/RELEASE/build, or the tree
 *               that it was built in; its architecture
 * @suites:      which of kbench's own, and the user's
 *
 * The cache knows modules by the kernel, the compiler and the contents of all sources; of a tree
 * by its build. Nothing is written beside the user's files or into a tree. KBUILD_EXTRA_WARN=1 in
 * the environment is what W=1 is to make; what the build said is kept in the file "log" beside the
 * modules. Return: 0, or -1 with KB_EXIT_ENVIRONMENT, and what the compiler said on stderr when it
 * was the one to fail.
 */
int kb_modules_build(char **module_dir, const struct kb_kernel *kernel,
		     const struct kb_suite_files *suites, struct kb_error *err);

/**
 * struct kb_builder - another machine that builds modules for its own kernel
 * @host:     its name, for people
 * @compiler: the program there, @version: first line of its --version
 * @make:     as kb_make(), of files that lie here and stay here
 */
struct kb_builder {
	const char	*host;
	const char	*compiler;
	const char	*version;
	int		(*make)(void *ctx, const char *tree, const char *symbols, char **output,
				struct kb_error *err);
	void		*ctx;
};

/**
 * kb_modules_build_elsewhere() - kb_modules_build() with the compiler of another machine
 * @kernel: of that machine; its headers are what tells them from others, and no path
 */
int kb_modules_build_elsewhere(char **module_dir, const struct kb_kernel *kernel,
			       const struct kb_builder *builder,
			       const struct kb_suite_files *suites, struct kb_error *err);

/** kb_modules_check_cache() - kbuild works in no path with spaces or colons; 0 or -1 with @err */
int kb_modules_check_cache(struct kb_error *err);

/** kb_modules_compiler() - "gcc-12 (Debian 12.2.0-14) 12.2.0" of built modules; NULL: unknown */
char *kb_modules_compiler(const char *module_dir);

#endif
