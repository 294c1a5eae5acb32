// SPDX-License-Identifier: GPL-2.0
#include "tree.h"

#include <errno.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <utime.h>

#include "bzimage.h"
#include "cache.h"
#include "kernel_config.h"
#include "paths.h"
#include "agent/utf8.h"

#define RELEASE_FILE	"include/config/kernel.release"
#define SYMBOLS		"Module.symvers"
/* Copies of images that no run used for so long go when another is made: they are large. */
#define KEEP_DAYS	3

/**
 * struct tree - what is in a directory
 * @given:   as the user wrote it
 * @path:    the same, absolute
 * @config:  text of the configuration that was built, or that is to be built
 * @image:   path of the image; NULL: none was built
 * @release: as uname -r says; NULL: none was built
 */
struct tree {
	const char		*given;
	char			*path;
	char			*config;
	const struct kb_arch	*arch;
	char			*image;
	char			*release;
};

static void tree_clear(struct tree *tree)
{
	free(tree->path);
	free(tree->config);
	free(tree->image);
	free(tree->release);
}

static bool has(const char *dir, const char *name)
{
	char *path = kb_path("%s/%s", dir, name);
	bool found = kb_exists(path);

	free(path);
	return found;
}

static char *text_of(const char *dir, const char *name)
{
	char *path = kb_path("%s/%s", dir, name);
	char *text = kb_read_text(path, NULL);

	free(path);
	return text;
}

static int not_built(const struct tree *tree, const char *lacks, struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "the kernel in %s is not built (no %s): run make there, or name the "
		       "directory that make was given with O=", tree->given, lacks);
}

/* The directory that is meant; the user has written it wrong when there is none. */
static int find_directory(struct tree *tree, struct kb_error *err)
{
	struct stat st;

	if (stat(tree->given, &st))
		return kb_fail(err, KB_EXIT_USAGE, "kernel %.400s: %s; name the directory that "
			       "the kernel was built in", tree->given, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return kb_fail(err, KB_EXIT_USAGE, "kernel %.400s is no directory; name the one "
			       "that the kernel was built in", tree->given);
	tree->path = realpath(tree->given, NULL);
	if (tree->path)
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "kernel %.400s: %s", tree->given, strerror(errno));
}

/* What was built is in auto.conf; .config may have been changed since. */
static int find_config(struct tree *tree, struct kb_error *err)
{
	bool makefile = has(tree->path, "Makefile");

	tree->config = text_of(tree->path, "include/config/auto.conf");
	if (!tree->config)
		tree->config = text_of(tree->path, ".config");
	if (makefile && tree->config)
		return 0;
	if (makefile && has(tree->path, "Kconfig"))
		return not_built(tree, ".config", err);
	return kb_fail(err, KB_EXIT_USAGE, "%s is no kernel tree; name the directory that the "
		       "kernel was built in", tree->given);
}

static int find_arch(struct tree *tree, struct kb_error *err)
{
	if (kb_config_is_set(tree->config, "UML"))
		return kb_fail(err, KB_EXIT_ENVIRONMENT,
			       "the kernel in %s is a User Mode Linux (CONFIG_UML), which is no "
			       "guest's", tree->given);
	for (const struct kb_arch *arch = kb_archs; arch->deb && !tree->arch; arch++)
		if (kb_config_is_set(tree->config, arch->config))
			tree->arch = arch;
	if (tree->arch)
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "the kernel in %s is for another architecture; only amd64 (CONFIG_X86_64) "
		       "and arm64 (CONFIG_ARM64) kernels can be run", tree->given);
}

static int look(struct tree *tree, const char *given, struct kb_error *err)
{
	*tree = (struct tree){ .given = given };
	return find_directory(tree, err) || find_config(tree, err) || find_arch(tree, err) ? -1 : 0;
}

static bool is_release(const char *text)
{
	return *text && strlen(text) < KB_RELEASE_LEN && *text != '.' &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789._+~-")];
}

static int find_built(struct tree *tree, struct kb_error *err)
{
	const char *const *images = tree->arch->images;
	char *text;

	for (size_t i = 0; images[i] && !tree->image; i++)
		if (has(tree->path, images[i]))
			tree->image = kb_path("%s/%s", tree->path, images[i]);
	if (!tree->image)
		return not_built(tree, images[0], err);
	text = text_of(tree->path, RELEASE_FILE);
	if (!text)
		return not_built(tree, RELEASE_FILE, err);
	text[strcspn(text, "\n")] = '\0';
	tree->release = text;
	if (is_release(text))
		return 0;
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s/" RELEASE_FILE " holds no release: run make "
		       "there", tree->given);
}

