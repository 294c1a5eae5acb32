// SPDX-License-Identifier: GPL-2.0
#include "screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <unistd.h>

#include "wrap.h"

/* What terminals are that do not say. */
#define USUAL_WIDTH	80

size_t kb_terminal_width(int descriptor)
{
	struct winsize size;

	if (!isatty(descriptor))
		return 0;
	if (ioctl(descriptor, TIOCGWINSZ, &size) || !size.ws_col)
		return USUAL_WIDTH;
	return size.ws_col;
}

size_t kb_screen_width(void)
{
	return kb_terminal_width(STDOUT_FILENO);
}

bool kb_screen_colours(void)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0 &&
	       !(no_color && *no_color);
}

static int add(struct kb_screen *screen, const char *text, size_t length)
{
	if (screen->length + length + 1 > screen->size) {
		size_t size = 2 * (screen->length + length + 1);
		char *more = realloc(screen->line, size);

		if (!more)
			return -1;
		screen->line = more;
		screen->size = size;
	}
	memcpy(screen->line + screen->length, text, length);
	screen->length += length;
	screen->line[screen->length] = '\0';
	return 0;
}

static void print_line(struct kb_screen *screen)
{
	kb_wrap_line(screen->line ? screen->line : "", kb_screen_width(), screen->stdout_before);
	screen->length = 0;
	if (screen->line)
		screen->line[0] = '\0';
}

/* For fopencookie(): 0 is an error. */
static ssize_t take(void *cookie, const char *text, size_t size)
{
	struct kb_screen *screen = cookie;

	for (size_t done = 0, length; done < size; done += length) {
		const char *end = memchr(text + done, '\n', size - done);

		length = end ? (size_t)(end - text) - done : size - done;
		if (add(screen, text + done, length))
			return 0;
		if (end) {
			print_line(screen);
			length++;
		}
	}
	return fflush(screen->stdout_before) ? 0 : (ssize_t)size;
}

void kb_screen_begin(struct kb_screen *screen)
{
	*screen = (struct kb_screen){ 0 };
	if (!kb_screen_width())
		return;
	fflush(stdout);
	screen->out = fopencookie(screen, "w", (cookie_io_functions_t){ .write = take });
	if (!screen->out)
		return;
	screen->stdout_before = stdout;
	stdout = screen->out;
}

void kb_screen_end(struct kb_screen *screen)
{
	if (!screen->stdout_before)
		return;
	fclose(screen->out);
	stdout = screen->stdout_before;
	if (screen->length)
		print_line(screen);
	free(screen->line);
}
