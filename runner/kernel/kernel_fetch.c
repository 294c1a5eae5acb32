// SPDX-License-Identifier: GPL-2.0
/* From packages to a kernel in the cache: download, unpack, settle. */
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apt.h"
#include "bzimage.h"
#include "cache.h"
#include "deb.h"
#include "device_trees.h"
#include "headers.h"
#include "kernel.h"
#include "kernel_config.h"
#include "paths.h"
#include "sums.h"

/* Image, headers, headers common to all flavours, device trees, build tools. */
#define NR_PACKAGES	5

/*
 * What is fetched for one kernel; the last are the build tools, which run here, whatever the kernel
 * runs on.
 * @trees: of a split kernel: the package that holds its device trees, or 0
 */
struct packages {
	struct kb_package	packages[NR_PACKAGES];
	size_t			nr;
	size_t			trees;
};

/* The dependency whose name begins with @prefix and holds @part, malloc()ed, or NULL. */
static char *dependency(const char *depends, const char *prefix, const char *part)
{
	const char *at = depends;

	while (at && *at) {
		size_t n;

		at += strspn(at, " ,|");
		n = strcspn(at, " ,|");
		if (!strncmp(at, prefix, strlen(prefix)) && n > strlen(prefix)) {
			char *name = kb_path("%.*s", (int)n, at);

			if (strstr(name, part))
				return name;
			free(name);
		}
		at = strpbrk(at, ",|");
	}
	return NULL;
}

static int show(struct packages *set, const struct kb_apt *apt, const char *name,
		struct kb_error *err)
{
	int ret = kb_apt_show(apt, name, &set->packages[set->nr], err);

	if (!ret)
		set->nr++;
	return ret;
}

static void packages_free(struct packages *set)
{
	for (size_t i = 0; i < set->nr; i++)
		kb_package_clear(&set->packages[i]);
	set->nr = 0;
}

bool kb_kernel_is_split(const struct kb_kernel_info *info)
{
	return !strncmp(info->image, "linux-binary-", strlen("linux-binary-"));
}

static void find_trees(struct packages *set, const struct kb_apt *apt,
		       const struct kb_kernel_info *info)
{
	char *name = kb_path("linux-base-%s", info->release);
	struct kb_error unsaid = { 0 };

	if (kb_kernel_is_split(info) && kb_trees_wanted(info) && !show(set, apt, name, &unsaid))
		set->trees = set->nr - 1;
	free(name);
}

/* The packages of a kernel: its image, its headers, and what these need. */
static int packages_find(struct packages *set, const struct kb_apt *apt,
			 const struct kb_apt *native, const struct kb_kernel_info *info,
			 struct kb_error *err)
{
	char *headers = kb_path("linux-headers-%s", info->release);
	char *common = NULL, *tools = NULL;
	int ret = show(set, apt, info->image, err);

	if (!ret)
		ret = show(set, apt, headers, err);
	if (!ret) {
		const char *depends = set->packages[1].depends;

		common = dependency(depends, "linux-headers-", "-common");
		tools = dependency(depends, "linux-kbuild-", "");
	}
	if (!ret && (!common || !tools))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "package %s does not say which headers and build tools it needs",
			      headers);
	if (!ret)
		ret = show(set, apt, common, err);
	if (!ret)
		find_trees(set, apt, info);
	if (!ret)
		ret = show(set, native, tools, err);
	free(tools);
	free(common);
	free(headers);
	return ret;
}

/* The downloaded file of a package, malloc()ed, or NULL. */
static char *deb_file(const char *dir, const struct kb_package *package)
{
	char *pattern = kb_path("%s/%s_*.deb", dir, package->name);
	char *path = NULL;
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0) {
		path = kb_path("%s", found.gl_pathv[0]);
		globfree(&found);
	}
	free(pattern);
	return path;
}

