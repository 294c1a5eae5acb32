// SPDX-License-Identifier: GPL-2.0
/* A round that is kept and taken from its journal is the same round. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "result_dir.h"
#include "run.h"
#include "script.h"

#define NR_CASES	3

static struct kb_case cases[NR_CASES];
static struct kb_plan plan = {
	.cases = cases, .nr_cases = NR_CASES, .time_ns = 1000000, .deadline_ns = 1000000,
	.samples = 4,
};

static void make_plan(void)
{
	static unsigned int cpus[] = { 0, 1 };
	static char module[] = "kbench_locks.ko";

	for (unsigned int i = 0; i < NR_CASES; i++)
		cases[i] = (struct kb_case){
			.id = i, .bench = &kb_catalog_suite(&toy_catalog, "locks")->benches[i],
			.module = module, .cpus = cpus, .nr_cpus = 2,
		};
}

static void same_series(const struct kb_series *a, const struct kb_series *b)
{
	assert_int_equal(a->worker, b->worker);
	assert_int_equal(a->total_ops, b->total_ops);
	assert_int_equal(a->nr, b->nr);
	assert_memory_equal(a->ops, b->ops, a->nr * sizeof(*a->ops));
	assert_memory_equal(a->value, b->value, a->nr * sizeof(*a->value));
	assert_memory_equal(a->flags, b->flags, a->nr * sizeof(*a->flags));
}

static void same_boot(const struct kb_boot *a, const struct kb_boot *b)
{
	assert_int_equal(a->index, b->index);
	assert_int_equal(a->seeded, b->seeded);
	assert_int_equal(a->seed, b->seed);
	assert_int_equal(a->block, b->block);
	assert_string_equal(a->id, b->id);
	assert_string_equal(a->started, b->started);
	assert_true(a->duration_s == b->duration_s);
	assert_true(a->boot_to_agent_s == b->boot_to_agent_s);
	assert_true(json_equal(a->machine, b->machine));
	assert_true(json_equal(a->warnings, b->warnings));
	for (size_t i = 0; i < NR_CASES; i++) {
		const struct kb_measured *one = &a->measured[i], *other = &b->measured[i];

		assert_int_equal(one->status, other->status);
		assert_string_equal(one->reason, other->reason);
		assert_int_equal(one->nr_series, other->nr_series);
		for (size_t k = 0; k < one->nr_series; k++)
			same_series(&one->series[k], &other->series[k]);
	}
}

/* Measure what @script says as round number @block, kept at @path. */
static void measure(struct kb_run *run, struct script *script, const char *path, bool wanted)
{
	struct kb_run_round round = { .seeded = true, .seed = 7, .block = 3 };
	struct kb_journal journal;
	struct kb_error err = { 0 };
	int ret;

	make_plan();
	assert_int_equal(kb_run_begin(run, &plan, 2, &err), 0);
	assert_int_equal(kb_journal_open(&journal, path, &err), 0);
	round.journal = &journal;
	ret = kb_run_round(run, &plan, &script->target, &round, true, &err);
	assert_int_equal(ret == 0, wanted);
	assert_int_equal(kb_journal_close(&journal, ret == 0, &err), 0);
	assert_int_equal(kb_exists(path), wanted);
	fclose(script->file);
	free(script->plan);
}

static void say_round(struct script *script)
{
	say(script, HELLO);
	say(script, FACTS);
	for (unsigned int id = 0; id < NR_CASES; id++)
		say_case(script, id);
	say_bye(script);
}

static void whole(void **state)
{
	char *path = kb_path("%s/0.1", ((struct result_dir *)*state)->directory);
	struct kb_run run, again;
	struct kb_error err = { 0 };
	struct script script;

	script_begin(&script);
	say_round(&script);
	measure(&run, &script, path, true);
	assert_int_equal(kb_run_begin(&again, &plan, 2, &err), 0);
	if (kb_run_replay(&again, &plan, path, &err))
		fail_msg("%s", err.text);
	assert_int_equal(again.nr_boots, 1);
	same_boot(&run.boots[0], &again.boots[0]);
	/* Once more: it is the second of that run. */
	assert_int_equal(kb_run_replay(&again, &plan, path, &err), 0);
	assert_int_equal(again.nr_boots, 2);
	assert_int_equal(again.boots[1].index, 1);
	kb_run_free(&run);
	kb_run_free(&again);
	free(path);
}

