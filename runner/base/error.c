// SPDX-License-Identifier: GPL-2.0
#include "error.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "plain_text.h"
#include "screen.h"
#include "wrap.h"

void (*kb_note_prepare)(void);

int kb_fail(struct kb_error *err, enum kb_exit exit, const char *format, ...)
{
	va_list args;

	if (!err || err->exit != KB_EXIT_OK)
		return -1;
	err->exit = exit;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

/* A terminal would break it within words. */
static void print_wrapped(const char *text, size_t width)
{
	char *line;

	if (asprintf(&line, "kbench: %s", text) < 0)
		return;
	kb_wrap_line(line, width, stderr);
	free(line);
}

void kb_note(const char *format, ...)
{
	size_t width = kb_terminal_width(STDERR_FILENO);
	char *line = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	va_end(args);
	/* Names and what files say stand in it. */
	if (line)
		kb_make_plain(line);
	if (kb_note_prepare)
		kb_note_prepare();
	flockfile(stderr);
	if (!line)
		fputs("kbench: out of memory\n", stderr);
	else if (width)
		print_wrapped(line, width);
	else
		fprintf(stderr, "kbench: %s\n", line);
	funlockfile(stderr);
	free(line);
}
