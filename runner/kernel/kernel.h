/* SPDX-License-Identifier: GPL-2.0 */
/* Kernels: what is packaged, what is in the cache, and how one gets there. */
#ifndef KB_KERNEL_H
#define KB_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "error.h"
#include "spec.h"

/**
 * struct kb_kernel - a kernel in the cache, ready to boot and to build modules for
 * @arch:    its architecture; NULL: this machine's
 * @release: as uname -r says
 * @dir:     its directory in the cache, with its configuration in "config"
 * @image:   its bzImage
 * @elf:     the same kernel unpacked, which boots faster where CPUs are emulated; or NULL
 * @headers: directory for make -C
 * @suite:   Debian's suite that has its package; NULL: not known
 * @other_suite: that is none of the machine's own sources
 * @tree:    the name of the user's tree that it was built in; NULL: a packaged kernel
 * @build:   where several kernels may have its release, what tells this one from them; or NULL
 */
struct kb_kernel {
	const struct kb_arch	*arch;
	char			*release;
	char			*dir;
	char			*image;
	char			*elf;
	char			*headers;
	char			*suite;
	bool			other_suite;
	char			*tree;
	char			*build;
};

/**
 * kb_kernel_get() - the kernel of a spec, fetched if need be
 * @spec: "6.12", "6.1-cloud", a release, the path of a tree (kb_spec_is_path()); NULL: the newest
 *        packaged cloud kernel; "@arm64": the newest packaged plain one of that architecture
 *
 * No network is used where the cache has a kernel that fits, unless the user has asked for newer
 * lists since. Return: 0, or -1 with KB_EXIT_USAGE (no such kernel) or KB_EXIT_ENVIRONMENT.
 */
int kb_kernel_get(struct kb_kernel *kernel, const char *spec, struct kb_error *err);

/** kb_kernel_arch() - the architecture that @spec, as above, is about; -1 with @err */
int kb_kernel_arch(const struct kb_arch **arch, const char *spec, struct kb_error *err);

/** kb_kernel_add() - the newest packaged kernel of a spec by lists fetched now */
int kb_kernel_add(struct kb_kernel *kernel, const char *spec, struct kb_error *err);
void kb_kernel_free(struct kb_kernel *kernel);

/** kb_kernel_title() - for messages: "6.12.117", "6.12.117 (linux-patched)"; malloc()ed */
char *kb_kernel_title(const struct kb_kernel *kernel);

/**
 * struct kb_kernel_info - one release
 * @parts:    the release taken apart
 * @image:    the package that holds its image, or "" when it is only in the cache
 * @suite:    where that package is, "trixie-backports"; "" when it is not known
 * @suites:   it is in none of the machine's own package sources but in another suite of Debian
 * @bytes:    size in the cache
 * @cached:   when it was fetched, 0 when it is not in the cache
 */
struct kb_kernel_info {
	char		release[KB_RELEASE_LEN];
	struct kb_spec	parts;
	char		image[KB_RELEASE_LEN + 32];
	char		suite[64];
	bool		suites;
	size_t		bytes;
	time_t		cached;
};

/** struct kb_kernel_list - sorted: by version, then flavour, then architecture */
struct kb_kernel_list {
	struct kb_kernel_info	*kernels;
	size_t			nr;
};

/**
 * kb_kernel_list_newest() - of those that fit, the one that is meant
 * The machine's own kernels come before those of other suites, then the newest.
 */
const struct kb_kernel_info *kb_kernel_list_newest(const struct kb_kernel_list *list,
						   bool (*fits)(const struct kb_kernel_info *info,
								const void *ctx),
						   const void *ctx);

/**
 * kb_kernel_list_near() - what comes nearest to @spec, for a message; malloc()ed
 * Releases of its series, else series: of that version, else of that flavour, else any.
 */
char *kb_kernel_list_near(const struct kb_kernel_list *list, const struct kb_spec *spec);

/** kb_kernel_list_read() - what the lists and the cache hold, without network */
int kb_kernel_list_read(struct kb_kernel_list *list, struct kb_error *err);
void kb_kernel_list_free(struct kb_kernel_list *list);

/**
 * kb_kernel_range() - all releases from one to the other, these too, in that order
 * @from, @to: specs of one architecture and flavour; a series means the newest of it, cached or
 *             not. @to may be the older one: then the range goes back in time.
 * @cached:    only of those that the cache has
 *
 * Between two of the machine's own there are none of other suites, which other compilers built.
 * Without lists these are fetched. Return: 0, or -1 with KB_EXIT_USAGE: no such kernel, both mean
 * the same, or they differ in more than the version. kb_kernel_list_free() in any case.
 */
int kb_kernel_range(struct kb_kernel_list *range, const char *from, const char *to, bool cached,
		    struct kb_error *err);

/** kb_kernel_update() - fetch the lists anew */
int kb_kernel_update(struct kb_error *err);

/* Between kernel.c, kernel_list.c, kernel_range.c and kernel_fetch.c. */

/**
 * kb_kernel_is_split() - whether, as from 7.x on, a kernel's image, its modules and what is
 * neither, such as device trees, are each in a package: linux-binary-, linux-modules-, linux-base-
 */
bool kb_kernel_is_split(const struct kb_kernel_info *info);

/**
 * kb_kernel_none() - say that no kernel is what @text asks for, and which come near; returns -1
 * @spec: the same, parsed
 */
int kb_kernel_none(const struct kb_kernel_list *list, const struct kb_spec *spec,
		   const char *text, struct kb_error *err);

/**
 * kb_kernel_list_refresh() - fetch the lists
 * @suites: those of other suites than the machine's own. Where there are none, since the machine
 *          uses no Debian archive, this is no error.
 * @asked:  because the user said so
 */
int kb_kernel_list_refresh(const struct kb_arch *arch, bool suites, bool asked,
			   struct kb_error *err);

/** kb_kernel_list_updated() - when the lists were fetched; 0: never */
time_t kb_kernel_list_updated(const struct kb_arch *arch, bool suites);

/** kb_kernel_list_asked() - when the user last asked for new lists; 0: never */
time_t kb_kernel_list_asked(const struct kb_arch *arch, bool suites);

/**
 * kb_kernel_check_headers() - before modules are built: whether they are what was unpacked
 * Those of a cached kernel that were damaged are fetched again, with all of it.
 */
int kb_kernel_check_headers(const struct kb_kernel *kernel, struct kb_error *err);

/** KB_ORIGIN_FILE - in an entry of the cache: its suite, behind a '+' where that is another's */
#define KB_ORIGIN_FILE	"origin"

/** kb_kernel_fetch() - download and unpack @info unless the cache has it; fills @kernel */
int kb_kernel_fetch(struct kb_kernel *kernel, const struct kb_kernel_info *info,
		    struct kb_error *err);

#endif
