/* SPDX-License-Identifier: GPL-2.0 */
/* Debian packages: unpacked without dpkg's database, wholly or in part; and other archives. */
#ifndef KB_DEB_H
#define KB_DEB_H

#include <stddef.h>

#include "error.h"

/**
 * struct kb_deb_pick - one file wanted of a package
 * @prefix: of its path in the package, without leading "./": "boot/vmlinuz-"
 * @to:     where to put it
 */
struct kb_deb_pick {
	const char	*prefix;
	const char	*to;
};

/** kb_deb_unpack() - all files of the package below @dir; paths that leave it are refused */
int kb_deb_unpack(const char *deb, const char *dir, struct kb_error *err);

/**
 * kb_deb_pick() - some files of a package; stops reading when it has them all
 * Return: how many were found, or -1 with @err
 */
int kb_deb_pick(const char *deb, const struct kb_deb_pick *picks, size_t nr,
		struct kb_error *err);

/**
 * kb_tar_extract() - of a tar archive some directories
 * @places:  their names, @without: directories below them that are left out; both ended by NULL
 *
 * Devices and the like are left out, too; all is owned by whoever unpacks.
 */
int kb_tar_extract(const char *tar, const char *dir, const char *const *places,
		  const char *const *without, struct kb_error *err);

#endif
