// SPDX-License-Identifier: GPL-2.0
#include "journal.h"

#include <stdlib.h>
#include <string.h>

int kb_journal_open(struct kb_journal *journal, const char *path, struct kb_error *err)
{
	*journal = (struct kb_journal){ 0 };
	return kb_outfile_open(&journal->file, path, err);
}

static void append(struct kb_journal *journal, const char *text, size_t length)
{
	if (journal->err.exit == KB_EXIT_OK)
		kb_outfile_write(&journal->file, text, length, &journal->err);
}

void kb_journal_line(struct kb_journal *journal, enum kb_journal_line kind, const char *text,
		     size_t length)
{
	if (!journal)
		return;
	/* What stands in front of a record on its line is none of its own. */
	if (kind == KB_JOURNAL_RECORD && length && text[0] != 'K')
		append(journal, "K ", 2);
	else if (kind == KB_JOURNAL_LOST)
		append(journal, "L ", 2);
	append(journal, text, length);
	append(journal, "\n", 1);
}

void kb_journal_boot(struct kb_journal *journal, const struct kb_boot *boot)
{
	json_t *facts;
	char *text;

	if (!journal)
		return;
	facts = json_pack("{s:s, s:s, s:f, s:f, s:b, s:I, s:I, s:O}", "id", boot->id, "started",
			  boot->started, "duration_s", boot->duration_s, "boot_to_agent_s",
			  boot->boot_to_agent_s, "seeded", boot->seeded, "seed",
			  (json_int_t)boot->seed, "block", (json_int_t)boot->block, "warnings",
			  boot->warnings);
	text = facts ? json_dumps(facts, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
	json_decref(facts);
	if (!text) {
		kb_fail(&journal->err, KB_EXIT_ENVIRONMENT, "out of memory");
		return;
	}
	append(journal, "B ", 2);
	append(journal, text, strlen(text));
	append(journal, "\n", 1);
	free(text);
}

int kb_journal_close(struct kb_journal *journal, bool whole, struct kb_error *err)
{
	int ret = 0;

	if (whole) {
		ret = journal->err.exit != KB_EXIT_OK ||
		      kb_outfile_sync(&journal->file, &journal->err) ||
		      kb_outfile_rename(&journal->file, &journal->err);
		if (ret)
			kb_fail(err, journal->err.exit, "%s", journal->err.text);
	}
	kb_outfile_close(&journal->file);
	return ret ? -1 : 0;
}
