/* SPDX-License-Identifier: GPL-2.0 */
/* x86 kernel images: the ELF file that a bzImage holds, compressed. */
#ifndef KB_BZIMAGE_H
#define KB_BZIMAGE_H

#include <stdbool.h>

/**
 * kb_bzimage_unpack() - write the ELF kernel that is in @image to @to
 *
 * An emulated CPU spends a second or two on unpacking; a kernel with CONFIG_PVH can be entered
 * without. Return: whether it worked; if not, nothing is left at @to and the image is to be used.
 */
bool kb_bzimage_unpack(const char *image, const char *to);

#endif
