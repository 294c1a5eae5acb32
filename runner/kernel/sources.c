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

static int add(struct kb_sources *sources, char *from, char *to, bool outside)
{
	struct kb_source *files = reallocarray(sources->files, sources->nr + 1, sizeof(*files));

	if (!files) {
		free(from);
		free(to);
		return -1;
	}
	sources->files = files;
	files[sources->nr++] = (struct kb_source){ from, to, outside };
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
	return add(walk_sources, kb_path("%s", path), kb_path("%s", path + walk_prefix),
		   false);
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

static int by_name(const void *a, const void *b)
{
	const struct kb_source *x = a, *y = b;

	return strcmp(x->to, y->to);
}

static bool is_wanted(const struct kb_suite_files *suites, const char *to)
{
	static const char dir[] = "suites/";
	const char *name = to + strlen(dir), *dot = strrchr(to, '.');

	if (!suites->nr_own || strncmp(to, dir, strlen(dir)) || !dot || strcmp(dot, ".c"))
		return true;
	for (size_t i = 0; i < suites->nr_own; i++)
		if (strlen(suites->own[i]) == (size_t)(dot - name) &&
		    !strncmp(suites->own[i], name, (size_t)(dot - name)))
			return true;
	return false;
}

static void drop_unwanted(struct kb_sources *sources, const struct kb_suite_files *suites)
{
	size_t nr = 0;

	for (size_t i = 0; i < sources->nr; i++) {
		struct kb_source *file = &sources->files[i];

		if (is_wanted(suites, file->to)) {
			sources->files[nr++] = *file;
		} else {
			free(file->from);
			free(file->to);
		}
	}
	sources->nr = nr;
}

int kb_sources_find(struct kb_sources *sources, const struct kb_suite_files *suites,
		    struct kb_error *err)
{
	char *data = kb_data_dir();
	int ret;

	*sources = (struct kb_sources){ 0 };
	ret = add_tree(sources, data, "kbench", err);
	if (!ret)
		ret = add_tree(sources, data, "suites", err);
	free(data);
	if (ret) {
		kb_sources_free(sources);
		return -1;
	}
	drop_unwanted(sources, suites);
	qsort(sources->files, sources->nr, sizeof(*sources->files), by_name);
	return 0;
}

/* What suites include and are built by, but no object of kbench's own. */
static bool serves_suites(const char *to)
{
	const char *dot = strrchr(to, '.');

	return strcmp(to, "kbench/Kbuild") && !(dot && (!strcmp(dot, ".c") || !strcmp(dot, ".S")));
}

int kb_sources_outside(struct kb_sources *sources, const struct kb_sources *tree,
		       const struct kb_suite_files *suites, struct kb_error *err)
{
	int bad = 0;

	*sources = (struct kb_sources){ 0 };
	for (size_t i = 0; i < tree->nr && !bad; i++)
		if (serves_suites(tree->files[i].to))
			bad = add(sources, kb_path("%s", tree->files[i].from),
				  kb_path("%s", tree->files[i].to), false);
	for (size_t i = 0; i < suites->nr && !bad; i++)
		bad = add(sources, kb_path("%s", suites->files[i].path),
			  kb_path("suites/%s.c", suites->files[i].name), true);
	if (bad) {
		kb_sources_free(sources);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	qsort(sources->files, sources->nr, sizeof(*sources->files), by_name);
	return 0;
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

char *kb_sources_manifest(const struct kb_sources *sources, const char *head,
			  struct kb_error *err)
{
	char *manifest = kb_path("%s", head);

	for (size_t i = 0; i < sources->nr; i++) {
		const struct kb_source *file = &sources->files[i];
		char hex[SHA256_DIGEST_STRING_LENGTH];
		char *more;

		if (!SHA256File(file->from, hex)) {
			kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", file->from,
				strerror(errno));
			free(manifest);
			return NULL;
		}
		more = kb_path("%sfile %s %s\n", manifest, hex, file->to);
		free(manifest);
		manifest = more;
	}
	return manifest;
}

/* Path @from as a C string literal, malloc()ed. */
static char *quoted(const char *from)
{
	char *text = malloc(2 * strlen(from) + 3), *to = text;

	if (!text)
		return NULL;
	*to++ = '"';
	for (; *from; from++) {
		if (*from == '"' || *from == '\\')
			*to++ = '\\';
		*to++ = *from;
	}
	*to++ = '"';
	*to = '\0';
	return text;
}

/* A user's file, with a first line by which the compiler's messages name it where it lies. */
static int copy_outside(const char *from, const char *to, struct kb_error *err)
{
	char *source = kb_read_text(from, NULL), *name = quoted(from), *text;
	int ret;

	if (!source || !name) {
		free(source);
		free(name);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", from,
			       strerror(errno));
	}
	text = kb_path("#line 1 %s\n%s", name, source);
	ret = kb_write_text(to, text, err);
	free(text);
	free(name);
	free(source);
	return ret;
}

static int copy_one(const struct kb_source *source, const char *dir, struct kb_error *err)
{
	char *to = kb_path("%s/%s", dir, source->to);
	char *slash = strrchr(to, '/');
	int ret;

	*slash = '\0';
	ret = kb_make_dirs(to, err);
	*slash = '/';
	if (!ret)
		ret = source->outside ? copy_outside(source->from, to, err) :
					kb_copy_file(source->from, to, err);
	free(to);
	return ret;
}

int kb_sources_copy(const struct kb_sources *sources, const char *dir, const char *kbuild,
		    struct kb_error *err)
{
	char *path = kb_path("%s/Kbuild", dir);
	int ret = kb_write_text(path, kbuild, err);

	for (size_t i = 0; i < sources->nr && !ret; i++)
		ret = copy_one(&sources->files[i], dir, err);
	free(path);
	return ret;
}
