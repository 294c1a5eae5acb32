// SPDX-License-Identifier: GPL-2.0
#include "initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "paths.h"

static int archive_fail(struct archive *archive, struct kb_error *err)
{
	const char *why = archive_error_string(archive);

	return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot write the initramfs: %s",
		       why ? why : "out of memory");
}

static struct archive_entry *new_entry(const char *path, mode_t mode)
{
	struct archive_entry *entry = archive_entry_new();

	if (!entry)
		return NULL;
	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_nlink(entry, S_ISDIR(mode) ? 2 : 1);
	return entry;
}

/* Write @entry with its contents and free it. */
static int put(struct archive *archive, struct archive_entry *entry, const char *data,
	       size_t length, struct kb_error *err)
{
	int ret = 0;

	if (!entry)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	archive_entry_set_size(entry, (la_int64_t)length);
	if (archive_write_header(archive, entry) ||
	    (length && archive_write_data(archive, data, length) != (la_ssize_t)length))
		ret = archive_fail(archive, err);
	archive_entry_free(entry);
	return ret;
}

static int put_file(struct archive *archive, const char *from, const char *to, mode_t mode,
		    struct kb_error *err)
{
	size_t length;
	char *data = kb_read_text(from, &length);
	int ret;

	if (!data)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", from,
			       strerror(errno));
	ret = put(archive, new_entry(to, S_IFREG | mode), data, length, err);
	free(data);
	return ret;
}

static int put_dirs(struct archive *archive, struct kb_error *err)
{
	static const char *const dirs[] = { "dev", "proc", "sys", "tmp", "boot", "modules" };
	struct archive_entry *console;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (put(archive, new_entry(dirs[i], S_IFDIR | 0755), NULL, 0, err))
			return -1;
	/* The kernel opens it for /init before anybody could mount devtmpfs. */
	console = new_entry("dev/console", S_IFCHR | 0600);
	if (console)
		archive_entry_set_rdev(console, makedev(5, 1));
	return put(archive, console, NULL, 0, err);
}

static int put_modules(struct archive *archive, const char *dir, struct kb_error *err)
{
	char *pattern = kb_path("%s/*.ko", dir);
	glob_t found = { 0 };
	int ret = 0;

	if (glob(pattern, 0, NULL, &found))
		ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "there are no modules in %s", dir);
	for (size_t i = 0; i < found.gl_pathc && !ret; i++) {
		char *to = kb_path("modules%s", strrchr(found.gl_pathv[i], '/'));

		ret = put_file(archive, found.gl_pathv[i], to, 0644, err);
		free(to);
	}
	globfree(&found);
	free(pattern);
	return ret;
}

int kb_initramfs_write(int fd, const struct kb_initramfs *initramfs, struct kb_error *err)
{
	struct archive *archive = archive_write_new();
	int ret;

	if (!archive)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	/* Not compressed: the guest would spend longer on that than QEMU on copying. */
	archive_write_set_format_cpio_newc(archive);
	archive_write_set_bytes_per_block(archive, 65536);
	ret = archive_write_open_fd(archive, fd) ? archive_fail(archive, err) : 0;
	if (!ret)
		ret = put_dirs(archive, err);
	if (!ret)
		ret = put_file(archive, initramfs->agent, "init", 0755, err);
	if (!ret && initramfs->module_dir)
		ret = put_modules(archive, initramfs->module_dir, err);
	if (!ret && initramfs->config)
		ret = put_file(archive, initramfs->config, "boot/config", 0644, err);
	if (!ret)
		ret = put(archive, new_entry("plan", S_IFREG | 0644), initramfs->plan,
			  initramfs->plan_length, err);
	if (archive_write_close(archive) && !ret)
		ret = archive_fail(archive, err);
	archive_write_free(archive);
	return ret;
}
