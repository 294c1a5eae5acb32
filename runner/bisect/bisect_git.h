/* SPDX-License-Identifier: GPL-2.0 */
/* kbench bisect for a tree of the kernel's sources, which git bisect walks. */
#ifndef KB_BISECT_GIT_H
#define KB_BISECT_GIT_H

#include "bisect_options.h"
#include "case_runs.h"

/**
 * kb_bisect_boots() - how many boots it takes to judge a release
 * @counted: instructions are counted: there is nothing to wait for
 * @given:   what the user said, 0: nothing
 */
struct kb_case_boots kb_bisect_boots(bool counted, unsigned int given);

/** kb_bisect_git() - print the commands. Return: exit code */
int kb_bisect_git(const struct kb_bisect_options *options);

/** kb_bisect_step() - measure one kernel. Return: exit code as git bisect run wants it */
int kb_bisect_step(const struct kb_bisect_options *options);

/** Exit codes of git bisect run: skip this revision; stop, since nothing will do. */
#define KB_GIT_SKIP	125
#define KB_GIT_STOP	128

#endif
