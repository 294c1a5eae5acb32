// SPDX-License-Identifier: GPL-2.0
/* Reads result files that anybody may have written or cut short. */
#include "result.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "interrupt.h"
#include "plain_text.h"
#include "result_check.h"
#include "result_lean.h"

static int fail_parse(const char *path, json_error_t *error, struct kb_error *err)
{
	if (json_error_code(error) == json_error_premature_end_of_input)
		return kb_fail(err, KB_EXIT_USAGE,
			       "%s is cut short, it ends in the middle at line %d: measure again "
			       "or take a good copy", path, error->line);
	return kb_fail(err, KB_EXIT_USAGE,
		       "%s is no kbench result: no JSON at line %d (%s); give a file written "
		       "by kbench run", path, error->line, error->text);
}

/* While it waited for a pipe. */
static bool interrupted(struct kb_error *err)
{
	if (errno == EINTR && kb_interrupted)
		kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
	return err->exit == KB_EXIT_INTERRUPTED;
}

static FILE *open_file(const char *path, struct kb_error *err)
{
	FILE *file = fopen(path, "re");
	struct stat st;

	if (!file || fstat(fileno(file), &st)) {
		if (!interrupted(err))
			kb_fail(err, KB_EXIT_USAGE, "cannot read %s: %s; give a file written by "
				"kbench run", path, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		kb_fail(err, KB_EXIT_USAGE,
			"%s is a directory; give a file in it, written by kbench run", path);
	} else if (S_ISREG(st.st_mode) && !st.st_size) {
		kb_fail(err, KB_EXIT_USAGE, "%s is empty; give a file written by kbench run", path);
	} else {
		return file;
	}
	if (file)
		fclose(file);
	return NULL;
}

/* All of a file, malloc()ed; NULL with errno. Parsing it in memory takes half as long. */
static char *read_whole(FILE *file, size_t *size)
{
	char *text = NULL, *bigger;
	size_t room = 1 << 16, got;

	*size = 0;
	do {
		room *= 2;
		bigger = realloc(text, room);
		if (!bigger) {
			free(text);
			return NULL;
		}
		text = bigger;
		got = fread(text + *size, 1, room - *size, file);
		*size += got;
	} while (*size == room);
	if (!ferror(file))
		return text;
	free(text);
	return NULL;
}

static json_t *parse(const char *text, size_t size, const char *path, struct kb_error *err)
{
	json_error_t error;
	json_t *result = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);

	if (!result)
		fail_parse(path, &error, err);
	else if (!kb_result_check(result, path, err))
		return result;
	/* What a message says of a file can be anything that stood in it. */
	kb_make_plain(err->text);
	json_decref(result);
	return NULL;
}

static json_t *read_full(FILE *file, const char *path, struct kb_error *err)
{
	size_t size;
	char *text = read_whole(file, &size);
	json_t *result = NULL;

	if (text)
		result = parse(text, size, path, err);
	else if (!interrupted(err))
		kb_fail(err, KB_EXIT_ENVIRONMENT, "cannot read %s: %s", path, strerror(errno));
	free(text);
	return result;
}

json_t *kb_result_read(const char *path, struct kb_error *err)
{
	FILE *file = open_file(path, err);
	json_t *result = file ? read_full(file, path, err) : NULL;

	if (file)
		fclose(file);
	return result;
}

/* What the lean parser does not take, for whatever reason, the full one judges. */
json_t *kb_result_read_lean(const char *path, struct kb_error *err)
{
	FILE *file = open_file(path, err);
	json_t *result = NULL;

	if (!file)
		return NULL;
	/* A pipe can be read but once. */
	if (!fseek(file, 0, SEEK_SET))
		result = kb_result_parse_lean(file);
	if (!result) {
		rewind(file);
		result = read_full(file, path, err);
	}
	fclose(file);
	return result;
}
