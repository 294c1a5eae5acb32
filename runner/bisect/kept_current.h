/* SPDX-License-Identifier: GPL-2.0 */
/* Would a result that lies there be the same if it were measured now? */
#ifndef KB_KEPT_CURRENT_H
#define KB_KEPT_CURRENT_H

#include <jansson.h>
#include <time.h>

#include "suite_file.h"

/**
 * struct kb_current - what results would be made with now
 * @changed:  when the last of program, agent, and sources of modules changed: a commit alone does
 *            not tell, since there may be none, or edits on top of it
 * @versions: object: what each program says of its version
 */
struct kb_current {
	struct timespec	changed;
	json_t		*versions;
};

/** kb_current_find() - @suites: as in kb_sources_find(); 0 or -1 with @err. Free in any case */
int kb_current_find(struct kb_current *current, const struct kb_suite_files *suites,
		    struct kb_error *err);
void kb_current_free(struct kb_current *current);

/**
 * kb_current_refuses() - why @result, which lies at @path, is not to be taken
 * Made by another version or commit of kbench, before something of it changed, in another emulator,
 * with another compiler, or one that is not known. Return: malloc()ed; NULL: it may be taken
 */
char *kb_current_refuses(struct kb_current *current, const json_t *result, const char *path);

#endif
