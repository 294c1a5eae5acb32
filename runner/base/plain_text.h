/* SPDX-License-Identifier: GPL-2.0 */
/* Text that others wrote, such as that of a result file: what of it a reader may be shown. */
#ifndef KB_PLAIN_TEXT_H
#define KB_PLAIN_TEXT_H

#include <stddef.h>
#include <stdio.h>

/**
 * kb_character() - bytes of the character that a text begins with
 * Return: 1 to 4, or 0 for what is not to be written: a control character, one that turns the
 * direction of what follows, a byte that is no UTF-8
 */
size_t kb_character(const char *text);

/** kb_print_plain() - @text on @out with a ? for each byte of such */
void kb_print_plain(const char *text, FILE *out);

/** kb_make_plain() - the same in place */
void kb_make_plain(char *text);

/** kb_plain_text() - the same, malloc()ed; NULL: no memory */
char *kb_plain_text(const char *text);

#endif
