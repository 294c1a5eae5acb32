/* SPDX-License-Identifier: GPL-2.0 */
/* One case measured on one kernel after the other, and what was measured kept and found again. */
#ifndef KB_CASE_RUNS_H
#define KB_CASE_RUNS_H

#include <jansson.h>

#include "case_words.h"
#include "options.h"

/**
 * struct kb_case_runs - how the case is measured, the same on each kernel
 * @wanted:  its name, as in kb_entry_is(); borrowed
 * @words:   arguments of kbench run that measure it, without the kernel; the case first
 * @options: these, parsed; its boots are as many as there may be
 * @directory: where results are kept, or NULL; borrowed
 * @kept:    array: results that are there already
 */
struct kb_case_runs {
	const char		*wanted;
	struct kb_words		words;
	struct kb_run_options	options;
	const char		*directory;
	json_t			*kept;
};

/**
 * kb_case_runs_open() - parse @runs->words, look into @runs->directory
 * The members wanted, words and directory are the caller's. Return: 0 or -1 with @err;
 * kb_case_runs_free() in any case
 */
int kb_case_runs_open(struct kb_case_runs *runs, struct kb_error *err);
void kb_case_runs_free(struct kb_case_runs *runs);

/**
 * struct kb_case_boots - how many, of one kernel or of two that are interleaved
 * @first:  boots of each to begin with
 * @most:   not more than these; they are doubled while @enough says no
 * @enough: NULL: @first are; @results are so far, one for each kernel
 */
struct kb_case_boots {
	unsigned int	first;
	unsigned int	most;
	bool		(*enough)(json_t *const *results, void *ctx);
	void		*ctx;
};

/**
 * kb_case_runs_measure() - on @nr kernels, one or two
 * @kernels: specs; @results: get a result each, with the case in it
 *
 * Results that are kept for these kernels, made by the same kbench with the same arguments, are
 * taken as they are; of two kernels, if they are of one experiment and @enough.
 * Return: 0; 1 with @err: a kernel cannot be measured (not fetched, does not boot, case skipped or
 * failed), another one might; -1 with @err: there is no use in going on.
 */
int kb_case_runs_measure(struct kb_case_runs *runs, const char *const *kernels, size_t nr,
			 const struct kb_case_boots *boots, json_t **results,
			 struct kb_error *err);

#endif
