// SPDX-License-Identifier: GPL-2.0
#include "sources.h"

#include <errno.h>
#include <ftw.h>
#include <sha256.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"

static int add(struct kb_sources *sources, char *from, char *to)
{
	struct kb_source *files = reallocarray(sources->files, sources->nr + 1, sizeof(*files));

	if (!files) {
		free(from);
		free(to);
		return -1;
	}
	sources->files = files;
	files[sources->nr++] = (struct kb_source){ from, to };
	return 0;
}

/* Sources end so; objects and what else a build leaves beside them do not. */
static bool is_source(const char *name)
{
	static const char *const ends[] = { ".c", ".h", ".S", ".mk" };
	const char *dot = strrchr(name, '.');

	if (!strcmp(name, "Kbuild"))
		return true;
	if (!dot || strstr(name, ".mod."))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strcmp(dot, ends[i]))
			return true;
	return false;
}

/* nftw() takes no context. */
static struct kb_sources *walk_sources;
static size_t walk_prefix;

static int walk(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	if (type != FTW_F || !is_source(path + ftw->base))
		return 0;
	return add(walk_sources, kb_path("%s", path), kb_path("%s", path + walk_prefix));
}

static int add_tree(struct kb_sources *sources, const char *data, const char *name,
		    struct kb_error *err)
{
	char *dir = kb_path("%s/%s", data, name);
	size_t before = sources->nr;
	int ret;

	walk_sources = sources;
	walk_prefix = strlen(data) + 1;
	ret = nftw(dir, walk, 16, 0);
	if (ret || sources->nr == before)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT,
			      "kbench's own sources are not in %s; set KBENCH_DATADIR to the "
			      "directory that holds kbench/ and suites/", data);
	free(dir);
	return ret;
}

/* A suite's file, to be put among the others. */
static int add_suite(struct kb_sources *sources, const char *path, struct kb_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	char *to = kb_path("suites/%s", name);
	int ret = 0;

	if (!dot || strcmp(dot, ".c"))
		ret = kb_fail(err, KB_EXIT_USAGE, "suite %s: not the path of a .c file", path);
	else if (!kb_exists(path))
		ret = kb_fail(err, KB_EXIT_USAGE, "suite %s: %s", path, strerror(errno));
	for (size_t i = 0; i < sources->nr && !ret; i++)
		if (!strcmp(sources->files[i].to, to))
			ret = kb_fail(err, KB_EXIT_USAGE,
				      "suite %s: there is one of that name; rename the file", path);
	if (ret || add(sources, kb_path("%s", path), kb_path("%s", to)))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	free(to);
	return ret;
}

static int add_named_suites(struct kb_sources *sources, struct kb_error *err)
{
	const char *named = getenv("KBENCH_SUITES");
	int ret = 0;

	while (named && *named && !ret) {
		size_t n = strcspn(named, ":");
		char *path = kb_path("%.*s", (int)n, named);

		if (n)
			ret = add_suite(sources, path, err);
		free(path);
		named += n + (named[n] == ':');
	}
	return ret;
}

static int by_name(const void *a, const void *b)
{
	const struct kb_source *x = a, *y = b;

	return strcmp(x->to, y->to);
}

int kb_sources_find(struct kb_sources *sources, const char *const *extra, size_t nr_extra,
		    struct kb_error *err)
{
	char *data = kb_data_dir();
	int ret;

	*sources = (struct kb_sources){ 0 };
	ret = add_tree(sources, data, "kbench", err);
	if (!ret)
		ret = add_tree(sources, data, "suites", err);
	for (size_t i = 0; i < nr_extra && !ret; i++)
		ret = add_suite(sources, extra[i], err);
	if (!ret)
		ret = add_named_suites(sources, err);
	free(data);
	if (ret)
		kb_sources_free(sources);
	else
		qsort(sources->files, sources->nr, sizeof(*sources->files), by_name);
	return ret;
}

void kb_sources_free(struct kb_sources *sources)
{
	for (size_t i = 0; i < sources->nr; i++) {
		free(sources->files[i].from);
		free(sources->files[i].to);
	}
	free(sources->files);
	*sources = (struct kb_sources){ 0 };
}

static void sum_text(SHA2_CTX *sum, const char *text)
{
	/* With the 0, so that the parts stay apart. */
	SHA256Update(sum, (const uint8_t *)text, strlen(text) + 1);
}

char *kb_sources_sum(const struct kb_sources *sources, const char *salt, struct kb_error *err)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	SHA2_CTX sum;

	SHA256Init(&sum);
	sum_text(&sum, salt);
	for (size_t i = 0; i < sources->nr; i++) {
		size_t length;
		char *data = kb_read_text(sources->files[i].from, &length);

		if (!data) {
			kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s",
				sources->files[i].from, strerror(errno));
			return NULL;
		}
		sum_text(&sum, sources->files[i].to);
		SHA256Update(&sum, (const uint8_t *)data, length);
		free(data);
	}
	SHA256End(&sum, hex);
	return kb_path("%s", hex);
}

int kb_sources_copy(const struct kb_sources *sources, const char *dir, struct kb_error *err)
{
	char *kbuild = kb_path("%s/Kbuild", dir);
	int ret = kb_write_text(kbuild, "obj-m += kbench/ suites/\n", err);

	for (size_t i = 0; i < sources->nr && !ret; i++) {
		char *to = kb_path("%s/%s", dir, sources->files[i].to);
		char *slash = strrchr(to, '/');

		*slash = '\0';
		ret = kb_make_dirs(to, err);
		*slash = '/';
		if (!ret)
			ret = kb_copy_file(sources->files[i].from, to, err);
		free(to);
	}
	free(kbuild);
	return ret;
}
