// SPDX-License-Identifier: GPL-2.0
#include "complete.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "complete_names.h"
#include "config.h"
#include "error.h"
#include "help.h"
#include "wrap.h"

/* What is told of an option: as much as stands beside it. */
#define MAX_TEXT	60

/* Longer words are nothing that anybody has completed. */
#define MAX_WORD	4096

/**
 * struct completing - a word that is being written
 * @words:  those of the command, its name first; the last, @nr - 1, is the one
 * @prefix: how much of it stands before what is completed: "--target=", "locks,"
 * @said:   an object whose members are what was printed; "" once the shell was asked for names
 */
struct completing {
	const struct kb_command	*command;
	char			**words;
	int			nr;
	size_t			prefix;
	json_t			*said;
};

static const char *current(const struct completing *c)
{
	return c->words[c->nr - 1];
}

/* Ways to call a command have much in common. */
static bool was_said(const struct completing *c, const char *word)
{
	bool before = json_object_get(c->said, word);

	json_object_set_new(c->said, word, json_true());
	return before;
}

/* @length bytes of @word, if what is there begins it; the text up to its first clause. */
static void offer(const struct completing *c, const char *word, size_t length, const char *text)
{
	const char *written = current(c) + c->prefix;
	char whole[MAX_WORD];

	if (strlen(written) > length || strncmp(word, written, strlen(written)) != 0)
		return;
	snprintf(whole, sizeof(whole), "%.*s%.*s", (int)c->prefix, current(c), (int)length, word);
	if (was_said(c, whole))
		return;
	fputs(whole, stdout);
	if (text && *text) {
		const char *rest;
		size_t end = kb_wrap_next(text, MAX_TEXT, &rest), clause = strcspn(text, ";(\n");

		end = clause < end ? clause : end;
		while (end && text[end - 1] == ' ')
			end--;
		printf("\t%.*s", (int)end, text);
	}
	putchar('\n');
}

static void offer_all(const struct completing *c, char **names)
{
	for (size_t i = 0; names && names[i]; i++) {
		offer(c, names[i], strlen(names[i]), NULL);
		free(names[i]);
	}
	free(names);
}

/* What is completed begins behind the last comma. */
static void skip_list(struct completing *c)
{
	const char *comma = strrchr(current(c) + c->prefix, ',');

	if (comma)
		c->prefix = (size_t)(comma + 1 - current(c));
}

static void offer_suites(const struct completing *c)
{
	const char *written = current(c) + c->prefix, *slash = strchr(written, '/');

	offer_all(c, slash ? kb_bench_names(written, (size_t)(slash - written)) :
			     kb_suite_names());
}

/* Names of files are those of directories, too, so the first question is enough. */
static void ask_shell(const struct completing *c, const char *what)
{
	if (!was_said(c, ""))
		printf(":%s %.*s\n", what, (int)c->prefix, current(c));
}

/* One of the alternatives that an option's value or an argument has in the help. */
static void offer_one(const struct completing *c, const char *kind, size_t length)
{
	char name[64];
	size_t literal = 0;

	snprintf(name, sizeof(name), "%.*s", (int)length, kind);
	while (name[literal] && !isupper((unsigned char)name[literal]))
		literal++;
	/* "ssh:HOST" begins as it stands there. */
	if (literal && isalpha((unsigned char)name[0]))
		offer(c, name, literal, NULL);
	else if (strstr(name, "SUITE"))
		offer_suites(c);
	else if (strstr(name, "FILE") || strstr(name, ".json"))
		ask_shell(c, "files");
	else if (strstr(name, "DIR"))
		ask_shell(c, "directories");
	else if (!strcmp(name, "FORMAT"))
		offer_all(c, kb_format_names());
	else if (!strcmp(name, "BOARD"))
		offer_all(c, kb_board_names());
	else if (!strncmp(name, "SPEC", 4) || !strcmp(name, "KERNEL"))
		offer_all(c, kb_spec_names());
}

/* "auto|vm|ssh:HOST,...": alternatives, of which there may be several with commas between. */
static void offer_value(struct completing *c, const char *kinds)
{
	size_t end = strcspn(kinds, " \n");
	const char *dots = strstr(kinds, ",.");

	if ((dots && dots < kinds + end) || !strncmp(kinds, "SUITE", strlen("SUITE")) ||
	    !strncmp(kinds, "[SUITE", strlen("[SUITE"))) {
		skip_list(c);
		if (dots && dots < kinds + end)
			end = (size_t)(dots - kinds);
	}
	for (size_t at = 0, length; at < end; at += length + 1) {
		length = strcspn(kinds + at, "|");
		if (length > end - at)
			length = end - at;
		offer_one(c, kinds + at, length);
	}
}

