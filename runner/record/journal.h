/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The records of one round of a run, kept until the whole run has its result: a run that was cut
 * short goes on from there. Lines, of which the first character tells what they are:
 *
 *   K...       a record, as it came (runner/record/record.h)
 *   L REASON   the target died of the case that had begun
 *   B {JSON}   the end of a boot: id, started, duration_s, boot_to_agent_s, seeded, seed, block,
 *              warnings[]
 *
 * A file of the round's name has all boots of the round; until then it has a temporary one.
 */
#ifndef KB_JOURNAL_H
#define KB_JOURNAL_H

#include <stddef.h>

#include "boot.h"
#include "error.h"
#include "outfile.h"

enum kb_journal_line {
	KB_JOURNAL_RECORD,
	KB_JOURNAL_LOST,
};

/** struct kb_journal - being written; @err: why it cannot be, which ends no measurement */
struct kb_journal {
	struct kb_outfile	file;
	struct kb_error		err;
};

/** kb_journal_open() - begin a round's file. kb_journal_close() whatever happens; 0 or -1 */
int kb_journal_open(struct kb_journal *journal, const char *path, struct kb_error *err);

/** kb_journal_line() - append one; does nothing when @journal is NULL */
void kb_journal_line(struct kb_journal *journal, enum kb_journal_line kind, const char *text,
		     size_t length);

/** kb_journal_boot() - the boot whose lines came is over; does nothing when @journal is NULL */
void kb_journal_boot(struct kb_journal *journal, const struct kb_boot *boot);

/**
 * kb_journal_close() - keep the file, when the round is @whole and all could be written
 * Return: 0, or -1 with @err: nothing is kept
 */
int kb_journal_close(struct kb_journal *journal, bool whole, struct kb_error *err);

#endif
