// SPDX-License-Identifier: GPL-2.0
#include "made_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "record.h"
#include "support.h"

int made_tree_begin(void **state)
{
	char *root = kb_path("/tmp/kbench-test-XXXXXX");

	*state = mkdtemp(root);
	return *state ? 0 : -1;
}

int made_tree_end(void **state)
{
	kb_remove_tree(*state);
	free(*state);
	return 0;
}

static char *make_place(const char *root, const char *name)
{
	char *path = kb_path("%s/%s", root, name);
	char *end = strrchr(path, '/');
	struct kb_error err = { 0 };

	*end = 0;
	if (kb_make_dirs(path, &err))
		fail_msg("%s", err.text);
	*end = '/';
	unlink(path);
	return path;
}

void made_tree_put(const char *root, const char *name, const char *text)
{
	char *path = make_place(root, name);
	struct kb_error err = { 0 };

	if (kb_write_text(path, text, &err))
		fail_msg("%s", err.text);
	free(path);
}

void made_tree_refuse(const char *root, const char *name)
{
	char *path = make_place(root, name);

	/* Not even root may write there. */
	assert_int_equal(symlink("/proc/sys/kernel/ostype", path), 0);
	free(path);
}

char *made_tree_text(const char *root, const char *const *names)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (; *names; names++) {
		char *path = kb_path("%s/%s", root, *names);
		char *content = kb_read_text(path, NULL);

		fprintf(out, "%s: %s\n", *names, content ? content : "none");
		free(content);
		free(path);
	}
	fclose(out);
	return text;
}

json_t *sent_records(void (*send)(struct emit *emit, const void *arg), const void *arg)
{
	json_t *records = json_array();
	atomic_int hurry = 0;
	struct emit emit;
	FILE *file = tmpfile();
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	assert_non_null(file);
	emit_init(&emit, fileno(file), false, &hurry);
	send(&emit, arg);
	emit_flush(&emit);
	emit_free(&emit);
	rewind(file);
	while ((length = getline(&line, &room, file)) > 0) {
		struct kb_record record;

		if (kb_record_parse(&record, line, (size_t)length - 1) != KB_LINE_RECORD)
			fail_msg("no record: %s", line);
		json_array_append_new(records, record.json);
	}
	free(line);
	fclose(file);
	return records;
}
