/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel releases as Debian names them, and the specs by which a user asks for one. */
#ifndef KB_SPEC_H
#define KB_SPEC_H

#include <stdbool.h>

#include "arch.h"
#include "error.h"

#define KB_RELEASE_LEN	128

/**
 * struct kb_spec - a release taken apart, or what a user asked for
 * @base:    version and ABI: "6.12.113+deb12", "6.1.0-56"; in a spec also a leading part: "6.12"
 * @flavour: "cloud", "rt", or "" for the plain kernel
 * @arch:    its architecture
 *
 * "6.12.113+deb12-cloud-amd64" is { "6.12.113+deb12", "cloud" }, "6.12" is { "6.12", "" } of this
 * machine's architecture, "6.12@arm64" of that one.
 */
struct kb_spec {
	char			base[KB_RELEASE_LEN];
	char			flavour[32];
	const struct kb_arch	*arch;
};

/**
 * kb_spec_is_path() - whether a spec is the path of a built kernel tree
 * One that has a '/' in it, "." and "..", and the name of a directory that is here; one that could
 * as well be a packaged kernel's is taken for it unless there is a Makefile in that directory.
 */
bool kb_spec_is_path(const char *text);

/**
 * kb_spec_parse() - what the user wrote, when it is no path
 * Return: 0, or -1 with KB_EXIT_USAGE or KB_EXIT_ENVIRONMENT
 */
int kb_spec_parse(struct kb_spec *spec, const char *text, struct kb_error *err);

/** kb_release_parse() - a packaged release, architecture at its end; false when @text is none */
bool kb_release_parse(struct kb_spec *release, const char *text);

/**
 * kb_spec_matches() - whether @release is one of those that @spec asks for
 * Architectures and flavours are equal, and the spec's base is the release's or a part of it up to
 * a boundary:
 * "6.1" matches 6.1.0-56 and not 6.12.113.
 */
bool kb_spec_matches(const struct kb_spec *spec, const struct kb_spec *release);

/**
 * kb_spec_series() - a release shortened to series and flavour: "6.12-cloud", another machine's
 * with its architecture: "6.12@arm64"; malloc()ed
 */
char *kb_spec_series(const struct kb_spec *release);

#endif
