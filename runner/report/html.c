// SPDX-License-Identifier: GPL-2.0
/*
 * A document as one file of HTML: its style and its pictures are in it, it has no script, and it
 * asks for nothing (which its policy forbids, too).
 */
#include "document.h"

#include <stdlib.h>
#include <string.h>

#include "plain_text.h"

/* report.css, by style.S, with a 0 at its end. */
extern const char kb_report_style[];

static const char *const tone_classes[KB_NR_TONES] = {
	[KB_TONE_PLAIN] = "plain", [KB_TONE_GOOD] = "good", [KB_TONE_BAD] = "bad",
	[KB_TONE_SAME] = "same", [KB_TONE_OPEN] = "open", [KB_TONE_WARN] = "warn",
};

static const char *special(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Every text goes through here. Quotes are escaped, too: texts stand in attributes as well. */
static void put(FILE *out, const char *text)
{
	while (*text) {
		size_t length = kb_character(text);

		if (special(*text))
			fputs(special(*text), out);
		else if (length)
			fwrite(text, 1, length, out);
		else if (*text == '\n' || *text == '\t')
			fputc(' ', out);
		else
			fputs("\xef\xbf\xbd", out);	/* the replacement character */
		text += length ? length : 1;
	}
}

static void put_element(FILE *out, const char *name, const char *class, const char *text)
{
	fprintf(out, "<%s", name);
	if (class)
		fprintf(out, " class=\"%s\"", class);
	fputc('>', out);
	put(out, text);
	fprintf(out, "</%s>", name);
}

static void put_base64(FILE *out, const char *data, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		unsigned int bits = (unsigned int)(unsigned char)data[i] << 16;

		bits |= left > 1 ? (unsigned int)(unsigned char)data[i + 1] << 8 : 0;
		bits |= left > 2 ? (unsigned int)(unsigned char)data[i + 2] : 0;
		fputc(digits[bits >> 18], out);
		fputc(digits[bits >> 12 & 63], out);
		fputc(left > 1 ? digits[bits >> 6 & 63] : '=', out);
		fputc(left > 2 ? digits[bits & 63] : '=', out);
	}
}

static void begin(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'; img-src data:\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n"
	      "<meta name=\"generator\" content=\"kbench\">\n<link rel=\"icon\" href=\"data:,\">\n",
	      out);
	put_element(out, "title", NULL, title);
	fputs("\n<style>\n", out);
	fputs(kb_report_style, out);
	fputs("</style>\n</head>\n<body>\n<main>\n<header>\n", out);
	put_element(out, "h1", NULL, title);
	fputc('\n', out);
}

/* The summary is the header; with the first section that ends. */
static void end(FILE *out, const char *text)
{
	fputs("</section>\n</main>\n", out);
	put_element(out, "footer", NULL, text);
	fputs("\n</body>\n</html>\n", out);
}

static void contents(FILE *out, const char *const *titles, size_t nr)
{
	fputs("<nav aria-label=\"Contents\">", out);
	for (size_t i = 0; i < nr; i++) {
		fprintf(out, "<a href=\"#s%zu\">", i);
		put(out, titles[i]);
		fputs("</a>", out);
	}
	fputs("</nav>\n", out);
}

static void section(FILE *out, size_t number, const char *title)
{
	fprintf(out, "%s\n<section id=\"s%zu\">\n", number ? "</section>" : "</header>", number);
	put_element(out, "h2", NULL, title);
	fputc('\n', out);
}

static void heading(FILE *out, const char *title)
{
	put_element(out, "h3", NULL, title);
	fputc('\n', out);
}

static void text(FILE *out, const char *words)
{
	put_element(out, "p", NULL, words);
	fputc('\n', out);
}

static void note(FILE *out, enum kb_tone tone, const char *words)
{
	fprintf(out, "<p class=\"note %s\">", tone_classes[tone]);
	put(out, words);
	fputs("</p>\n", out);
}

static void tiles(FILE *out, const struct kb_tile *list, size_t nr)
{
	fputs("<ul class=\"tiles\">", out);
	for (size_t i = 0; i < nr; i++) {
		fprintf(out, "<li class=\"%s\">", tone_classes[list[i].tone]);
		put_element(out, "b", NULL, list[i].figure);
		fputc(' ', out);
		put_element(out, "span", NULL, list[i].label);
		fputs("</li>", out);
	}
	fputs("</ul>\n", out);
}

static void list(FILE *out, bool begins)
{
	fputs(begins ? "<ul class=\"said\">\n" : "</ul>\n", out);
}

static void item(FILE *out, const char *lead, const char *words)
{
	fputs("<li>", out);
	if (lead) {
		put_element(out, "b", NULL, lead);
		fputc(' ', out);
	}
	put(out, words);
	fputs("</li>\n", out);
}

