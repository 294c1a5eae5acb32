// SPDX-License-Identifier: GPL-2.0
#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "target.h"

#define READ_BYTES	65536
#define NS_PER_MS	1000000ULL

/* Between two looks at kb_interrupted, should a signal come between a look and the poll(). */
#define STEP_MS		200

uint64_t kb_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 * NS_PER_MS + (uint64_t)now.tv_nsec;
}

void kb_lines_free(struct kb_lines *lines)
{
	free(lines->bytes);
	lines->bytes = NULL;
	lines->begin = lines->length = lines->room = lines->scanned = 0;
}

/* Room for one more read, and for the 0 behind a last line. */
static int make_room(struct kb_lines *lines)
{
	size_t room = lines->room ? lines->room : READ_BYTES;
	char *bytes;

	if (lines->begin) {
		memmove(lines->bytes, lines->bytes + lines->begin, lines->length);
		lines->begin = 0;
	}
	while (room - lines->length < READ_BYTES + 1)
		room *= 2;
	if (room == lines->room)
		return 0;
	bytes = realloc(lines->bytes, room);
	if (!bytes)
		return -1;
	lines->bytes = bytes;
	lines->room = room;
	return 0;
}

/* Reads what is there. Without memory or with a broken descriptor, that is the end. */
static void read_more(struct kb_lines *lines)
{
	ssize_t n;

	if (make_room(lines)) {
		lines->ended = true;
		return;
	}
	n = read(lines->fd, lines->bytes + lines->length, READ_BYTES);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		lines->ended = true;
		return;
	}
	lines->length += (size_t)n;
}

static char *give(struct kb_lines *lines, size_t size)
{
	char *line = lines->bytes + lines->begin;
	size_t taken = size < lines->length ? size + 1 : size;

	line[size] = 0;
	lines->begin += taken;
	lines->length -= taken;
	lines->scanned = 0;
	return line;
}

static void drop(struct kb_lines *lines)
{
	lines->begin = lines->length = lines->scanned = 0;
	lines->dropping = true;
}

/* Takes a line out of what was read. Return: false when there is none yet. */
static bool take(struct kb_lines *lines, char **line, size_t *size, bool *oversize)
{
	char *begin = lines->bytes + lines->begin;
	size_t left = lines->length - lines->scanned;
	char *newline = left ? memchr(begin + lines->scanned, '\n', left) : NULL;

	*oversize = false;
	if (!newline && !(lines->ended && lines->length)) {
		lines->scanned = lines->length;
		if (lines->length > KB_LINES_MAX)
			drop(lines);
		return false;
	}
	*size = newline ? (size_t)(newline - begin) : lines->length;
	*oversize = lines->dropping;
	*line = give(lines, *size);
	lines->dropping = false;
	return true;
}

static bool is_record(const struct kb_lines *lines)
{
	return lines->length && memmem(lines->bytes + lines->begin,
				       lines->length < 256 ? lines->length : 256, "KB1 ", 4);
}

static int wait_ms(uint64_t until_ns)
{
	uint64_t now = kb_now_ns();
	uint64_t left = until_ns > now ? (until_ns - now) / NS_PER_MS + 1 : 0;

	return left < STEP_MS ? (int)left : STEP_MS;
}

/* Waits a step for bytes and reads them. Return: false when the time is over. */
static bool wait_step(struct kb_lines *lines, uint64_t since_ns, uint64_t limit_ns)
{
	uint64_t last = lines->grown_ns > since_ns ? lines->grown_ns : since_ns;
	struct pollfd poll_fd = { .fd = lines->fd, .events = POLLIN };
	int timeout = wait_ms(last + limit_ns);
	int ready = poll(&poll_fd, 1, timeout);
	size_t before = lines->length;

	if (ready < 0 && errno != EINTR)
		lines->ended = true;
	if (ready <= 0)
		return timeout > 0 || ready < 0;
	read_more(lines);
	if (lines->length > before && is_record(lines))
		lines->grown_ns = kb_now_ns();
	return true;
}

enum kb_lines_event kb_lines_next(struct kb_lines *lines, uint64_t since_ns, uint64_t limit_ns,
				  char **line, size_t *size)
{
	bool oversize;

	for (;;) {
		if (kb_interrupted)
			return KB_LINES_INTERRUPTED;
		if (take(lines, line, size, &oversize))
			return oversize ? KB_LINES_OVERSIZE : KB_LINES_LINE;
		if (lines->ended)
			return KB_LINES_END;
		if (!wait_step(lines, since_ns, limit_ns))
			return KB_LINES_TIMEOUT;
	}
}
