/* SPDX-License-Identifier: GPL-2.0 */
/* What stdout is: a screen of some width, or a file or pipe that takes lines of any length. */
#ifndef KB_SCREEN_H
#define KB_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

/** kb_terminal_width() - columns of the terminal at @descriptor; 0: it is none */
size_t kb_terminal_width(int descriptor);

/** kb_screen_width() - columns; 0 when stdout is no screen and can be as wide as it likes */
size_t kb_screen_width(void);

/** kb_screen_colours() - stdout is a screen, and neither NO_COLOR nor TERM speaks against them */
bool kb_screen_colours(void);

/**
 * struct kb_screen - text for people, broken at words where a screen ends
 * @stdout_before: what stdout is while @out stands in for it; NULL: nothing is broken
 * @line: what was printed since the last newline, @length bytes with room for @size
 */
struct kb_screen {
	FILE	*stdout_before;
	FILE	*out;
	char	*line;
	size_t	length;
	size_t	size;
};

/**
 * kb_screen_begin() - from here on stdout breaks lines
 * For text alone: what programs read keeps its lines. kb_screen_end() in any case
 */
void kb_screen_begin(struct kb_screen *screen);
void kb_screen_end(struct kb_screen *screen);

#endif
