// SPDX-License-Identifier: GPL-2.0
#include "deb.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "interrupt.h"

#define BLOCK	65536

/* A package is an ar archive that holds a compressed tar archive. */
struct deb {
	const char	*path;
	struct archive	*outer;		/* the ar archive, at its data.tar.* member */
	struct archive	*inner;		/* that member's contents */
	char		*block;
};

static int deb_fail(const struct deb *deb, struct archive *archive, struct kb_error *err)
{
	const char *why = archive ? archive_error_string(archive) : NULL;
	int error = archive ? archive_errno(archive) : 0;
	const char *name = strrchr(deb->path, '/');

	name = name ? name + 1 : deb->path;
	/* What the system said stands behind libarchive's words; EILSEQ is its own number. */
	if (why && error > 0 && error != EILSEQ)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot unpack %s: %s: %s", name, why,
			       strerror(error));
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot unpack %s: %s", name,
		       why ? why : "not a Debian package");
}

static la_ssize_t read_member(struct archive *inner, void *ctx, const void **data)
{
	struct deb *deb = ctx;

	(void)inner;
	*data = deb->block;
	return archive_read_data(deb->outer, deb->block, BLOCK);
}

static void deb_close(struct deb *deb)
{
	archive_read_free(deb->inner);
	archive_read_free(deb->outer);
	free(deb->block);
}

static int deb_open(struct deb *deb, const char *path, struct kb_error *err)
{
	struct archive_entry *entry;
	int ret;

	*deb = (struct deb){
		.path = path,
		.outer = archive_read_new(),
		.inner = archive_read_new(),
		.block = malloc(BLOCK),
	};
	if (!deb->outer || !deb->inner || !deb->block) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		goto fail;
	}
	archive_read_support_format_ar(deb->outer);
	archive_read_support_format_tar(deb->inner);
	archive_read_support_filter_all(deb->inner);
	if (archive_read_open_filename(deb->outer, path, BLOCK)) {
		deb_fail(deb, deb->outer, err);
		goto fail;
	}
	do {
		ret = archive_read_next_header(deb->outer, &entry);
	} while (!ret && strncmp(archive_entry_pathname(entry), "data.tar", 8));
	if (ret) {
		deb_fail(deb, ret == ARCHIVE_EOF ? NULL : deb->outer, err);
		goto fail;
	}
	if (archive_read_open(deb->inner, deb, NULL, read_member, NULL)) {
		deb_fail(deb, deb->inner, err);
		goto fail;
	}
	return 0;
fail:
	deb_close(deb);
	return -1;
}

static int copy_data(struct archive *from, struct archive *to)
{
	const void *data;
	size_t size;
	la_int64_t offset;
	int ret;

	while (!(ret = archive_read_data_block(from, &data, &size, &offset)))
		if (archive_write_data_block(to, data, size, offset))
			return -1;
	return ret == ARCHIVE_EOF ? 0 : 1;
}

/* Put the entry at its place. */
static int extract(struct deb *deb, struct archive *disk, struct archive_entry *entry,
		   struct kb_error *err)
{
	int ret;

	/* Whoever unpacks owns it, root too. */
	archive_entry_set_uid(entry, 0);
	archive_entry_set_gid(entry, 0);
	if (archive_write_header(disk, entry))
		return deb_fail(deb, disk, err);
	if (archive_entry_size(entry) > 0) {
		ret = copy_data(deb->inner, disk);
		if (ret)
			return deb_fail(deb, ret < 0 ? disk : deb->inner, err);
	}
	return archive_write_finish_entry(disk) ? deb_fail(deb, disk, err) : 0;
}

static const char *without_dot(const char *path)
{
	while (!strncmp(path, "./", 2) || path[0] == '/')
		path += path[0] == '/' ? 1 : 2;
	return path;
}

static struct archive *new_disk(struct kb_error *err)
{
	struct archive *disk = archive_write_disk_new();

	if (!disk) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return NULL;
	}
	archive_write_disk_set_options(disk, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_UNLINK |
				       ARCHIVE_EXTRACT_SECURE_NODOTDOT |
				       ARCHIVE_EXTRACT_SECURE_SYMLINKS);
	return disk;
}