static const struct argp_option *find(const struct argp *argp, const char *word, size_t length)
{
	for (const struct argp_option *option = argp ? argp->options : NULL;
	     option && !kb_option_is_end(option); option++) {
		if (!kb_option_is_shown(option))
			continue;
		if (length > 2 && word[1] == '-' && strlen(option->name) == length - 2 &&
		    !strncmp(option->name, word + 2, length - 2))
			return option;
		if (length == 2 && kb_option_letter(option) == word[1])
			return option;
	}
	return NULL;
}

/* The option that @word is, up to @length; NULL: none */
static const struct argp_option *option_of(const struct completing *c, const char *word,
					   size_t length)
{
	const struct argp_option *option;

	if (word[0] != '-')
		return NULL;
	option = find(c->command->argp, word, length);
	return option ? option : find(c->command->more, word, length);
}

static bool takes_next(const struct argp_option *option)
{
	return option && option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
}

static void offer_options(const struct completing *c, const struct argp *argp)
{
	for (const struct argp_option *option = argp ? argp->options : NULL;
	     option && !kb_option_is_end(option); option++) {
		char word[80];
		bool value = takes_next(option);

		if (!kb_option_is_shown(option))
			continue;
		/* With a command's other options there are some twice. */
		if (argp == c->command->more &&
		    kb_config_option(c->command->argp, option->name))
			continue;
		snprintf(word, sizeof(word), "--%s%s", option->name, value ? "=" : "");
		offer(c, word, strlen(word), option->doc);
	}
}

/* How many words before the last are neither options nor their values. */
static int place_of(const struct completing *c, const char **first)
{
	int place = 0;

	*first = "";
	for (int i = 1; i < c->nr - 1; i++) {
		const char *word = c->words[i];

		if (word[0] == '-') {
			i += takes_next(option_of(c, word, strlen(word)));
			continue;
		}
		if (!place++)
			*first = word;
	}
	return place;
}

static bool is_literal(const char *token)
{
	return islower((unsigned char)*token);
}

/* Token number @place of a way to call it, its last one where there are fewer; NULL: none. */
static const char *token_at(const char *line, size_t length, int place)
{
	const char *found = NULL;

	for (size_t at = 0, size; at < length && place >= 0; at += size) {
		at += strspn(line + at, " ");
		size = strcspn(line + at, " \n");
		if (!size || at >= length)
			break;
		if (line[at] == '-' || line[at] == '[') {
			/* An option with its value, or what may be left out, which is last. */
			if (line[at] == '[' && !found)
				return line + at;
			if (line[at] == '-')
				size += strspn(line + at + size, " ") +
					strcspn(line + at + size + 1, " \n");
			continue;
		}
		found = line + at;
		place--;
	}
	return found;
}

static void offer_arguments(struct completing *c)
{
	const char *first, *line = c->command->argp->args_doc;
	int place = place_of(c, &first);

	while (line && *line) {
		size_t length = strcspn(line, "\n");
		const char *token = token_at(line, length, place);

		/* "add SPEC..." goes on only behind "add". */
		if (is_literal(line) && place &&
		    (strncmp(line, first, strlen(first)) != 0 || line[strlen(first)] != ' '))
			token = NULL;
		if (token)
			offer_value(c, token);
		line += length + (line[length] == '\n');
	}
}

static void offer_commands(const struct completing *c)
{
	static const char *const others[] = { "help", "--help", "--version" };

	for (const struct kb_command *command = kb_commands; command->name; command++)
		offer(c, command->name, strlen(command->name), command->help);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		offer(c, others[i], strlen(others[i]), NULL);
}

static void complete_word(struct completing *c)
{
	static const char help[] = "--help";
	const char *word = current(c), *before = c->words[c->nr - 2];
	size_t length = strcspn(word, "=");
	const struct argp_option *option = option_of(c, word, length);

	if (option && option->arg && word[length] == '=') {
		c->prefix = length + 1;
		offer_value(c, option->arg);
	} else if (takes_next(option_of(c, before, strlen(before))) && c->nr > 2) {
		offer_value(c, option_of(c, before, strlen(before))->arg);
	} else if (word[0] == '-') {
		offer_options(c, c->command->argp);
		offer_options(c, c->command->more);
		offer(c, help, strlen(help), "print this help");
	} else {
		offer_arguments(c);
	}
}

int kb_complete(int nr_words, char **words)
{
	struct completing c = { .words = words, .nr = nr_words, .said = json_object() };

	if (nr_words == 1 || (nr_words == 2 && !strcmp(words[0], "help")))
		offer_commands(&c);
	c.command = nr_words > 1 ? kb_command_find(words[0]) : NULL;
	if (c.command)
		complete_word(&c);
	json_decref(c.said);
	return KB_EXIT_OK;
}
