/* SPDX-License-Identifier: GPL-2.0 */
/* Results in a directory that need not be measured again. */
#ifndef KB_KEPT_H
#define KB_KEPT_H

#include <jansson.h>
#include <stdbool.h>

#include "case_words.h"
#include "suite_file.h"

/**
 * kb_kept_read() - the complete results in @directory
 * @suites: those that are measured; results that are older than the source of one say nothing of it
 * @kept:   array of { result, path, refused: why it is not to be taken (kb_current_refuses()) };
 *          empty when @directory is NULL or not there. Other files are passed over.
 * Return: 0 or -1 with @err
 */
int kb_kept_read(json_t **kept, const char *directory, const struct kb_suite_files *suites,
		 struct kb_error *err);

/**
 * kb_kept_find() - those that @commands, one or two, have made
 * Two have to be of one experiment. One that is refused is named on stderr once, unless @quiet.
 * @results: get references; NULL where none is found.
 * Return: whether all were found, with @wanted measured in them
 */
bool kb_kept_find(const json_t *kept, const struct kb_words *commands, size_t nr,
		  const char *wanted, bool quiet, json_t **results);

#endif