/* vmlinuz, and the configuration where it is beside it; 1: @deb has no image there. */
static int unpack_image(const char *deb, const char *dir, const char *from, const char *separator,
			const char *release, struct kb_error *err)
{
	char *image = kb_path("%s/vmlinuz", dir);
	char *config = kb_path("%s/config", dir);
	char *from_image = kb_path("%s/vmlinuz%s%s", from, separator, release);
	char *from_config = kb_path("%s/config%s%s", from, separator, release);
	struct kb_deb_pick picks[] = { { from_image, image }, { from_config, config } };
	int found = kb_deb_pick(deb, picks, 2, err);

	if (found >= 0)
		found = kb_exists(image) ? 0 : 1;
	free(from_config);
	free(from_image);
	free(config);
	free(image);
	return found;
}

/* An image is in boot/; from 7.x on it is with the modules, in a package of its own. */
static int unpack_images(const char *deb, const char *dir, const struct kb_kernel_info *info,
			 struct kb_error *err)
{
	bool moved = kb_kernel_is_split(info);
	char *modules = kb_path("usr/lib/modules/%s", info->release);
	int ret = 1;

	for (int i = 0; i < 2 && ret == 1; i++)
		ret = moved == (i == 0) ? unpack_image(deb, dir, modules, "", "", err) :
		      unpack_image(deb, dir, "boot", "-", info->release, err);
	if (ret == 1)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "package %s holds no kernel image",
			      info->image);
	free(modules);
	return ret;
}

static int unpack(const char *dir, const char *debs, const struct packages *set,
		  const struct kb_kernel_info *info, struct kb_error *err)
{
	int ret = 0;

	for (size_t i = 0; i < set->nr && !ret; i++) {
		char *deb = deb_file(debs, &set->packages[i]);

		if (!deb)
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "apt has not fetched %s",
				      set->packages[i].name);
		else if (i == 0)
			ret = unpack_images(deb, dir, info, err) ||
			      (!set->trees && kb_trees_unpack(deb, dir, info, err)) ? -1 : 0;
		else if (i == set->trees)
			ret = kb_trees_unpack(deb, dir, info, err);
		else
			ret = kb_deb_unpack(deb, dir, err);
		free(deb);
	}
	return ret;
}

static char *headers_dir(const char *dir, const char *release)
{
	return kb_path("%s/usr/src/linux-headers-%s", dir, release);
}

/* The headers have the configuration, too; from 7.x on they alone. */
static int find_config(const char *dir, const char *release, struct kb_error *err)
{
	char *config = kb_path("%s/config", dir), *headers = headers_dir(dir, release);
	char *copy = kb_path("%s/.config", headers);
	int ret = kb_exists(config) ? 0 : kb_copy_file(copy, config, err);

	free(copy);
	free(headers);
	free(config);
	return ret;
}

static size_t tree_bytes;

static int count_bytes(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path;
	(void)type;
	(void)ftw;
	tree_bytes += (size_t)st->st_blocks * 512;
	return 0;
}

/* Notes about the entry: its size for "kbench kernels", where it came from. */
static int write_notes(const char *dir, const struct kb_kernel_info *info, struct kb_error *err)
{
	char *bytes_path = kb_path("%s/bytes", dir);
	char *origin_path = kb_path("%s/" KB_ORIGIN_FILE, dir);
	char *origin = kb_path("%s%s", info->suites ? "+" : "", info->suite);
	char *bytes;
	int ret;

	tree_bytes = 0;
	nftw(dir, count_bytes, 32, FTW_PHYS);
	bytes = kb_path("%zu\n", tree_bytes);
	ret = kb_write_text(bytes_path, bytes, err);
	if (!ret)
		ret = kb_write_text(origin_path, origin, err);
	free(bytes);
	free(origin);
	free(origin_path);
	free(bytes_path);
	return ret;
}

