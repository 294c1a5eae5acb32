// SPDX-License-Identifier: GPL-2.0
#include "make_output.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

/* Lines of a failed build that are shown. */
#define SHOWN_LINES	40

/* Names of files as they are in the sources: the tree of the build will be gone. */
void kb_make_output_cut(char *output, const char *tree)
{
	size_t length = strlen(tree);
	char *at = output;

	while ((at = strstr(at, tree))) {
		size_t cut = length + (at[length] == '/');

		memmove(at, at + cut, strlen(at + cut) + 1);
	}
}

/* Lines of make itself say only that it gave up, unless there are no others. */
static bool is_makes_own(const char *line)
{
	return !strncmp(line, "make: ", 6) || !strncmp(line, "make[", 5);
}

/* Print at most SHOWN_LINES whole lines. Return: how many lines there were */
static unsigned int print_lines(const char *output, bool makes_own)
{
	unsigned int nr = 0;

	while (*output) {
		size_t length = strcspn(output, "\n");

		if (is_makes_own(output) == makes_own && nr++ < SHOWN_LINES)
			fprintf(stderr, "%.*s\n", (int)length, output);
		output += length + (output[length] == '\n');
	}
	return nr;
}

/* The first lines of what the compiler said: later errors mostly follow from the first ones. */
void kb_make_output_show(const char *output)
{
	unsigned int nr;

	if (kb_note_prepare)
		kb_note_prepare();
	nr = print_lines(output, false);
	if (!nr)
		nr = print_lines(output, true);
	if (nr > SHOWN_LINES)
		fprintf(stderr, "(%u more lines)\n", nr - SHOWN_LINES);
}
