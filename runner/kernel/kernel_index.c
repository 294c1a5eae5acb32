// SPDX-License-Identifier: GPL-2.0
#include "kernel_index.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "spec.h"

/*
 * Names of the package that holds an image, by preference: from 7.x on linux-image is a shell
 * around linux-binary, and a new release may have no signed package yet.
 */
static const struct {
	const char	*before;
	const char	*after;
} image_names[] = {
	{ "linux-binary-", "" },
	{ "linux-binary-unsigned-", "" },
	{ "linux-image-", "" },
	{ "linux-image-", "-unsigned" },
};

/* Whether @name stands in the lines of @names. */
static bool has_name(const char *names, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = names; (at = strstr(at, name)); at += n)
		if ((at == names || at[-1] == '\n') && (at[n] == '\n' || at[n] == '\0'))
			return true;
	return false;
}

/* The image package of a release, malloc()ed, or NULL. */
static char *image_package(const char *names, const char *release)
{
	for (size_t i = 0; i < sizeof(image_names) / sizeof(image_names[0]); i++) {
		char *package = kb_path("%s%s%s", image_names[i].before, release,
					image_names[i].after);

		if (has_name(names, package))
			return package;
		free(package);
	}
	return NULL;
}

/* Of the line "  NAME | VERSION | URI SUITE/COMPONENT ARCH Packages": SUITE; malloc()ed or NULL */
static char *suite_of(const char *places, const char *name)
{
	size_t n = strlen(name);

	for (const char *line = places; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = line + strspn(line, " "), *end;

		if (strncmp(at, name, n) || strspn(at + n, " ") == 0)
			continue;
		at = strchr(at, '|');
		at = at ? strchr(at + 1, '|') : NULL;
		if (!at)
			continue;
		at += strspn(at, " |");
		at += strcspn(at, " \n");
		at += strspn(at, " ");
		end = at + strcspn(at, "/ \n");
		return end > at ? kb_path("%.*s", (int)(end - at), at) : NULL;
	}
	return NULL;
}

static void append(char **index, const char *release, const char *package, const char *suite)
{
	char *more = kb_path("%s%s %s%s%s\n", *index, release, package, suite ? " " : "",
			     suite ? suite : "");

	free(*index);
	*index = more;
}

char *kb_kernel_index_make(const char *headers, const char *images, const char *places)
{
	static const char prefix[] = "linux-headers-";
	char *index = kb_path("%s", "");

	for (const char *line = headers; *line; line += *line == '\n') {
		size_t n = strcspn(line, "\n");
		char *name = kb_path("%.*s", (int)n, line);
		const char *release = name + strlen(prefix);
		char *package = NULL;
		struct kb_spec parts;

		line += n;
		if (!strncmp(name, prefix, strlen(prefix)) && kb_release_parse(&parts, release))
			package = image_package(images, release);
		if (package) {
			char *suite = suite_of(places, name);

			append(&index, release, package, suite);
			free(suite);
		}
		free(package);
		free(name);
	}
	return index;
}

static int no_kernel(const struct kb_apt *apt, struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s carry no %s kernel with headers; measure the "
		       "running kernel with --target host", apt->suites ? "other Debian suites" :
		       "this machine's package sources", apt->arch->deb);
}

int kb_kernel_index_write(const struct kb_apt *apt, struct kb_error *err)
{
	char *headers = kb_apt_names(apt, "linux-headers-", err);
	char *images = headers ? kb_apt_names(apt, "linux-image-", err) : NULL;
	char *binaries = images ? kb_apt_names(apt, "linux-binary-", err) : NULL;
	char *places = binaries ? kb_apt_madison(apt, headers, err) : NULL;
	char *path = places ? kb_apt_path(apt->arch, apt->suites, KB_INDEX_FILE, err) : NULL;
	int ret = -1;

	if (path) {
		char *names = kb_path("%s%s", images, binaries);
		char *index = kb_kernel_index_make(headers, names, places);

		ret = *index ? kb_write_text(path, index, err) : no_kernel(apt, err);
		free(index);
		free(names);
	}
	free(path);
	free(places);
	free(binaries);
	free(images);
	free(headers);
	return ret;
}