static void put_caption(FILE *out, const char *caption, const char *legend, const char *mark)
{
	fputs("<figcaption>", out);
	if (caption)
		put(out, caption);
	if (legend) {
		fputs("; ", out);
		put(out, legend);
	}
	if (mark) {
		fputc(' ', out);
		put_element(out, "span", "mark", mark);
	}
	fputs("</figcaption>\n", out);
}

/* In percent of the drawing's width, where it stays visible. */
static double percent(float part)
{
	return 100 * (part < 0 ? 0 : part > 1 ? 1 : (double)part);
}

static void put_drawing(FILE *out, const struct kb_sheet_cell *cell)
{
	double low = percent(cell->low), high = percent(cell->high);

	fprintf(out, "<td class=\"draw %s\">", tone_classes[cell->tone]);
	if (cell->mid >= 0)
		fprintf(out, "<div><i style=\"left:%.1f%%;width:%.1f%%\"></i>"
			"<b style=\"left:%.1f%%\"></b></div>", low, high - low,
			percent(cell->mid));
	fputs("</td>", out);
}

static void put_cell(FILE *out, const struct kb_sheet_column *column,
		     const struct kb_sheet_cell *cell, bool first)
{
	const char *words = cell->text ? cell->text : "";

	if (column->kind == KB_SHEET_DRAWN) {
		put_drawing(out, cell);
		return;
	}
	fputs(first ? "<th scope=\"row\"" : "<td", out);
	if (column->kind == KB_SHEET_RIGHT || column->wide)
		fprintf(out, " class=\"%s\"", column->wide ? "wide" : "r");
	fputc('>', out);
	if (cell->tone != KB_TONE_PLAIN)
		put_element(out, "span", tone_classes[cell->tone], words);
	else
		put(out, words);
	fputs(first ? "</th>" : "</td>", out);
}

static void put_head(FILE *out, const struct kb_sheet *sheet)
{
	fputs("<table", out);
	if (sheet->origin >= 0)
		fprintf(out, " class=\"origin\" style=\"--origin:%.1f%%\"", percent(sheet->origin));
	fputs("><thead><tr>", out);
	for (size_t c = 0; c < sheet->nr_columns; c++) {
		static const char *const classes[] = {
			[KB_SHEET_LEFT] = "", [KB_SHEET_RIGHT] = " class=\"r\"",
			[KB_SHEET_DRAWN] = " class=\"draw\"",
		};

		if (!sheet->columns[c].used)
			continue;
		fprintf(out, "<th scope=\"col\"%s>", classes[sheet->columns[c].kind]);
		put(out, sheet->columns[c].title);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

/* A table wider than the page scrolls by itself, with the keyboard, too. */
static void put_rows(FILE *out, const struct kb_sheet *sheet, size_t from, size_t to)
{
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
	put(out, sheet->caption ? sheet->caption : "table");
	fputs("\">", out);
	put_head(out, sheet);
	for (size_t r = from; r < to; r++) {
		bool first = true;

		fputs(kb_sheet_at(sheet, r, 0)->apart ? "<tr class=\"apart\">" : "<tr>", out);
		for (size_t c = 0; c < sheet->nr_columns; c++) {
			if (!sheet->columns[c].used)
				continue;
			put_cell(out, &sheet->columns[c], kb_sheet_at(sheet, r, c), first);
			first = false;
		}
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

static bool has_drawing(const struct kb_sheet *sheet)
{
	for (size_t c = 0; c < sheet->nr_columns; c++)
		if (sheet->columns[c].kind == KB_SHEET_DRAWN && sheet->columns[c].used)
			return true;
	return false;
}

static void sheet_out(FILE *out, const struct kb_sheet *sheet)
{
	size_t seen = sheet->folded && sheet->folded < sheet->nr_rows ? sheet->folded :
								      sheet->nr_rows;

	fputs("<figure>", out);
	put_caption(out, sheet->caption, has_drawing(sheet) ? sheet->legend : NULL,
		    sheet->mark);
	put_rows(out, sheet, 0, seen);
	if (seen < sheet->nr_rows) {
		fprintf(out, "<details><summary>%zu more rows</summary>\n", sheet->nr_rows - seen);
		put_rows(out, sheet, seen, sheet->nr_rows);
		fputs("</details>\n", out);
	}
	fputs("</figure>\n", out);
}

static void picture(FILE *out, const struct kb_picture_text *words, const char *svg, size_t size)
{
	fputs("<figure class=\"plot\">", out);
	put_caption(out, words->caption, NULL, words->mark);
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
	put(out, words->caption);
	fputs("\"><img alt=\"", out);
	put(out, words->caption);
	if (words->mark) {
		fputs("; ", out);
		put(out, words->mark);
	}
	fputs("\" src=\"data:image/svg+xml;base64,", out);
	put_base64(out, svg, size);
	fputs("\"></div></figure>\n", out);
}

const struct kb_document_ops kb_html_ops = {
	.begin = begin, .end = end, .contents = contents, .section = section, .heading = heading,
	.text = text, .note = note, .tiles = tiles, .list = list, .item = item,
	.sheet = sheet_out, .picture = picture,
};
