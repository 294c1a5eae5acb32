/* SPDX-License-Identifier: GPL-2.0 */
/* Names of cases in the formats, and text as it may stand in them. */
#ifndef KB_EXPORT_NAME_H
#define KB_EXPORT_NAME_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "entry_name.h"

/**
 * kb_export_name() - "locks/mutex/phase=put/cs=0/context=process/cpus=2/on=0,3"
 * @listed: with the numbers of its CPUs
 * All parameters are in it, so that it does not change with what else was measured. Letters,
 * digits, and "_.-=/," are all that it has.
 */
void kb_export_name(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool listed);

/**
 * kb_export_dotted() - "locks.mutex.put.cs-0.process.cpus2.on0-3": without "=", "/" and ","
 * A "." in any of these becomes "_", so that all parts stand between dots and none is empty.
 */
void kb_export_dotted(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool listed);

/** kb_export_word() - @text with "_" for all but ASCII letters, digits and "_.-" */
void kb_export_word(FILE *out, const char *text);

/** struct kb_escape - what stands for a character; the last of a table has 0 */
struct kb_escape {
	char		of;
	const char	*to;
};

/** kb_export_escaped() - @text by @table; control characters and what is no text become blanks */
void kb_export_escaped(FILE *out, const char *text, const struct kb_escape *table);

/** kb_export_params() - "cs=0 think=0" */
void kb_export_params(FILE *out, const json_t *entry);

/** kb_export_cpus() - the numbers in cpu_list, and nothing else, with @between between */
void kb_export_cpus(FILE *out, const json_t *entry, const char *between);

/** kb_export_number() - the member @name of @object; 0 where there is none */
double kb_export_number(const json_t *object, const char *name);

#endif
