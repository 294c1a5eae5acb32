// SPDX-License-Identifier: GPL-2.0
#include "temp_dir.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "support.h"

#define TEMPLATE	"/tmp/kbench-test-XXXXXX"

char temp_dir[] = TEMPLATE;

int temp_dir_make(void **state)
{
	(void)state;
	memcpy(temp_dir, TEMPLATE, sizeof(TEMPLATE));
	return mkdtemp(temp_dir) ? 0 : -1;
}

int temp_dir_remove(void **state)
{
	(void)state;
	kb_remove_tree(temp_dir);
	return 0;
}

void temp_dir_put(const char *name, const char *text)
{
	char *path = kb_path("%s/%s", temp_dir, name), *slash = strrchr(path, '/');
	struct kb_error err = { 0 };

	*slash = '\0';
	assert_int_equal(kb_make_dirs(path, &err), 0);
	*slash = '/';
	assert_int_equal(kb_write_text(path, text, &err), 0);
	free(path);
}

void temp_dir_has(const char *name, const char *text)
{
	char *path = kb_path("%s/%s", temp_dir, name), *found = kb_read_text(path, NULL);

	if (text && !found)
		fail_msg("%s is missing", name);
	if (text)
		assert_string_equal(found, text);
	else
		assert_int_equal(access(path, F_OK), -1);
	free(found);
	free(path);
}
