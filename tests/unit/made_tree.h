/* SPDX-License-Identifier: GPL-2.0 */
/* A directory that stands for the root of a machine, and what the agent says of it. */
#ifndef KB_TESTS_MADE_TREE_H
#define KB_TESTS_MADE_TREE_H

#include <jansson.h>

#include "agent/emit.h"

/** made_tree_begin(), made_tree_end() - setup and teardown: the state is its path */
int made_tree_begin(void **state);
int made_tree_end(void **state);

/** made_tree_put() - a file with its directories; replaced when it is there */
void made_tree_put(const char *root, const char *name, const char *text);

/** made_tree_refuse() - a file that has "Linux" in it and takes nothing else, whoever writes */
void made_tree_refuse(const char *root, const char *name);

/** made_tree_text() - what is in all its files below @names, ended by NULL: to be compared */
char *made_tree_text(const char *root, const char *const *names);

/** sent_records() - what @send sends, each a whole record */
json_t *sent_records(void (*send)(struct emit *emit, const void *arg), const void *arg);

#endif