/* The target dies of case 1, and does so of the rest: nothing of such a round is kept. */
static void died(void **state)
{
	char *path = kb_path("%s/0.1", ((struct result_dir *)*state)->directory);
	struct script script;
	struct kb_run run;

	script_begin(&script);
	say(&script, HELLO);
	say(&script, FACTS);
	say_case(&script, 0);
	say_begin(&script, 1);
	measure(&run, &script, path, false);
	kb_run_free(&run);
	free(path);
}

/* A journal that was written by hand, of a target that died of its last case. */
static void lost(void **state)
{
	static const char end[] = "L the target died while this case ran\n"
		"B {\"id\":\"1\",\"started\":\"2026-01-01T00:00:00Z\",\"duration_s\":1.5,"
		"\"boot_to_agent_s\":0.5,"
		"\"seeded\":false,\"seed\":0,\"block\":1,\"warnings\":[\"a word\"]}\n";
	char *path = kb_path("%s/0.1", ((struct result_dir *)*state)->directory);
	struct kb_error err = { 0 };
	struct script script;
	struct kb_run run;
	char line[4096];
	FILE *file;

	script_begin(&script);
	say(&script, HELLO);
	say(&script, FACTS);
	say_case(&script, 0);
	say_case(&script, 1);
	say_begin(&script, 2);
	file = fopen(path, "w");
	assert_non_null(file);
	rewind(script.file);
	while (fgets(line, sizeof(line), script.file))
		fputs(line, file);
	fputs(end, file);
	fclose(file);
	fclose(script.file);
	make_plan();
	assert_int_equal(kb_run_begin(&run, &plan, 1, &err), 0);
	if (kb_run_replay(&run, &plan, path, &err))
		fail_msg("%s", err.text);
	assert_int_equal(run.boots[0].measured[1].status, KB_CASE_OK);
	assert_int_equal(run.boots[0].measured[2].status, KB_CASE_FAILED);
	assert_string_equal(run.boots[0].measured[2].reason,
			    "the target died while this case ran");
	assert_int_equal(json_array_size(run.boots[0].warnings), 1);
	kb_run_free(&run);
	free(path);
}

/* @spoil changes the journal's text, which has room for a few bytes more. */
static void refused(const char *dir, void (*spoil)(char *text))
{
	char *path = kb_path("%s/0.1", dir), *kept, *text;
	struct kb_error err = { 0 };
	struct kb_run run, again;
	struct script script;

	script_begin(&script);
	say_round(&script);
	measure(&run, &script, path, true);
	kept = kb_read_text(path, NULL);
	assert_non_null(kept);
	text = kb_path("%s%16s", kept, "");
	text[strlen(kept)] = '\0';
	free(kept);
	spoil(text);
	assert_int_equal(kb_write_text(path, text, &err), 0);
	assert_int_equal(kb_run_begin(&again, &plan, 1, &err), 0);
	assert_int_equal(kb_run_replay(&again, &plan, path, &err), -1);
	assert_int_equal(err.exit, KB_EXIT_USAGE);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(again.nr_boots, 0);
	kb_run_free(&run);
	kb_run_free(&again);
	free(text);
	free(path);
}

static void flip(char *text)
{
	char *at = strstr(text, "\"rec\":\"samples\"");

	at[8] = at[8] == 'x' ? 'y' : 'x';
}

static void cut(char *text)
{
	*strstr(text, "\nB ") = '\0';
}

static void cut_case(char *text)
{
	char *at = strstr(text, "\"rec\":\"case\""), *begin = at;

	while (begin[-1] != '\n')
		begin--;
	at = strchr(at, '\n') + 1;
	memmove(begin, at, strlen(at) + 1);
}

static void foreign(char *text)
{
	strcat(text, "hello\n");
}

static void empty(char *text)
{
	text[0] = '\0';
}

static void damaged(void **state)
{
	refused(((struct result_dir *)*state)->directory, flip);
	refused(((struct result_dir *)*state)->directory, cut);
	refused(((struct result_dir *)*state)->directory, cut_case);
	refused(((struct result_dir *)*state)->directory, foreign);
	refused(((struct result_dir *)*state)->directory, empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole, result_dir_setup, result_dir_teardown),
		cmocka_unit_test_setup_teardown(died, result_dir_setup, result_dir_teardown),
		cmocka_unit_test_setup_teardown(lost, result_dir_setup, result_dir_teardown),
		cmocka_unit_test_setup_teardown(damaged, result_dir_setup, result_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
