// SPDX-License-Identifier: GPL-2.0
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "progress.h"

/*
 * Boots that may pass without one case more having an outcome, before the run gives up. An emulated
 * guest hangs while it boots once in a while, so one is not enough.
 */
#define MAX_BARREN	2

/* And boots in all: a kernel that dies of every case would take hours to say so. */
#define MAX_BOOTS	32

/* Boots in which a case may begin and not come to an end. */
#define MAX_TRIES	2

/* Between kb_collect(), the journal and the progress display: which cases began in this boot. */
struct watch {
	struct kb_run		*run;
	struct kb_journal	*journal;
	struct kb_progress_ops	progress;
};

static void watch_hello(void *ctx, double boot_to_agent_s)
{
	struct watch *watch = ctx;

	watch->progress.hello(watch->progress.ctx, boot_to_agent_s);
}

static void watch_begin(void *ctx, unsigned int id)
{
	struct watch *watch = ctx;

	if (id < watch->run->nr_cases)
		watch->run->begun[id] = 1;
	watch->progress.case_begin(watch->progress.ctx, id);
}

static void watch_end(void *ctx, unsigned int id, const struct kb_measured *measured)
{
	struct watch *watch = ctx;

	watch->progress.case_end(watch->progress.ctx, id, measured);
}

static void watch_record(void *ctx, const char *line, size_t length)
{
	struct watch *watch = ctx;

	kb_journal_line(watch->journal, KB_JOURNAL_RECORD, line, length);
}

static void watch_lost(void *ctx, const char *reason)
{
	struct watch *watch = ctx;

	kb_journal_line(watch->journal, KB_JOURNAL_LOST, reason, strlen(reason));
}

void kb_run_round_begin(struct kb_run *run)
{
	memset(run->pending, 1, run->nr_cases);
	memset(run->tries, 0, run->nr_cases);
}

int kb_run_begin(struct kb_run *run, const struct kb_plan *plan, size_t nr_rounds,
		 struct kb_error *err)
{
	memset(run, 0, sizeof(*run));
	run->nr_cases = plan->nr_cases;
	run->pending = malloc(plan->nr_cases + 1);
	run->tries = calloc(plan->nr_cases + 1, 1);
	run->begun = calloc(plan->nr_cases + 1, 1);
	run->room = MAX_BOOTS * nr_rounds;
	run->boots = calloc(run->room, sizeof(*run->boots));
	if (!run->pending || !run->tries || !run->begun || !run->boots)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	return 0;
}

void kb_run_free(struct kb_run *run)
{
	for (size_t i = 0; i < run->nr_boots; i++)
		kb_boot_free(&run->boots[i]);
	free(run->boots);
	free(run->pending);
	free(run->tries);
	free(run->begun);
	memset(run, 0, sizeof(*run));
}

size_t kb_run_pending(const struct kb_run *run)
{
	size_t nr = 0;

	for (size_t i = 0; i < run->nr_cases; i++)
		nr += run->pending[i] != 0;
	return nr;
}

/* Cases that began in this boot and are pending still: once more, or failed. */
static void judge_pending(struct kb_run *run, struct kb_boot *boot)
{
	for (size_t i = 0; i < run->nr_cases; i++) {
		struct kb_measured *measured = &boot->measured[i];

		if (!run->pending[i] || !run->begun[i] || ++run->tries[i] < MAX_TRIES)
			continue;
		kb_measured_clear(measured);
		measured->status = KB_CASE_FAILED;
		snprintf(measured->reason, sizeof(measured->reason),
			 "its records came damaged or incomplete in %d boots", MAX_TRIES);
		run->pending[i] = 0;
	}
}

/* What every boot measures is due again; that it did not end in an earlier one is no matter. */
static void renew_pending(struct kb_run *run, const struct kb_plan *plan)
{
	for (size_t i = 0; i < run->nr_cases; i++)
		if (plan->cases[i].every_boot)
			run->pending[i] = 1;
}

struct kb_boot *kb_run_boot_begin(struct kb_run *run, const struct kb_plan *plan)
{
	struct kb_boot *boot = &run->boots[run->nr_boots];

	if (run->nr_boots == run->room || kb_boot_init(boot, plan->nr_cases))
		return NULL;
	boot->index = (unsigned int)run->nr_boots;
	renew_pending(run, plan);
	memset(run->begun, 0, run->nr_cases);
	return boot;
}

