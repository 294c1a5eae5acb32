// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <string.h>

#include "spec.h"
#include "version.h"

static void spec_is(const char *text, const char *base, const char *flavour)
{
	struct kb_error err = { 0 };
	struct kb_spec spec;

	if (kb_spec_parse(&spec, text, &err))
		fail_msg("'%s' was not taken: %s", text, err.text);
	assert_string_equal(spec.base, base);
	assert_string_equal(spec.flavour, flavour);
}

static void specs(void **state)
{
	(void)state;
	spec_is("6.12", "6.12", "");
	spec_is("6.1-cloud", "6.1", "cloud");
	spec_is("6.12-rt", "6.12", "rt");
	spec_is("7", "7", "");
	spec_is("6.12@amd64", "6.12", "");
	spec_is("6.1.0-56-cloud-amd64", "6.1.0-56", "cloud");
	spec_is("6.1.0-56-amd64", "6.1.0-56", "");
	spec_is("6.12.113+deb12-amd64", "6.12.113+deb12", "");
	spec_is("6.12.113+deb12-rt-amd64", "6.12.113+deb12", "rt");
	spec_is("7.2~rc3", "7.2~rc3", "");
}

static void bad_specs(void **state)
{
	static const char *const bad[] = {
		"", "cloud", "v6.1", "-6.1", "6.1 ", "6.1/..", "../6.1", "6.1;id", "6.1\n", "$HOME",
		"@amd64",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct kb_error err = { 0 };
		struct kb_spec spec;

		if (!kb_spec_parse(&spec, bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err.exit, KB_EXIT_USAGE);
	}
}

static void other_architecture(void **state)
{
	struct kb_error err = { 0 };
	struct kb_spec spec;

	(void)state;
	assert_int_equal(kb_spec_parse(&spec, "6.12@riscv64", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "6.12@riscv64");
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_spec_parse(&spec, "6.12-cloud@arm64", &err), 0);
	assert_string_equal(spec.flavour, "cloud");
	assert_ptr_equal(spec.arch, kb_arch_find("arm64"));
	assert_int_equal(kb_spec_parse(&spec, "6.12.113+deb12-arm64", &err), 0);
	assert_ptr_equal(spec.arch, kb_arch_find("arm64"));
	assert_int_equal(kb_spec_parse(&spec, "6.12.113+deb12-arm64@amd64", &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "two architectures");
}

static void too_long(void **state)
{
	struct kb_error err = { 0 };
	struct kb_spec spec;
	char text[600];

	(void)state;
	memset(text, '6', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(kb_spec_parse(&spec, text, &err), -1);
	assert_error(&err, KB_EXIT_USAGE, "666");
}

static void releases(void **state)
{
	static const char *const none[] = {
		"6.12-amd64", "amd64", "cloud-amd64", "6.12.113+deb12-s390x", "6.12.113+deb12",
		"6.12.113+deb12-common", "", "-amd64",
	};
	struct kb_spec release;

	(void)state;
	assert_true(kb_release_parse(&release, "6.12.113+deb12-cloud-amd64"));
	assert_string_equal(release.base, "6.12.113+deb12");
	assert_string_equal(release.flavour, "cloud");
	assert_true(kb_release_parse(&release, "6.1.0-56-amd64"));
	assert_string_equal(release.base, "6.1.0-56");
	assert_string_equal(release.flavour, "");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (kb_release_parse(&release, none[i]))
			fail_msg("'%s' was taken for a release", none[i]);
}

static void matches(void **state)
{
	static const struct {
		const char	*spec;
		const char	*release;
		bool		match;
	} cases[] = {
		{ "6.1", "6.1.0-56-amd64", true },
		{ "6.1", "6.12.113+deb12-amd64", false },
		{ "6.12", "6.12.113+deb12-amd64", true },
		{ "6.12", "6.1.0-56-amd64", false },
		{ "6", "6.1.0-56-amd64", true },
		{ "6.1.0-5", "6.1.0-56-amd64", false },
		{ "6.1.0-56", "6.1.0-56-amd64", true },
		{ "6.1-cloud", "6.1.0-56-cloud-amd64", true },
		{ "6.1-cloud", "6.1.0-56-amd64", false },
		{ "6.1", "6.1.0-56-cloud-amd64", false },
		{ "6.1-rt", "6.1.0-56-cloud-amd64", false },
		{ "6.12.113+deb12-cloud-amd64", "6.12.113+deb12-cloud-amd64", true },
		{ "6.12.11", "6.12.113+deb12-amd64", false },
		{ "7", "6.7.0-1-amd64", false },
		{ "6.1@amd64", "6.1.0-56-arm64", false },
		{ "6.1@arm64", "6.1.0-56-arm64", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kb_error err = { 0 };
		struct kb_spec spec, release;

		assert_int_equal(kb_spec_parse(&spec, cases[i].spec, &err), 0);
		assert_true(kb_release_parse(&release, cases[i].release));
		if (kb_spec_matches(&spec, &release) != cases[i].match)
			fail_msg("%s, %s: not %d", cases[i].spec, cases[i].release,
				 cases[i].match);
	}
}

static void versions_in_order(void **state)
{
	/* Each is newer than the one before. */
	static const char *const versions[] = {
		"5.10.0-30", "6.1.0-9", "6.1.0-10", "6.1.0-56", "6.2", "6.12~rc1", "6.12~rc2",
		"6.12", "6.12.9+deb12", "6.12.10+deb12", "6.12.113+deb12", "6.12.113+deb13", "7.0",
		"10.0",
	};
	static const size_t nr = sizeof(versions) / sizeof(versions[0]);

	(void)state;
	for (size_t i = 0; i < nr; i++) {
		for (size_t j = 0; j < nr; j++) {
			int order = kb_version_compare(versions[i], versions[j]);

			if ((order > 0) != (i > j) || (order < 0) != (i < j))
				fail_msg("%s, %s: %d", versions[i], versions[j], order);
		}
	}
	assert_int_equal(kb_version_compare("6.01", "6.1"), 0);
	assert_true(kb_version_compare("6.9999999999999999999998",
				       "6.9999999999999999999999") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specs),
		cmocka_unit_test(bad_specs),
		cmocka_unit_test(other_architecture),
		cmocka_unit_test(too_long),
		cmocka_unit_test(releases),
		cmocka_unit_test(matches),
		cmocka_unit_test(versions_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
