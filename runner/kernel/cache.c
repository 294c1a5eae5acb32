// SPDX-License-Identifier: GPL-2.0
#include "cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "paths.h"
#include "process.h"
#include "interrupt.h"

char *kb_cache_path(struct kb_error *err, const char *format, ...)
{
	char *cache = kb_cache_dir(err);
	char *name = NULL;
	char *real = NULL;
	char *path, *slash;
	va_list args;
	int n;

	if (!cache)
		return NULL;
	va_start(args, format);
	n = vasprintf(&name, format, args);
	va_end(args);
	if (n < 0) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		free(cache);
		return NULL;
	}
	path = kb_path("%s/%s", cache, name);
	free(name);
	free(cache);
	slash = strrchr(path, '/');
	*slash = '\0';
	if (!kb_make_dirs(path, err))
		real = realpath(path, NULL);
	/* One entry, one path, whatever links lead to it: headers have theirs written in them. */
	if (real) {
		char *link = path;

		path = kb_path("%s/%s", real, slash + 1);
		free(link);
		free(real);
		return path;
	}
	kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot use %s: %s", path, strerror(errno));
	free(path);
	return NULL;
}

static int lock_failed(int fd, const char *path, struct kb_error *err)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	if (kb_interrupted)
		return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	return kb_fail(err, KB_EXIT_ENVIRONMENT,
		       "cannot lock %s: %s; check who owns the cache directory", path,
		       strerror(error));
}

int kb_cache_lock(const char *entry, const char *what, struct kb_error *err)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	char *path = kb_path("%s.lock", entry);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	double said = 0;
	int ret = -1;

	while (fd >= 0) {
		ret = flock(fd, LOCK_EX | LOCK_NB);
		if (!ret || (errno != EWOULDBLOCK && errno != EINTR) || kb_interrupted)
			break;
		if (kb_now() - said > 60) {
			kb_note("waiting for another kbench that %s", what);
			said = kb_now();
		}
		nanosleep(&pause, NULL);
	}
	if (ret)
		fd = lock_failed(fd, path, err);
	free(path);
	return fd;
}

void kb_cache_unlock(int lock)
{
	/* The file stays: removing it would let two holders lock two files of one name. */
	if (lock >= 0)
		close(lock);
}

char *kb_cache_begin(const char *entry, struct kb_error *err)
{
	char *pattern = kb_path("%s.tmp-*", entry);
	char *temp = kb_path("%s.tmp-XXXXXX", entry);
	glob_t old;

	if (glob(pattern, GLOB_NOSORT, NULL, &old) == 0) {
		for (size_t i = 0; i < old.gl_pathc; i++)
			kb_remove_tree(old.gl_pathv[i]);
		globfree(&old);
	}
	free(pattern);
	if (!mkdtemp(temp)) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot create %s: %s", temp, strerror(errno));
		free(temp);
		return NULL;
	}
	/* mkdtemp() makes it private; the entry is what the user's umask says. */
	chmod(temp, 0755);
	return temp;
}

int kb_cache_commit(const char *temp, const char *entry, struct kb_error *err)
{
	char *old = kb_path("%s.tmp-old", entry);
	int ret = 0;

	kb_remove_tree(old);
	if (rename(entry, old) && errno != ENOENT)
		ret = -1;
	if (!ret)
		ret = rename(temp, entry);
	if (ret) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot rename %s to %s: %s", temp, entry,
			strerror(errno));
		kb_remove_tree(temp);
	}
	kb_remove_tree(old);
	free(old);
	return ret;
}

void kb_cache_prune(const char *pattern, unsigned int days)
{
	time_t limit = time(NULL) - (time_t)days * 24 * 3600;
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
}