/* Hard links name another file of the package. */
static void set_paths(struct archive_entry *entry, const char *dir)
{
	const char *link = archive_entry_hardlink(entry);
	char *path = kb_path("%s/%s", dir, without_dot(archive_entry_pathname(entry)));

	archive_entry_set_pathname(entry, path);
	free(path);
	if (link) {
		path = kb_path("%s/%s", dir, without_dot(link));
		archive_entry_set_hardlink(entry, path);
		free(path);
	}
}

/* As in kb_tar_extract(); of a package, without @places, all. */
struct filter {
	const char *const	*places;
	const char *const	*without;
};

/* Whether @path is one of @dirs or below. */
static bool is_in(const char *path, const char *const *dirs)
{
	for (; *dirs; dirs++) {
		size_t n = strlen(*dirs);

		if (!strncmp(path, *dirs, n) && (path[n] == '/' || !path[n]))
			return true;
	}
	return false;
}

static bool passes(const struct filter *filter, struct archive_entry *entry)
{
	const char *path = without_dot(archive_entry_pathname(entry));
	mode_t type = archive_entry_filetype(entry);

	if (!filter->places)
		return true;
	return (type == AE_IFREG || type == AE_IFDIR || type == AE_IFLNK) &&
	       is_in(path, filter->places) && !is_in(path, filter->without);
}

/* Put all that pass below @dir; closes @deb. */
static int unpack(struct deb *deb, const char *dir, const struct filter *filter,
		  struct kb_error *err)
{
	struct archive *disk = new_disk(err);
	struct archive_entry *entry;
	int ret = disk ? 0 : -1;

	while (!ret && !(ret = archive_read_next_header(deb->inner, &entry))) {
		if (kb_interrupted)
			ret = kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
		if (ret || !passes(filter, entry))
			continue;
		set_paths(entry, dir);
		ret = extract(deb, disk, entry, err);
	}
	if (ret == ARCHIVE_EOF)
		ret = 0;
	else
		ret = deb_fail(deb, deb->inner, err);
	if (!ret && archive_write_close(disk))
		ret = deb_fail(deb, disk, err);
	deb_close(deb);
	archive_write_free(disk);
	return ret;
}

int kb_deb_unpack(const char *deb_path, const char *dir, struct kb_error *err)
{
	struct filter all = { 0 };
	struct deb deb;

	return deb_open(&deb, deb_path, err) ? -1 : unpack(&deb, dir, &all, err);
}

int kb_tar_extract(const char *tar, const char *dir, const char *const *places,
		  const char *const *without, struct kb_error *err)
{
	struct filter filter = { places, without };
	struct deb deb = { .path = tar, .inner = archive_read_new() };

	if (!deb.inner)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	archive_read_support_format_tar(deb.inner);
	if (!archive_read_open_filename(deb.inner, tar, BLOCK))
		return unpack(&deb, dir, &filter, err);
	deb_fail(&deb, deb.inner, err);
	deb_close(&deb);
	return -1;
}

static const struct kb_deb_pick *wanted(const char *path, const struct kb_deb_pick *picks,
					size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strncmp(path, picks[i].prefix, strlen(picks[i].prefix)))
			return &picks[i];
	return NULL;
}

int kb_deb_pick(const char *deb_path, const struct kb_deb_pick *picks, size_t nr,
		struct kb_error *err)
{
	struct archive *disk = new_disk(err);
	struct archive_entry *entry;
	struct deb deb;
	size_t found = 0;
	int ret = -1;

	if (!disk)
		return -1;
	if (deb_open(&deb, deb_path, err))
		goto out;
	while (found < nr && !(ret = archive_read_next_header(deb.inner, &entry))) {
		const char *path = without_dot(archive_entry_pathname(entry));
		const struct kb_deb_pick *pick = wanted(path, picks, nr);

		if (!pick || archive_entry_filetype(entry) != AE_IFREG)
			continue;
		archive_entry_set_pathname(entry, pick->to);
		ret = extract(&deb, disk, entry, err);
		if (ret)
			break;
		found++;
	}
	if (ret && ret != ARCHIVE_EOF)
		ret = deb_fail(&deb, deb.inner, err);
	else
		ret = (int)found;
	if (archive_write_close(disk))
		ret = deb_fail(&deb, disk, err);
	deb_close(&deb);
out:
	archive_write_free(disk);
	return ret;
}
