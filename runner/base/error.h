/* SPDX-License-Identifier: GPL-2.0 */
/* Errors of the runner: one line for the user and the exit code that goes with it. */
#ifndef KB_ERROR_H
#define KB_ERROR_H

#include <stdarg.h>

/** Exit codes of the kbench command. */
enum kb_exit {
	KB_EXIT_OK		= 0,
	KB_EXIT_REGRESSION	= 1,	/* only with --gate, and in bisect --step */
	KB_EXIT_USAGE		= 2,	/* bad arguments or a malformed input file */
	KB_EXIT_INCONCLUSIVE	= 3,	/* only with --gate --strict, and in bisect */
	KB_EXIT_ENVIRONMENT	= 4,	/* this machine cannot do it; says what mends it */
	KB_EXIT_TARGET		= 5,	/* the target failed, a case failed, records were lost */
	KB_EXIT_INTERRUPTED	= 130,
};

/**
 * struct kb_error - what went wrong, filled by the function that noticed it
 * @exit: exit code, KB_EXIT_OK while there is no error
 * @text: one line: what is wrong and what to do; no newline at its end
 *
 * Functions that can fail take a struct kb_error * last, return 0 or -1 (or NULL), and fill it
 * once: the first error wins.
 */
struct kb_error {
	enum kb_exit	exit;
	char		text[1024];
};

/** kb_fail() - fill @err unless it holds an error already. Return: -1, for `return kb_fail(...)` */
int kb_fail(struct kb_error *err, enum kb_exit exit, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** kb_note() - a line for the user on stderr, after the progress line has been cleared */
void kb_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** kb_note_prepare - called before a note is printed; NULL, or what clears a progress line */
extern void (*kb_note_prepare)(void);

#endif
