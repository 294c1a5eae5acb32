// SPDX-License-Identifier: GPL-2.0
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the user can do about @error, with the directory it concerns. */
static const char *remedy(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return "free some space there or choose another place with -o";
	case EFBIG:
		return "raise the limit on file sizes (ulimit -f) or choose another place with -o";
	case ENOENT:
		return "make that directory first (mkdir -p) or choose another place with -o";
	case EISDIR:
	case ENOTDIR:
	case ENAMETOOLONG:
		return "give -o a file name";
	default:
		return "choose a place that can be written with -o";
	}
}

static int fail(const char *path, int error, struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write %s: %s; %s", path, strerror(error),
		       remedy(error));
}

/* The directory of @path, malloc()ed. */
static char *directory_of(const char *path)
{
	char *copy = strdup(path), *directory = NULL;

	if (copy)
		directory = strdup(dirname(copy));
	free(copy);
	return directory;
}

/*
 * @path with symbolic links followed, so that the rename does not replace a link. Only a regular
 * file may be replaced: a rename over /dev/full would remove the device.
 */
static int resolve(char **resolved, const char *path, struct kb_error *err)
{
	struct stat st;

	if (!*path || path[strlen(path) - 1] == '/')
		return fail(*path ? path : "''", EISDIR, err);
	*resolved = realpath(path, NULL);
	if (!*resolved) {
		if (errno != ENOENT)
			return fail(path, errno, err);
		*resolved = strdup(path);
		return *resolved ? 0 : fail(path, ENOMEM, err);
	}
	if (stat(*resolved, &st))
		return fail(path, errno, err);
	if (S_ISREG(st.st_mode))
		return 0;
	if (S_ISDIR(st.st_mode))
		return fail(path, EISDIR, err);
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "cannot write %s: it is no regular file; give -o a file name", path);
}

/* A name in the directory of @path that nobody else has; the random part is mkostemp()'s. */
static char *temp_name(const char *path)
{
	char *directory = directory_of(path), *name = NULL;

	if (directory && asprintf(&name, "%s/.kbench-XXXXXX", directory) < 0)
		name = NULL;
	free(directory);
	return name;
}

/* mkostemp() makes files private; a result gets the mode that any other new file would. */
static int set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask);
}

int kb_outfile_open(struct kb_outfile *file, const char *path, struct kb_error *err)
{
	memset(file, 0, sizeof(*file));
	file->fd = -1;
	if (resolve(&file->path, path, err))
		return -1;
	file->temp = temp_name(file->path);
	if (!file->temp)
		return fail(path, ENOMEM, err);
	file->fd = mkostemp(file->temp, O_CLOEXEC);
	if (file->fd < 0) {
		int error = errno;

		file->temp[0] = '\0';
		return fail(path, error, err);
	}
	return set_mode(file->fd) ? fail(path, errno, err) : 0;
}

int kb_outfile_check(const char *path, struct kb_error *err)
{
	struct kb_outfile file;
	int ret = kb_outfile_open(&file, path, err);

	kb_outfile_close(&file);
	return ret;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

int kb_outfile_write(struct kb_outfile *file, const void *data, size_t size, struct kb_error *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int ret, error;

	/* Past the limit on file sizes an error is wanted, not the signal's death. */
	sigaction(SIGXFSZ, &ignore, &old);
	ret = write_all(file->fd, data, size);
	error = errno;
	sigaction(SIGXFSZ, &old, NULL);
	return ret ? fail(file->path, error, err) : 0;
}

int kb_outfile_sync(struct kb_outfile *file, struct kb_error *err)
{
	int fd = file->fd;

	if (fsync(fd))
		return fail(file->path, errno, err);
	file->fd = -1;
	return close(fd) ? fail(file->path, errno, err) : 0;
}

static int sync_directory(const char *path)
{
	char *directory = directory_of(path);
	int fd = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int error = 0;

	free(directory);
	if (fd < 0)
		return -1;
	/* Some file systems cannot sync a directory and say EINVAL; they have no need to. */
	if (fsync(fd) && errno != EINVAL)
		error = errno;
	close(fd);
	errno = error;
	return error ? -1 : 0;
}

int kb_outfile_rename(struct kb_outfile *file, struct kb_error *err)
{
	if (rename(file->temp, file->path))
		return fail(file->path, errno, err);
	file->temp[0] = '\0';
	if (!sync_directory(file->path))
		return 0;
	/* What it replaced is gone, so it stays. */
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "%s is written, but a power failure may undo it: "
		       "cannot sync its directory: %s", file->path, strerror(errno));
}

void kb_outfile_close(struct kb_outfile *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->temp && file->temp[0])
		unlink(file->temp);
	free(file->temp);
	free(file->path);
	memset(file, 0, sizeof(*file));
	file->fd = -1;
}
