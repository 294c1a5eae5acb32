/* SPDX-License-Identifier: GPL-2.0 */
/* Text broken at words, as wide as a screen or a column is. */
#ifndef KB_WRAP_H
#define KB_WRAP_H

#include <stddef.h>
#include <stdio.h>

/** kb_columns_of() - columns that @text takes; sequences that switch colours take none */
size_t kb_columns_of(const char *text);

/** kb_word_width() - columns of its longest part that is never broken: what it needs at least */
size_t kb_word_width(const char *text);

/**
 * kb_wrap_next() - how much of @text goes into one line
 * @width: columns, at least 1
 * @next:  out: where the next line begins, at most the end of @text
 *
 * Lines end at spaces; where a word is longer than a line behind one of "/,|=", else behind "_" or
 * "-", and only where it has none of these anywhere. Return: bytes, without the spaces at their end
 */
size_t kb_wrap_next(const char *text, size_t width, const char **next);

/**
 * kb_wrap_line() - print one line, as several where it is wider than @width
 * @line: without its newline
 *
 * What follows "name     text" stands below its text, what follows other lines two columns further
 * in than they begin.
 */
void kb_wrap_line(const char *line, size_t width, FILE *out);

#endif
