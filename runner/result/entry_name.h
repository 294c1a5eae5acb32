/* SPDX-License-Identifier: GPL-2.0 */
/* Cases of result files, as people call them. */
#ifndef KB_ENTRY_NAME_H
#define KB_ENTRY_NAME_H

#include <jansson.h>
#include <stdbool.h>

/** Room for the longest: 8 parameters of 31 characters and 20 digits, and a few CPUs. */
#define KB_ENTRY_NAME_LEN	1024

/**
 * kb_entry_name() - "locks/mutex cs=0 think=0, 8 CPUs (process)"
 * @entry:     of cases[]
 * @with_list: the numbers of its CPUs, too: "cache/handover, 2 CPUs 0,3 (process)"
 */
void kb_entry_name(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool with_list);

/**
 * kb_entry_is() - is @entry one of those that @wanted asks for?
 * @wanted: "locks/mutex", then what else has to be so: "locks/mutex cs=0", "locks/mutex 8 CPUs",
 *          or a whole name as above. "cpus=8" is another way to write "8 CPUs".
 */
bool kb_entry_is(const json_t *entry, const char *wanted);

#endif
