/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where perf writes: a directory that is the agent's alone, since whoever has the one that its
 * files go to may put links there, and the agent is root. They go there when they are whole.
 */
#ifndef KB_AGENT_PERF_PLACE_H
#define KB_AGENT_PERF_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct perf_place - the two directories
 * @own:   malloc()ed; NULL: there is none, and @why says why not
 * @to:    where the files go, open; -1: they go nowhere
 * @why:   why they go nowhere, or ""
 * @uid, @gid: of @to: they get its files
 */
struct perf_place {
	char	*own;
	int	to;
	char	why[300];
	uid_t	uid;
	gid_t	gid;
};

/**
 * perf_place_make() - a new directory of our own, and @to opened, where it can be trusted
 * @to: has to be a directory of who has called us, where nobody else writes; NULL: there is none
 */
void perf_place_make(struct perf_place *place, const char *to);

/**
 * perf_place_give() - move the file @name from the one to the other, where none has that name
 * Return: whether it is there; if not and @why is "", @why (@size) says why
 */
bool perf_place_give(const struct perf_place *place, const char *name, char *why, size_t size);

/** perf_place_remove() - our directory with all that is in it */
void perf_place_remove(struct perf_place *place);

#endif