/* Another architecture's kernel needs this machine's lists as well. */
static int open_states(struct kb_apt *apt, struct kb_apt *native,
		       const struct kb_kernel_info *info, struct kb_error *err)
{
	const struct kb_arch *arch = kb_arch_native();

	if (!arch)
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "no build tools for this machine are known; use --target host");
	if (!kb_arch_is_native(info->parts.arch) && !kb_kernel_list_updated(arch, info->suites) &&
	    kb_kernel_list_refresh(arch, info->suites, false, err))
		return -1;
	return kb_apt_open(apt, info->parts.arch, info->suites, err) ||
	       kb_apt_open(native, arch, info->suites, err) ? -1 : 0;
}

/* apt removes nothing from @debs that is there already. */
static int fetch(const struct packages *set, const struct kb_apt *apt,
		 const struct kb_apt *native, const char *debs, struct kb_error *err)
{
	size_t foreign = set->nr - 1;

	if (kb_apt_download(apt, set->packages, foreign, debs, err))
		return -1;
	return kb_apt_download(native, set->packages + foreign, 1, debs, err);
}

static int download(const char *dir, const struct kb_kernel_info *info, struct kb_error *err)
{
	char *debs = kb_path("%s/debs", dir);
	struct packages set = { 0 };
	struct kb_apt apt = { 0 }, native = { 0 };
	size_t bytes = 0;
	int ret = open_states(&apt, &native, info, err);

	if (!ret)
		ret = kb_make_dirs(debs, err);
	if (!ret)
		ret = packages_find(&set, &apt, &native, info, err);
	for (size_t i = 0; i < set.nr; i++)
		bytes += set.packages[i].size;
	if (!ret) {
		kb_note("fetching kernel %s, %zu MB", info->release, bytes / 1000000);
		ret = fetch(&set, &apt, &native, debs, err);
	}
	if (!ret) {
		kb_note("unpacking kernel %s", info->release);
		ret = unpack(dir, debs, &set, info, err);
	}
	if (!ret)
		ret = find_config(dir, info->release, err);
	kb_remove_tree(debs);
	packages_free(&set);
	kb_apt_close(&apt);
	kb_apt_close(&native);
	free(debs);
	return ret;
}

/* What a guest boots; and apart from it, since they are thousands, what modules are built with. */
static const char *const image_files[] = { "vmlinuz", "vmlinux", "config", NULL };
static const char *const header_files[] = { "usr", NULL };
#define IMAGE_SUMS	"sums"
#define HEADER_SUMS	"sums.headers"

/* Checksums of what was unpacked into @dir, apart from what is settled for another place. */
static int write_sums(const char *dir, const char *release, struct kb_error *err)
{
	char *makefile = kb_path("usr/src/linux-headers-%s/Makefile", release);
	char *variables = kb_path("usr/src/linux-headers-%s/.kernelvariables", release);
	const char *const skip[] = { makefile, variables, NULL };
	int ret = kb_sums_write(dir, image_files, NULL, IMAGE_SUMS, err) ||
		  kb_sums_write(dir, header_files, skip, HEADER_SUMS, err) ? -1 : 0;

	free(variables);
	free(makefile);
	return ret;
}

/* The unpacked kernel beside the image, made when it is not there; NULL: it cannot be booted. */
static char *unpacked(const char *entry, const char *image)
{
	char *config_path = kb_path("%s/config", entry);
	char *config = kb_read_text(config_path, NULL);
	bool pvh = config && kb_config_is_set(config, "PVH");
	char *elf = kb_path("%s/vmlinux", entry);
	char *temp = kb_path("%s/vmlinux.tmp", entry);

	if (!pvh || (!kb_exists(elf) &&
		     (!kb_bzimage_unpack(image, temp) || rename(temp, elf)))) {
		free(elf);
		elf = NULL;
	}
	free(temp);
	free(config);
	free(config_path);
	return elf;
}

static int fill(const char *entry, const struct kb_kernel_info *info, struct kb_error *err)
{
	char *temp = kb_cache_begin(entry, err);
	int ret;

	if (!temp)
		return -1;
	ret = download(temp, info, err);
	if (!ret) {
		char *headers = headers_dir(temp, info->release);
		char *image = kb_path("%s/vmlinuz", temp);

		/* Settled for the place where it is going to be. */
		ret = kb_headers_settle(entry, headers, err);
		free(unpacked(temp, image));
		free(image);
		free(headers);
	}
	if (!ret)
		ret = write_notes(temp, info, err);
	if (!ret)
		ret = write_sums(temp, info->release, err);
	if (!ret)
		ret = kb_cache_commit(temp, entry, err);
	else
		kb_remove_tree(temp);
	free(temp);
	return ret;
}

