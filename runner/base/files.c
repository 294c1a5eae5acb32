// SPDX-License-Identifier: GPL-2.0
/* Whole files and trees: made, read, replaced, copied, removed. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

int kb_make_dirs(const char *path, struct kb_error *err)
{
	char *copy = kb_path("%s", path);
	int ret = 0;

	for (char *p = copy + 1; ; p++) {
		char end = *p;

		if (end != '/' && end != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST) {
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot create directory %s: %s",
				      copy, strerror(errno));
			break;
		}
		*p = end;
		if (!end)
			break;
	}
	free(copy);
	return ret;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

/* A directory that may not be written keeps its entries: packages do hold such ones. */
static int open_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_D && (st->st_mode & 0700) != 0700)
		chmod(path, (st->st_mode & 0777) | 0700);
	return 0;
}

void kb_remove_tree(const char *path)
{
	nftw(path, open_entry, 32, FTW_PHYS);
	nftw(path, remove_entry, 32, FTW_PHYS | FTW_DEPTH);
}

char *kb_read_text(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 4096, used = 0;
	char *text;
	ssize_t n;

	if (fd < 0)
		return NULL;
	text = malloc(size + 1);
	while (text && (n = read(fd, text + used, size - used)) != 0) {
		char *more;

		if (n < 0) {
			if (errno == EINTR)
				continue;
			free(text);
			text = NULL;
			break;
		}
		used += (size_t)n;
		if (used < size)
			continue;
		size *= 2;
		more = realloc(text, size + 1);
		if (!more)
			free(text);
		text = more;
	}
	close(fd);
	if (!text)
		return NULL;
	text[used] = '\0';
	if (length)
		*length = used;
	return text;
}

static int write_all(int fd, const char *data, size_t length)
{
	while (length) {
		ssize_t n = write(fd, data, length);

		if (n < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		data += n;
		length -= (size_t)n;
	}
	return 0;
}

int kb_write_text(const char *path, const char *text, struct kb_error *err)
{
	char *temp = kb_path("%s.XXXXXX", path);
	int fd = mkostemp(temp, O_CLOEXEC);
	int ret = -1;

	if (fd >= 0) {
		ret = write_all(fd, text, strlen(text)) | fchmod(fd, 0644);
		ret |= close(fd);
		if (!ret)
			ret = rename(temp, path);
	}
	if (ret) {
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write %s: %s", path,
			      strerror(errno));
		if (fd >= 0)
			unlink(temp);
	}
	free(temp);
	return ret;
}

int kb_copy_file(const char *from, const char *to, struct kb_error *err)
{
	struct stat st;
	char *data = NULL;
	size_t length;
	int ret = -1;
	int fd;

	if (stat(from, &st) || !(data = kb_read_text(from, &length)))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", from,
			       strerror(errno));
	fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (st.st_mode & 0777) | 0600);
	if (fd >= 0) {
		ret = write_all(fd, data, length);
		ret |= close(fd);
	}
	if (ret)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write %s: %s", to,
			      strerror(errno));
	free(data);
	return ret;
}
