/* SPDX-License-Identifier: GPL-2.0 */
/* What may stand next on a command line: for the shells. */
#ifndef KB_COMPLETE_H
#define KB_COMPLETE_H

/**
 * kb_complete() - print what the last of @words may become
 * @words: what stands behind "kbench" up to the cursor, the last one maybe empty or cut short
 *
 * A line for each: the whole word, and behind a tab what it is, if that can be said. ":files
 * PREFIX" and ":directories PREFIX" ask the shell for names of these, which stand behind PREFIX in
 * the word. Nothing is fetched or built. Return: exit code
 */
int kb_complete(int nr_words, char **words);

#endif
