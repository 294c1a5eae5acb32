/* SPDX-License-Identifier: GPL-2.0 */
/* Names of cases side by side: what all of them have in common is said once. */
#ifndef KB_SHORT_NAMES_H
#define KB_SHORT_NAMES_H

#include <stddef.h>

/**
 * kb_names_shorten() - take the words out of names that all of them have
 * @names:  as kb_entry_name() makes them, malloc()ed; of "8 CPUs" both words count as one. The
 *          first word, suite and bench, stays.
 * @common: gets these words, of @size bytes with the 0
 * Return: 0, or -1: no memory
 */
int kb_names_shorten(char *const *names, size_t nr, char *common, size_t size);

#endif
