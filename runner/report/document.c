// SPDX-License-Identifier: GPL-2.0
#include "document.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"

static void end_list(struct kb_document *doc)
{
	if (doc->listing)
		doc->ops->list(doc->out, false);
	doc->listing = false;
}

int kb_document_begin(struct kb_document *doc, enum kb_document_format format, const char *title)
{
	*doc = (struct kb_document){
		.ops = format == KB_DOCUMENT_HTML ? &kb_html_ops : &kb_markdown_ops,
	};
	doc->out = open_memstream(&doc->text, &doc->size);
	if (!doc->out)
		return -1;
	doc->ops->begin(doc->out, title);
	return 0;
}

int kb_document_end(struct kb_document *doc, const char *text)
{
	bool bad;

	end_list(doc);
	doc->ops->end(doc->out, text);
	bad = doc->bad || ferror(doc->out);
	bad |= fclose(doc->out) != 0;
	doc->out = NULL;
	return bad ? -1 : 0;
}

void kb_document_free(struct kb_document *doc)
{
	if (doc->out)
		fclose(doc->out);
	free(doc->text);
	memset(doc, 0, sizeof(*doc));
}

void kb_document_contents(struct kb_document *doc, const char *const *titles, size_t nr)
{
	end_list(doc);
	doc->ops->contents(doc->out, titles, nr);
}

void kb_document_section(struct kb_document *doc, const char *title)
{
	end_list(doc);
	doc->ops->section(doc->out, doc->sections++, title);
}

/* What is no item ends a list. */
static void say(struct kb_document *doc, void (*op)(FILE *out, const char *text),
		const char *format, va_list args)
{
	char *text = kb_vpath(format, args);

	end_list(doc);
	op(doc->out, text);
	free(text);
}

void kb_document_heading(struct kb_document *doc, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(doc, doc->ops->heading, format, args);
	va_end(args);
}

void kb_document_text(struct kb_document *doc, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(doc, doc->ops->text, format, args);
	va_end(args);
}

void kb_document_note(struct kb_document *doc, enum kb_tone tone, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = kb_vpath(format, args);
	va_end(args);
	end_list(doc);
	doc->ops->note(doc->out, tone, text);
	free(text);
}

void kb_document_tiles(struct kb_document *doc, const struct kb_tile *tiles, size_t nr)
{
	end_list(doc);
	doc->ops->tiles(doc->out, tiles, nr);
}

void kb_document_item(struct kb_document *doc, const char *lead, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = kb_vpath(format, args);
	va_end(args);
	if (!doc->listing)
		doc->ops->list(doc->out, true);
	doc->listing = true;
	doc->ops->item(doc->out, lead, text);
	free(text);
}

void kb_document_sheet(struct kb_document *doc, struct kb_sheet *sheet)
{
	end_list(doc);
	doc->bad |= sheet->bad;
	kb_sheet_end(sheet);
	if (sheet->nr_rows)
		doc->ops->sheet(doc->out, sheet);
}

void kb_document_picture(struct kb_document *doc, const struct kb_picture_text *text,
			 const char *svg, size_t size)
{
	end_list(doc);
	if (doc->ops->picture)
		doc->ops->picture(doc->out, text, svg, size);
}