/* SHA-256 of a file; "none" when there is none. */
static void sum_of(char sum[SHA256_DIGEST_STRING_LENGTH], const char *path)
{
	if (!SHA256File(path, sum))
		snprintf(sum, SHA256_DIGEST_STRING_LENGTH, "none");
}

/*
 * What tells this build from all others, those of the same release among them: modules and copies
 * go by it. @image_sum: out: of the image
 */
static char *build_key(const struct tree *tree, char image_sum[SHA256_DIGEST_STRING_LENGTH])
{
	char *symbols = kb_path("%s/" SYMBOLS, tree->path);
	char config_sum[SHA256_DIGEST_STRING_LENGTH], symbols_sum[SHA256_DIGEST_STRING_LENGTH];
	char sum[SHA256_DIGEST_STRING_LENGTH];
	char *all;

	sum_of(image_sum, tree->image);
	sum_of(symbols_sum, symbols);
	SHA256Data((const uint8_t *)tree->config, strlen(tree->config), config_sum);
	all = kb_path("release %s\nconfig %s\nsymbols %s\nimage %s\n", tree->release, config_sum,
		      symbols_sum, image_sum);
	SHA256Data((const uint8_t *)all, strlen(all), sum);
	free(all);
	free(symbols);
	return kb_path("%.16s", sum);
}

/* Image and configuration into the cache, and beside them what boots faster. */
static int copy(const struct tree *tree, const char *image_sum, const char *temp,
		struct kb_error *err)
{
	char *image = kb_path("%s/vmlinuz", temp), *elf = kb_path("%s/vmlinux", temp);
	char *config = kb_path("%s/config", temp);
	char *written = text_of(tree->path, ".config");
	bool same = written && kb_config_equal(written, tree->config);
	char sum[SHA256_DIGEST_STRING_LENGTH];
	int ret = kb_copy_file(tree->image, image, err);

	if (!ret)
		ret = kb_write_text(config, same ? written : tree->config, err);
	if (!ret) {
		sum_of(sum, image);
		if (strcmp(sum, image_sum))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
				      "the kernel in %s is being built: run kbench when make has "
				      "ended", tree->given);
	}
	if (!ret && kb_config_is_set(tree->config, "PVH"))
		kb_bzimage_unpack(image, elf);
	free(written);
	free(config);
	free(elf);
	free(image);
	return ret;
}

static void prune(const char *entry)
{
	char *pattern = kb_path("%.*s/*", (int)(strrchr(entry, '/') - entry), entry);

	kb_cache_prune(pattern, KEEP_DAYS);
	free(pattern);
}

static int fill(const struct tree *tree, const char *image_sum, const char *entry,
		struct kb_error *err)
{
	char *temp = kb_cache_begin(entry, err);
	int ret;

	if (!temp)
		return -1;
	ret = copy(tree, image_sum, temp, err);
	if (!ret)
		ret = kb_cache_commit(temp, entry, err);
	else
		kb_remove_tree(temp);
	if (!ret)
		prune(entry);
	free(temp);
	return ret;
}

/* The copy's directory, found or made; NULL with @err. */
static char *copy_get(const struct tree *tree, const char *key, const char *image_sum,
		      struct kb_error *err)
{
	char *entry = kb_cache_path(err, "trees/%s_%s", tree->release, key);
	char *what = kb_path("is copying the kernel in %s", tree->given);
	int lock = entry ? kb_cache_lock(entry, what, err) : -1;
	int ret = lock < 0 ? -1 : 0;

	if (!ret && kb_exists(entry))
		utime(entry, NULL);	/* the time of the last use, for prune() */
	else if (!ret)
		ret = fill(tree, image_sum, entry, err);
	kb_cache_unlock(lock);
	free(what);
	if (!ret)
		return entry;
	free(entry);
	return NULL;
}

static int tree_get(struct kb_kernel *kernel, const struct tree *tree, struct kb_error *err)
{
	char image_sum[SHA256_DIGEST_STRING_LENGTH];
	char *key = build_key(tree, image_sum);
	char *dir = copy_get(tree, key, image_sum, err);

	if (!dir) {
		free(key);
		return -1;
	}
	*kernel = (struct kb_kernel){
		.arch = tree->arch,
		.release = kb_path("%s", tree->release),
		.dir = dir,
		.image = kb_path("%s/vmlinuz", dir),
		.elf = has(dir, "vmlinux") ? kb_path("%s/vmlinux", dir) : NULL,
		.headers = kb_path("%s", tree->path),
		.tree = kb_tree_name(tree->given),
		.build = key,
	};
	return 0;
}

