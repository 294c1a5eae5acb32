/* SPDX-License-Identifier: GPL-2.0 */
/* A plan on a target, boot after boot, until every case has an outcome. */
#ifndef KB_RUN_H
#define KB_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "boot.h"
#include "journal.h"
#include "plan.h"
#include "target.h"

/**
 * struct kb_run - what was measured
 * @boots:   those in which the agent came up; a case that had to be run once more has its outcome
 *           in a later boot and is KB_CASE_MISSING in the others
 * @room:    boots that there may be
 * @pending: per case of the plan, nonzero while it has no outcome
 * @tries:   per case, in how many boots it began without giving complete records
 * @begun:   per case, whether it began in the present boot
 */
struct kb_run {
	struct kb_boot	*boots;
	size_t		nr_boots;
	size_t		room;
	unsigned char	*pending;
	unsigned char	*tries;
	unsigned char	*begun;
	size_t		nr_cases;
};

/**
 * struct kb_run_round - one time that all cases are measured
 * @seeded, @seed: what is random in the guest comes from that
 * @block: of an experiment, from 1; 0: none
 * @journal: where its records are kept, or NULL
 */
struct kb_run_round {
	bool			seeded;
	unsigned int		seed;
	unsigned int		block;
	struct kb_journal	*journal;
};

/** kb_run_begin() - make room for @nr_rounds; 0 or -1 with @err, kb_run_free() in any case */
int kb_run_begin(struct kb_run *run, const struct kb_plan *plan, size_t nr_rounds,
		 struct kb_error *err);

/**
 * kb_run_round() - run all cases of @plan on @target: mostly one boot
 *
 * Cases whose records came damaged run once more in a new boot, then they have failed. A target
 * that hangs or panics costs the case that it was at; the others get a new boot.
 * Return: 0 when every case has an outcome, or -1 with @err; what @run then holds is valid.
 */
int kb_run_round(struct kb_run *run, const struct kb_plan *plan, struct kb_target *target,
		 const struct kb_run_round *round, bool quiet, struct kb_error *err);

/**
 * kb_run_replay() - take a round from the journal that was kept of it, as if it came now
 * @path: of the journal
 * Return: 0, or -1 with KB_EXIT_USAGE: it is damaged, or of another plan; @run is as before
 */
int kb_run_replay(struct kb_run *run, const struct kb_plan *plan, const char *path,
		  struct kb_error *err);
void kb_run_free(struct kb_run *run);

/** kb_run_outcome() - the latest boot's word on case @id; NULL: it has none */
const struct kb_measured *kb_run_outcome(const struct kb_run *run, size_t id);

/** kb_run_measured() - how many cases have figures */
size_t kb_run_measured(const struct kb_run *run);

/** kb_run_pending() - how many cases have no outcome */
size_t kb_run_pending(const struct kb_run *run);

/**
 * kb_run_report() - name failed and skipped cases on stderr
 * A case whose samples allow no estimate has failed, though the target found nothing wrong.
 * Return: the number of failed ones
 */
size_t kb_run_report(const struct kb_run *run, const struct kb_plan *plan);

/** kb_run_print_log() - the last kernel messages of each boot, on stderr */
void kb_run_print_log(const struct kb_run *run);

/** kb_run_pairs() - name the benches that @plan has for every pair of CPUs, and how many cases */
void kb_run_pairs(const struct kb_plan *plan);

/**
 * kb_run_left_out() - name the benches asked for that no CPU count of @request allows
 * @said: object: those that were named before, which are not named again
 */
void kb_run_left_out(const struct kb_plan *plan, const struct kb_request *request,
		     const struct kb_catalog *catalog, json_t *said);

/* Between run.c and replay.c. */

/** kb_run_round_begin() - all cases are due */
void kb_run_round_begin(struct kb_run *run);

/** kb_run_boot_begin() - the next boot, empty; NULL: out of memory, or of room */
struct kb_boot *kb_run_boot_begin(struct kb_run *run, const struct kb_plan *plan);

/**
 * kb_run_boot_end() - its records are in: cases without an outcome are due again, or have failed
 * It stays when the agent came up in it. @interrupted: no case is judged
 */
void kb_run_boot_end(struct kb_run *run, struct kb_boot *boot, bool interrupted);

#endif
