// SPDX-License-Identifier: GPL-2.0
#include "sums.h"

#include <errno.h>
#include <fts.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "paths.h"

static long long time_of(const struct stat *st)
{
	return st->st_mtim.tv_sec * 1000000000LL + st->st_mtim.tv_nsec;
}

static bool is_in(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static int write_line(FILE *file, const char *path, const char *name, const struct stat *st)
{
	char sum[SHA256_DIGEST_STRING_LENGTH];

	if (!SHA256File(path, sum))
		return -1;
	return fprintf(file, "%s %lld %lld %s\n", sum, (long long)st->st_size, time_of(st),
		       name) < 0 ? -1 : 0;
}

/* The regular files at and below @path; what does not exist has none. */
static int write_lines(FILE *file, const char *dir, const char *name, const char *const *skip)
{
	char *path = kb_path("%s/%s", dir, name);
	char *const paths[] = { path, NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	int ret = walk ? 0 : -1;
	FTSENT *entry;

	while (!ret && (entry = fts_read(walk))) {
		const char *own = entry->fts_path + strlen(dir) + 1;

		if (entry->fts_info == FTS_F && !is_in(skip, own))
			ret = write_line(file, entry->fts_path, own, entry->fts_statp);
	}
	if (walk)
		fts_close(walk);
	free(path);
	return ret;
}

int kb_sums_write(const char *dir, const char *const *names, const char *const *skip,
		  const char *to, struct kb_error *err)
{
	char *path = kb_path("%s/%s", dir, to), *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);
	int ret = file ? 0 : -1;

	for (; *names && !ret; names++)
		ret = write_lines(file, dir, *names, skip);
	if (ret)
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read what is in %s: %s", dir,
			strerror(errno));
	if (file && fclose(file) && !ret)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (!ret)
		ret = kb_write_text(path, text, err);
	free(text);
	free(path);
	return ret;
}

/* @moved: set where the file has another time, but is the same. */
static bool same(const char *dir, const char *line, FILE *file, bool *moved)
{
	char noted[SHA256_DIGEST_STRING_LENGTH], sum[SHA256_DIGEST_STRING_LENGTH];
	long long size, time;
	struct stat st;
	int start = 0;
	char *path;
	bool ok;

	if (sscanf(line, "%64s %lld %lld %n", noted, &size, &time, &start) < 3 || !start)
		return false;
	path = kb_path("%s/%s", dir, line + start);
	ok = !lstat(path, &st) && S_ISREG(st.st_mode) && st.st_size == size;
	if (ok && time_of(&st) != time) {
		ok = SHA256File(path, sum) && !strcmp(sum, noted);
		*moved = true;
	}
	if (ok)
		fprintf(file, "%s %lld %lld %s\n", noted, size, time_of(&st), line + start);
	free(path);
	return ok;
}

enum kb_sums kb_sums_check(const char *dir, const char *from)
{
	char *path = kb_path("%s/%s", dir, from), *now = NULL;
	char *text = kb_read_text(path, NULL), *rest = text, *line;
	enum kb_sums state = text ? KB_SUMS_SAME : KB_SUMS_NONE;
	struct kb_error unsaid = { 0 };
	bool moved = false;
	size_t length;
	FILE *file = open_memstream(&now, &length);

	while (file && state == KB_SUMS_SAME && rest && (line = strsep(&rest, "\n")))
		if (*line && !same(dir, line, file, &moved))
			state = KB_SUMS_DAMAGED;
	/* So that they need not be read again; where this cannot be written they are. */
	if (file && !fclose(file) && moved && state == KB_SUMS_SAME)
		kb_write_text(path, now, &unsaid);
	free(now);
	free(text);
	free(path);
	return state;
}
