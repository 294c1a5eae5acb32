// SPDX-License-Identifier: GPL-2.0
#include "bzimage.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"

/* Offsets in the image, by the kernel's Documentation/arch/x86/boot.rst. */
#define SETUP_SECTORS		0x1f1
#define HEADER_MAGIC		0x202
#define VERSION			0x206
#define PAYLOAD_OFFSET		0x248
#define PAYLOAD_LENGTH		0x24c
#define HEADER_END		0x250

#define SECTOR			512
#define VERSION_WITH_PAYLOAD	0x0208

/* The unpacked size, as 4 bytes, follows the compressed stream. */
#define TRAILER			4

static uint32_t le32(const char *at)
{
	uint8_t bytes[4];

	memcpy(bytes, at, sizeof(bytes));
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* The compressed part of an image, or NULL when it is none that we know. */
static const char *payload(const char *image, size_t length, size_t *size)
{
	size_t sectors, start;

	if (length < HEADER_END || memcmp(image + HEADER_MAGIC, "HdrS", 4) ||
	    (le32(image + VERSION) & 0xffff) < VERSION_WITH_PAYLOAD)
		return NULL;
	sectors = (uint8_t)image[SETUP_SECTORS];
	start = ((sectors ? sectors : 4) + 1) * SECTOR + le32(image + PAYLOAD_OFFSET);
	*size = le32(image + PAYLOAD_LENGTH);
	if (*size <= TRAILER || start > length || *size > length - start)
		return NULL;
	*size -= TRAILER;
	return image + start;
}

/* Unpack with whatever the kernel was packed with: libarchive finds out. */
static bool unpack(const char *data, size_t size, int fd)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	bool ok;

	if (!archive)
		return false;
	archive_read_support_filter_all(archive);
	archive_read_support_format_raw(archive);
	ok = !archive_read_open_memory(archive, data, size) &&
	     !archive_read_next_header(archive, &entry) &&
	     !archive_read_data_into_fd(archive, fd);
	archive_read_free(archive);
	return ok;
}

static bool is_elf(int fd)
{
	char magic[4];

	return pread(fd, magic, sizeof(magic), 0) == (ssize_t)sizeof(magic) &&
	       !memcmp(magic, "\177ELF", sizeof(magic));
}

bool kb_bzimage_unpack(const char *image_path, const char *to)
{
	size_t length = 0, size = 0;
	char *image = kb_read_text(image_path, &length);
	const char *data = image ? payload(image, length, &size) : NULL;
	bool ok = false;
	int fd = -1;

	if (data)
		fd = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd >= 0) {
		ok = unpack(data, size, fd) && is_elf(fd);
		if (close(fd))
			ok = false;
		if (!ok)
			unlink(to);
	}
	free(image);
	return ok;
}
