// SPDX-License-Identifier: GPL-2.0
#include "modules.h"

#include <dirent.h>
#include <glob.h>
#include <sha256.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "cache.h"
#include "headers.h"
#include "make.h"
#include "paths.h"
#include "process.h"
#include "root.h"
#include "sources.h"
#include "sums.h"
#include "toolchain.h"
#include "tree.h"

/* Built modules that nobody used for so long go when others are built for the same kernel. */
#define KEEP_DAYS	14
/* In each entry, what it was built of. */
#define MANIFEST	"manifest"
/* The exported symbols of the modules in an entry, as modpost writes and reads them. */
#define SYMBOLS		"Module.symvers"
/* What make said, with what warnings it was asked for. */
#define LOG		"log"
/* Checksums of all of these. */
#define SUMS		"sums"
/* kbuild's W=, from the environment. */
#define WARNINGS	"KBUILD_EXTRA_WARN"

static const char *const all_files[] = { ".", NULL };

/* What "make" needs to know. */
struct build {
	const struct kb_kernel	*kernel;
	struct kb_toolchain	toolchain;
	const struct kb_builder	*builder;	/* NULL: built on this machine */
};

/*
 * An entry of the cache.
 * @manifest: all that the build depends on
 * @sources: what it is built of
 * @base:    NULL, or the entry of the tree's own modules, which this one holds, too
 * @what:    that is built, for messages
 */
struct entry {
	const char			*path;
	const char			*manifest;
	const struct kb_sources		*sources;
	const char			*base;
	const char			*what;
};

static int build_prepare(struct build *build, struct kb_error *err)
{
	const struct kb_kernel *kernel = build->kernel;
	char *makefile = kb_path("%s/Makefile", kernel->headers);
	char *make = kb_find_program("make");
	int ret = 0;

	if (!kb_exists(makefile))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "the headers of kernel %s are missing: apt install linux-headers-%s",
			      kernel->release, kernel->release);
	else if (!make)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "make is missing: apt install make");
	free(make);
	free(makefile);
	if (!ret && kernel->tree)
		ret = kb_tree_check_modules(kernel, err);
	if (!ret)
		ret = kb_toolchain_find(&build->toolchain, kernel, err);
	return ret;
}

#define NR_TOOLS	KB_MAKE_ARGS

/* Malloc()ed arguments of make on architecture and compiler; behind the last they are NULL. */
struct tools {
	char	*args[NR_TOOLS];
};

/* Packaged headers know their compiler; a tree's Makefile takes whatever is the default. */
static struct tools find_tools(const struct build *build)
{
	const struct kb_kernel *kernel = build->kernel;
	struct tools tools = { 0 };
	size_t nr = 0;

	if (kernel->tree)
		tools.args[nr++] = kb_headers_tools(kernel->headers,
						     build->toolchain.compiler);
	if (kernel->arch && !kb_arch_is_native(kernel->arch)) {
		tools.args[nr++] = kb_path("ARCH=%s", kernel->arch->kbuild);
		tools.args[nr++] = kb_path("CROSS_COMPILE=%s-", kernel->arch->triplet);
	}
	return tools;
}

/* @temp: the directory that becomes the entry */
static int run_make(const struct build *build, const struct entry *entry, const char *temp,
		    const char *tree, struct kb_error *err)
{
	const struct kb_builder *builder = build->builder;
	const char *const seen[] = { build->kernel->dir, entry->base, NULL };
	const char *const changed[] = { temp, NULL };
	const struct kb_make_root root = {
		.path = build->toolchain.root, .seen = seen, .changed = changed,
	};
	char *log = kb_path("%s/" LOG, temp), *output = NULL;
	/* The symbols of the core module, for suites that are built without it. */
	char *symbols = entry->base ? kb_path("%s/" SYMBOLS, entry->base) : NULL;
	struct tools tools = { 0 };
	int ret;

	if (!builder)
		tools = find_tools(build);
	if (builder)
		ret = builder->make(builder->ctx, tree, symbols, &output, err);
	else
		ret = kb_make(build->kernel->headers, tools.args, tree, symbols,
			      build->toolchain.root ? &root : NULL, &output, err);
	if (!ret) {
		ret = kb_write_text(log, output, err);
	} else if (ret > 0) {
		kb_make_show(output);
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "%s not build for kernel %s; what %s said is above", entry->what,
			      build->kernel->release, build->toolchain.compiler);
	}
	for (size_t i = 0; i < NR_TOOLS; i++)
		free(tools.args[i]);
	free(output);
	free(symbols);
	free(log);
	return ret;
}

static int move_file(const char *from, const char *to, struct kb_error *err)
{
	return rename(from, to) ? kb_copy_file(from, to, err) : 0;
}

/* Files of the cache never change, so that a second name does for a copy. */
static int link_file(const char *from, const char *to, struct kb_error *err)
{
	return link(from, to) ? kb_copy_file(from, to, err) : 0;
}

