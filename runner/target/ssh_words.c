// SPDX-License-Identifier: GPL-2.0
#include "ssh_words.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "plain_text.h"

/* As the user would write it for ssh: "-p 2222 pi@board". */
static void destination(const struct kb_ssh_spec *spec, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s%s%s%s", *spec->port ? "-p " : "", spec->port,
		 *spec->port ? " " : "", spec->user, *spec->user ? "@" : "", spec->host);
}

/* As known_hosts has it: "[board]:2222". */
static void known_host(const struct kb_ssh_spec *spec, char *text, size_t size)
{
	if (*spec->port && strcmp(spec->port, "22") != 0)
		snprintf(text, size, "[%s]:%s", spec->host, spec->port);
	else
		snprintf(text, size, "%s", spec->host);
}

void kb_last_line(const char *said, char *text, size_t size)
{
	const char *line = said;

	text[0] = '\0';
	while (*line) {
		size_t length = strcspn(line, "\n"), shown = length;

		while (shown && isspace((unsigned char)line[shown - 1]))
			shown--;
		if (shown && strncmp(line, "debug", 5) != 0 && line[0] != '@')
			snprintf(text, size, "%.*s", (int)shown, line);
		line += length + (line[length] == '\n');
	}
	/* Control signs of another machine are not for this terminal. */
	kb_make_plain(text);
}

/* The line that has @part in it, without its end. Return: false: there is none */
static bool line_with(const char *said, const char *part, char *text, size_t size)
{
	const char *at = strstr(said, part), *begin = at;
	char whole[1024];

	if (!at)
		return false;
	while (begin > said && begin[-1] != '\n')
		begin--;
	snprintf(whole, sizeof(whole), "%.*s", (int)strcspn(begin, "\n"), begin);
	kb_last_line(whole, text, size);
	return true;
}

static void changed_key(const struct kb_ssh_spec *spec, const char *said, char *text, size_t size)
{
	char line[400] = "", name[300];

	line_with(said, "Offending", line, sizeof(line));
	known_host(spec, name, sizeof(name));
	snprintf(text, size, "the host key of %s has changed%s%s: somebody else may answer in its "
		 "place; if you know why it has, ssh-keygen -R '%s'", spec->host,
		 *line ? ", " : "", line, name);
}

void kb_ssh_words(const struct kb_ssh_spec *spec, const char *said, char *text, size_t size)
{
	char line[400], to[340];

	destination(spec, to, sizeof(to));
	if (strstr(said, "HOST IDENTIFICATION HAS CHANGED")) {
		changed_key(spec, said, text, size);
	} else if (line_with(said, "Host key verification failed", line, sizeof(line))) {
		snprintf(text, size, "%s: %s connect once by hand to see and accept its key: "
			 "ssh %s", spec->host, line, to);
	} else if (line_with(said, "Permission denied (", line, sizeof(line))) {
		snprintf(text, size, "%s; kbench asks for no password, so the machine has to know "
			 "your key: ssh-copy-id %s", line, to);
	} else if (line_with(said, "Could not resolve hostname", line, sizeof(line))) {
		snprintf(text, size, "%s", strncmp(line, "ssh: ", 5) ? line : line + 5);
	} else if (line_with(said, "connect to host", line, sizeof(line))) {
		snprintf(text, size, "%s; is it on, and does sshd run there?",
			 strncmp(line, "ssh: ", 5) ? line : line + 5);
	} else {
		kb_last_line(said, line, sizeof(line));
		snprintf(text, size, "ssh %s: %s", to, *line ? line : "it ended without a word");
	}
}
