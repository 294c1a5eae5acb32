// SPDX-License-Identifier: GPL-2.0
#include "help.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"
#include "wrap.h"

/* Lines are not longer on wider screens, where nobody could read them. */
#define MAX_WIDTH	79

/* Where an option's text begins; further left on screens that leave no room for it there. */
#define TEXT_COLUMN	29
#define NARROW_COLUMN	10
#define NARROW_WIDTH	60

bool kb_option_is_end(const struct argp_option *option)
{
	return !option->name && !option->key && !option->doc;
}

bool kb_option_is_shown(const struct argp_option *option)
{
	return option->name && !(option->flags & OPTION_HIDDEN);
}

int kb_option_letter(const struct argp_option *option)
{
	return option->key > 0 && option->key < 128 && isalnum(option->key) ? option->key : 0;
}

/* @text from column @indent on, where the cursor is. */
static void print_wrapped(const char *text, size_t indent, size_t width)
{
	for (;;) {
		const char *next;
		size_t length = kb_wrap_next(text, width > indent ? width - indent : 1, &next);

		printf("%.*s\n", (int)length, text);
		if (!*next)
			return;
		printf("%*s", (int)indent, "");
		text = next;
	}
}

/* Paragraphs; what is indented in them is an example. */
static void print_text(const char *text, size_t length, size_t width)
{
	while (length) {
		size_t end = strcspn(text, "\n");
		char line[4096];

		end = end < length ? end : length;
		snprintf(line, sizeof(line), "%.*s", (int)end, text);
		if (*line == ' ')
			kb_wrap_line(line, width, stdout);
		else
			print_wrapped(line, 0, width);
		text += end;
		length -= end;
		if (length) {
			text++;
			length--;
		}
	}
}

/* "Usage: kbench run [OPTION...] SUITE", and a line for each other way. */
static void print_usage(const struct argp *argp, const char *name, size_t width)
{
	const char *words = argp->args_doc ? argp->args_doc : "", *before = "Usage:";

	for (;;) {
		size_t end = strcspn(words, "\n");
		char line[512];

		snprintf(line, sizeof(line), "%s %s [OPTION...]%s%.*s", before, name,
			 end ? " " : "", (int)end, words);
		kb_wrap_line(line, width, stdout);
		if (!words[end])
			return;
		words += end + 1;
		before = "  or: ";
	}
}

static void print_option(const struct argp_option *option, size_t width)
{
	size_t column = width < NARROW_WIDTH ? NARROW_COLUMN : TEXT_COLUMN, used;
	char head[256], letter[8] = "    ";
	bool may = option->flags & OPTION_ARG_OPTIONAL;

	if (kb_option_letter(option))
		snprintf(letter, sizeof(letter), "-%c, ", option->key);
	snprintf(head, sizeof(head), "  %s--%s%s%s%s%s", letter, option->name,
		 option->arg && may ? "[" : "", option->arg ? "=" : "",
		 option->arg ? option->arg : "", option->arg && may ? "]" : "");
	used = kb_columns_of(head);
	if (used + 1 < column) {
		printf("%s%*s", head, (int)(column - used), "");
	} else {
		kb_wrap_line(head, width, stdout);
		printf("%*s", (int)column, "");
	}
	print_wrapped(option->doc ? option->doc : "", column, width);
}

static void print_options(const struct argp_option *options, size_t width)
{
	for (const struct argp_option *option = options; option && !kb_option_is_end(option);
	     option++) {
		if (!option->name && option->doc)
			printf("%s %s\n", option == options ? "" : "\n", option->doc);
		else if (kb_option_is_shown(option))
			print_option(option, width);
	}
}

/* A text of @argp, which may make it, as @key says. */
static void print_doc(const struct argp *argp, int key, const char *text, size_t width)
{
	char *made = argp->help_filter ? argp->help_filter(key, text, NULL) : (char *)text;

	if (made)
		print_text(made, strlen(made), width);
	if (made != text)
		free(made);
}

void kb_help_print(const struct argp *argp, const struct argp_option *more, const char *name)
{
	const char *doc = argp->doc ? argp->doc : "";
	size_t screen = kb_screen_width(), before = strcspn(doc, "\v");
	size_t width = screen && screen < MAX_WIDTH ? screen : MAX_WIDTH;
	bool grouped = argp->options && !argp->options->name;

	print_usage(argp, name, width);
	print_text(doc, before, width);
	putchar('\n');
	print_options(argp->options, width);
	if (grouped)
		putchar('\n');
	print_options(more, width);
	if (doc[before] == '\v') {
		putchar('\n');
		print_doc(argp, ARGP_KEY_HELP_POST_DOC, doc + before + 1, width);
	}
}