/* Put every file that fits @pattern below @dir into @to. */
static int gather(const char *dir, const char *pattern, const char *to,
		  int (*put)(const char *from, const char *to, struct kb_error *err),
		  struct kb_error *err)
{
	char *whole = kb_path("%s/%s", dir, pattern);
	glob_t found;
	int ret = 0;

	if (glob(whole, 0, NULL, &found)) {
		free(whole);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "the build made no %s", pattern);
	}
	for (size_t i = 0; i < found.gl_pathc && !ret; i++) {
		char *dest = kb_path("%s/%s", to, strrchr(found.gl_pathv[i], '/') + 1);

		ret = put(found.gl_pathv[i], dest, err);
		free(dest);
	}
	globfree(&found);
	free(whole);
	return ret;
}

static int gather_all(const struct entry *entry, const char *tree, const char *to,
		      struct kb_error *err)
{
	if (gather(tree, "suites/*.ko", to, move_file, err))
		return -1;
	if (entry->base)
		return gather(entry->base, "*.ko", to, link_file, err) ||
		       gather(entry->base, SYMBOLS, to, link_file, err) ? -1 : 0;
	return gather(tree, "kbench/*.ko", to, move_file, err) ||
	       gather(tree, SYMBOLS, to, move_file, err) ? -1 : 0;
}

static int fill(const struct entry *entry, const struct build *build, struct kb_error *err)
{
	const char *kbuild = entry->base ? "obj-m += suites/\n" : "obj-m += kbench/ suites/\n";
	char *temp = kb_cache_begin(entry->path, err);
	char *tree, *note, *manifest;
	int ret;

	if (!temp)
		return -1;
	tree = kb_path("%s/build", temp);
	note = kb_path("%s/compiler", temp);
	manifest = kb_path("%s/" MANIFEST, temp);
	if (!entry->base) {
		char *title = kb_kernel_title(build->kernel);

		kb_note("building the modules for kernel %s%s%s", title,
			build->builder ? " on " : "", build->builder ? build->builder->host : "");
		free(title);
	}
	ret = kb_kernel_check_headers(build->kernel, err);
	if (!ret)
		ret = kb_toolchain_check(&build->toolchain, err);
	if (!ret)
		ret = kb_make_dirs(tree, err);
	if (!ret)
		ret = kb_sources_copy(entry->sources, tree, kbuild, err);
	if (!ret)
		ret = run_make(build, entry, temp, tree, err);
	if (!ret)
		ret = gather_all(entry, tree, temp, err);
	if (!ret)
		ret = kb_write_text(note, build->toolchain.version, err);
	if (!ret)
		ret = kb_write_text(manifest, entry->manifest, err);
	kb_remove_tree(tree);
	if (!ret)
		ret = kb_sums_write(temp, all_files, NULL, SUMS, err);
	if (!ret)
		ret = kb_cache_commit(temp, entry->path, err);
	else
		kb_remove_tree(temp);
	free(manifest);
	free(note);
	free(tree);
	free(temp);
	return ret;
}

/* Whether every line of @wanted stands in @manifest. */
static bool covers(const char *manifest, const char *wanted)
{
	while (*wanted) {
		size_t n = strcspn(wanted, "\n") + 1;
		char *line = kb_path("%.*s", (int)n, wanted);
		const char *at = manifest;

		while ((at = strstr(at, line)) && at != manifest && at[-1] != '\n')
			at += n;
		free(line);
		if (!at)
			return false;
		wanted += n;
	}
	return true;
}

/* An entry that was built of the same files and more, or NULL: it does as well. */
static char *larger_entry(const struct build *build, const char *manifest)
{
	char *dir = kb_cache_path(NULL, "modules");
	char *pattern = kb_path("%s/%s_*/" MANIFEST, dir ? dir : "", build->kernel->release);
	char *path = NULL;
	glob_t found;

	if (dir && glob(pattern, 0, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc && !path; i++) {
			const char *name = found.gl_pathv[i];
			char *theirs = strstr(name, ".tmp-") ? NULL : kb_read_text(name, NULL);

			if (theirs && covers(theirs, manifest))
				path = kb_path("%.*s", (int)(strrchr(name, '/') - name), name);
			free(theirs);
		}
		globfree(&found);
	}
	free(pattern);
	free(dir);
	return path;
}

/* Remove what was built for @release of other sources and has not been used for long. */
static void prune(const char *entry, const char *release)
{
	char *pattern = kb_path("%.*s/%s_*", (int)(strrchr(entry, '/') - entry), entry, release);

	kb_cache_prune(pattern, KEEP_DAYS);
	free(pattern);
}

static bool intact(const char *entry)
{
	char *symbols = kb_path("%s/" SYMBOLS, entry);
	bool whole = kb_exists(symbols);

	if (whole && kb_sums_check(entry, SUMS) == KB_SUMS_DAMAGED) {
		kb_note("%s is damaged; building it again", entry);
		whole = false;
	}
	free(symbols);
	return whole;
}

