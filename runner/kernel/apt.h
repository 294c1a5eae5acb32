/* SPDX-License-Identifier: GPL-2.0 */
/*
 * apt with states of its own in the cache. The package sources, their keys and the proxy are the
 * machine's; lists, archives and package state are ours, so nothing needs root and nothing of the
 * system changes. apt checks all signatures. Beside the state with the machine's sources there is
 * one with more suites of the same mirror (debian.h), which is used where the first has no kernel
 * that fits: so what a machine's own kernels are stays as it was.
 */
#ifndef KB_APT_H
#define KB_APT_H

#include <stdbool.h>
#include <stddef.h>

#include "arch.h"
#include "error.h"

/**
 * struct kb_apt - @dir: the private state of @arch, @config: the file given to apt with -c
 * @suites: its sources are not the machine's but those in the file kb_apt_sources_path()
 */
struct kb_apt {
	const struct kb_arch	*arch;
	bool			suites;
	char			*dir;
	char			*config;
};

/** struct kb_package - one version of a package: the one that apt would take */
struct kb_package {
	char	*name;
	char	*version;
	char	*depends;
	size_t	size;		/* bytes to download */
};

/** kb_apt_open() - prepare the state; -1 with KB_EXIT_ENVIRONMENT where apt is missing */
int kb_apt_open(struct kb_apt *apt, const struct kb_arch *arch, bool suites,
		struct kb_error *err);
void kb_apt_close(struct kb_apt *apt);

/** kb_apt_path() - of a file or directory in such a state; malloc()ed, NULL with @err */
char *kb_apt_path(const struct kb_arch *arch, bool suites, const char *name,
		  struct kb_error *err);

/** KB_APT_SOURCES - the sources of a state with suites, a file in it */
#define KB_APT_SOURCES	"sources/debian.sources"

/** kb_apt_update() - fetch the lists; needs the network */
int kb_apt_update(const struct kb_apt *apt, struct kb_error *err);

/** kb_apt_names() - names of packages that begin with @prefix, one a line; NULL with @err */
char *kb_apt_names(const struct kb_apt *apt, const char *prefix, struct kb_error *err);

/** kb_apt_targets() - what the state's lists are, a line each by @format; NULL with @err */
char *kb_apt_targets(const struct kb_apt *apt, const char *format, struct kb_error *err);

/**
 * kb_apt_madison() - where packages are: "NAME | VERSION | URI SUITE/COMPONENT ARCH Packages"
 * @names: one a line. Return: a line for each place; NULL with @err
 */
char *kb_apt_madison(const struct kb_apt *apt, const char *names, struct kb_error *err);

/** kb_apt_download_settings() - the machine's, such as proxies, as apt's configuration */
char *kb_apt_download_settings(const struct kb_apt *apt, struct kb_error *err);

/** kb_apt_complaint() - into @line, what in apt's output says what went wrong, and what helps */
void kb_apt_complaint(const char *output, char *line, size_t size);

/** kb_apt_show() - what the lists say of a package; -1 with @err when they do not have it */
int kb_apt_show(const struct kb_apt *apt, const char *name, struct kb_package *package,
		struct kb_error *err);
void kb_package_clear(struct kb_package *package);

/**
 * kb_apt_download() - fetch packages into @dir, which is empty
 * Prints progress. apt compares each file with the signed lists.
 */
int kb_apt_download(const struct kb_apt *apt, const struct kb_package *packages, size_t nr,
		    const char *dir, struct kb_error *err);

#endif
