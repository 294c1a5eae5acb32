// SPDX-License-Identifier: GPL-2.0
#include "suite_file.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../kbench/uapi/kbench.h"
#include "agent/bpf/suites.h"
#include "paths.h"

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Past a comment or a literal that begins at @at; @at itself when none does. */
static const char *skip_inert(const char *at)
{
	const char *end;

	if (at[0] == '/' && at[1] == '/')
		return at + strcspn(at, "\n");
	if (at[0] == '/' && at[1] == '*') {
		end = strstr(at + 2, "*/");
		return end ? end + 2 : at + strlen(at);
	}
	if (*at != '"' && *at != '\'')
		return at;
	for (end = at + 1; *end && *end != *at && *end != '\n'; end++)
		if (*end == '\\' && end[1])
			end++;
	return *end ? end + 1 : end;
}

static const char *skip_blank(const char *at)
{
	return at + strspn(at, " \t\r\n\\");
}

/* "(name" after the word KBENCH_SUITE. Return: the name, or NULL */
static char *first_argument(const char *at)
{
	size_t length = 0;

	at = skip_blank(at);
	if (*at != '(')
		return NULL;
	at = skip_blank(at + 1);
	while (is_word(at[length]))
		length++;
	return length ? kb_path("%.*s", (int)length, at) : NULL;
}

static bool is_suite_macro(const char *word, size_t length)
{
	return (length == strlen("KBENCH_SUITE") && !strncmp(word, "KBENCH_SUITE", length)) ||
	       (length == strlen("KBENCH_SUITE_EXIT") &&
		!strncmp(word, "KBENCH_SUITE_EXIT", length));
}

char *kb_suite_files_name(const char *source)
{
	const char *at = source;

	while (*at) {
		const char *next = skip_inert(at);
		size_t length = 0;
		char *name;

		if (next != at) {
			at = next;
			continue;
		}
		while (is_word(at[length]))
			length++;
		if (is_suite_macro(at, length)) {
			name = first_argument(at + length);
			if (name)
				return name;
		}
		at += length ? length : 1;
	}
	return NULL;
}

/* Is there a suites/NAME.c in the tree? One file is one suite, named alike. */
static bool is_own(const char *name)
{
	char *dir = kb_data_dir(), *path = kb_path("%s/suites/%s.c", dir, name);
	bool found = kb_exists(path);

	for (const struct bpf_suite *suite = bpf_suites; suite->name; suite++)
		found |= !strcmp(suite->name, name);
	free(path);
	free(dir);
	return found;
}

static int check_name(const struct kb_suite_files *files, const char *path, const char *name,
		      struct kb_error *err)
{
	if (strlen(name) >= KBENCH_NAME_LEN)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--suite %s: the suite's name %s is longer than %d characters",
			       path, name, KBENCH_NAME_LEN - 1);
	if (is_own(name))
		return kb_fail(err, KB_EXIT_USAGE,
			       "--suite %s: kbench has a suite '%s' of its own; give "
			       "KBENCH_SUITE() another name", path, name);
	for (size_t i = 0; i < files->nr; i++)
		if (!strcmp(files->files[i].name, name))
			return kb_fail(err, KB_EXIT_USAGE,
				       "--suite %s: %s has the suite '%s' already", path,
				       files->files[i].path, name);
	return 0;
}

/* The file's suite, malloc()ed; NULL with @err. */
static char *read_name(const char *path, struct kb_error *err)
{
	size_t length = strlen(path);
	char *source, *name;

	if (length < 3 || strcmp(path + length - 2, ".c")) {
		kb_fail(err, KB_EXIT_USAGE, "--suite %s: not the path of a .c file", path);
		return NULL;
	}
	source = kb_read_text(path, NULL);
	if (!source) {
		kb_fail(err, KB_EXIT_USAGE, "--suite %s: %s", path, strerror(errno));
		return NULL;
	}
	name = kb_suite_files_name(source);
	free(source);
	if (!name)
		kb_fail(err, KB_EXIT_USAGE,
			"--suite %s: no KBENCH_SUITE() in it, so it is no suite; "
			"docs/writing-a-suite.md shows one", path);
	return name;
}

int kb_suite_files_add(struct kb_suite_files *files, const char *path, struct kb_error *err)
{
	struct kb_suite_file *bigger;
	char *name = read_name(path, err), *real;

	if (!name || check_name(files, path, name, err)) {
		free(name);
		return -1;
	}
	real = realpath(path, NULL);
	bigger = reallocarray(files->files, files->nr + 1, sizeof(*bigger));
	if (bigger)
		files->files = bigger;
	if (!bigger || !real) {
		free(real);
		free(name);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "--suite %s: %s", path, strerror(errno));
	}
	bigger[files->nr++] = (struct kb_suite_file){ .path = real, .name = name };
	return 0;
}

void kb_suite_files_free(struct kb_suite_files *files)
{
	for (size_t i = 0; i < files->nr; i++) {
		free(files->files[i].path);
		free(files->files[i].name);
	}
	free(files->files);
	for (size_t i = 0; i < files->nr_own; i++)
		free(files->own[i]);
	free(files->own);
	*files = (struct kb_suite_files){ 0 };
}

int kb_suite_files_want(struct kb_suite_files *files, const char *name)
{
	char **own;

	for (size_t i = 0; i < files->nr_own; i++)
		if (!strcmp(files->own[i], name))
			return 0;
	own = reallocarray(files->own, files->nr_own + 1, sizeof(*own));
	if (!own)
		return -1;
	files->own = own;
	own[files->nr_own] = strdup(name);
	if (!own[files->nr_own])
		return -1;
	files->nr_own++;
	return 0;
}
