// SPDX-License-Identifier: GPL-2.0
#include "perf_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

#define SUFFIX	".perf"

/* Below the run's own directory: files of the result in the way, until it is replaced. */
#define ASIDE	"old"

/* What belongs to a case: perf's data, and its report. */
static const char *const ends[] = { ".data", ".txt" };

#define NR_ENDS	(sizeof(ends) / sizeof(ends[0]))

typedef int (*visit)(const struct kb_perf_files *files, const char *name);

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "12.data", "12.txt" */
static bool is_own(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	return digits && (!strcmp(name + digits, ".data") || !strcmp(name + digits, ".txt"));
}

/* All files of the case of @name. Return: how many @visit has done; -1 with errno */
static int each(const struct kb_perf_files *files, const char *name, visit visit)
{
	int digits = (int)strspn(name, "0123456789"), nr = 0;

	for (size_t i = 0; i < NR_ENDS && nr >= 0; i++) {
		char *one = kb_path("%.*s%s", digits, name, ends[i]);
		int done = visit(files, one);

		nr = done < 0 ? -1 : nr + done;
		free(one);
	}
	return nr;
}

static bool is_there(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
}

/* A regular file of this user's. */
static bool is_ours(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid();
}

static int is_in_the_way(const struct kb_perf_files *files, const char *name)
{
	return is_there(files->fd, name);
}

static int move_in(const struct kb_perf_files *files, const char *name)
{
	if (!is_there(files->from_fd, name))
		return 0;
	/* perf's data tell where a kernel is in memory: they are for their owner alone. */
	if (fchmodat(files->from_fd, name, 0600, 0) ||
	    renameat(files->from_fd, name, files->fd, name))
		return -1;
	return 1;
}

static int remove_one(const struct kb_perf_files *files, const char *name)
{
	return is_ours(files->fd, name) && !unlinkat(files->fd, name, 0);
}

static int set_aside(const struct kb_perf_files *files, const char *name)
{
	char *to = kb_path(ASIDE "/%s", name);
	int done = is_ours(files->fd, name) && !renameat(files->fd, name, files->from_fd, to);

	free(to);
	return done;
}

static int bring_back(const struct kb_perf_files *files, const char *name)
{
	char *from = kb_path(ASIDE "/%s", name);
	int done = !renameat(files->from_fd, from, files->fd, name);

	free(from);
	return done;
}

/* @file of a result, as it is named in @dir; NULL: it is none of that directory's */
static const char *name_in(const char *dir, const char *file)
{
	const char *own = last_name(dir);
	size_t length = strlen(own);

	return !strncmp(file, own, length) && file[length] == '/' && is_own(file + length + 1) ?
	       file + length + 1 : NULL;
}

/* What the result at @path names. */
static json_t *read_old(const char *path, const char *dir)
{
	json_t *result = json_load_file(path, 0, NULL), *names = json_array();
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		const json_t *perf = json_object_get(entry, "perf");
		const char *file = json_string_value(json_object_get(perf, "file"));
		const char *name = file ? name_in(dir, file) : NULL;

		if (name)
			json_array_append_new(names, json_string(name));
	}
	json_decref(result);
	return names;
}

static size_t each_old(const struct kb_perf_files *files, visit visit)
{
	const json_t *name;
	size_t nr = 0, i;

	json_array_foreach(files->old, i, name) {
		int done = each(files, json_string_value(name), visit);

		nr += done > 0 ? (size_t)done : 0;
	}
	return nr;
}

/* A directory of this user's, and no link to one. Return: a descriptor, or -1 with errno */
static int open_own(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && st.st_uid == geteuid())
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

static bool names_files(const json_t *result)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry)
		if (json_object_get(json_object_get(entry, "perf"), "file"))
			return true;
	return false;
}

/* Return: 0; an errno; -1: another machine's did not come when the connection broke */
static int settle_case(struct kb_perf_files *files, const char *name)
{
	int nr;

	if (files->error)
		return files->error;
	if (!is_own(name) || files->from_fd < 0 || !is_there(files->from_fd, name))
		return -1;
	if (each(files, name, is_in_the_way))
		return EEXIST;
	nr = each(files, name, move_in);
	if (nr > 0) {
		files->moved += (size_t)nr;
		return 0;
	}
	nr = errno;
	each(files, name, remove_one);
	return nr;
}

static void complain(const struct kb_perf_files *files, const char *name, int error)
{
	if (error == EEXIST)
		kb_note("perf's files are not all kept: %s has a %s, or its report, which the "
			"result that was there does not name: move it away", files->dir, name);
	else
		kb_note("perf's files are not kept in %s: %s", files->dir, error == EPERM ?
			"it is somebody else's" : strerror(error));
}

/* All phases of a case have the same file, and one note is enough. */
static void settle_cases(struct kb_perf_files *files, json_t *result)
{
	char *last = kb_path("%s", "");
	int error = 0, told = 0;
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		json_t *perf = json_object_get(entry, "perf");
		const char *name = json_string_value(json_object_get(perf, "file"));
		char *there;

		if (!name)
			continue;
		if (strcmp(last, name) != 0) {
			free(last);
			last = kb_path("%s", name);
			error = settle_case(files, name);
		}
		if (error > 0 && !told++)
			complain(files, name, error);
		there = kb_path("%s/%s", last_name(files->dir), last);
		if (error || json_object_set_new(perf, "file", json_string(there)))
			json_object_del(perf, "file");
		free(there);
	}
	free(last);
}

void kb_perf_files_settle(struct kb_perf_files *files, const char *path, const char *from,
			  json_t *result)
{
	memset(files, 0, sizeof(*files));
	files->dir = kb_path_beside(path, SUFFIX);
	files->from_fd = from ? open_own(from) : -1;
	if (files->from_fd >= 0 && names_files(result))
		files->made = !mkdir(files->dir, 0700);
	files->fd = open_own(files->dir);
	files->error = files->fd < 0 ? errno : 0;
	if (files->fd >= 0 && !files->made)
		files->old = read_old(path, files->dir);
	if (files->from_fd >= 0 && files->old && !mkdirat(files->from_fd, ASIDE, 0700))
		files->removed = each_old(files, set_aside);
	settle_cases(files, result);
}

/* What is moved is what @result names. */
static void take_back(struct kb_perf_files *files, const json_t *result)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry) {
		const json_t *perf = json_object_get(entry, "perf");
		const char *file = json_string_value(json_object_get(perf, "file"));
		const char *name = file ? name_in(files->dir, file) : NULL;

		if (name)
			each(files, name, remove_one);
	}
	if (files->from_fd >= 0)
		each_old(files, bring_back);
	files->moved = files->removed = 0;
}

char *kb_perf_files_end(struct kb_perf_files *files, const json_t *result, bool written)
{
	char *dir = files->dir;

	if (files->fd >= 0 && !written)
		take_back(files, result);
	else if (files->fd >= 0 && files->from_fd < 0)
		files->removed = each_old(files, remove_one);
	/* What lay aside goes with the run's own directory. Others' files keep it. */
	if (files->fd >= 0 && !files->moved && (files->made || files->removed))
		rmdir(dir);
	if (files->fd >= 0)
		close(files->fd);
	if (files->from_fd >= 0)
		close(files->from_fd);
	json_decref(files->old);
	if (files->moved)
		return dir;
	free(dir);
	return NULL;
}
