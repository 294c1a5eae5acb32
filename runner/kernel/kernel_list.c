// SPDX-License-Identifier: GPL-2.0
/* The kernels that are packaged, by lists kept in the cache, and those that the cache holds. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apt.h"
#include "cache.h"
#include "kernel.h"
#include "paths.h"
#include "version.h"

/* One "RELEASE PACKAGE" a line: the releases that have an image and headers. */
#define INDEX_FILE	"kernels"
/* Its time is when the user last asked for new lists. */
#define ASKED_FILE	"asked"

/*
 * Names of the package that holds an image, by preference: from 7.x on linux-image is a shell
 * around linux-binary, and a new release may have no signed package yet.
 */
static const struct {
	const char	*before;
	const char	*after;
} image_names[] = {
	{ "linux-binary-", "" },
	{ "linux-image-", "" },
	{ "linux-image-", "-unsigned" },
};

/* A file beside apt's state of @arch. */
static char *file_path(const struct kb_arch *arch, const char *name, struct kb_error *err)
{
	if (kb_arch_is_native(arch))
		return kb_cache_path(err, "apt/%s", name);
	return kb_cache_path(err, "apt-%s/%s", arch->deb, name);
}

static time_t file_time(const struct kb_arch *arch, const char *name)
{
	char *path = file_path(arch, name, NULL);
	struct stat st;
	time_t time = path && stat(path, &st) == 0 ? st.st_mtime : 0;

	free(path);
	return time;
}

time_t kb_kernel_list_asked(const struct kb_arch *arch)
{
	return file_time(arch, ASKED_FILE);
}

time_t kb_kernel_list_updated(const struct kb_arch *arch)
{
	return file_time(arch, INDEX_FILE);
}

static struct kb_kernel_info *find(const struct kb_kernel_list *list, const char *release)
{
	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(list->kernels[i].release, release))
			return &list->kernels[i];
	return NULL;
}

/* The entry of @release, made when it is not there. NULL when it is no release or out of memory. */
static struct kb_kernel_info *add(struct kb_kernel_list *list, const char *release)
{
	struct kb_kernel_info *info = find(list, release);
	struct kb_spec parts;

	if (info || !kb_release_parse(&parts, release))
		return info;
	info = reallocarray(list->kernels, list->nr + 1, sizeof(*info));
	if (!info)
		return NULL;
	list->kernels = info;
	info = &list->kernels[list->nr++];
	*info = (struct kb_kernel_info){ .parts = parts };
	snprintf(info->release, sizeof(info->release), "%s", release);
	return info;
}

static void read_index(struct kb_kernel_list *list, const struct kb_arch *arch)
{
	char *path = file_path(arch, INDEX_FILE, NULL);
	char *text = path ? kb_read_text(path, NULL) : NULL;
	char *rest = text;
	char *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		char *package = strchr(line, ' ');
		struct kb_kernel_info *info;

		if (!package)
			continue;
		*package++ = '\0';
		info = add(list, line);
		if (info)
			snprintf(info->image, sizeof(info->image), "%s", package);
	}
	free(text);
	free(path);
}

/* The size is what kernel_fetch.c noted down; walking the tree would take long. */
static size_t entry_bytes(const char *dir)
{
	char *path = kb_path("%s/bytes", dir);
	char *text = kb_read_text(path, NULL);
	size_t bytes = text ? strtoul(text, NULL, 10) : 0;

	free(text);
	free(path);
	return bytes;
}

static void read_cached(struct kb_kernel_list *list)
{
	char *path = kb_cache_path(NULL, "kernels");
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *kernel = kb_path("%s/%s", path, entry->d_name);
		char *image = kb_path("%s/vmlinuz", kernel);
		struct kb_kernel_info *info;
		struct stat st;

		/* Locks and unfinished entries are no releases, or have no image. */
		if (!strstr(entry->d_name, ".tmp-") && stat(image, &st) == 0) {
			info = add(list, entry->d_name);
			if (info) {
				info->cached = st.st_ctime;
				info->bytes = entry_bytes(kernel);
			}
		}
		free(image);
		free(kernel);
	}
	if (dir)
		closedir(dir);
	free(path);
}

