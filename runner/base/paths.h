/* SPDX-License-Identifier: GPL-2.0 */
/* Where things are: kbench's own sources and agent, the cache, programs. */
#ifndef KB_PATHS_H
#define KB_PATHS_H

#include <stdarg.h>
#include <stdbool.h>
#include <sys/types.h>

#include "error.h"

/*
 * Everything returned is malloc()ed and never NULL unless said otherwise: running out of memory
 * for a path ends the program with one line.
 */

/** kb_path() - a string by format */
char *kb_path(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *kb_vpath(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/**
 * kb_data_dir() - the directory that holds kbench/, suites/ and plots/
 * KBENCH_DATADIR, else where it was installed, else the source tree around build/kbench.
 */
char *kb_data_dir(void);

/**
 * kb_agent_path() - kbench-agent: KBENCH_AGENT, else beside kbench, else where it was installed
 * @arch: NULL, or another machine's architecture, whose agent is named kbench-agent-ARCH
 */
char *kb_agent_path(const char *arch);

/** kb_counter_path() - kbench-count.so, the emulator's plugin, beside the agent */
char *kb_counter_path(void);

/** kb_cache_dir() - XDG_CACHE_HOME/kbench or ~/.cache/kbench, created; NULL with @err */
char *kb_cache_dir(struct kb_error *err);

/** kb_find_program() - full path of an executable in the absolute directories of PATH, or NULL */
char *kb_find_program(const char *name);

/** kb_make_dirs() - a directory with its parents; 0 or -1 with @err */
int kb_make_dirs(const char *path, struct kb_error *err);

/** kb_exists() - whether @path can be looked at */
bool kb_exists(const char *path);

/** kb_is_directory() - whether @path is one, with all links followed */
bool kb_is_directory(const char *path);

/** kb_ends_with() - whether @text has something and then @end: a name and its suffix */
bool kb_ends_with(const char *text, const char *end);

/** kb_path_beside() - NAME and @suffix, for what stands beside @result, which is NAME.json */
char *kb_path_beside(const char *result, const char *suffix);

/** kb_remove_tree() - remove a directory with all that is in it; errors are ignored */
void kb_remove_tree(const char *path);

/** kb_read_text() - a whole file, 0-terminated; NULL with errno. @length may be NULL */
char *kb_read_text(const char *path, size_t *length);

/** kb_write_text() - replace a file in one step; 0 or -1 with @err */
int kb_write_text(const char *path, const char *text, struct kb_error *err);

/** kb_copy_file() - contents and permission bits; 0 or -1 with @err */
int kb_copy_file(const char *from, const char *to, struct kb_error *err);

#endif
