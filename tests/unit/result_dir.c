// SPDX-License-Identifier: GPL-2.0
#include "result_dir.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"

int result_dir_setup(void **state)
{
	struct result_dir *dir = calloc(1, sizeof(*dir));

	assert_non_null(dir);
	dir->run = run_fixture_new();
	dir->result = run_fixture_result(dir->run, 1);
	snprintf(dir->directory, sizeof(dir->directory), "/tmp/kbench-test-XXXXXX");
	assert_non_null(mkdtemp(dir->directory));
	snprintf(dir->path, sizeof(dir->path), "%s/r.json", dir->directory);
	assert_int_equal(chdir(dir->directory), 0);
	*state = dir;
	return 0;
}

static void remove_all(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char path[512];

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (unlink(path))
			remove_all(path);
	}
	if (dir)
		closedir(dir);
	rmdir(directory);
}

int result_dir_teardown(void **state)
{
	struct result_dir *dir = *state;

	assert_int_equal(chdir("/"), 0);
	remove_all(dir->directory);
	json_decref(dir->result);
	run_fixture_free(dir->run);
	free(dir);
	return 0;
}

size_t count_files(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t nr = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		nr += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return nr;
}

void write_text(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}
