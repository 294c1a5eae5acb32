/* SPDX-License-Identifier: GPL-2.0 */
/* A directory for the files of a test. */
#ifndef KB_TESTS_TEMP_DIR_H
#define KB_TESTS_TEMP_DIR_H

/** temp_dir - its path, between temp_dir_make() and temp_dir_remove() */
extern char temp_dir[];

int temp_dir_make(void **state);
/** temp_dir_remove() - with all that is in it */
int temp_dir_remove(void **state);

/** temp_dir_put() - write the file @name in it, whose directory is made */
void temp_dir_put(const char *name, const char *text);

/** temp_dir_has() - the file @name in it has that text; @text: NULL: it is not there */
void temp_dir_has(const char *name, const char *text);

#endif
