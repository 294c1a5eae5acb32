/* SPDX-License-Identifier: GPL-2.0 */
/* UTF-8, as far as JSON needs it. */
#ifndef KB_AGENT_UTF8_H
#define KB_AGENT_UTF8_H

#include <stddef.h>

/**
 * utf8_length() - bytes of the character that a 0-terminated string begins with
 * Return: 1 to 4, or 0 when it begins with no valid character (a stray or overlong sequence, a
 * surrogate, a number above 0x10ffff, a sequence cut short) or is empty
 */
size_t utf8_length(const unsigned char *at);

#endif
