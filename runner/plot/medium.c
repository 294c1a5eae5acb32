// SPDX-License-Identifier: GPL-2.0
#include "medium.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/utf8.h"
#include "plain_text.h"

#define PICTURE_WIDTH	800
#define TERM_WIDTH	80

/* Less than that is no page: gnuplot would draw axes over each other. */
#define LEAST_PIXELS	320
#define LEAST_COLUMNS	32

static const struct kb_medium pixels = {
	.head = 64, .note = 22, .foot = 40, .panel_head = 34, .panel_foot = 58, .bar = 19,
	.lines = 230, .low_lines = 120, .gap = 22, .key_mark = 62, .key_min = 110,
	.value_room = 84, .y_room = 84, .most = 2400, .most_cells = 128, .font = 12,
};

static const struct kb_medium characters = {
	.term = true, .panel_head = 3, .panel_foot = 3, .bar = 1, .lines = 14, .low_lines = 8,
	.gap = 2, .key_mark = 4, .key_min = 8, .value_room = 12, .y_room = 10, .most = 160,
	.font = 1,
};

struct kb_medium kb_medium_of(const struct kb_plot_options *options)
{
	bool term = options->format == KB_PLOT_TERM;
	struct kb_medium medium = term ? characters : pixels;
	unsigned int least = term ? LEAST_COLUMNS : LEAST_PIXELS;

	medium.width = term ? TERM_WIDTH : PICTURE_WIDTH;
	if (options->width)
		medium.width = options->width > least ? options->width : least;
	if (term)
		medium.most_cells = (size_t)(medium.width - medium.y_room - 2);
	if (options->bare)
		medium.head = term ? 0 : 8;
	/* gnuplot's points: 96 pixels an inch. */
	if (options->format == KB_PLOT_PNG || options->format == KB_PLOT_PDF)
		medium.font = 9;
	return medium;
}

/* Advance widths of DejaVu Sans from the blank to the tilde, in thousandths of its size. */
static const unsigned short advances[] = {
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
	636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
	1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
	603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
	500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
	635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
};

/* Pixels of a letter's height, whatever the format calls that. */
#define LETTER_SIZE	12.0

static double letter_width(const struct kb_medium *medium, const char *at)
{
	unsigned char letter = (unsigned char)*at;

	if (medium->term)
		return 1;
	if (letter >= ' ' && letter <= '~')
		return LETTER_SIZE * advances[letter - ' '] / 1000.0;
	return LETTER_SIZE;
}

static size_t letter_length(const char *at)
{
	size_t length = utf8_length((const unsigned char *)at);

	return length ? length : 1;
}

double kb_text_width(const struct kb_medium *medium, const char *text)
{
	double width = 0;

	for (; *text; text += letter_length(text))
		width += letter_width(medium, text);
	return width;
}

void kb_text_fit(const struct kb_medium *medium, char *text, double room)
{
	static const char dots[] = "..";
	size_t length = strlen(text), head = 0, tail;
	double half = (room - kb_text_width(medium, dots)) / 2;

	if (kb_text_width(medium, text) <= room || length < 4)
		return;
	for (double used = 0; text[head]; head += letter_length(text + head)) {
		used += letter_width(medium, text + head);
		if (used > half)
			break;
	}
	for (tail = head; kb_text_width(medium, text + tail) > half;)
		tail += letter_length(text + tail);
	/* What is kept is at least two letters shorter, so the dots fit into their place. */
	if (tail - head < strlen(dots))
		return;
	memcpy(text + head, dots, strlen(dots));
	memmove(text + head + strlen(dots), text + tail, length - tail + 1);
}

/* XML cannot hold U+FFFE and U+FFFF. */
static bool is_letter(const char *at)
{
	const unsigned char *bytes = (const unsigned char *)at;

	return kb_character(at) &&
	       (bytes[0] != 0xef || bytes[1] != 0xbf || bytes[2] < 0xbe);
}

void kb_text_add(char *text, size_t size, const char *format, ...)
{
	size_t at = strlen(text);
	char *more;
	va_list args;
	int bad;

	va_start(args, format);
	bad = vasprintf(&more, format, args) < 0;
	va_end(args);
	if (bad)
		return;
	for (const char *from = more; *from;) {
		size_t length = utf8_length((const unsigned char *)from);
		bool good = is_letter(from);

		if (at + (good ? length : 1) >= size)
			break;
		if (good)
			memcpy(text + at, from, length);
		else
			text[at] = ' ';
		at += good ? length : 1;
		from += length ? length : 1;
	}
	text[at] = '\0';
	free(more);
}
