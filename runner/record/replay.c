// SPDX-License-Identifier: GPL-2.0
/* A round from its journal: the same records, taken in as they were when they came. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake.h"
#include "record.h"
#include "run.h"

/**
 * struct replay - of one journal
 * @boot:   the one whose lines are read; NULL between boots
 */
struct replay {
	struct kb_run		*run;
	const struct kb_plan	*plan;
	struct kb_boot		*boot;
	struct kb_intake	intake;
};

static void case_begin(void *ctx, unsigned int id)
{
	struct kb_run *run = ctx;

	if (id < run->nr_cases)
		run->begun[id] = 1;
}

static int begin_boot(struct replay *replay, const struct kb_progress_ops *ops)
{
	replay->boot = kb_run_boot_begin(replay->run, replay->plan);
	if (!replay->boot)
		return -1;
	replay->intake = (struct kb_intake){
		.boot = replay->boot, .plan = replay->plan, .pending = replay->run->pending,
		.progress = ops, .current = -1,
	};
	return 0;
}

/* What a boot's last line says of it. Return: 0, or -1: it is none */
static int end_boot(struct replay *replay, const char *text)
{
	json_t *facts = json_loads(text, 0, NULL), *warnings;
	struct kb_boot *boot = replay->boot;
	const char *id, *started;
	json_int_t seed, block;
	int seeded;

	if (json_unpack(facts, "{s:s, s:s, s:F, s:F, s:b, s:I, s:I, s:O}", "id", &id, "started",
			&started, "duration_s", &boot->duration_s, "boot_to_agent_s",
			&boot->boot_to_agent_s, "seeded", &seeded, "seed", &seed, "block", &block,
			"warnings", &warnings)) {
		json_decref(facts);
		return -1;
	}
	snprintf(boot->id, sizeof(boot->id), "%.*s", (int)sizeof(boot->id) - 1, id);
	snprintf(boot->started, sizeof(boot->started), "%.*s", (int)sizeof(boot->started) - 1,
		 started);
	boot->seeded = seeded != 0;
	boot->seed = (unsigned int)seed;
	boot->block = (unsigned int)block;
	if (!json_is_array(warnings)) {
		json_decref(warnings);
		json_decref(facts);
		return -1;
	}
	json_decref(boot->warnings);
	boot->warnings = warnings;
	json_decref(facts);
	kb_run_boot_end(replay->run, boot, false);
	replay->boot = NULL;
	return 0;
}

static int take_record(struct replay *replay, const char *line, size_t length)
{
	struct kb_record record;

	if (kb_record_parse(&record, line, length) != KB_LINE_RECORD)
		return -1;
	/* A record that was invalid when it came is so again. */
	kb_intake_record(&replay->intake, record.json);
	json_decref(record.json);
	return 0;
}

static int take_line(struct replay *replay, char *line, size_t length,
		     const struct kb_progress_ops *ops)
{
	if (length && line[length - 1] == '\n')
		line[--length] = '\0';
	if (!replay->boot && begin_boot(replay, ops))
		return -1;
	if (line[0] == 'K')
		return take_record(replay, line, length);
	if (line[0] == 'L' && line[1] == ' ') {
		kb_intake_fail_current(&replay->intake, line + 2);
		return 0;
	}
	return line[0] == 'B' && line[1] == ' ' ? end_boot(replay, line + 2) : -1;
}

/* Forget the boots from number @first on. */
static void forget(struct replay *replay, size_t first)
{
	struct kb_run *run = replay->run;

	if (replay->boot)
		kb_boot_free(replay->boot);
	while (run->nr_boots > first)
		kb_boot_free(&run->boots[--run->nr_boots]);
}

int kb_run_replay(struct kb_run *run, const struct kb_plan *plan, const char *path,
		  struct kb_error *err)
{
	const struct kb_progress_ops ops = { .case_begin = case_begin, .ctx = run };
	struct replay replay = { .run = run, .plan = plan };
	size_t first = run->nr_boots, room = 0;
	FILE *file = fopen(path, "re");
	char *line = NULL;
	ssize_t length;
	int bad = 0;

	if (!file)
		return kb_fail(err, KB_EXIT_USAGE, "cannot read %s: %s", path, strerror(errno));
	kb_run_round_begin(run);
	while (!bad && (length = getline(&line, &room, file)) >= 0)
		bad = take_line(&replay, line, (size_t)length, &ops);
	free(line);
	fclose(file);
	if (!bad && !replay.boot && !kb_run_pending(run))
		return 0;
	forget(&replay, first);
	return kb_fail(err, KB_EXIT_USAGE, "%s is damaged or of another run: remove it, and its "
		       "round is measured anew", path);
}
