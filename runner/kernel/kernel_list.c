// SPDX-License-Identifier: GPL-2.0
/* The kernels that are packaged, by lists kept in the cache, and those that the cache holds. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apt.h"
#include "cache.h"
#include "debian.h"
#include "kernel.h"
#include "kernel_index.h"
#include "paths.h"
#include "version.h"

/* Its time is when the user last asked for new lists. */
#define ASKED_FILE	"asked"
/* The most series that a message names. */
#define NEAR_MAX	8

static time_t file_time(const struct kb_arch *arch, bool suites, const char *name)
{
	char *path = kb_apt_path(arch, suites, name, NULL);
	struct stat st;
	time_t time = path && stat(path, &st) == 0 ? st.st_mtime : 0;

	free(path);
	return time;
}

time_t kb_kernel_list_asked(const struct kb_arch *arch, bool suites)
{
	return file_time(arch, suites, ASKED_FILE);
}

time_t kb_kernel_list_updated(const struct kb_arch *arch, bool suites)
{
	return file_time(arch, suites, KB_INDEX_FILE);
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

/* Of "RELEASE PACKAGE SUITE"; indices of former versions have no suite. */
static void read_line(struct kb_kernel_list *list, char *line, bool suites)
{
	char *release = strsep(&line, " "), *package = strsep(&line, " ");
	struct kb_kernel_info *info = package ? add(list, release) : NULL;

	/* The machine's own were read first. */
	if (!info || info->image[0])
		return;
	info->suites = suites;
	snprintf(info->image, sizeof(info->image), "%s", package);
	snprintf(info->suite, sizeof(info->suite), "%s", line ? line : "");
}

static void read_index(struct kb_kernel_list *list, const struct kb_arch *arch, bool suites)
{
	char *path = kb_apt_path(arch, suites, KB_INDEX_FILE, NULL);
	char *text = path ? kb_read_text(path, NULL) : NULL;
	char *rest = text;
	char *line;

	while (rest && (line = strsep(&rest, "\n")))
		read_line(list, line, suites);
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

/* Where a cached kernel came from, when no list has it any more. */
static void read_origin(struct kb_kernel_info *info, const char *dir)
{
	char *path = kb_path("%s/" KB_ORIGIN_FILE, dir);
	char *text = kb_read_text(path, NULL);

	if (text && !info->image[0]) {
		info->suites = text[0] == '+';
		snprintf(info->suite, sizeof(info->suite), "%s", text + info->suites);
	}
	free(text);
	free(path);
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
				read_origin(info, kernel);
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
		read_index(list, arch, false);
	for (const struct kb_arch *arch = kb_archs; arch->deb; arch++)
		read_index(list, arch, true);
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

const struct kb_kernel_info *kb_kernel_list_newest(const struct kb_kernel_list *list,
						   bool (*fits)(const struct kb_kernel_info *info,
								const void *ctx),
						   const void *ctx)
{
	for (int suites = 0; suites < 2; suites++)
		for (size_t i = list->nr; i > 0; i--) {
			const struct kb_kernel_info *info = &list->kernels[i - 1];

			if (info->suites == (suites != 0) && fits(info, ctx))
				return info;
		}
	return NULL;
}

static bool near_flavour(const struct kb_spec *parts, const struct kb_spec *spec)
{
	return parts->arch == spec->arch && !strcmp(parts->flavour, spec->flavour);
}

/* The flavours of one version. */
static bool near_version(const struct kb_spec *parts, const struct kb_spec *spec)
{
	struct kb_spec same = *spec;

	snprintf(same.flavour, sizeof(same.flavour), "%s", parts->flavour);
	return kb_spec_matches(&same, parts);
}

static bool any(const struct kb_spec *parts, const struct kb_spec *spec)
{
	return parts->arch == spec->arch;
}

/* Releases of the series that one which does not exist would be of. */
static bool near_release(const struct kb_spec *parts, const struct kb_spec *spec)
{
	char *series = kb_spec_series(parts), *wanted = kb_spec_series(spec);
	bool same = !strcmp(series, wanted);

	free(wanted);
	free(series);
	return same;
}

static char *release_name(const struct kb_kernel_info *info)
{
	return kb_path("%s", info->release);
}

static char *series_name(const struct kb_kernel_info *info)
{
	return kb_spec_series(&info->parts);
}

/* A way to be near what was asked for, and how that is called. */
struct near {
	bool	(*fits)(const struct kb_spec *parts, const struct kb_spec *spec);
	char	*(*name)(const struct kb_kernel_info *info);
};

/* Names of the list that are near, each once, the newest of many: "6.1, 6.12"; malloc()ed. */
static char *names_near(const struct kb_kernel_list *list, const struct kb_spec *spec,
			const struct near *near)
{
	char *all = kb_path("%s", "");
	size_t nr = 0;

	for (size_t i = list->nr; i > 0 && nr < NEAR_MAX; i--) {
		const struct kb_kernel_info *info = &list->kernels[i - 1];
		char *name, *word, *more, *among = kb_path(" %s,", all);

		name = near->name(info);
		word = kb_path(" %s,", name);
		if (near->fits(&info->parts, spec) && !strstr(among, word)) {
			more = kb_path("%s%s%s", name, *all ? ", " : "", all);
			free(all);
			all = more;
			nr++;
		}
		free(word);
		free(name);
		free(among);
	}
	return all;
}

char *kb_kernel_list_near(const struct kb_kernel_list *list, const struct kb_spec *spec)
{
	static const struct near nears[] = {
		{ near_release, release_name }, { near_version, series_name },
		{ near_flavour, series_name }, { any, series_name },
	};
	char *names = NULL;

	for (size_t i = 0; i < sizeof(nears) / sizeof(nears[0]) && (!names || !*names); i++) {
		free(names);
		names = names_near(list, spec, &nears[i]);
	}
	return names;
}

/*
 * Which suites there are besides the machine's own is known by its own lists.
 * Return: 0; 1: there are none; -1 with @err
 */
static int write_sources(const struct kb_arch *arch, struct kb_error *err)
{
	struct kb_debian debian = { 0 };
	char *names = NULL;
	int ret = kb_debian_open(&debian, &names, arch, err);

	if (!ret && !*names)
		ret = 1;
	if (!ret) {
		char *path = kb_apt_path(arch, true, KB_APT_SOURCES, err);
		char *text = kb_debian_sources(&debian, names);

		ret = path ? kb_write_text(path, text, err) : -1;
		free(text);
		free(path);
	}
	free(names);
	kb_debian_clear(&debian);
	return ret;
}

/* Fetch lists and index them. Return: 0; 1: there are none to fetch; -1 with @err */
static int fetch_lists(const struct kb_arch *arch, bool suites, struct kb_error *err)
{
	struct kb_apt apt = { 0 };
	int ret = kb_apt_open(&apt, arch, suites, err);

	if (ret)
		return ret;
	if (suites)
		ret = write_sources(arch, err);
	if (!ret)
		ret = kb_apt_update(&apt, err);
	if (!ret)
		ret = kb_kernel_index_write(&apt, err);
	kb_apt_close(&apt);
	return ret;
}

int kb_kernel_list_refresh(const struct kb_arch *arch, bool suites, bool asked,
			   struct kb_error *err)
{
	char *entry = kb_apt_path(arch, suites, "lists", err);
	char *stamp = kb_apt_path(arch, suites, ASKED_FILE, err);
	time_t begun = time(NULL);
	int lock = -1;
	int ret = -1;

	if (entry && stamp)
		lock = kb_cache_lock(entry, "is fetching the package lists", err);
	if (lock >= 0)
		/* Another process may have fetched them while we waited. */
		ret = file_time(arch, suites, KB_INDEX_FILE) > begun ? 0 :
		      fetch_lists(arch, suites, err);
	if (!ret && asked)
		ret = kb_write_text(stamp, "", err);
	kb_cache_unlock(lock);
	free(stamp);
	free(entry);
	return ret < 0 ? -1 : 0;
}

/* This machine's lists, and those of others that were wanted once. */
int kb_kernel_update(struct kb_error *err)
{
	int ret = 0;

	for (const struct kb_arch *arch = kb_archs; arch->deb && !ret; arch++) {
		if (kb_arch_is_native(arch) || kb_kernel_list_updated(arch, false))
			ret = kb_kernel_list_refresh(arch, false, true, err);
		if (!ret && (kb_arch_is_native(arch) || kb_kernel_list_updated(arch, true)))
			ret = kb_kernel_list_refresh(arch, true, true, err);
	}
	return ret;
}
