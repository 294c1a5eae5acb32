/* SPDX-License-Identifier: GPL-2.0 */
/* The checksum of record lines: CRC-32 of IEEE 802.3, zlib and PNG. Agent and runner share it. */
#ifndef KB_CRC32_H
#define KB_CRC32_H

#include <stddef.h>
#include <stdint.h>

/** kb_crc32() - of @length bytes; kb_crc32("123456789", 9) is 0xcbf43926 */
uint32_t kb_crc32(const void *data, size_t length);

#endif
