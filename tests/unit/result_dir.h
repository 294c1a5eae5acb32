/* SPDX-License-Identifier: GPL-2.0 */
/* A result and an empty directory to write it to, for tests of result files. */
#ifndef KB_TESTS_RESULT_DIR_H
#define KB_TESTS_RESULT_DIR_H

#include <jansson.h>
#include <stddef.h>

#include "run_fixture.h"

/**
 * struct result_dir - what a test gets as its state
 * @result:    that of @run's first boot
 * @directory: under /tmp, and the current one
 * @path:      r.json in it
 */
struct result_dir {
	struct run_fixture	*run;
	json_t			*result;
	char			directory[64];
	char			path[96];
};

int result_dir_setup(void **state);
/** result_dir_teardown() - removes the directory, one level of directories in it too */
int result_dir_teardown(void **state);

/** count_files() - all names in @directory but . and .. */
size_t count_files(const char *directory);
void write_text(const char *path, const char *text, size_t size);

#endif
