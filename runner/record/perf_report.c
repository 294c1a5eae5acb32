// SPDX-License-Identifier: GPL-2.0
/* A perf record: what the perf tool said of one case, or why it said nothing. */

#include <stdlib.h>
#include <string.h>

#include "case_name.h"
#include "intake.h"

/* Data files have short names, in a directory of theirs. */
#define MAX_FILE	64

static bool is_file_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.";
	size_t length = strlen(name);

	return name[0] != '.' && length < MAX_FILE && strspn(name, letters) == length;
}

static char *copy_unless_empty(const char *text)
{
	return *text ? strdup(text) : NULL;
}

int kb_perf_read(struct kb_intake *intake, const json_t *record, size_t id)
{
	struct kb_measured *measured = &intake->boot->measured[id];
	const struct kb_perf *perf = intake->plan->perf;
	const char *kind, *file, *note, *text;
	char name[KB_CASE_NAME_LEN];

	if (!perf || json_unpack((json_t *)record, "{s:s, s:s, s:s, s:s}", "kind", &kind, "file",
				 &file, "note", &note, "text", &text) ||
	    strcmp(kind, perf->name) != 0 || !is_file_name(file) || measured->perf_text ||
	    measured->perf_file)
		return -1;
	measured->perf_file = copy_unless_empty(file);
	/* An empty report says that there was nothing, one with a note that there is none. */
	measured->perf_text = *note ? copy_unless_empty(text) : strdup(text);
	if (!*note)
		return 0;
	kb_case_name(name, &intake->plan->cases[id]);
	kb_intake_warn(intake, "perf %s at %s: %s", kind, name, note);
	return 0;
}
