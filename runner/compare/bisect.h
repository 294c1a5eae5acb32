/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The search for the first of a row of releases that is not as the one before: which is to be
 * measured next, and what is known at the end. Pure: who measures marks what came out.
 */
#ifndef KB_BISECT_H
#define KB_BISECT_H

#include <stddef.h>

enum kb_bisect_mark {
	KB_BISECT_UNKNOWN = 0,
	KB_BISECT_GOOD,		/* as the first of the row */
	KB_BISECT_BAD,		/* not so */
	KB_BISECT_SKIPPED,	/* could not be measured */
};

/**
 * struct kb_bisect - a row of @nr releases, two or more
 * @marks: one each; the first is good, the last bad, before anything is asked
 *
 * Whether the figure goes to and fro in between is not known, and need not be: what is found is a
 * good release and a bad one, and none between them but what was skipped.
 */
struct kb_bisect {
	enum kb_bisect_mark	*marks;
	size_t			nr;
};

/**
 * struct kb_bisect_ends - what is known
 * @good: the last good release before @bad
 * @bad:  the first bad one
 * @left: releases between them that are not marked: 0 when the search is over. Those that are
 *        between them then were skipped, and may be the first bad one just as @bad may
 */
struct kb_bisect_ends {
	size_t	good;
	size_t	bad;
	size_t	left;
};

/** kb_bisect_ends() - how far the search has come */
struct kb_bisect_ends kb_bisect_ends(const struct kb_bisect *bisect);

/**
 * kb_bisect_next() - the release to be measured next: of those that are not marked the nearest to
 * the middle. Return: its place in the row, or @bisect->nr when the search is over
 */
size_t kb_bisect_next(const struct kb_bisect *bisect);

/** kb_bisect_steps() - how many more have to be measured at the most, if none has to be skipped */
unsigned int kb_bisect_steps(size_t left);

/** kb_bisect_word() - "good", "bad", "skipped", "unknown" */
const char *kb_bisect_word(enum kb_bisect_mark mark);

#endif
