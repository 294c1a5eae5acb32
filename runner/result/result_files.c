// SPDX-License-Identifier: GPL-2.0
#include "result_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"
#include "result.h"

/* As much of a file as tells whether kbench wrote it. */
#define BEGIN_SIZE	4096

/** struct walk - what kb_result_files() was given */
struct walk {
	json_t		*ignored;
	int		(*visit)(void *ctx, const char *path, int argument, json_t *result);
	void		*ctx;
	struct kb_error	*err;
};

/* Takes @result; NULL: it could not be read, and the error says why. */
static int visit_result(const struct walk *walk, const char *path, int argument, json_t *result)
{
	int ret = result ? walk->visit(walk->ctx, path, argument, result) : -1;

	json_decref(result);
	return ret;
}

/* Of a file that is refused. A damaged result is not passed over like a stranger. */
static bool looks_like_result(const char *path)
{
	FILE *file = fopen(path, "re");
	char text[BEGIN_SIZE];
	size_t size = 0;

	if (file) {
		size = fread(text, 1, sizeof(text), file);
		fclose(file);
	}
	return memmem(text, size, "\"kbench-result/", strlen("\"kbench-result/"));
}

static int ignore(const struct walk *walk, const char *path, const char *why)
{
	char *text = kb_path("%s is ignored: %s", path, why);
	int bad = json_array_append_new(walk->ignored, json_string(text));

	free(text);
	return bad ? kb_fail(walk->err, KB_EXIT_ENVIRONMENT, "out of memory") : 0;
}

static int visit_entry(const struct walk *walk, const char *path, int argument, size_t *found)
{
	struct kb_error err = { 0 };
	struct stat st;
	json_t *result;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return ignore(walk, path, "it is no file");
	result = kb_result_read_lean(path, &err);
	if (!result && !looks_like_result(path))
		return ignore(walk, path, "it is no kbench result");
	if (!result)
		return kb_fail(walk->err, err.exit, "%s", err.text);
	++*found;
	return visit_result(walk, path, argument, result);
}

static int is_json(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && kb_ends_with(entry->d_name, ".json");
}

/* alphasort() goes by the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visit_directory(const struct walk *walk, const char *directory, int argument)
{
	size_t length = strlen(directory), found = 0;
	struct dirent **entries;
	int nr = scandir(directory, &entries, is_json, by_name), ret = 0;

	if (nr < 0)
		return kb_fail(walk->err, KB_EXIT_USAGE, "cannot read the directory %s: %s",
			       directory, strerror(errno));
	while (length > 1 && directory[length - 1] == '/')
		length--;
	for (int i = 0; i < nr; i++) {
		char *path = kb_path("%.*s/%s", (int)length, directory, entries[i]->d_name);

		if (!ret)
			ret = visit_entry(walk, path, argument, &found);
		free(path);
		free(entries[i]);
	}
	free(entries);
	if (!ret && !found)
		return kb_fail(walk->err, KB_EXIT_USAGE, "no result is in the directory %s: give "
			       "one with *.json files written by kbench run", directory);
	return ret;
}

int kb_result_files(char *const *paths, int nr, json_t *ignored,
		    int (*visit)(void *ctx, const char *path, int argument, json_t *result),
		    void *ctx, struct kb_error *err)
{
	const struct walk walk = { .ignored = ignored, .visit = visit, .ctx = ctx, .err = err };
	int ret = 0;

	for (int i = 0; !ret && i < nr; i++)
		ret = kb_is_directory(paths[i]) ? visit_directory(&walk, paths[i], i) :
			visit_result(&walk, paths[i], i, kb_result_read_lean(paths[i], err));
	return ret;
}
