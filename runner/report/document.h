/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A document that is written from top to bottom, as one page of HTML or as Markdown. Whatever is
 * handed to it is plain text: each format escapes it, in one place.
 */
#ifndef KB_DOCUMENT_H
#define KB_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sheet.h"

enum kb_document_format {
	KB_DOCUMENT_HTML = 0,
	KB_DOCUMENT_MARKDOWN,
};

/**
 * struct kb_tile - a figure that is seen first
 * @figure: "3"
 * @label:  "regressed"
 */
struct kb_tile {
	char		figure[32];
	const char	*label;
	enum kb_tone	tone;
};

/**
 * struct kb_picture_text - what stands beside a picture
 * @mark: what figures like these are not good for, or NULL
 */
struct kb_picture_text {
	const char	*caption;
	const char	*mark;
};

/** struct kb_document_ops - a format; all texts are plain */
struct kb_document_ops {
	void (*begin)(FILE *out, const char *title);
	void (*end)(FILE *out, const char *text);
	void (*contents)(FILE *out, const char *const *titles, size_t nr);
	void (*section)(FILE *out, size_t number, const char *title);
	void (*heading)(FILE *out, const char *title);
	void (*text)(FILE *out, const char *text);
	void (*note)(FILE *out, enum kb_tone tone, const char *text);
	void (*tiles)(FILE *out, const struct kb_tile *tiles, size_t nr);
	void (*list)(FILE *out, bool begins);
	void (*item)(FILE *out, const char *lead, const char *text);
	void (*sheet)(FILE *out, const struct kb_sheet *sheet);
	void (*picture)(FILE *out, const struct kb_picture_text *text, const char *svg,
			size_t size);
};

extern const struct kb_document_ops kb_html_ops;
extern const struct kb_document_ops kb_markdown_ops;

/**
 * struct kb_document - one being written
 * @sections: so far
 * @listing:  the last that was written is an item of a list
 * @bad:      no memory for some part of it
 * @text, @size: what kb_document_end() made
 */
struct kb_document {
	const struct kb_document_ops	*ops;
	FILE				*out;
	size_t				sections;
	bool				listing;
	bool				bad;
	char				*text;
	size_t				size;
};

/** kb_document_begin() - Return: 0, or -1: no memory. kb_document_free() in any case */
int kb_document_begin(struct kb_document *doc, enum kb_document_format format, const char *title);

/** kb_document_end() - with a last line; text and size hold all then. 0, or -1: no memory */
int kb_document_end(struct kb_document *doc, const char *text);

void kb_document_free(struct kb_document *doc);

/** kb_document_contents() - links to the sections, which have these titles, in this order */
void kb_document_contents(struct kb_document *doc, const char *const *titles, size_t nr);
void kb_document_section(struct kb_document *doc, const char *title);
void kb_document_heading(struct kb_document *doc, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void kb_document_text(struct kb_document *doc, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** kb_document_note() - a text that stands out */
void kb_document_note(struct kb_document *doc, enum kb_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void kb_document_tiles(struct kb_document *doc, const struct kb_tile *tiles, size_t nr);

/** kb_document_item() - of a list; @lead are its first words, or NULL */
void kb_document_item(struct kb_document *doc, const char *lead, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** kb_document_sheet() - nothing, where it has no row */
void kb_document_sheet(struct kb_document *doc, struct kb_sheet *sheet);

/** kb_document_picture() - SVG; Markdown has no room for it */
void kb_document_picture(struct kb_document *doc, const struct kb_picture_text *text,
			 const char *svg, size_t size);

#endif
