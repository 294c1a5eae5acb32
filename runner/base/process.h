/* SPDX-License-Identifier: GPL-2.0 */
/* Child processes: started with everything closed and bound to our life, waited for, stopped. */
#ifndef KB_PROCESS_H
#define KB_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "error.h"

/**
 * struct kb_spawn - what to start
 * @argv:         program (looked up in PATH) and its arguments, ended by NULL
 * @environment:  "NAME=value" strings that are added to ours, ended by NULL; or NULL
 * @bare:         @environment is all that it gets, and nothing of ours
 * @directory:    to run in, or NULL
 * @in, @out, @err: descriptors for the child's standard ones; -1: /dev/null
 * @keep:         descriptors that stay open in the child under their own number, ended by -1; or
 *                NULL. All others should be close-on-exec.
 * @death_signal: what the child gets when this program dies
 * @foreground:   stay in our process group, so that a program may ask at the terminal (sudo).
 *                Otherwise Ctrl-C at the terminal reaches only us.
 * @slice_ns:     time slice wished for from the scheduler; 0 leaves its own
 */
struct kb_spawn {
	const char *const	*argv;
	const char *const	*environment;
	bool			bare;
	const char		*directory;
	int			in, out, err;
	const int		*keep;
	int			death_signal;
	bool			foreground;
	unsigned int		slice_ns;
};

/** struct kb_process - a started child; @pid is 0 when there is none (any more) */
struct kb_process {
	pid_t	pid;
	bool	foreground;
	int	status;		/* of waitpid(), when it has ended */
};

/** kb_process_start() - 0, or -1 with @err: KB_EXIT_ENVIRONMENT when it cannot be executed */
int kb_process_start(struct kb_process *process, const struct kb_spawn *spawn,
		     struct kb_error *err);

/**
 * kb_process_wait() - until the child has ended, @seconds have passed or kb_interrupted is set
 * Return: true when it has ended; then @process->status is filled and @process->pid is 0.
 */
bool kb_process_wait(struct kb_process *process, double seconds);

/** kb_process_gone() - the same whether or not kb_interrupted is set: for what has to end */
bool kb_process_gone(struct kb_process *process, double seconds);

/**
 * kb_process_stop() - end the child and its process group: SIGTERM, after @grace seconds SIGKILL
 * Does nothing when there is no child. A @grace of 0 kills at once.
 */
void kb_process_stop(struct kb_process *process, double grace);

/**
 * struct kb_command - a command that is run to its end
 * @argv, @environment, @directory: as in struct kb_spawn
 * @input, @input_length: what it reads from stdin; NULL: nothing
 * @timeout: seconds
 * @grace:   seconds that it gets to end when it is stopped early; 0: 2
 * @tick:    called about once a second while it runs, or NULL
 * @sink:    a file for what it writes to stdout, however much that is; NULL: into @output
 * @output:  out: what it wrote to stdout, 0-terminated, to be free()d
 * @length:  out: bytes in @output
 * @errors:  out: what it wrote to stderr, or NULL when @merge
 * @merge:   stderr goes into @output too
 */
struct kb_command {
	const char *const	*argv;
	const char *const	*environment;
	const char		*directory;
	const char		*input;
	size_t			input_length;
	double			timeout;
	double			grace;
	void			(*tick)(void *ctx);
	void			*ctx;
	bool			merge;
	FILE			*sink;
	char			*output;
	size_t			length;
	char			*errors;
};

/**
 * kb_command_run() - run a command, gather what it says
 * Return: its exit code; 128 + n when signal n ended it; -1 with @err when it could not be
 * started, did not end in time or kb_interrupted came. Free with kb_command_free() in any case.
 */
int kb_command_run(struct kb_command *command, struct kb_error *err);
void kb_command_free(struct kb_command *command);

/** kb_now() - monotonic seconds */
double kb_now(void);

#endif