static int by_version(const void *a, const void *b)
{
	const struct kb_kernel_info *x = a, *y = b;
	int order = kb_version_compare(x->parts.base, y->parts.base);

	order = order ? order : strcmp(x->parts.flavour, y->parts.flavour);
	return order ? order : strcmp(x->parts.arch->deb, y->parts.arch->deb);
}

int kb_kernel_list_read(struct kb_kernel_list *list, struct kb_error *err)
{
	char *cache = kb_cache_dir(err);

	*list = (struct kb_kernel_list){ 0 };
	if (!cache)
		return -1;
	free(cache);
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++)
		read_index(list, arch);
	read_cached(list);
	if (list->nr)
		qsort(list->kernels, list->nr, sizeof(*list->kernels), by_version);
	return 0;
}

void kb_kernel_list_free(struct kb_kernel_list *list)
{
	free(list->kernels);
	*list = (struct kb_kernel_list){ 0 };
}

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

/* Write the releases that have headers (each line of @headers) and an image. */
static char *make_index(const char *headers, const char *images)
{
	static const char prefix[] = "linux-headers-";
	char *index = kb_path("%s", "");

	for (const char *line = headers; *line; line += *line == '\n') {
		size_t n = strcspn(line, "\n");
		char *release = kb_path("%.*s", (int)n, line);
		const char *name = release;
		struct kb_spec parts;
		char *package = NULL;

		line += n;
		if (!strncmp(release, prefix, strlen(prefix)))
			name += strlen(prefix);
		if (kb_release_parse(&parts, name))
			package = image_package(images, name);
		if (package) {
			char *more = kb_path("%s%s %s\n", index, name, package);

			free(index);
			index = more;
		}
		free(package);
		free(release);
	}
	return index;
}

/* What apt's lists say, as our index. */
static int write_index(const struct kb_apt *apt, struct kb_error *err)
{
	char *headers = kb_apt_names(apt, "linux-headers-", err);
	char *images = headers ? kb_apt_names(apt, "linux-image-", err) : NULL;
	char *binaries = images ? kb_apt_names(apt, "linux-binary-", err) : NULL;
	char *path = NULL;
	int ret = -1;

	if (binaries)
		path = file_path(apt->arch, INDEX_FILE, err);
	if (path) {
		char *names = kb_path("%s%s", images, binaries);
		char *index = make_index(headers, names);

		ret = *index ? kb_write_text(path, index, err) :
			kb_fail(err, KB_EXIT_ENVIRONMENT,
				"this machine's package sources carry no %s kernel with headers; "
				"measure the running kernel with --target host", apt->arch->deb);
		free(index);
		free(names);
	}
	free(path);
	free(binaries);
	free(images);
	free(headers);
	return ret;
}

int kb_kernel_list_refresh(const struct kb_arch *arch, bool asked, struct kb_error *err)
{
	char *entry = file_path(arch, "lists", err);
	char *stamp = file_path(arch, ASKED_FILE, err);
	time_t begun = time(NULL);
	struct kb_apt apt = { 0 };
	int lock = -1;
	int ret = -1;

	if (entry && stamp)
		lock = kb_cache_lock(entry, "is fetching the package lists", err);
	if (lock >= 0 && file_time(arch, INDEX_FILE) > begun) {
		/* Another process fetched them while we waited. */
		ret = asked ? kb_write_text(stamp, "", err) : 0;
	} else if (lock >= 0 && !kb_apt_open(&apt, arch, err)) {
		ret = kb_apt_update(&apt, err);
		if (!ret)
			ret = write_index(&apt, err);
		if (!ret && asked)
			ret = kb_write_text(stamp, "", err);
		kb_apt_close(&apt);
	}
	kb_cache_unlock(lock);
	free(stamp);
	free(entry);
	return ret;
}

/* This machine's lists, and those of others that were wanted once. */
int kb_kernel_update(struct kb_error *err)
{
	int ret = 0;

	for (const struct kb_arch *arch = kb_archs; arch->deb && !ret; arch++)
		if (kb_arch_is_native(arch) || kb_kernel_list_updated(arch))
			ret = kb_kernel_list_refresh(arch, true, err);
	return ret;
}
