// SPDX-License-Identifier: GPL-2.0
/* Fonts of an SVG for readers that lack the one it was drawn for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot_script.h"

/* gnuplot can name but one. The next has letters of nearly the same widths. */
static const char one[] = "font-family=\"DejaVu Sans\"";
static const char several[] = "font-family=\"DejaVu Sans, Verdana, sans-serif\"";

char *kb_svg_name_fonts(const char *picture, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);
	const char *next;

	if (!out)
		return NULL;
	for (; (next = strstr(picture, one)); picture = next + strlen(one)) {
		fwrite(picture, 1, (size_t)(next - picture), out);
		fputs(several, out);
	}
	fputs(picture, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}
