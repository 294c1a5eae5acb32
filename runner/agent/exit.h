/* SPDX-License-Identifier: GPL-2.0 */
/* Exit codes of kbench-agent. None is 1, which is what sudo ends with when it refuses. */
#ifndef KB_AGENT_EXIT_H
#define KB_AGENT_EXIT_H

enum agent_exit {
	AGENT_EXIT_OK		= 0,
	AGENT_EXIT_USAGE	= 2,	/* wrong options; a line on standard error */
	AGENT_EXIT_TOLD		= 3,	/* failed, and an error record says why */
};

#endif
