// SPDX-License-Identifier: GPL-2.0
#include "wrap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* Where a word that is longer than a line may be broken, and where if it has none of these. */
#define BREAKS		"/,|="
#define LESSER_BREAKS	"_-"

/* Where a name that goes before a text ends at last. */
#define MAX_NAME	16

/* The length of "\033[31m" at the begin of @text; 0: there is none. */
static size_t sequence_length(const char *text)
{
	size_t length;

	if (text[0] != '\033' || text[1] != '[')
		return 0;
	length = 2 + strspn(text + 2, "0123456789;");
	return text[length] ? length + 1 : length;
}

/* The character at the begin of @text: its bytes and columns. */
static size_t next_character(const char *text, size_t *columns)
{
	size_t length = sequence_length(text);
	mbstate_t state = { 0 };
	wchar_t wide;
	int width;

	*columns = 0;
	if (length)
		return length;
	length = mbrtowc(&wide, text, MB_CUR_MAX, &state);
	*columns = 1;
	if (!length || length > MB_CUR_MAX)
		return 1;
	width = wcwidth(wide);
	if (width >= 0)
		*columns = (size_t)width;
	return length;
}

/* @length: bytes of @text */
static size_t width_of(const char *text, size_t length)
{
	size_t width = 0, columns;

	for (const char *at = text; at < text + length; ) {
		at += next_character(at, &columns);
		width += columns;
	}
	return width;
}

size_t kb_columns_of(const char *text)
{
	return width_of(text, strlen(text));
}

size_t kb_word_width(const char *text)
{
	size_t longest = 0;

	while (*text) {
		size_t length = strcspn(text, " " BREAKS), width;

		length += strspn(text + length, BREAKS);
		width = width_of(text, length);
		longest = width > longest ? width : longest;
		text += length;
		text += strspn(text, " ");
	}
	return longest;
}

size_t kb_wrap_next(const char *text, size_t width, const char **next)
{
	const char *at = text, *space = NULL, *inside = NULL, *lesser = NULL;
	size_t used = 0, columns;

	while (*at) {
		size_t length = next_character(at, &columns);

		if (*at == ' ' && at > text && at[-1] != ' ')
			space = at;
		if (used + columns > width)
			break;
		used += columns;
		at += length;
		if (strchr(BREAKS, at[-1]))
			inside = at;
		else if (strchr(LESSER_BREAKS, at[-1]))
			lesser = at;
	}
	if (!*at) {
		*next = at;
		return (size_t)(at - text);
	}
	if (space) {
		*next = space + strspn(space, " ");
		return (size_t)(space - text);
	}
	/* A first character that is wider than the line goes there all the same. */
	if (at == text)
		at += next_character(at, &columns);
	*next = inside ? inside : lesser ? lesser : at;
	return (size_t)(*next - text);
}

/* What stands before the text of "name     text", or the spaces at the begin of another line. */
static size_t head_of(const char *line, size_t width)
{
	size_t lead = strspn(line, " "), text;
	const char *gap = strstr(line + lead, "  ");

	if (!gap || (size_t)(gap - line) >= MAX_NAME)
		return lead;
	text = (size_t)(gap - line) + strspn(gap, " ");
	return text <= width / 2 && line[text] ? text : lead;
}

/* Where the lines that follow @line begin. */
static size_t indent_of(const char *line, size_t head, size_t width)
{
	size_t lead = strspn(line, " "), indent = head > lead ? head : lead + 2;

	return indent <= width / 2 ? indent : 2;
}

void kb_wrap_line(const char *line, size_t width, FILE *out)
{
	size_t head = head_of(line, width), indent = indent_of(line, head, width), used = 0;
	const char *rest = line;

	/* The head is no place to break at: what follows would have no more room below it. */
	if (kb_columns_of(line) > width && head < width) {
		fwrite(line, 1, head, out);
		rest += head;
		used = head;
	}
	for (;;) {
		const char *next;
		size_t length = kb_wrap_next(rest, width > used ? width - used : 1, &next);

		fwrite(rest, 1, length, out);
		fputc('\n', out);
		if (!*next)
			return;
		fprintf(out, "%*s", (int)indent, "");
		used = indent;
		rest = next;
	}
}
