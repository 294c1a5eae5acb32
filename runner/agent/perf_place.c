// SPDX-License-Identifier: GPL-2.0
#include "perf_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/paths.h"

/* At once; large files take several. */
#define COPY_BYTES	(64UL << 20)

/* sudo says for whom we are root. */
static bool is_callers(uid_t uid)
{
	const char *sudo = geteuid() ? NULL : getenv("SUDO_UID");
	char *end;

	if (uid == getuid())
		return true;
	return sudo && *sudo && strtoul(sudo, &end, 10) == uid && !*end;
}

/* Return: the directory, open, or -1 with @place->why */
static int open_to(struct perf_place *place, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const char *bad = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		bad = strerror(errno);
	} else if (!is_callers(st.st_uid)) {
		bad = "it is not yours";
	} else if (st.st_mode & 022) {
		bad = "others may write there: chmod go-w";
	} else {
		place->uid = st.st_uid;
		place->gid = st.st_gid;
		return fd;
	}
	snprintf(place->why, sizeof(place->why), "perf's files cannot go to %.200s: %s", path, bad);
	if (fd >= 0)
		close(fd);
	return -1;
}

void perf_place_make(struct perf_place *place, const char *to)
{
	/* Where a user has started us through sudo their choice would be a directory of theirs. */
	const char *tmp = getenv("SUDO_UID") ? NULL : secure_getenv("TMPDIR");

	memset(place, 0, sizeof(*place));
	place->to = to ? open_to(place, to) : -1;
	place->own = kb_path("%s/kbench-perf-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (mkdtemp(place->own))
		return;
	snprintf(place->why, sizeof(place->why), "no directory for perf: %.150s: %s", place->own,
		 strerror(errno));
	free(place->own);
	place->own = NULL;
}

/* Return: 0 or -1 with errno */
static int copy(int from, int to)
{
	ssize_t n;

	do {
		n = sendfile(to, from, NULL, COPY_BYTES);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n ? -1 : 0;
}

/* A new file of that name, for who has the directory. Return: 0 or -1 with errno */
static int put(const struct perf_place *place, const char *name, int from)
{
	int fd = openat(place->to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0600);
	int bad, error;

	if (fd < 0)
		return -1;
	bad = copy(from, fd) || (place->uid != geteuid() && fchown(fd, place->uid, place->gid));
	error = errno;
	if (close(fd) && !bad) {
		bad = 1;
		error = errno;
	}
	if (bad)
		unlinkat(place->to, name, 0);
	errno = error;
	return bad ? -1 : 0;
}

bool perf_place_give(const struct perf_place *place, const char *name, char *why, size_t size)
{
	bool given = false;
	struct stat st;
	char *path;
	int from;

	if (!place->own)
		return false;
	path = kb_path("%s/%s", place->own, name);
	from = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (from >= 0 && !fstat(from, &st) && S_ISREG(st.st_mode)) {
		given = place->to >= 0 && !put(place, name, from);
		if (!given && !why[0] && place->to >= 0)
			snprintf(why, size, "its file %s is not kept: %s", name, strerror(errno));
		else if (!given && !why[0])
			snprintf(why, size, "%s", place->why);
	}
	if (from >= 0)
		close(from);
	unlink(path);
	free(path);
	return given;
}

void perf_place_remove(struct perf_place *place)
{
	if (!place->own)
		return;
	if (place->to >= 0)
		close(place->to);
	kb_remove_tree(place->own);
	free(place->own);
	place->own = NULL;
	place->to = -1;
}
