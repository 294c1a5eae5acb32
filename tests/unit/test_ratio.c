// SPDX-License-Identifier: GPL-2.0
/* What show says of false sharing: made results, and the line that comes of them. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_result.h"
#include "ratio.h"

static void says(const json_t *result, const char *wanted)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	kb_print_ratios(result, file);
	fclose(file);
	assert_string_equal(text, wanted);
	free(text);
}

static json_t *native_result(void)
{
	json_t *result = made_result();

	json_object_set_new(json_object_get(result, "environment"), "fidelity",
			    json_string("native"));
	return result;
}

static void against_the_far_stride(void **state)
{
	json_t *result = native_result();

	(void)state;
	made_case(result, "cache", "false_sharing", 2, "stride", 8, 26);
	made_case(result, "cache", "false_sharing", 2, "stride", 64, 2.5);
	made_case(result, "cache", "padded", 2, NULL, 0, 13);
	says(result, "ratio    cache/false_sharing stride=8, 2 CPUs: 10.4 times stride=64\n");
	json_decref(result);
}

static void against_padding(void **state)
{
	json_t *result = native_result();

	(void)state;
	made_case(result, "cache", "false_sharing", 1, "stride", 8, 2);
	made_case(result, "cache", "false_sharing", 4, "stride", 8, 60);
	made_case(result, "cache", "padded", 1, NULL, 0, 2);
	says(result, "");
	made_case(result, "cache", "padded", 4, NULL, 0, 2);
	says(result, "ratio    cache/false_sharing stride=8, 4 CPUs: 30.0 times cache/padded\n");
	json_decref(result);
}

static void not_where_times_mean_nothing(void **state)
{
	json_t *result = made_result();

	(void)state;
	made_case(result, "cache", "false_sharing", 2, "stride", 8, 26);
	made_case(result, "cache", "padded", 2, NULL, 0, 13);
	says(result, "");
	json_decref(result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_the_far_stride),
		cmocka_unit_test(against_padding),
		cmocka_unit_test(not_where_times_mean_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