/* The user may have forgotten something. */
static void say_changed(const struct tree *tree)
{
	char *written = text_of(tree->path, ".config");

	if (written && !kb_config_equal(written, tree->config))
		kb_note("%s/.config has changed since the kernel was built: what was built is "
			"measured", tree->given);
	free(written);
}

int kb_tree_arch(const struct kb_arch **arch, const char *path, struct kb_error *err)
{
	struct tree tree;
	int ret = look(&tree, path, err);

	*arch = tree.arch;
	tree_clear(&tree);
	return ret;
}

int kb_tree_open(struct kb_kernel *kernel, const char *path, struct kb_error *err)
{
	struct tree tree;
	int ret = look(&tree, path, err);

	if (!ret)
		ret = find_built(&tree, err);
	if (!ret)
		say_changed(&tree);
	if (!ret)
		ret = tree_get(kernel, &tree, err);
	tree_clear(&tree);
	return ret;
}

/* make leaves in an output directory's Makefile where that was; a moved or copied one is none. */
static int check_place(const struct kb_kernel *kernel, struct kb_error *err)
{
	static const char mark[] = "\nexport KBUILD_OUTPUT = ";
	char *makefile = text_of(kernel->headers, "Makefile");
	const char *at = makefile ? strstr(makefile, mark) : NULL;
	char *told = NULL, *real = NULL;
	int ret = 0;

	if (at) {
		at += strlen(mark);
		told = kb_path("%.*s", (int)strcspn(at, "\n"), at);
		real = realpath(told, NULL);
		if (!real || strcmp(real, kernel->headers))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
				      "the kernel in %s was built as %s and moved: run make with "
				      "O=%s", kernel->headers, told, kernel->headers);
	}
	free(real);
	free(told);
	free(makefile);
	return ret;
}

int kb_tree_check_modules(const struct kb_kernel *kernel, struct kb_error *err)
{
	struct tree tree;
	int ret = look(&tree, kernel->headers, err);

	if (!ret && !kb_config_is_set(tree.config, "MODULES"))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "the kernel in %s takes no modules: set "
			      "CONFIG_MODULES=y and run make there", tree.path);
	if (!ret)
		ret = kb_config_check_takes_modules(tree.config, tree.path, err);
	if (!ret && !has(tree.path, SYMBOLS))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "the kernel in %s has no " SYMBOLS ", by "
			      "which modules are built: run make there (or make modules)",
			      tree.path);
	if (!ret && strpbrk(tree.path, " \t:"))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "modules cannot be built in %s: make takes "
			      "no path with spaces or colons", tree.path);
	if (!ret)
		ret = check_place(kernel, err);
	tree_clear(&tree);
	return ret;
}

int kb_tree_check_build(const struct kb_kernel *kernel, struct kb_error *err)
{
	char image_sum[SHA256_DIGEST_STRING_LENGTH], *key = NULL;
	struct tree tree;
	int ret = look(&tree, kernel->headers, err);

	if (!ret)
		ret = find_built(&tree, err);
	if (!ret)
		key = build_key(&tree, image_sum);
	if (key && strcmp(key, kernel->build) != 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "the kernel in %s was built anew while its "
			      "modules were: run kbench when make has ended", tree.path);
	free(key);
	tree_clear(&tree);
	return ret;
}

/* What is no printable text becomes '?'. */
static void make_plain(char *text)
{
	for (char *at = text; *at; ) {
		size_t n = utf8_length((const unsigned char *)at);

		if (!n || (unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
		at += n ? n : 1;
	}
}

char *kb_tree_name(const char *path)
{
	size_t length = strlen(path), start;
	char *name, *real, *slash;

	while (length > 1 && path[length - 1] == '/')
		length--;
	for (start = length; start > 0 && path[start - 1] != '/'; )
		start--;
	name = kb_path("%.*s", (int)(length - start), path + start);
	real = !*name || !strcmp(name, ".") || !strcmp(name, "..") ? realpath(path, NULL) : NULL;
	slash = real ? strrchr(real, '/') : NULL;
	if (slash) {
		free(name);
		name = kb_path("%s", slash[1] ? slash + 1 : "/");
	}
	free(real);
	make_plain(name);
	return name;
}
