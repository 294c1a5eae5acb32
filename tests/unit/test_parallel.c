// SPDX-License-Identifier: GPL-2.0
/* Work in several threads: each piece once, failures are told, files come in their order. */
#include "support.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parallel.h"
#include "read_ahead.h"
#include "result.h"
#include "result_dir.h"

#define NR		1000
#define NR_FILES	23
#define REFUSED		7

/** struct calls - how often each piece was done; @bad: the one that fails */
struct calls {
	atomic_uint	done[NR];
	size_t		bad;
};

static int count(void *ctx, size_t i)
{
	struct calls *calls = ctx;

	atomic_fetch_add(&calls->done[i], 1);
	return i == calls->bad;
}

static void each_piece_is_done_once(void **state)
{
	struct calls *calls = calloc(1, sizeof(*calls));

	(void)state;
	assert_non_null(calls);
	calls->bad = NR;
	assert_int_equal(kb_parallel(NR, count, calls), 0);
	for (size_t i = 0; i < NR; i++)
		assert_int_equal(atomic_load(&calls->done[i]), 1);
	assert_int_equal(kb_parallel(0, count, calls), 0);
	assert_int_equal(atomic_load(&calls->done[0]), 1);
	free(calls);
}

static void a_failure_ends_the_work(void **state)
{
	struct calls *calls = calloc(1, sizeof(*calls));

	(void)state;
	assert_non_null(calls);
	assert_int_equal(kb_parallel(NR, count, calls), -1);
	assert_int_equal(atomic_load(&calls->done[0]), 1);
	for (size_t i = 0; i < NR; i++)
		assert_in_range(atomic_load(&calls->done[i]), 0, 1);
	free(calls);
}

/* Files named by their numbers, with their number as started; one is no result. */
static void write_files(struct result_dir *dir, char names[NR_FILES][8], const char **paths)
{
	for (size_t i = 0; i < NR_FILES; i++) {
		snprintf(names[i], sizeof(names[i]), "%zu", i);
		paths[i] = names[i];
		json_object_set_new(dir->result, "started", json_string(names[i]));
		if (i == REFUSED)
			write_text(paths[i], "[1]", 3);
		else
			assert_int_equal(json_dump_file(dir->result, paths[i], 0), 0);
	}
}

static void files_come_in_their_order(void **state)
{
	char names[NR_FILES][8];
	const char *paths[NR_FILES];
	struct kb_read_ahead *ahead;
	struct kb_error none = { 0 };

	write_files(*state, names, paths);
	ahead = kb_read_ahead_begin(paths, NR_FILES, kb_result_read_lean, &none);
	assert_non_null(ahead);
	for (size_t i = 0; i < NR_FILES; i++) {
		struct kb_error err = { 0 };
		json_t *result = kb_read_ahead_next(ahead, &err);

		if (i == REFUSED) {
			assert_null(result);
			assert_error(&err, KB_EXIT_USAGE, "7 is JSON but no kbench result");
			continue;
		}
		assert_non_null(result);
		assert_int_equal(err.exit, KB_EXIT_OK);
		assert_string_equal(json_string_value(json_object_get(result, "started")),
				    paths[i]);
		json_decref(result);
	}
	kb_read_ahead_end(ahead);
}

static void reading_can_end_early(void **state)
{
	char names[NR_FILES][8];
	const char *paths[NR_FILES];
	struct kb_error err = { 0 };

	write_files(*state, names, paths);
	for (size_t taken = 0; taken < 4; taken++) {
		struct kb_read_ahead *ahead = kb_read_ahead_begin(paths, NR_FILES,
								  kb_result_read_lean, &err);

		assert_non_null(ahead);
		for (size_t i = 0; i < taken; i++) {
			json_t *result = kb_read_ahead_next(ahead, &err);

			assert_non_null(result);
			json_decref(result);
		}
		kb_read_ahead_end(ahead);
	}
	kb_read_ahead_end(NULL);
	assert_int_equal(err.exit, KB_EXIT_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_is_done_once),
		cmocka_unit_test(a_failure_ends_the_work),
		cmocka_unit_test_setup_teardown(files_come_in_their_order, result_dir_setup,
						result_dir_teardown),
		cmocka_unit_test_setup_teardown(reading_can_end_early, result_dir_setup,
						result_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
