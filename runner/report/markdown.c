// SPDX-License-Identifier: GPL-2.0
/* A document as Markdown, whose tables can be read as they stand, too. */
#include "document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "plain_text.h"

/* An underscore within a word, as most names have them, means nothing. */
static bool is_special(const char *text, char before)
{
	if (*text == '_')
		return !isalnum((unsigned char)before) || !isalnum((unsigned char)text[1]);
	return strchr("\\`*|<>[]&~$", *text) != NULL;
}

/* Every text goes through here. Return: how many characters that makes; @out may be NULL */
static size_t put(FILE *out, const char *text)
{
	size_t width = 0;
	char before = ' ';

	while (*text) {
		size_t length = kb_character(text);
		bool escaped = length && is_special(text, before);

		width += escaped ? 2 : 1;
		if (out && escaped)
			fputc('\\', out);
		if (out && length)
			fwrite(text, 1, length, out);
		else if (out)
			fputc(*text == '\n' || *text == '\t' ? ' ' : '?', out);
		before = *text;
		text += length ? length : 1;
	}
	return width;
}

static size_t width_of(const char *text)
{
	return put(NULL, text);
}

/* At the begin of a line, where some more have a meaning. */
static void put_first(FILE *out, const char *text)
{
	if (*text && strchr("#+-=", *text))
		fputc('\\', out);
	put(out, text);
}

static void begin(FILE *out, const char *title)
{
	fputs("# ", out);
	put(out, title);
	fputs("\n\n", out);
}

static void end(FILE *out, const char *text)
{
	fputs("---\n\n", out);
	put(out, text);
	fputc('\n', out);
}

static void contents(FILE *out, const char *const *titles, size_t nr)
{
	(void)out;
	(void)titles;
	(void)nr;
}

static void section(FILE *out, size_t number, const char *title)
{
	(void)number;
	fputs("## ", out);
	put(out, title);
	fputs("\n\n", out);
}

static void heading(FILE *out, const char *title)
{
	fputs("### ", out);
	put(out, title);
	fputs("\n\n", out);
}

static void text(FILE *out, const char *words)
{
	put(out, words);
	fputs("\n\n", out);
}

static void note(FILE *out, enum kb_tone tone, const char *words)
{
	(void)tone;
	fputs("> ", out);
	put_first(out, words);
	fputs("\n\n", out);
}

static void tiles(FILE *out, const struct kb_tile *list, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		fputs(i ? ", **" : "**", out);
		put(out, list[i].figure);
		fputs("** ", out);
		put(out, list[i].label);
	}
	fputs("\n\n", out);
}

static void list(FILE *out, bool begins)
{
	if (!begins)
		fputc('\n', out);
}

static void item(FILE *out, const char *lead, const char *words)
{
	fputs("- ", out);
	if (lead) {
		fputs("**", out);
		put(out, lead);
		fputs("** ", out);
	}
	put_first(out, words);
	fputc('\n', out);
}

static bool is_shown(const struct kb_sheet *sheet, size_t column)
{
	return sheet->columns[column].kind != KB_SHEET_DRAWN && sheet->columns[column].used;
}

static size_t column_width(const struct kb_sheet *sheet, size_t column)
{
	size_t width = width_of(sheet->columns[column].title);

	for (size_t r = 0; r < sheet->nr_rows; r++) {
		const char *words = kb_sheet_at(sheet, r, column)->text;
		size_t own = words ? width_of(words) : 0;

		width = own > width ? own : width;
	}
	return width < 3 ? 3 : width;
}

static void put_padded(FILE *out, const char *words, size_t width, bool right)
{
	int blanks = (int)(width - width_of(words));

	fprintf(out, "| %*s", right ? blanks : 0, "");
	put(out, words);
	fprintf(out, "%*s ", right ? 0 : blanks, "");
}

static void put_line(FILE *out, const struct kb_sheet *sheet, const size_t *widths)
{
	for (size_t c = 0; c < sheet->nr_columns; c++) {
		bool right = sheet->columns[c].kind == KB_SHEET_RIGHT;

		if (!is_shown(sheet, c))
			continue;
		fputs(right ? "| " : "| :", out);
		for (size_t i = 1; i < widths[c]; i++)
			fputc('-', out);
		fputs(right ? ": " : " ", out);
	}
	fputs("|\n", out);
}

static void put_table(FILE *out, const struct kb_sheet *sheet, const size_t *widths)
{
	for (size_t c = 0; c < sheet->nr_columns; c++)
		if (is_shown(sheet, c))
			put_padded(out, sheet->columns[c].title, widths[c],
				   sheet->columns[c].kind == KB_SHEET_RIGHT);
	fputs("|\n", out);
	put_line(out, sheet, widths);
	for (size_t r = 0; r < sheet->nr_rows; r++) {
		for (size_t c = 0; c < sheet->nr_columns; c++) {
			const char *words = kb_sheet_at(sheet, r, c)->text;

			if (is_shown(sheet, c))
				put_padded(out, words ? words : "", widths[c],
					   sheet->columns[c].kind == KB_SHEET_RIGHT);
		}
		fputs("|\n", out);
	}
	fputc('\n', out);
}

static void sheet_out(FILE *out, const struct kb_sheet *sheet)
{
	size_t *widths = calloc(sheet->nr_columns + 1, sizeof(*widths));

	if (sheet->caption && *sheet->caption)
		text(out, sheet->caption);
	if (sheet->mark)
		note(out, KB_TONE_WARN, sheet->mark);
	for (size_t c = 0; widths && c < sheet->nr_columns; c++)
		widths[c] = column_width(sheet, c);
	if (widths)
		put_table(out, sheet, widths);
	free(widths);
}

const struct kb_document_ops kb_markdown_ops = {
	.begin = begin, .end = end, .contents = contents, .section = section, .heading = heading,
	.text = text, .note = note, .tiles = tiles, .list = list, .item = item,
	.sheet = sheet_out,
};
