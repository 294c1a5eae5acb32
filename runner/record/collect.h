/* SPDX-License-Identifier: GPL-2.0 */
/* Reads a target's record lines into a struct kb_boot. */
#ifndef KB_COLLECT_H
#define KB_COLLECT_H

#include "boot.h"
#include "target.h"

/**
 * struct kb_progress_ops - who wants to hear of events while records come in; members may be NULL
 * @case_begin: case @id starts on the target
 * @case_end:   case @id is complete in the boot
 * @record:     a line that is a record and was taken, as it came
 * @lost:       the target died of the case that had begun, and @reason says how
 */
struct kb_progress_ops {
	void	(*hello)(void *ctx, double boot_to_agent_s);
	void	(*case_begin)(void *ctx, unsigned int id);
	void	(*case_end)(void *ctx, unsigned int id, const struct kb_measured *measured);
	void	(*record)(void *ctx, const char *line, size_t length);
	void	(*lost)(void *ctx, const char *reason);
	void	*ctx;
};

/**
 * kb_collect() - start @target on the pending cases of @plan and read until its end
 * @pending: in: which cases to run. out: cleared for each case whose records came complete
 *           (whatever the status); left set for damaged, missing and not reached ones.
 *
 * The deadlines: boot_timeout for the first record, the plan's deadline per case plus 10 s between
 * records. Return: 0 when the agent said goodbye (cases may still be pending: damaged lines), -1
 * with @err when the target failed (a panic, a time-out; exit KB_EXIT_TARGET), was interrupted
 * (KB_EXIT_INTERRUPTED) or cannot do it (KB_EXIT_ENVIRONMENT: lockdown, module refused, ...).
 * A case that hung the target is marked KB_CASE_FAILED with the reason, pending cleared, and the
 * caller may go on with the others in a new boot when @err->exit is KB_EXIT_TARGET.
 */
int kb_collect(struct kb_boot *boot, struct kb_target *target, const struct kb_plan *plan,
	       unsigned char *pending, const struct kb_progress_ops *progress,
	       struct kb_error *err);

#endif
