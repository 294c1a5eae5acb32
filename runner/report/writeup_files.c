// SPDX-License-Identifier: GPL-2.0
#include "writeup_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "document.h"
#include "paths.h"
#include "plain_text.h"
#include "result.h"
#include "result_files.h"
#include "table.h"

/* A whole result takes ten times its file's size: this many bytes of files are read as they are. */
#define MOST_BYTES	(10u << 20)

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: report fewer results");
}

/* The same boots twice would count twice. */
static int check_new(const struct kb_writeup_files *files, const char *path, const json_t *result)
{
	const char *id = kb_text(result, "id");

	for (size_t i = 0; i < files->nr; i++)
		if (!strcmp(kb_text(files->results[i].result, "id"), id))
			return kb_fail(files->err, KB_EXIT_USAGE, "%s and %s are the same result: "
				       "give it once", files->results[i].path, path);
	return 0;
}

static int collect(void *ctx, const char *path, int argument, json_t *result)
{
	struct kb_writeup_files *files = ctx;
	struct kb_named_result *more;
	struct stat st;

	if (check_new(files, path, result))
		return -1;
	more = realloc(files->results, (files->nr + 1) * sizeof(*more));
	if (!more)
		return no_memory(files->err);
	files->results = more;
	more[files->nr++] = (struct kb_named_result){
		.path = kb_path("%s", path), .argument = argument, .result = json_incref(result),
	};
	files->bytes += stat(path, &st) ? 0 : (size_t)st.st_size;
	return 0;
}

/* Again, with all that is in them. */
static int read_again(struct kb_writeup_files *files)
{
	for (size_t i = 0; i < files->nr; i++) {
		struct kb_named_result *named = &files->results[i];

		json_decref(named->result);
		named->result = kb_result_read(named->path, files->err);
		if (!named->result)
			return -1;
	}
	return 0;
}

/* Names of files may hold anything; from here on they are text. */
static int plain_names(struct kb_writeup_files *files)
{
	for (size_t i = 0; i < files->nr; i++) {
		char *plain = kb_plain_text(files->results[i].path);

		if (!plain)
			return no_memory(files->err);
		free((char *)files->results[i].path);
		files->results[i].path = plain;
	}
	return 0;
}

static int check_cases(const struct kb_writeup_files *files)
{
	for (size_t i = 0; i < files->nr; i++)
		if (kb_result_count(files->results[i].result, "ok"))
			return 0;
	return kb_fail(files->err, KB_EXIT_USAGE, "no measured case in %s%s: there is nothing to "
		       "report", files->results[0].path, files->nr > 1 ? " or the others" : "");
}

int kb_writeup_files_read(struct kb_writeup_files *files, char *const *paths, int nr,
			  json_t *ignored, struct kb_error *err)
{
	bool once = kb_result_files_once(paths, nr);

	*files = (struct kb_writeup_files){ .err = err };
	if ((once ? kb_result_files_whole : kb_result_files)(paths, nr, ignored, collect, files,
							     err) ||
	    check_cases(files))
		return -1;
	files->lean = !once && files->bytes > MOST_BYTES;
	return (once || files->lean ? 0 : read_again(files)) || plain_names(files) ? -1 : 0;
}

void kb_writeup_files_free(struct kb_writeup_files *files)
{
	for (size_t i = 0; i < files->nr; i++) {
		free((char *)files->results[i].path);
		json_decref(files->results[i].result);
	}
	free(files->results);
	memset(files, 0, sizeof(*files));
}
