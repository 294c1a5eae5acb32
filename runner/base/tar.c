// SPDX-License-Identifier: GPL-2.0
#include "tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"

/* No module is as large, and perf's data seldom: what says so may be damaged. */
#define MAX_FILE	(256L * 1024 * 1024)

/* nftw() takes no context. */
static struct {
	struct archive	*archive;
	size_t		prefix;
	const char	*end;
	struct kb_error	*err;
} packing;

static int put(const char *path, const char *name, mode_t mode)
{
	struct archive_entry *entry = archive_entry_new();
	size_t length = 0;
	char *data = kb_read_text(path, &length);
	int bad = !entry || !data;

	if (!bad) {
		archive_entry_set_pathname(entry, name);
		archive_entry_set_mode(entry, S_IFREG | (mode & 0755));
		archive_entry_set_size(entry, (la_int64_t)length);
		bad = archive_write_header(packing.archive, entry) ||
		      (length && archive_write_data(packing.archive, data, length) !=
				 (la_ssize_t)length);
	}
	free(data);
	archive_entry_free(entry);
	return bad ? kb_fail(packing.err, KB_EXIT_ENVIRONMENT, "cannot pack %s: %s", path,
			     strerror(errno)) : 0;
}

static int pack_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type != FTW_F || !S_ISREG(st->st_mode) ||
	    (packing.end && !kb_ends_with(path, packing.end)))
		return 0;
	return put(path, path + packing.prefix, st->st_mode);
}

static la_ssize_t gather(struct archive *archive, void *file, const void *bytes, size_t length)
{
	(void)archive;
	return fwrite(bytes, 1, length, file) == length ? (la_ssize_t)length : -1;
}

int kb_tar_pack(const char *dir, const char *end, char **bytes, size_t *length,
		struct kb_error *err)
{
	struct archive *archive = archive_write_new();
	FILE *file;
	int ret = 0;

	*bytes = NULL;
	file = open_memstream(bytes, length);
	if (!archive || !file || archive_write_set_format_ustar(archive) ||
	    archive_write_open(archive, file, NULL, gather, NULL))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	packing.archive = archive;
	packing.prefix = strlen(dir) + 1;
	packing.end = end;
	packing.err = err;
	if (!ret && nftw(dir, pack_one, 16, FTW_PHYS))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", dir,
			      strerror(errno));
	if (archive && archive_write_close(archive) && !ret)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	archive_write_free(archive);
	if (file && fclose(file) && !ret)
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	if (ret) {
		free(*bytes);
		*bytes = NULL;
	}
	return ret;
}

/**
 * struct unpacking - how files are taken
 * @wanted:  which names
 * @mode:    of what is made
 * @lenient: a file that cannot be taken is told, and left out
 */
struct unpacking {
	const char	*dir;
	bool		(*wanted)(const char *name);
	mode_t		mode;
	bool		lenient;
};

/* One entry's bytes into @path, whose directory is made. */
static int take(struct archive *archive, size_t size, char *path, mode_t mode,
		struct kb_error *err)
{
	char *slash = strrchr(path, '/');
	int fd, ret;

	*slash = '\0';
	ret = kb_make_dirs(path, err);
	*slash = '/';
	if (ret)
		return -1;
	errno = 0;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0 || (size && archive_read_data_into_fd(archive, fd)))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write %s: %s", path,
			      errno ? strerror(errno) : "it did not come whole");
	if (fd >= 0)
		close(fd);
	if (ret && fd >= 0)
		unlink(path);
	return ret;
}

static int unpack_one(struct archive *archive, struct archive_entry *entry,
		      const struct unpacking *how, struct kb_error *err)
{
	const char *name = archive_entry_pathname(entry);
	char *path;
	int ret;

	while (name && !strncmp(name, "./", 2))
		name += 2;
	if (!name || archive_entry_filetype(entry) != AE_IFREG || strstr(name, "..") ||
	    name[0] == '/' || !how->wanted(name))
		return 0;
	if (archive_entry_size(entry) < 0 || archive_entry_size(entry) > MAX_FILE)
		return kb_fail(err, KB_EXIT_TARGET, "%s is larger than %ld MiB and does not come",
			       name, MAX_FILE >> 20);
	path = kb_path("%s/%s", how->dir, name);
	ret = take(archive, (size_t)archive_entry_size(entry), path, how->mode, err);
	free(path);
	return ret;
}

/* @opened: of the archive. Frees it. */
static int unpack(struct archive *archive, bool opened, const struct unpacking *how,
		  struct kb_error *err)
{
	struct archive_entry *entry;
	int ret = 0, next = ARCHIVE_FATAL;

	while (opened && !ret &&
	       (next = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		struct kb_error one = { 0 };

		ret = unpack_one(archive, entry, how, &one);
		if (ret && how->lenient) {
			kb_note("%s", one.text);
			ret = 0;
		} else if (ret) {
			kb_fail(err, one.exit, "%s", one.text);
		}
	}
	if (!ret && next != ARCHIVE_EOF)
		ret = kb_fail(err, KB_EXIT_TARGET, "the files that came back are damaged: %s",
			      archive_error_string(archive) ? archive_error_string(archive) : "");
	archive_read_free(archive);
	return ret;
}

int kb_tar_unpack(const char *bytes, size_t length, const char *dir,
		  bool (*wanted)(const char *name), struct kb_error *err)
{
	const struct unpacking how = { .dir = dir, .wanted = wanted, .mode = 0644 };
	struct archive *archive = archive_read_new();

	if (!archive)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return unpack(archive, !archive_read_support_format_tar(archive) &&
		      !archive_read_open_memory(archive, bytes, length), &how, err);
}

int kb_tar_unpack_file(FILE *file, const char *dir, bool (*wanted)(const char *name),
		       struct kb_error *err)
{
	const struct unpacking how = {
		.dir = dir, .wanted = wanted, .mode = 0600, .lenient = true,
	};
	struct archive *archive = archive_read_new();

	if (!archive)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	rewind(file);
	return unpack(archive, !archive_read_support_format_tar(archive) &&
		      !archive_read_open_FILE(archive, file), &how, err);
}
