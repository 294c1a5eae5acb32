/* SPDX-License-Identifier: GPL-2.0 */
/* kbuild, run on a tree of module sources. */
#ifndef KB_MAKE_H
#define KB_MAKE_H

#include "error.h"

/** KB_MAKE_TIMEOUT_S - nothing that kbench builds takes so long on a PC */
#define KB_MAKE_TIMEOUT_S	600

/**
 * KB_MAKE_VARIABLES - what every build of modules is told
 * BTF of modules needs the kernel's vmlinux, which headers do not have. A symbol that this kernel
 * lacks is to cost its suite alone: the kernel will refuse that module and say why.
 * pahole, which makes BTF, is not used, so its version is no matter.
 */
#define KB_MAKE_VARIABLES \
	"CONFIG_DEBUG_INFO_BTF_MODULES=", "CONFIG_WERROR=", "KBUILD_MODPOST_WARN=1", \
	"KCFLAGS=-g0", \
	"PAHOLE_VERSION=$(CONFIG_PAHOLE_VERSION)"

/**
 * struct kb_make_root - a private root (root.h) that make runs in
 * @seen, @changed: directories that are there under the same path; ended by NULL
 */
struct kb_make_root {
	const char		*path;
	const char *const	*seen;
	const char *const	*changed;
};

/** KB_MAKE_ARGS - arguments that depend on architecture and compiler */
#define KB_MAKE_ARGS	3

/**
 * kb_make() - build the modules whose sources lie in @tree; they come to lie beside these
 * @headers: of the kernel
 * @args:    more arguments, at most KB_MAKE_ARGS; behind the last they are NULL
 * @symbols: exported by modules that were built before, or NULL
 * @root:    where make runs; NULL: on this machine
 * @output:  out: malloc()ed, what make said, with file names relative to @tree
 * Return: 0; above 0 when make failed; -1 with @err when it did not run to its end
 */
int kb_make(const char *headers, char *const args[KB_MAKE_ARGS], const char *tree,
	    const char *symbols, const struct kb_make_root *root, char **output,
	    struct kb_error *err);

/** kb_make_cut() - names of files in @output become relative to @tree, which will be gone */
void kb_make_cut(char *output, const char *tree);

/** kb_make_show() - the first lines of what a failed make said, on stderr */
void kb_make_show(const char *output);

#endif
