// SPDX-License-Identifier: GPL-2.0
#include "result_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "interrupt.h"
#include "paths.h"
#include "read_ahead.h"
#include "result.h"

/* As much of a file as tells whether kbench wrote it. */
#define BEGIN_SIZE	4096

/**
 * struct entry - a file to be read
 * @argument: that stands for it
 * @found:    it was in a directory, where it need not be a result
 */
struct entry {
	char	*path;
	int	argument;
	bool	found;
};

/** struct walk - what kb_result_files() was given, and the files that it found; @read: by which */
struct walk {
	kb_read_result	*read;
	json_t		*ignored;
	int		(*visit)(void *ctx, const char *path, int argument, json_t *result);
	void		*ctx;
	struct kb_error	*err;
	struct entry	*entries;
	size_t		nr;
};

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
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
	return bad ? no_memory(walk->err) : 0;
}

/* Takes @path. */
static int add_entry(struct walk *walk, char *path, int argument, bool found)
{
	struct entry *more = realloc(walk->entries, (walk->nr + 1) * sizeof(*more));

	if (!more) {
		free(path);
		return no_memory(walk->err);
	}
	walk->entries = more;
	more[walk->nr++] = (struct entry){ path, argument, found };
	return 0;
}

static int add_found(struct walk *walk, char *path, int argument)
{
	struct stat st;
	int ret;

	if (!stat(path, &st) && S_ISREG(st.st_mode))
		return add_entry(walk, path, argument, true);
	ret = ignore(walk, path, "it is no file");
	free(path);
	return ret;
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

static int add_directory(struct walk *walk, const char *directory, int argument)
{
	size_t length = strlen(directory);
	struct dirent **entries;
	int nr = scandir(directory, &entries, is_json, by_name), ret = 0;

	if (nr < 0)
		return kb_fail(walk->err, KB_EXIT_USAGE, "cannot read the directory %s: %s",
			       directory, strerror(errno));
	while (length > 1 && directory[length - 1] == '/')
		length--;
	for (int i = 0; i < nr; i++) {
		if (!ret)
			ret = add_found(walk, kb_path("%.*s/%s", (int)length, directory,
						      entries[i]->d_name), argument);
		free(entries[i]);
	}
	free(entries);
	return ret;
}

/* @result may be NULL, with @err; sets @visited. */
static int visit_entry(const struct walk *walk, const struct entry *entry, json_t *result,
		       const struct kb_error *err, bool *visited)
{
	if (!result && entry->found && !looks_like_result(entry->path))
		return ignore(walk, entry->path, "it is no kbench result");
	if (!result)
		return kb_fail(walk->err, err->exit, "%s", err->text);
	*visited = true;
	return walk->visit(walk->ctx, entry->path, entry->argument, result);
}

static int visit_entries(const struct walk *walk, const char *const *paths, bool *visited)
{
	struct kb_read_ahead *ahead = kb_read_ahead_begin(paths, walk->nr, walk->read,
							  walk->err);
	int ret = ahead ? 0 : -1;

	for (size_t i = 0; !ret && i < walk->nr; i++) {
		struct kb_error err = { 0 };
		json_t *result;

		if (kb_interrupted) {
			ret = kb_fail(walk->err, KB_EXIT_INTERRUPTED, "interrupted");
			break;
		}
		result = kb_read_ahead_next(ahead, &err);
		ret = visit_entry(walk, &walk->entries[i], result, &err,
				  &visited[walk->entries[i].argument]);
		json_decref(result);
	}
	kb_read_ahead_end(ahead);
	return ret;
}

/* @visited: room for whether each argument had a result */
static int visit_all(const struct walk *walk, char *const *arguments, int nr, bool *visited)
{
	const char **paths = calloc(walk->nr + 1, sizeof(*paths));
	int ret;

	if (!paths)
		return no_memory(walk->err);
	for (size_t i = 0; i < walk->nr; i++)
		paths[i] = walk->entries[i].path;
	ret = visit_entries(walk, paths, visited);
	free(paths);
	for (int i = 0; !ret && i < nr; i++)
		if (!visited[i])
			ret = kb_fail(walk->err, KB_EXIT_USAGE, "no result is in the directory %s: "
				      "give one with *.json files written by kbench run",
				      arguments[i]);
	return ret;
}

/* @walk: has its visitor and its reader */
static int visit_paths(struct walk *walk, char *const *paths, int nr)
{
	bool *visited = calloc((size_t)nr + 1, sizeof(*visited));
	int ret = visited ? 0 : no_memory(walk->err);

	for (int i = 0; !ret && i < nr; i++)
		ret = kb_is_directory(paths[i]) ?
			      add_directory(walk, paths[i], i) :
			      add_entry(walk, kb_path("%s", paths[i]), i, false);
	if (!ret)
		ret = visit_all(walk, paths, nr, visited);
	for (size_t i = 0; i < walk->nr; i++)
		free(walk->entries[i].path);
	free(walk->entries);
	free(visited);
	return ret;
}

int kb_result_files(char *const *paths, int nr, json_t *ignored,
		    int (*visit)(void *ctx, const char *path, int argument, json_t *result),
		    void *ctx, struct kb_error *err)
{
	struct walk walk = { .read = kb_result_read_lean, .ignored = ignored, .visit = visit,
			     .ctx = ctx, .err = err };

	return visit_paths(&walk, paths, nr);
}

int kb_result_files_whole(char *const *paths, int nr, json_t *ignored,
			  int (*visit)(void *ctx, const char *path, int argument, json_t *result),
			  void *ctx, struct kb_error *err)
{
	struct walk walk = { .read = kb_result_read, .ignored = ignored, .visit = visit,
			     .ctx = ctx, .err = err };

	return visit_paths(&walk, paths, nr);
}

bool kb_result_files_once(char *const *paths, int nr)
{
	struct stat st;

	for (int i = 0; i < nr; i++)
		if (!stat(paths[i], &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			return true;
	return false;
}
