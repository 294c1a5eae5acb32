// SPDX-License-Identifier: GPL-2.0
#include "error.h"

#include <stdio.h>

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

void kb_note(const char *format, ...)
{
	va_list args;

	if (kb_note_prepare)
		kb_note_prepare();
	flockfile(stderr);
	fputs("kbench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	funlockfile(stderr);
}
