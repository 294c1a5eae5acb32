// SPDX-License-Identifier: GPL-2.0
/* Which results are one side of a comparison together, and which sides belong beside each other. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "groups.h"
#include "pool.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/** struct made - a result in short; @boots of one case; @experiment may be "" */
struct made {
	const char	*path;
	const char	*release;
	const char	*flavour;
	const char	*arch;
	const char	*machine;
	const char	*fidelity;
	const char	*experiment;
	int		boots;
	int		argument;
};

static json_t *make(const struct made *made)
{
	json_t *result = json_pack(
		"{s:s, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:[], s:[]}",
		"started", made->path, "kernel", "release", made->release, "flavour",
		made->flavour, "machine", "arch", made->arch, "fingerprint", made->machine,
		"environment", "fidelity", made->fidelity, "backend", "lkm", "boots", "cases");
	json_t *cases = json_object_get(result, "cases");

	assert_non_null(result);
	if (*made->experiment)
		json_object_set_new(result, "experiment", json_pack("{s:s}", "id",
								    made->experiment));
	for (int i = 0; i < made->boots; i++) {
		json_array_append_new(json_object_get(result, "boots"),
				      json_pack("{s:i, s:i}", "index", i, "block", 10 + i));
		json_array_append_new(cases, json_pack("{s:i, s:s, s:{s:f}}", "boot", i, "unit",
						       "ns", "per_op", "median", 1.0 + i));
	}
	return result;
}

/* Makes them all, and the groups of them. */
static int group(struct kb_groups *groups, const struct made *all, size_t nr,
		 enum kb_compare_by by, struct kb_error *err)
{
	struct kb_named_result results[16];
	int ret;

	assert_true(nr <= COUNT(results));
	for (size_t i = 0; i < nr; i++)
		results[i] = (struct kb_named_result){ all[i].path, all[i].argument,
						       make(&all[i]) };
	if (by == KB_COMPARE_FILES)
		ret = kb_groups_match(groups, results, nr, err);
	else
		ret = kb_groups_make(groups, results, nr, by, err);
	for (size_t i = 0; i < nr; i++)
		json_decref(results[i].result);
	return ret;
}

/* "A.B C.D": what is compared, by the first paths of the sides. */
static void assert_matchups(const struct kb_groups *groups, const char *wanted)
{
	char got[256] = "";

	for (size_t i = 0; i < groups->nr; i++) {
		const struct kb_pool *a = &groups->pools[groups->matchups[i].a];
		const struct kb_pool *b = &groups->pools[groups->matchups[i].b];

		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s.%s", i ? " " : "",
			 json_string_value(json_array_get(a->paths, 0)),
			 json_string_value(json_array_get(b->paths, 0)));
	}
	assert_string_equal(got, wanted);
}