/*
 * Whether the entry is there and what can be booted is what it was when it was unpacked.
 * @all: its headers, too
 */
static bool intact(const char *entry, const char *release, bool all)
{
	char *image = kb_path("%s/vmlinuz", entry);
	enum kb_sums state = kb_exists(image) ? kb_sums_check(entry, IMAGE_SUMS) :
						KB_SUMS_DAMAGED;
	struct kb_error unsaid = { 0 };

	/* What former versions left has none. */
	if (state == KB_SUMS_NONE && !write_sums(entry, release, &unsaid))
		state = KB_SUMS_SAME;
	if (state == KB_SUMS_SAME && all)
		state = kb_sums_check(entry, HEADER_SUMS);
	if (state != KB_SUMS_SAME && kb_exists(entry))
		kb_note("%s is damaged; fetching it again", entry);
	free(image);
	return state == KB_SUMS_SAME;
}

static int open_entry(struct kb_kernel *kernel, const char *entry,
		      const struct kb_kernel_info *info, struct kb_error *err)
{
	*kernel = (struct kb_kernel){
		.arch = info->parts.arch,
		.release = kb_path("%s", info->release),
		.dir = kb_path("%s", entry),
		.image = kb_path("%s/vmlinuz", entry),
		.headers = headers_dir(entry, info->release),
		.suite = info->suite[0] ? kb_path("%s", info->suite) : NULL,
		.other_suite = info->suites,
	};
	kernel->elf = unpacked(entry, kernel->image);
	/* Again, since the user may have moved the cache. */
	if (!kb_headers_settle(entry, kernel->headers, err))
		return 0;
	kb_kernel_free(kernel);
	return -1;
}

/* As kb_kernel_fetch(). @all: headers are looked at, too */
static int get(struct kb_kernel *kernel, const struct kb_kernel_info *info, bool all,
	       struct kb_error *err)
{
	char *entry = kb_cache_path(err, "kernels/%s", info->release);
	char *what = kb_path("is fetching kernel %s", info->release);
	int ret = -1;
	int lock = -1;

	if (entry)
		lock = kb_cache_lock(entry, what, err);
	if (lock >= 0) {
		ret = 0;
		if (!intact(entry, info->release, all) || kb_trees_missing(entry, info))
			ret = fill(entry, info, err);
		if (!ret)
			ret = open_entry(kernel, entry, info, err);
	}
	kb_cache_unlock(lock);
	free(what);
	free(entry);
	return ret;
}

int kb_kernel_fetch(struct kb_kernel *kernel, const struct kb_kernel_info *info,
		    struct kb_error *err)
{
	return get(kernel, info, false, err);
}

int kb_kernel_check_headers(const struct kb_kernel *kernel, struct kb_error *err)
{
	struct kb_kernel_list list;
	int ret = 0;

	if (!kernel->dir || kernel->tree)
		return 0;
	if (kb_kernel_list_read(&list, err))
		return -1;
	for (size_t i = 0; i < list.nr; i++)
		if (!strcmp(list.kernels[i].release, kernel->release)) {
			struct kb_kernel again = { 0 };

			ret = get(&again, &list.kernels[i], true, err);
			kb_kernel_free(&again);
		}
	kb_kernel_list_free(&list);
	return ret;
}

void kb_kernel_free(struct kb_kernel *kernel)
{
	free(kernel->release);
	free(kernel->dir);
	free(kernel->image);
	free(kernel->elf);
	free(kernel->headers);
	free(kernel->suite);
	free(kernel->tree);
	free(kernel->build);
	*kernel = (struct kb_kernel){ 0 };
}
