// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "case_words.h"

static void words_are(const char *wanted, const char *line)
{
	struct kb_words words = { 0 };
	struct kb_error err = { 0 };
	char *quoted;

	if (kb_case_words(&words, wanted, &err))
		fail_msg("'%s' was not taken: %s", wanted, err.text);
	quoted = kb_words_quoted(&words);
	assert_string_equal(quoted, line);
	free(quoted);
	kb_words_free(&words);
}

static void cases(void **state)
{
	(void)state;
	words_are("locks/mutex", "locks/mutex --cpus=1");
	words_are("locks/mutex cs=0", "locks/mutex --param=cs=0 --cpus=1");
	words_are("locks/mutex cs=0 think=5, 8 CPUs",
		  "locks/mutex --param=cs=0 --param=think=5 --cpus=8");
	words_are("locks/mutex cpus=2 cs=1", "locks/mutex --param=cs=1 --cpus=2");
	words_are(" locks/mutex,  1 CPU (process)", "locks/mutex --context=process --cpus=1");
	words_are("cache/handover, 2 CPUs 0,3 (process)",
		  "cache/handover --context=process --cpu-list=0,3");
	words_are("alloc/kmalloc:free size=64", "alloc/kmalloc --param=size=64 --cpus=1");
	words_are("locks/mutex cs=a'b", "locks/mutex '--param=cs=a'\\''b' --cpus=1");
}

static void bad_cases(void **state)
{
	static const char *const bad[] = {
		"", " ", "locks", "locks/", "/mutex", "locks/mutex cs", "locks/mutex 8",
		"locks/mutex 8 CPUs 9 CPUs", "locks/mutex cpus=x", "locks/mutex ()",
		"locks/mutex CPUs", "locks/mutex cpus=2 cpus=3",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_words words = { 0 };
		struct kb_error err = { 0 };

		if (!kb_case_words(&words, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.exit, KB_EXIT_USAGE);
		kb_words_free(&words);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(cases),
	cmocka_unit_test(bad_cases),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