static void kernels_in_the_order_of_versions(void **state)
{
	static const struct made all[] = {
		{ "a", "6.12.10-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "b", "6.12.9-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "c", "6.1.0-9-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "d", "6.12.9-amd64", "", "x86_64", "n", "native", "", 1, 0 },
		{ "e", "6.2.0-amd64", "", "x86_64", "n", "native", "", 1, 0 },
		{ "f", "6.12.9-amd64", "", "x86_64", "m", "native", "", 2, 0 },
		{ "g", "6.12.9-amd64", "", "x86_64", "m", "tcg", "", 2, 0 },
	};
	struct kb_groups groups;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(group(&groups, all, COUNT(all), KB_COMPARE_KERNEL, &err), 0);
	assert_int_equal(groups.nr_pools, 6);
	assert_matchups(&groups, "c.b e.d c.a");
	assert_int_equal(json_array_size(groups.notes), 1);
	for (size_t i = 0; i < groups.nr_pools; i++)
		if (!strcmp(json_string_value(json_array_get(groups.pools[i].paths, 0)), "b"))
			assert_int_equal(json_array_size(json_object_get(
				groups.pools[i].result, "boots")), 3);
	kb_groups_free(&groups);
}

static void no_kind_in_common(void **state)
{
	static const struct made all[] = {
		{ "a", "6.1-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "b", "6.2-amd64", "", "x86_64", "m", "tcg", "", 1, 0 },
		{ "c", "6.1-amd64", "", "x86_64", "m", "native", "", 1, 0 },
	};
	struct kb_groups groups;
	struct kb_error err = { 0 };

	(void)state;
	/* Whether that is allowed the comparison says. */
	assert_int_equal(group(&groups, all, 2, KB_COMPARE_KERNEL, &err), 0);
	assert_matchups(&groups, "a.b");
	kb_groups_free(&groups);
	assert_int_equal(group(&groups, all + 2, 1, KB_COMPARE_KERNEL, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "all results are of one kernel (6.1-amd64)");
	kb_groups_free(&groups);
}

static void machines_and_architectures(void **state)
{
	static const struct made all[] = {
		{ "a", "6.1-cloud-amd64", "cloud", "x86_64", "m", "native", "", 1, 0 },
		{ "b", "6.1-cloud-arm64", "cloud", "aarch64", "n", "native", "", 1, 0 },
		{ "c", "6.12-cloud-arm64", "cloud", "aarch64", "n", "native", "", 1, 0 },
		{ "d", "6.12-cloud-amd64", "cloud", "x86_64", "m", "native", "", 1, 0 },
		{ "e", "6.12-cloud-amd64", "cloud", "x86_64", "o", "native", "", 1, 0 },
	};
	struct kb_groups groups;
	struct kb_error err = { 0 };

	(void)state;
	/* Each with the other's kernel of the same release. */
	assert_int_equal(group(&groups, all, 4, KB_COMPARE_ARCH, &err), 0);
	assert_matchups(&groups, "a.b c.d");
	kb_groups_free(&groups);
	assert_int_equal(group(&groups, all, 5, KB_COMPARE_ARCH, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "several x86_64 machines");
	kb_groups_free(&groups);
	err = (struct kb_error){ 0 };
	assert_int_equal(group(&groups, all, 5, KB_COMPARE_MACHINE, &err), 0);
	assert_matchups(&groups, "a.b c.d c.e");
	kb_groups_free(&groups);
}

static void directories_are_matched(void **state)
{
	static const struct made all[] = {
		{ "a", "6.1-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "b", "6.1-rt-amd64", "rt", "x86_64", "m", "native", "", 1, 0 },
		{ "c", "6.2-rt-amd64", "rt", "x86_64", "n", "native", "", 1, 1 },
		{ "d", "6.2-amd64", "", "x86_64", "m", "native", "", 1, 1 },
		{ "e", "6.3-amd64", "", "x86_64", "m", "native", "", 1, 1 },
	};
	static const struct made twice[] = {
		{ "a", "6.1-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "b", "6.2-amd64", "", "x86_64", "m", "native", "", 1, 0 },
		{ "c", "6.3-amd64", "", "x86_64", "m", "native", "", 1, 1 },
	};
	struct kb_groups groups;
	struct kb_error err = { 0 };

	(void)state;
	assert_int_equal(group(&groups, all, 4, KB_COMPARE_FILES, &err), 0);
	assert_matchups(&groups, "a.d b.c");
	kb_groups_free(&groups);
	assert_int_equal(group(&groups, all, 5, KB_COMPARE_FILES, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "a could be compared with d or e");
	kb_groups_free(&groups);
	/* Two in the first directory are no better. */
	err = (struct kb_error){ 0 };
	assert_int_equal(group(&groups, twice, COUNT(twice), KB_COMPARE_FILES, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "c could be compared with a or b");
	kb_groups_free(&groups);
}

static void pooled_boots_have_numbers_of_their_own(void **state)
{
	static const struct made first = { "2", "6.1", "", "x", "m", "native", "f", 2, 0 };
	static const struct made second = { "1", "6.1", "", "x", "m", "native", "e", 3, 0 };
	json_t *results[] = { make(&first), make(&second) };
	json_t *copy = json_deep_copy(results[0]), *pool, *boot, *entry;
	size_t i;

	(void)state;
	pool = kb_pool_results(results, 2);
	assert_non_null(pool);
	assert_int_equal(json_array_size(json_object_get(pool, "cases")), 5);
	json_array_foreach(json_object_get(pool, "boots"), i, boot) {
		assert_int_equal(json_integer_value(json_object_get(boot, "index")), i);
		assert_int_equal(json_integer_value(json_object_get(boot, "block")),
				 10 + (i < 3 ? i : i - 3));
		assert_string_equal(json_string_value(json_object_get(boot, "experiment")),
				    i < 3 ? "e" : "f");
	}
	assert_int_equal(i, 5);
	json_array_foreach(json_object_get(pool, "cases"), i, entry)
		assert_int_equal(json_integer_value(json_object_get(entry, "boot")), i);
	assert_true(json_equal(results[0], copy));
	json_decref(pool);
	pool = kb_pool_results(results, 1);
	assert_ptr_equal(pool, results[0]);
	json_decref(pool);
	json_decref(copy);
	json_decref(results[0]);
	json_decref(results[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_in_the_order_of_versions),
		cmocka_unit_test(no_kind_in_common),
		cmocka_unit_test(machines_and_architectures),
		cmocka_unit_test(directories_are_matched),
		cmocka_unit_test(pooled_boots_have_numbers_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
