/* SPDX-License-Identifier: GPL-2.0 */
/* A case by its name, as arguments of kbench run; and lists of such arguments. */
#ifndef KB_CASE_WORDS_H
#define KB_CASE_WORDS_H

#include <stddef.h>

#include "error.h"

/** struct kb_words - arguments, @nr of them and a NULL; all malloc()ed */
struct kb_words {
	char	**items;
	size_t	nr;
};

/** kb_words_add() - append a copy of @text. Out of memory ends the program, as in kb_path() */
void kb_words_add(struct kb_words *words, const char *text);
void kb_words_free(struct kb_words *words);

/** kb_words_quoted() - as one line for a shell, malloc()ed: what is not plain is in quotes */
char *kb_words_quoted(const struct kb_words *words);

/** kb_quoted() - one word of that, malloc()ed */
char *kb_quoted(const char *word);

/**
 * kb_case_words() - append what measures the case @wanted alone
 * @wanted: as in kb_entry_is(): "locks/mutex cs=0 8 CPUs" gives "locks/mutex", "--param=cs=0",
 *          "--cpus=8"; without a number of CPUs it is one. Numbers behind the CPUs are theirs; a
 *          phase is for kb_entry_is() alone.
 * Return: 0, or -1 with KB_EXIT_USAGE: a word that is none of a case's name
 */
int kb_case_words(struct kb_words *words, const char *wanted, struct kb_error *err);

#endif
