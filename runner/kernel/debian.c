// SPDX-License-Identifier: GPL-2.0
#include "debian.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernel.h"
#include "paths.h"

#define NR_FIELDS	7

enum { ORIGIN, LABEL, COMPONENT, URI, CODENAME, SUITE, ENTRY };

static void append(char **text, const char *more)
{
	char *both = kb_path("%s%s", *text, more);

	free(*text);
	*text = both;
}

/* Suites go by two names: bookworm is oldstable. */
static void note_own(struct kb_debian *debian, char *const *fields)
{
	char *names = kb_path(" %s %s ", fields[CODENAME], fields[SUITE]);

	append(&debian->own, names);
	free(names);
}

bool kb_debian_parse(struct kb_debian *debian, const char *targets, char **entry)
{
	char *text = kb_path("%s", targets), *rest = text, *line;

	*debian = (struct kb_debian){ .own = kb_path("%s", "") };
	*entry = NULL;
	while ((line = strsep(&rest, "\n"))) {
		char *fields[NR_FIELDS];
		size_t nr = 0;

		for (char *at = line; nr < NR_FIELDS && (fields[nr] = strsep(&at, "|")); )
			nr++;
		if (nr < NR_FIELDS || strcmp(fields[ORIGIN], "Debian") ||
		    strcmp(fields[LABEL], "Debian") || strcmp(fields[COMPONENT], "main"))
			continue;
		if (!debian->uri) {
			debian->uri = kb_path("%s", fields[URI]);
			*entry = kb_path("%s", fields[ENTRY]);
		}
		if (!strcmp(debian->uri, fields[URI]))
			note_own(debian, fields);
	}
	free(text);
	return debian->uri != NULL;
}

/* Of "deb [arch=amd64 signed-by=FILE] URI SUITE": FILE. */
static char *key_of_line(const char *line)
{
	static const char option[] = "signed-by=";
	const char *open = strchr(line, '['), *close = open ? strchr(open, ']') : NULL;

	for (const char *at = open; at && at < close; at++)
		if (!strncasecmp(at, option, strlen(option))) {
			at += strlen(option);
			return kb_path("%.*s", (int)strcspn(at, " \t]\n"), at);
		}
	return NULL;
}

/* Of a stanza: the field with the lines that go on with it, which begin with a space. */
static char *key_of_stanza(const char *stanza)
{
	static const char name[] = "Signed-By:";
	const char *line = stanza, *end;

	while (strncasecmp(line, name, strlen(name))) {
		line += strcspn(line, "\n");
		if (!line[0] || line[1] == '\n')
			return NULL;
		line++;
	}
	line += strlen(name);
	line += strspn(line, " \t");
	for (end = line + strcspn(line, "\n"); end[0] && (end[1] == ' ' || end[1] == '\t'); )
		end += 1 + strcspn(end + 1, "\n");
	return kb_path("%.*s", (int)(end - line), line);
}

/* A stanza begins where a line that is no comment follows an empty one, or the begin. */
static const char *find_stanza(const char *text, unsigned long number)
{
	bool inside = false;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		bool empty = text[strspn(text, " \t\r")] == '\n';

		if (*text == '#')
			continue;
		if (!inside && !empty && !--number)
			return text;
		inside = !empty;
	}
	return NULL;
}

char *kb_debian_key(const char *text, bool stanzas, unsigned long number)
{
	const char *at;

	if (!number)
		return NULL;
	if (stanzas) {
		at = find_stanza(text, number);
		return at ? key_of_stanza(at) : NULL;
	}
	for (at = text; at && --number; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		;
	if (!at)
		return NULL;
	char *line = kb_path("%.*s", (int)strcspn(at, "\n"), at), *key = key_of_line(line);

	free(line);
	return key;
}

/* @entry: "/etc/apt/sources.list.d/debian.sources:1" */
static char *read_key(char *entry)
{
	static const char newer[] = ".sources";
	char *colon = strrchr(entry, ':'), *text, *key;
	size_t length;

	if (!colon)
		return NULL;
	*colon = '\0';
	length = strlen(entry);
	text = kb_read_text(entry, NULL);
	if (!text)
		return NULL;
	key = kb_debian_key(text, length > strlen(newer) &&
				  !strcmp(entry + length - strlen(newer), newer),
			    strtoul(colon + 1, NULL, 10));
	free(text);
	return key;
}

static int find(struct kb_debian *debian, const struct kb_apt *own, struct kb_error *err)
{
	char *targets = kb_apt_targets(own, KB_DEBIAN_TARGETS, err), *entry;
	bool found;

	if (!targets)
		return -1;
	found = kb_debian_parse(debian, targets, &entry);
	free(targets);
	if (found)
		debian->signed_by = read_key(entry);
	free(entry);
	return found ? 0 : 1;
}

static char *read_names(const struct kb_debian *debian, struct kb_error *err)
{
	char *dir = kb_data_dir(), *path = kb_path("%s/runner/kernel/debian-suites", dir);
	char *text = kb_read_text(path, NULL), *names = NULL;

	if (text)
		names = kb_debian_suites(debian, text, err);
	else
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", path, strerror(errno));
	free(text);
	free(path);
	free(dir);
	return names;
}

int kb_debian_open(struct kb_debian *debian, char **names, const struct kb_arch *arch,
		   struct kb_error *err)
{
	struct kb_apt own;
	int ret;

	*debian = (struct kb_debian){ 0 };
	if (!kb_kernel_list_updated(arch, false) && kb_kernel_list_refresh(arch, false, false, err))
		return -1;
	if (kb_apt_open(&own, arch, false, err))
		return -1;
	ret = find(debian, &own, err);
	kb_apt_close(&own);
	if (!ret && names) {
		*names = read_names(debian, err);
		ret = *names ? 0 : -1;
	}
	return ret;
}

void kb_debian_clear(struct kb_debian *debian)
{
	free(debian->uri);
	free(debian->signed_by);
	free(debian->own);
	*debian = (struct kb_debian){ 0 };
}

static bool is_name(const char *text)
{
	return islower((unsigned char)*text) &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static bool has_own(const struct kb_debian *debian, const char *suite)
{
	char *word = kb_path(" %s ", suite);
	bool has = debian->own && strstr(debian->own, word);

	free(word);
	return has;
}

char *kb_debian_suites(const struct kb_debian *debian, const char *text, struct kb_error *err)
{
	char *copy = kb_path("%s", text), *rest = copy, *line, *names = kb_path("%s", "");
	unsigned int number = 0;

	while ((line = strsep(&rest, "\n"))) {
		number++;
		line[strcspn(line, "#")] = '\0';
		for (size_t n = strlen(line); n && strchr(" \t\r", line[n - 1]); )
			line[--n] = '\0';
		if (*line && !is_name(line)) {
			kb_fail(err, KB_EXIT_USAGE, "debian-suites, line %u: '%.40s' is no "
				"name of a suite", number, line);
			free(names);
			names = NULL;
			break;
		}
		if (!*line || has_own(debian, line))
			continue;
		if (*names)
			append(&names, " ");
		append(&names, line);
	}
	free(copy);
	return names;
}

char *kb_debian_base(const char *suite)
{
	return kb_path("%.*s", (int)strcspn(suite, "-"), suite);
}

char *kb_debian_sources(const struct kb_debian *debian, const char *suites)
{
	return kb_path("Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n%s%s%s", debian->uri,
		       suites, debian->signed_by ? "Signed-By: " : "",
		       debian->signed_by ? debian->signed_by : "", debian->signed_by ? "\n" : "");
}
