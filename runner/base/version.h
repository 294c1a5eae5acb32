/* SPDX-License-Identifier: GPL-2.0 */
/* The order of versions. */
#ifndef KB_VERSION_H
#define KB_VERSION_H

/**
 * kb_version_compare() - order of two versions: numbers as numbers, "~" before the end, letters
 * before other signs. Return: negative, 0 or positive as strcmp() does.
 */
int kb_version_compare(const char *a, const char *b);

#endif
