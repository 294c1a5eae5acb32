// SPDX-License-Identifier: GPL-2.0
#include "spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

/* A packaged release has at least three numbers: 6.1.0-56; with fewer it is a metapackage's. */
#define MIN_NUMBERS	3

static bool is_digit(char c)
{
	return isdigit((unsigned char)c);
}

/* "rc7" stands where a flavour would, but belongs to the version. */
static bool is_flavour(const char *text)
{
	if (!islower((unsigned char)*text))
		return false;
	if (!strncmp(text, "rc", 2) && is_digit(text[2]))
		return false;
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789")] == '\0';
}

/* Numbers at the start of a version: 3 in "6.12.113+deb12". */
static unsigned int leading_numbers(const char *text)
{
	unsigned int nr = 0;

	while (is_digit(*text)) {
		nr++;
		text += strspn(text, "0123456789");
		if (*text != '.')
			break;
		text++;
	}
	return nr;
}

/* Take "VERSION[-FLAVOUR]" apart; false when it is not of that form. */
static bool split(struct kb_spec *spec, const char *text)
{
	char *dash;

	if (strlen(text) >= sizeof(spec->base) || !is_digit(text[0]) ||
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.+~-")])
		return false;
	snprintf(spec->base, sizeof(spec->base), "%s", text);
	spec->flavour[0] = '\0';
	dash = strrchr(spec->base, '-');
	if (!dash || !is_flavour(dash + 1))
		return true;
	if (strlen(dash + 1) >= sizeof(spec->flavour))
		return false;
	snprintf(spec->flavour, sizeof(spec->flavour), "%.31s", dash + 1);
	*dash = '\0';
	return true;
}

/* The architecture that a release ends in, which is cut off; NULL: it ends in none. */
static const struct kb_arch *cut_arch(char *release)
{
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++) {
		char end[16];

		snprintf(end, sizeof(end), "-%s", arch->deb);
		if (!kb_ends_with(release, end))
			continue;
		release[strlen(release) - strlen(end)] = '\0';
		return arch;
	}
	return NULL;
}

static int no_arch(const char *text, const char *arch, struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "kernel %s: only amd64 and arm64 kernels can be run, no %s ones", text,
		       arch);
}

int kb_spec_parse(struct kb_spec *spec, const char *text, struct kb_error *err)
{
	char copy[KB_RELEASE_LEN];
	const char *at = strchr(text, '@');
	size_t length = at ? (size_t)(at - text) : strlen(text);
	const struct kb_arch *arch = at ? kb_arch_find(at + 1) : kb_arch_native(), *own;

	if (at && !arch)
		return no_arch(text, at + 1, err);
	if (length < sizeof(copy)) {
		snprintf(copy, sizeof(copy), "%.*s", (int)length, text);
		own = cut_arch(copy);
		if (own && at && own != arch)
			return kb_fail(err, KB_EXIT_USAGE,
				       "kernel %s names two architectures; leave out @%s", text,
				       at + 1);
		if (split(spec, copy)) {
			spec->arch = own ? own : arch;
			return spec->arch ? 0 : no_arch(text, "others", err);
		}
	}
	return kb_fail(err, KB_EXIT_USAGE,
		       "'%.80s' is not a kernel; write 6.12, 6.12-cloud, 6.12@arm64, a release "
		       "that \"kbench kernels\" lists, or the path of a built tree (./linux)",
		       text);
}

bool kb_spec_is_path(const char *text)
{
	struct kb_error unsaid = { 0 };
	struct kb_spec spec;
	char *makefile;
	bool found;

	if (strchr(text, '/') || !strcmp(text, ".") || !strcmp(text, ".."))
		return true;
	if (!kb_is_directory(text))
		return false;
	if (kb_spec_parse(&spec, text, &unsaid))
		return true;
	makefile = kb_path("%s/Makefile", text);
	found = kb_exists(makefile);
	free(makefile);
	return found;
}

bool kb_release_parse(struct kb_spec *release, const char *text)
{
	const struct kb_arch *arch;
	char copy[KB_RELEASE_LEN];

	if (strlen(text) >= sizeof(copy))
		return false;
	snprintf(copy, sizeof(copy), "%s", text);
	arch = cut_arch(copy);
	if (!arch || !split(release, copy) || leading_numbers(release->base) < MIN_NUMBERS)
		return false;
	release->arch = arch;
	return true;
}

bool kb_spec_matches(const struct kb_spec *spec, const struct kb_spec *release)
{
	size_t n = strlen(spec->base);

	if (spec->arch != release->arch || strcmp(spec->flavour, release->flavour) ||
	    strncmp(spec->base, release->base, n))
		return false;
	return !is_digit(release->base[n]) && !isalpha((unsigned char)release->base[n]);
}

char *kb_spec_series(const struct kb_spec *release)
{
	size_t n = strcspn(release->base, ".");

	if (release->base[n])
		n += 1 + strspn(release->base + n + 1, "0123456789");
	return kb_path("%.*s%s%s%s%s", (int)n, release->base, release->flavour[0] ? "-" : "",
		       release->flavour, kb_arch_is_native(release->arch) ? "" : "@",
		       kb_arch_is_native(release->arch) ? "" : release->arch->deb);
}
