/* SPDX-License-Identifier: GPL-2.0 */
/* A case of a result measured once more, with the emulator counting by address. */
#ifndef KB_RECOUNT_H
#define KB_RECOUNT_H

#include <jansson.h>

#include "entry_name.h"
#include "profile.h"

/**
 * struct kb_recount - what is to be counted
 * @path, @result: the result file
 * @entry: of its cases[], one whose instructions were counted, by one worker
 * @name:  of @entry, with its CPUs
 */
struct kb_recount {
	const char	*path;
	const json_t	*result;
	const json_t	*entry;
	char		name[KB_ENTRY_NAME_LEN];
};

/**
 * kb_recount() - boot the result's kernel with the seed of the entry's boot, and count that case
 *
 * As long and with as many samples as the command line in the result says.
 * Return: 0, or -1 with @err; KB_EXIT_TARGET when the counts are not proved (kb_profile_build()) or
 * are not what the result says. kb_profile_free() in any case
 */
int kb_recount(struct kb_profile *profile, const struct kb_recount *recount, int argc,
	       char **argv, struct kb_error *err);

#endif