static int find_or_fill(const struct entry *entry, const struct build *build,
			struct kb_error *err)
{
	char *what = kb_path("is building the modules for kernel %s", build->kernel->release);
	int lock = kb_cache_lock(entry->path, what, err);
	int ret = lock < 0 ? -1 : 0;

	if (!ret && intact(entry->path)) {
		/* The time of the last use, for prune(). */
		utime(entry->path, NULL);
	} else if (!ret) {
		ret = fill(entry, build, err);
		if (!ret)
			prune(entry->path, build->kernel->release);
	}
	kb_cache_unlock(lock);
	free(what);
	return ret;
}

/*
 * The directory of an entry, found or built; NULL with @err.
 * @base, @what: as in struct entry
 */
static char *entry_get(const struct build *build, const struct kb_sources *sources,
		       const char *base, const char *what, struct kb_error *err)
{
	const char *warnings = getenv(WARNINGS);
	const struct kb_kernel *kernel = build->kernel;
	/* What was built with more warnings does as well: its line stands beside those wanted. */
	char *head = kb_path("kernel %s\nheaders %s%s%s\ncompiler %s\nbase %s\n%s%s%s",
			     kernel->release, kernel->headers, kernel->build ? "\nbuild " : "",
			     kernel->build ? kernel->build : "", build->toolchain.version,
			     base ? base : "",
			     warnings ? "warnings " : "", warnings ? warnings : "",
			     warnings ? "\n" : "");
	char *manifest = kb_sources_manifest(sources, head, err), *path = NULL;
	char sum[SHA256_DIGEST_STRING_LENGTH];

	free(head);
	if (!manifest)
		return NULL;
	path = larger_entry(build, manifest);
	if (!path) {
		SHA256Data((const uint8_t *)manifest, strlen(manifest), sum);
		path = kb_cache_path(err, "modules/%s_%.16s", kernel->release, sum);
	}
	if (path) {
		struct entry entry = {
			.path = path, .manifest = manifest, .sources = sources, .base = base,
			.what = what,
		};

		if (find_or_fill(&entry, build, err)) {
			free(path);
			path = NULL;
		}
	}
	free(manifest);
	return path;
}

/* The entry at @base with the user's suites beside kbench's own. */
static char *with_outside(const struct build *build, const struct kb_sources *tree,
			  const struct kb_suite_files *suites, const char *base,
			  struct kb_error *err)
{
	struct kb_sources sources;
	char *what, *path;

	if (kb_sources_outside(&sources, tree, suites, err))
		return NULL;
	what = suites->nr == 1 ? kb_path("%s does", suites->files[0].path) :
				  kb_path("the suites given do");
	path = entry_get(build, &sources, base, what, err);
	free(what);
	kb_sources_free(&sources);
	return path;
}

int kb_modules_check_cache(struct kb_error *err)
{
	char *cache = kb_cache_dir(err);
	int ret = cache ? 0 : -1;

	if (cache && strpbrk(cache, " \t:#"))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "modules cannot be built in %s; set XDG_CACHE_HOME to a path without "
			      "spaces and colons", cache);
	free(cache);
	return ret;
}

/* kbench's own suites and the user's, found or built: their directory; NULL with @err */
static char *build_all(const struct build *build, const struct kb_suite_files *suites,
		       struct kb_error *err)
{
	struct kb_sources sources = { 0 };
	char *base = NULL, *dir;

	if (!kb_sources_find(&sources, suites, err))
		base = entry_get(build, &sources, NULL, "the modules do", err);
	dir = base;
	if (base && suites->nr) {
		dir = with_outside(build, &sources, suites, base, err);
		free(base);
	}
	kb_sources_free(&sources);
	return dir;
}

int kb_modules_build(char **module_dir, const struct kb_kernel *kernel,
		     const struct kb_suite_files *suites, struct kb_error *err)
{
	struct build build = { .kernel = kernel };

	*module_dir = NULL;
	if (!kb_modules_check_cache(err) && !build_prepare(&build, err))
		*module_dir = build_all(&build, suites, err);
	kb_toolchain_clear(&build.toolchain);
	return *module_dir ? 0 : -1;
}

int kb_modules_build_elsewhere(char **module_dir, const struct kb_kernel *kernel,
			       const struct kb_builder *builder,
			       const struct kb_suite_files *suites, struct kb_error *err)
{
	struct build build = {
		.kernel = kernel, .builder = builder,
		.toolchain = {
			.compiler = kb_path("%s", builder->compiler),
			.version = kb_path("%s", builder->version),
		},
	};

	*module_dir = kb_modules_check_cache(err) ? NULL : build_all(&build, suites, err);
	kb_toolchain_clear(&build.toolchain);
	return *module_dir ? 0 : -1;
}

char *kb_modules_compiler(const char *module_dir)
{
	char *path = kb_path("%s/compiler", module_dir);
	char *text = kb_read_text(path, NULL);

	free(path);
	return text;
}