void kb_run_boot_end(struct kb_run *run, struct kb_boot *boot, bool interrupted)
{
	if (!interrupted)
		judge_pending(run, boot);
	if (boot->kernel)
		run->nr_boots++;
	else
		kb_boot_free(boot);
}

/*
 * One boot for what is pending. It stays in @run when the agent came up in it, for then it has
 * facts of the machine, and the cases that were measured.
 */
static void run_boot(struct kb_run *run, const struct kb_plan *plan, struct kb_target *target,
		     const struct kb_run_round *round, struct kb_progress *progress,
		     struct kb_error *err)
{
	struct kb_boot *boot = kb_run_boot_begin(run, plan);
	struct watch watch = {
		.run = run, .journal = round->journal, .progress = kb_progress_ops(progress),
	};
	const struct kb_progress_ops ops = {
		.hello = watch_hello, .case_begin = watch_begin, .case_end = watch_end,
		.record = watch_record, .lost = watch_lost, .ctx = &watch,
	};

	if (!boot) {
		kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		return;
	}
	boot->seeded = round->seeded;
	boot->seed = target->seed;
	boot->block = round->block;
	kb_collect(boot, target, plan, run->pending, &ops, err);
	kb_journal_boot(round->journal, boot);
	kb_run_boot_end(run, boot, kb_interrupted);
}

static const char *target_title(const struct kb_target *target)
{
	if (target->label)
		return target->label;
	return target->kernel_title ? target->kernel_title : target->ops->name;
}

/* What the user is to know before the next boot. */
static void say_why(const struct kb_error *boot_err, size_t left)
{
	const char *cases = left == 1 ? "case gets" : "cases get";

	if (boot_err->exit != KB_EXIT_OK)
		kb_note("%s", boot_err->text);
	if (left && boot_err->exit == KB_EXIT_OK)
		kb_note("records were lost on the way: %zu %s a new boot", left, cases);
	else if (left)
		kb_note("%zu %s a new boot", left, cases);
}

/* Boots until each case has an outcome. */
static int run_boots(struct kb_run *run, const struct kb_plan *plan, struct kb_target *target,
		     const struct kb_run_round *round, struct kb_progress *progress,
		     struct kb_error *err)
{
	size_t left = run->nr_cases;
	int barren = 0;

	kb_run_round_begin(run);
	for (int i = 0; left; i++) {
		struct kb_error boot_err = { 0 };
		size_t before = left;

		if (kb_interrupted)
			return kb_fail(err, KB_EXIT_INTERRUPTED, "interrupted");
		kb_progress_boot(progress, target_title(target), plan->nr_cases - left);
		run_boot(run, plan, target, round, progress, &boot_err);
		left = kb_run_pending(run);
		barren = left < before ? 0 : barren + 1;
		if (boot_err.exit != KB_EXIT_OK && boot_err.exit != KB_EXIT_TARGET) {
			*err = boot_err;
			return -1;
		}
		if (left && (barren >= MAX_BARREN || i + 1 >= MAX_BOOTS)) {
			*err = boot_err;
			return kb_fail(err, KB_EXIT_TARGET,
				       "%zu cases gave no complete records; run them again", left);
		}
		say_why(&boot_err, left);
	}
	return 0;
}

int kb_run_round(struct kb_run *run, const struct kb_plan *plan, struct kb_target *target,
		 const struct kb_run_round *round, bool quiet, struct kb_error *err)
{
	struct kb_progress progress;
	int ret;

	if (round->seeded)
		target->seed = round->seed;
	kb_progress_begin(&progress, plan, quiet);
	ret = run_boots(run, plan, target, round, &progress, err);
	kb_progress_end(&progress);
	return ret;
}

const struct kb_measured *kb_run_outcome(const struct kb_run *run, size_t id)
{
	for (size_t i = run->nr_boots; i-- > 0; )
		if (run->boots[i].measured[id].status != KB_CASE_MISSING)
			return &run->boots[i].measured[id];
	return NULL;
}

size_t kb_run_measured(const struct kb_run *run)
{
	size_t nr = 0;

	for (size_t i = 0; run->nr_boots && i < run->nr_cases; i++) {
		const struct kb_measured *outcome = kb_run_outcome(run, i);

		nr += outcome && outcome->status == KB_CASE_OK;
	}
	return nr;
}
