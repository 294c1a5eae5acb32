// SPDX-License-Identifier: GPL-2.0
#include "modules.h"

#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "cache.h"
#include "headers.h"
#include "paths.h"
#include "process.h"
#include "sources.h"

#define BUILD_TIMEOUT	600
/* Built modules that nobody used for so long go when others are built for the same kernel. */
#define KEEP_DAYS	14
/* Lines of a failed build that are shown. */
#define SHOWN_LINES	40

/* What "make" needs to know. */
struct build {
	const char	*release;
	const char	*headers;
	char		*compiler;	/* program: "gcc-12" */
	char		*version;	/* first line of its --version */
};

static int compiler_version(struct build *build, struct kb_error *err)
{
	const char *const argv[] = { build->compiler, "--version", NULL };
	struct kb_command command = { .argv = argv, .timeout = 60 };
	int ret = kb_command_run(&command, err);

	if (ret > 0)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "%s does not run: %s", build->compiler,
			      command.errors);
	else if (!ret)
		build->version = kb_path("%.*s", (int)strcspn(command.output, "\n"),
					 command.output);
	kb_command_free(&command);
	return ret;
}

static void build_clear(struct build *build)
{
	free(build->compiler);
	free(build->version);
}

static int build_prepare(struct build *build, struct kb_error *err)
{
	char *makefile = kb_path("%s/Makefile", build->headers);
	char *make = kb_find_program("make");
	int ret = 0;

	if (!kb_exists(makefile))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "the headers of kernel %s are missing: apt install linux-headers-%s",
			      build->release, build->release);
	else if (!make)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "make is missing: apt install make");
	free(make);
	free(makefile);
	if (!ret)
		ret = kb_headers_compiler(&build->compiler, build->headers, err);
	if (!ret)
		ret = compiler_version(build, err);
	return ret;
}

/* Names of files as they are in the sources: the tree of the build will be gone. */
static void cut_tree(char *output, const char *tree)
{
	size_t length = strlen(tree);
	char *at = output;

	while ((at = strstr(at, tree))) {
		size_t cut = length + (at[length] == '/');

		memmove(at, at + cut, strlen(at + cut) + 1);
	}
}

/* The last lines of what make said: the compiler's messages, since make itself is silent. */
static void show_output(const char *output)
{
	const char *start = output + strlen(output);
	unsigned int lines = 0;

	while (start > output) {
		if (start[-1] == '\n' && lines++ == SHOWN_LINES)
			break;
		start--;
	}
	if (kb_note_prepare)
		kb_note_prepare();
	fputs(start, stderr);
}

static int run_make(const struct build *build, const char *tree, struct kb_error *err)
{
	/* Compilers that are killed leave temporary files; these go with the tree. */
	char *tmpdir = kb_path("TMPDIR=%s", tree);
	/* When kbench itself was started by make, its flags are not meant for this one. */
	const char *const environment[] = { "MAKEFLAGS=", "MFLAGS=", "MAKELEVEL=0", tmpdir,
					    "LC_ALL=C.UTF-8", NULL };
	char *at = kb_path("M=%s", tree);
	char *jobs = kb_path("-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	/*
	 * BTF of modules needs the kernel's vmlinux, which headers do not have. A symbol that this
	 * kernel lacks is to cost its suite alone: the kernel will refuse that module and say why.
	 */
	const char *const argv[] = { "make", "-s", jobs, "-C", build->headers, at,
				     "CONFIG_DEBUG_INFO_BTF_MODULES=", "KBUILD_MODPOST_WARN=1",
				     "KCFLAGS=-g0", "modules", NULL };
	struct kb_command command = {
		.argv = argv, .environment = environment, .timeout = BUILD_TIMEOUT, .merge = true,
	};
	int ret = kb_command_run(&command, err);

	if (ret > 0) {
		cut_tree(command.output, tree);
		show_output(command.output);
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "the modules do not build for kernel %s; what %s said is above",
			      build->release, build->compiler);
	}
	kb_command_free(&command);
	free(jobs);
	free(at);
	free(tmpdir);
	return ret;
}

