// SPDX-License-Identifier: GPL-2.0
/* What gnuplot drew with characters, with the page's texts around it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot_script.h"

/* Texts are broken at blanks where they are longer than the page is wide. */
static void put_wrapped(FILE *out, const struct kb_medium *medium, const char *text)
{
	double used = 0;

	while (*text) {
		char word[256] = "";
		size_t length = strcspn(text, " ");
		double width;

		kb_text_add(word, sizeof(word), "%.*s", (int)length, text);
		kb_text_fit(medium, word, medium->width);
		width = kb_text_width(medium, word);
		if (used > 0 && used + 1 + width > medium->width) {
			fputc('\n', out);
			used = 0;
		}
		fprintf(out, "%s%s", used > 0 ? " " : "", word);
		used += width + (used > 0);
		text += length;
		text += strspn(text, " ");
	}
	if (used > 0)
		fputc('\n', out);
}

/* Nothing but blanks and colours, which are "ESC [ ... m". */
static bool is_blank(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\033')
			i += strcspn(line + i, "m");
		else if (line[i] != ' ')
			return false;
	}
	return true;
}

static void put_drawing(FILE *out, const char *drawn)
{
	bool blank = true;

	/* Between drawings gnuplot begins a new sheet of paper, with a form feed. */
	while (*drawn) {
		size_t length = strcspn(drawn, "\n\f"), used = length;

		while (used && drawn[used - 1] == ' ')
			used--;
		if (!is_blank(drawn, used))
			fprintf(out, "%.*s\n", (int)used, drawn);
		else if (!blank)
			fputc('\n', out);
		blank = is_blank(drawn, used);
		drawn += length + (drawn[length] != '\0');
	}
	if (!blank)
		fputc('\n', out);
}

char *kb_terminal_page(const struct kb_page *page, const char *drawn, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		return NULL;
	if (!page->options->bare) {
		put_wrapped(out, &page->medium, page->title);
		put_wrapped(out, &page->medium, page->subtitle);
	}
	for (size_t i = 0; i < KB_PAGE_NOTES; i++)
		put_wrapped(out, &page->medium, page->notes[i]);
	if (ftell(out))
		fputc('\n', out);
	put_drawing(out, drawn);
	fputs(page->options->colour ? "\033[0m" : "", out);
	put_wrapped(out, &page->medium, page->foot[0]);
	put_wrapped(out, &page->medium, page->foot[1]);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}
