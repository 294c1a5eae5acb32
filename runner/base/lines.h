/* SPDX-License-Identifier: GPL-2.0 */
/* Lines from a descriptor, with a limit on the waiting and on their length. */
#ifndef KB_LINES_H
#define KB_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest line: a worker's samples at their most are some 2 MB. */
#define KB_LINES_MAX	(16U * 1024 * 1024)

enum kb_lines_event {
	KB_LINES_LINE,		/* a line */
	KB_LINES_OVERSIZE,	/* a line was longer than KB_LINES_MAX and is dropped */
	KB_LINES_END,		/* end of file, or the descriptor failed */
	KB_LINES_TIMEOUT,
	KB_LINES_INTERRUPTED,	/* kb_interrupted is set */
};

/**
 * struct kb_lines - a reader; only @fd is set by its user, the rest is 0 at the begin
 * @begin, @length: the bytes not given out yet
 * @scanned:  how many of them are known to hold no newline
 * @dropping: in the midst of a line that is too long
 * @grown_ns: when the unfinished line, if it is a record, got longer
 */
struct kb_lines {
	int		fd;
	char		*bytes;
	size_t		begin;
	size_t		length;
	size_t		room;
	size_t		scanned;
	bool		dropping;
	bool		ended;
	uint64_t	grown_ns;
};

/**
 * kb_lines_next() - wait for the next line
 * @since_ns: when the waiting began (kb_now_ns()), so that lines nobody waits for do not prolong it
 * @limit_ns: how long it may take from then, or from the last growth of a record that is on its way
 * @line, @size: the line without its newline, followed by a 0; valid until the next call. The end
 *          of the file ends a line, too.
 */
enum kb_lines_event kb_lines_next(struct kb_lines *lines, uint64_t since_ns, uint64_t limit_ns,
				  char **line, size_t *size);
void kb_lines_free(struct kb_lines *lines);

/** kb_now_ns() - CLOCK_MONOTONIC */
uint64_t kb_now_ns(void);

#endif