/* Move the modules out of the tree that they were built in. */
static int gather(const char *tree, const char *to, struct kb_error *err)
{
	static const char *const patterns[] = { "kbench/*.ko", "suites/*.ko" };
	int ret = 0;

	for (size_t i = 0; i < 2 && !ret; i++) {
		char *pattern = kb_path("%s/%s", tree, patterns[i]);
		glob_t found;

		if (glob(pattern, 0, NULL, &found)) {
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "the build made no %s",
				      patterns[i]);
			free(pattern);
			break;
		}
		for (size_t j = 0; j < found.gl_pathc && !ret; j++) {
			char *dest = kb_path("%s/%s", to, strrchr(found.gl_pathv[j], '/') + 1);

			if (rename(found.gl_pathv[j], dest))
				ret = kb_copy_file(found.gl_pathv[j], dest, err);
			free(dest);
		}
		globfree(&found);
		free(pattern);
	}
	return ret;
}

static int fill(const char *entry, const struct build *build, const struct kb_sources *sources,
		struct kb_error *err)
{
	char *temp = kb_cache_begin(entry, err);
	char *tree, *note;
	int ret;

	if (!temp)
		return -1;
	tree = kb_path("%s/build", temp);
	note = kb_path("%s/compiler", temp);
	kb_note("building the modules for kernel %s", build->release);
	ret = kb_make_dirs(tree, err);
	if (!ret)
		ret = kb_sources_copy(sources, tree, err);
	if (!ret)
		ret = run_make(build, tree, err);
	if (!ret)
		ret = gather(tree, temp, err);
	if (!ret)
		ret = kb_write_text(note, build->version, err);
	kb_remove_tree(tree);
	if (!ret)
		ret = kb_cache_commit(temp, entry, err);
	else
		kb_remove_tree(temp);
	free(note);
	free(tree);
	free(temp);
	return ret;
}

/* Remove what was built for @release of other sources and has not been used for long. */
static void prune(const char *entry, const char *release)
{
	char *pattern = kb_path("%.*s/%s_*", (int)(strrchr(entry, '/') - entry), entry, release);
	time_t limit = time(NULL) - (time_t)KEEP_DAYS * 24 * 3600;
	glob_t found;

	if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct stat st;

			if (!stat(found.gl_pathv[i], &st) && S_ISDIR(st.st_mode) &&
			    st.st_mtime < limit)
				kb_remove_tree(found.gl_pathv[i]);
		}
		globfree(&found);
	}
	free(pattern);
}

static int find_or_fill(const char *entry, const struct build *build,
			const struct kb_sources *sources, struct kb_error *err)
{
	char *what = kb_path("is building the modules for kernel %s", build->release);
	char *core = kb_path("%s/kbench.ko", entry);
	int lock = kb_cache_lock(entry, what, err);
	int ret = lock < 0 ? -1 : 0;

	if (!ret && kb_exists(core)) {
		/* The time of the last use, for prune(). */
		utime(entry, NULL);
	} else if (!ret) {
		ret = fill(entry, build, sources, err);
		if (!ret)
			prune(entry, build->release);
	}
	kb_cache_unlock(lock);
	free(core);
	free(what);
	return ret;
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

int kb_modules_build(char **module_dir, const char *release, const char *headers,
		     const char *const *extra, size_t nr_extra, struct kb_error *err)
{
	struct build build = { .release = release, .headers = headers };
	struct kb_sources sources = { 0 };
	char *salt = NULL, *sum = NULL, *entry = NULL;
	int ret = kb_modules_check_cache(err);

	if (!ret)
		ret = build_prepare(&build, err);
	if (!ret)
		ret = kb_sources_find(&sources, extra, nr_extra, err);
	if (!ret) {
		salt = kb_path("%s\n%s\n%s", release, headers, build.version);
		sum = kb_sources_sum(&sources, salt, err);
		ret = sum ? 0 : -1;
	}
	if (!ret) {
		entry = kb_cache_path(err, "modules/%s_%.16s", release, sum);
		ret = entry ? 0 : -1;
	}
	if (!ret)
		ret = find_or_fill(entry, &build, &sources, err);
	if (!ret) {
		*module_dir = entry;
		entry = NULL;
	}
	free(entry);
	free(sum);
	free(salt);
	kb_sources_free(&sources);
	build_clear(&build);
	return ret;
}

char *kb_modules_compiler(const char *module_dir)
{
	char *path = kb_path("%s/compiler", module_dir);
	char *text = kb_read_text(path, NULL);

	free(path);
	return text;
}
