/* SPDX-License-Identifier: GPL-2.0 */
/* Names of what a command line can name, without fetching or building anything. */
#ifndef KB_COMPLETE_NAMES_H
#define KB_COMPLETE_NAMES_H

#include <stddef.h>

/* Each list and its names are malloc()ed, the last one is NULL; NULL when there are none. */

char **kb_suite_names(void);

/** kb_bench_names() - "locks/mutex", ...: of BPF programs, and of the modules built last */
char **kb_bench_names(const char *suite, size_t length);
char **kb_board_names(void);

/** kb_format_names() - of kbench export */
char **kb_format_names(void);

/** kb_spec_names() - "6.12-cloud", ...: the series of what is packaged or cached */
char **kb_spec_names(void);

#endif
