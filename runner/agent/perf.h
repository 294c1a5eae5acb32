/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The perf tool beside a case: started before its round of samples, enabled with it, ended after
 * it; then asked for its report while the modules whose functions it names are still loaded.
 * Whatever becomes of perf, the case goes on.
 */
#ifndef KB_AGENT_PERF_H
#define KB_AGENT_PERF_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/process.h"
#include "emit.h"
#include "perf_place.h"
#include "stop.h"

#define PERF_MAX_WORDS	12

/**
 * struct perf_kind - one way to use perf
 * @name:    as in the plan
 * @text:    what it writes is its report already
 * @merged:  some versions write the report on standard error
 * @record:  words of the command line, ended by NULL: options common to all follow
 * @reports: the commands that make the report of its data, the next where one fails; none: @text
 */
struct perf_kind {
	const char	*name;
	bool		text;
	bool		merged;
	const char	*record[PERF_MAX_WORDS];
	const char	*reports[2][PERF_MAX_WORDS];
};

/** perf_kind_find() - by name; NULL: there is none */
const struct perf_kind *perf_kind_find(const char *name);

/**
 * struct perf - perf at one case
 * @kind:     NULL: it is not wanted, and nothing below does anything
 * @place:    where its files are made, NAME.data and NAME.txt, and where they go
 * @stop:     a stop request ends all waiting; NULL: there are none
 * @program:  its path
 * @process:  while it runs
 * @control, @ack: pipes to and from it
 * @messages: what it says on standard error: an unnamed file
 * @file:     what it writes, and
 * @report:   its report, which is the same where it writes that itself; NULL: it was not started
 * @note:     what went wrong, or ""
 */
struct perf {
	const struct perf_kind	*kind;
	const struct perf_place	*place;
	struct stop		*stop;
	char			*program;
	struct kb_process	process;
	int			control;
	int			ack;
	int			messages;
	char			*file;
	char			*report;
	char			note[400];
};

/**
 * perf_begin() - start it on @cpus (@nr of them), and return when it counts
 * @name: of its files. perf_free() is due in any case.
 */
void perf_begin(struct perf *perf, const char *name, const uint32_t *cpus, uint32_t nr);

/** perf_end() - let it write what it has; kill it when it does not end, or a stop was asked for */
void perf_end(struct perf *perf);

/**
 * perf_emit() - have the report made, and send it as a perf record of case @id
 * Its files are given to the owner of the directory where they go. After a stop request there is
 * nothing to tell: perf was killed.
 */
void perf_emit(struct perf *perf, struct emit *emit, unsigned int id);
void perf_free(struct perf *perf);

/**
 * perf_check() - try it for a moment
 * Return: 0, or -1 with @text: why it does not work here, and what helps
 */
int perf_check(const char *kind, const struct perf_place *place, struct stop *stop, char *text,
	       size_t size);

/* Between perf.c and perf_report.c. */

/** perf_environment() - all that perf gets of an environment, ended by NULL */
extern const char *const perf_environment[];

/** perf_stopping() - whether a stop was asked for: nothing that happens then is perf's fault */
bool perf_stopping(const struct perf *perf);

/** perf_note() - @perf->note, unless there is one already, or a stop was asked for */
void perf_note(struct perf *perf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/** perf_wait() - whether it has ended within @seconds, or before a stop was asked for */
bool perf_wait(struct perf *perf, double seconds);

/** perf_said() - the first line of what @fd has that says something */
void perf_said(int fd, char *line, size_t size);

#endif
