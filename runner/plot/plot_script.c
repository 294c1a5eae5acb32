// SPDX-License-Identifier: GPL-2.0
/*
 * The gnuplot script of a page. It holds figures, texts and the page's geometry; how they look is
 * said in plots/page.gp and in the template of each kind.
 */
#include "plot_script.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * In single quotes nothing is special but the quote. gnuplot takes two of them for one, but not at
 * the begin of a text, which would end there; so a quote is a text of its own.
 */
void kb_put_quoted(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text))
			fputc(' ', out);
		else if (*text == '\'')
			fputs("'.\"\\047\".'", out);
		else
			fputc(*text, out);
	}
	fputc('\'', out);
}

void kb_put_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, "%s = ", name);
	kb_put_quoted(out, text);
	fputc('\n', out);
}

/* @size: of its letters, in parts of the usual one */
static void put_sized(FILE *out, const char *name, const struct kb_page *page, const char *text,
		      double size)
{
	char fitted[256] = "";

	kb_text_add(fitted, sizeof(fitted), "%s", text);
	kb_text_fit(&page->medium, fitted,
		    (page->medium.width - (page->medium.term ? 0 : 24)) / size);
	kb_put_text(out, name, fitted);
}

void kb_put_fitted(FILE *out, const char *name, const struct kb_page *page, const char *text)
{
	put_sized(out, name, page, text, 1);
}

static void put_load(FILE *out, const struct kb_page *page, const char *name)
{
	fputs("load ", out);
	kb_put_quoted(out, page->plots);
	fprintf(out, ".'/%s.gp'\n", name);
}

static const char *format_name(const struct kb_plot_options *options)
{
	static const char *const names[] = {
		[KB_PLOT_PNG] = "png", [KB_PLOT_SVG] = "svg", [KB_PLOT_PDF] = "pdf",
	};

	if (options->format != KB_PLOT_TERM)
		return names[options->format];
	return options->colour ? "colour" : "plain";
}

/* The page, or on a terminal a panel, each of which is a drawing of its own. */
static void put_page(FILE *out, const struct kb_page *page, double height)
{
	const struct kb_medium *medium = &page->medium;
	bool texts = !medium->term;
	bool head = texts && !page->options->bare;

	kb_put_text(out, "kb_format", format_name(page->options));
	fprintf(out, "kb_term = %d\nkb_width = %.0f\nkb_height = %.0f\nkb_font = %.0f\n",
		medium->term, medium->width, height, medium->font);
	/* As page.gp has it. */
	put_sized(out, "kb_page_title", page, head ? page->title : "", 1.25);
	kb_put_fitted(out, "kb_page_subtitle", page, head ? page->subtitle : "");
	kb_put_fitted(out, "kb_page_note", page, texts ? page->notes[0] : "");
	kb_put_fitted(out, "kb_page_note_2", page, texts ? page->notes[1] : "");
	kb_put_fitted(out, "kb_page_foot", page, texts ? page->foot[0] : "");
	kb_put_fitted(out, "kb_page_foot_2", page, texts ? page->foot[1] : "");
	fprintf(out, "kb_note_at = %.0f\nkb_note_2_at = %.0f\n", medium->head - 2,
		medium->head + medium->note - 2);
	put_load(out, page, "page");
}

static double head_height(const struct kb_page *page)
{
	double height = page->medium.head;

	for (size_t i = 0; i < KB_PAGE_NOTES; i++)
		height += *page->notes[i] ? page->medium.note : 0;
	return height;
}

static int put_one(FILE *out, const struct kb_page *page, const struct kb_panel *panel, double y,
		   double height)
{
	const char *template = page->options->template;
	struct kb_frame frame = kb_frame_of(page, panel, y);
	double across, down, slack = page->medium.term ? 1e-5 : 0;

	if (page->medium.term)
		put_page(out, page, height);
	/* Characters are counted from 0 to the last; gnuplot cuts fractions of them off. */
	across = page->medium.width - page->medium.term;
	down = height - page->medium.term;
	fprintf(out, "\nkb_left = %.6f\nkb_right = %.6f\nkb_top = %.6f\nkb_bottom = %.6f\n",
		slack + frame.left / across, slack + frame.right / across,
		slack + 1 - frame.top / down, slack + 1 - frame.bottom / down);
	if (kb_put_panel(out, page, panel, &frame))
		return -1;
	if (!template) {
		put_load(out, page, kb_plot_kind_names[panel->kind]);
		return 0;
	}
	fputs("load ", out);
	kb_put_quoted(out, template);
	fputc('\n', out);
	return 0;
}

static int put_panels(FILE *out, const struct kb_page *page)
{
	bool term = page->medium.term;
	double y = head_height(page), height = y + page->medium.foot;
	int ret = 0;

	for (size_t i = page->first; i < page->end; i++)
		height += kb_panel_height(page, &page->panels->panels[i]);
	if (!term)
		put_page(out, page, height);
	for (size_t i = page->first; !ret && i < page->end; i++) {
		const struct kb_panel *panel = &page->panels->panels[i];
		double own = kb_panel_height(page, panel);

		ret = put_one(out, page, panel, term ? 0 : y, term ? own : height);
		y += own;
	}
	if (!term)
		fputs("\nunset multiplot\n", out);
	return ret;
}

char *kb_plot_script(const struct kb_page *page, size_t *size, struct kb_error *err)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	int bad = !out || put_panels(out, page);

	if (out && fclose(out))
		bad = 1;
	if (!bad)
		return text;
	free(text);
	kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory while drawing");
	return NULL;
}
