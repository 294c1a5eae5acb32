// SPDX-License-Identifier: GPL-2.0
/* Modules are object files compiled from tests/fixtures/toy_module.c, each with one defect. */
#include "support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "temp_dir.h"

static void run(const char *format, const char *argument)
{
	char command[3 * PATH_MAX];

	snprintf(command, sizeof(command), format, temp_dir, argument);
	assert_int_equal(system(command), 0);
}

/* Empty @temp_dir, then compile a module of that name into it. */
static void compile(const char *defect)
{
	char arguments[PATH_MAX + 256];

	run("rm -f %s/*.ko%s", "");
	snprintf(arguments, sizeof(arguments), "%s %s/fixtures/toy_module.c", defect, TESTS_DIR);
	run("cc -c -o %s/kbench_toy.ko %s", arguments);
}

static void suite_and_benches(void **state)
{
	const struct kbench_bench_desc *bench;
	struct kb_catalog catalog;
	struct kb_error err = { 0 };
	const struct kb_suite *suite;

	(void)state;
	compile("");
	/* Neither the core module nor other files are suites. */
	run("touch %s/kbench.ko %s", "");
	if (kb_catalog_read(&catalog, temp_dir, &err))
		fail_msg("%s", err.text);
	assert_int_equal(catalog.nr_suites, 1);
	suite = kb_catalog_suite(&catalog, "toy");
	assert_non_null(suite);
	assert_string_equal(suite->help, "for tests");
	assert_string_equal(suite->module, "kbench_toy.ko");
	assert_int_equal(suite->nr_benches, 2);

	bench = kb_suite_bench(suite, "first");
	assert_non_null(bench);
	assert_string_equal(bench->suite, "toy");
	assert_string_equal(bench->help, "the first bench");
	assert_int_equal(bench->context, KBENCH_CTX_ATOMIC);
	assert_int_equal(bench->max_cpus, 2);
	assert_int_equal(bench->min_cpus, 1);

	bench = kb_suite_bench(suite, "second");
	assert_non_null(bench);
	assert_int_equal(bench->context, KBENCH_CTX_PROCESS);
	assert_int_equal(bench->min_cpus, 3);
	assert_int_equal(bench->flags, KBENCH_BENCH_DEPENDENT);
	assert_int_equal(bench->nr_phases, 2);
	assert_string_equal(bench->phases[1], "down");
	assert_int_equal(bench->nr_params, 1);
	assert_string_equal(bench->params[0].name, "size");
	assert_int_equal(bench->params[0].max, 64);

	assert_null(kb_suite_bench(suite, "third"));
	assert_null(kb_catalog_suite(&catalog, "locks"));
	kb_catalog_free(&catalog);
}

/* Both programs and modules describe benches by the same source: nothing may differ. */
static void suites_of_bpf_programs(void **state)
{
	const struct kbench_bench_desc *bench;
	struct kb_catalog catalog;
	struct kb_error err = { 0 };
	const struct kb_suite *suite;

	(void)state;
	if (kb_catalog_read_bpf(&catalog, &err))
		fail_msg("%s", err.text);
	assert_true(catalog.bpf);
	suite = kb_catalog_suite(&catalog, "cache");
	assert_non_null(suite);
	assert_null(suite->module);
	bench = kb_suite_bench(suite, "false_sharing");
	assert_non_null(bench);
	assert_int_equal(bench->context, KBENCH_CTX_ATOMIC);
	assert_string_equal(bench->params[0].name, "stride");
	assert_int_equal(bench->params[0].max, 256);
	bench = kb_suite_bench(suite, "handover");
	assert_non_null(bench);
	assert_int_equal(bench->flags, KBENCH_BENCH_PAIRS | KBENCH_BENCH_DEPENDENT);
	assert_int_equal(bench->max_cpus, 2);
	assert_null(kb_suite_bench(kb_catalog_suite(&catalog, "counters"), "mutex"));
	assert_non_null(kb_catalog_suite(&catalog, "bpf"));
	assert_null(kb_catalog_suite(&catalog, "locks"));
	kb_catalog_free(&catalog);
}

/* A module called as a suite that has programs, too: its benches are told apart. */
static void both_backends(void **state)
{
	struct kb_catalog catalog;
	struct kb_error err = { 0 };
	const struct kb_suite *suite;

	(void)state;
	compile("-DSUITE_NAME='\"counters\"' -DFIRST_NAME='\"plain\"'");
	if (kb_catalog_read(&catalog, temp_dir, &err) || kb_catalog_add_bpf(&catalog, &err))
		fail_msg("%s", err.text);
	suite = kb_catalog_suite(&catalog, "counters");
	assert_string_equal(kb_suite_backends(suite, kb_suite_bench(suite, "plain")), "lkm,bpf");
	assert_string_equal(kb_suite_backends(suite, kb_suite_bench(suite, "second")), "lkm");
	suite = kb_catalog_suite(&catalog, "bpf");
	assert_string_equal(kb_suite_backends(suite, &suite->benches[0]), "bpf");
	for (size_t i = 1; i < catalog.nr_suites; i++)
		assert_true(strcmp(catalog.suites[i - 1].name, catalog.suites[i].name) < 0);
	kb_catalog_free(&catalog);
}

static void refused(const char *text)
{
	struct kb_error err = { 0 };
	struct kb_catalog catalog;

	assert_int_equal(kb_catalog_read(&catalog, temp_dir, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, text);
	assert_null(catalog.suites);
}

static void defects(void **state)
{
	(void)state;
	compile("-DNO_SUITE");
	refused("kbench_toy.ko");
	compile("-DABI=999");
	refused("interface 999");
	compile("-DSTRIDE=100");
	refused("kbench_toy.ko");
	compile("-DSTRIDE='sizeof(struct entry)-8'");
	refused("kbench_toy.ko");
	compile("-DBENCH_NAME='\"not a name\"'");
	refused("bench 2");
	compile("-DBENCH_NAME='\"first\"'");
	refused("bench 2");
	compile("-DDEFAULT=65");
	refused("bench 2");
}

static void two_of_one_name(void **state)
{
	(void)state;
	compile("");
	run("cp %1$s/kbench_toy.ko %1$s/kbench_other.ko %2$s", "");
	refused("'toy'");
}

static void damaged_files(void **state)
{
	char path[PATH_MAX];
	struct stat st;

	(void)state;
	compile("");
	snprintf(path, sizeof(path), "%s/kbench_toy.ko", temp_dir);
	assert_int_equal(stat(path, &st), 0);
	/* Whatever is cut off: an error, never a read outside the file. */
	for (off_t size = st.st_size - 1; size >= 0; size -= 61) {
		struct kb_error err = { 0 };
		struct kb_catalog catalog;

		assert_int_equal(truncate(path, size), 0);
		if (!kb_catalog_read(&catalog, temp_dir, &err))
			fail_msg("taken with %ld of %ld bytes", (long)size, (long)st.st_size);
		assert_error(&err, KB_EXIT_ENVIRONMENT, "kbench_toy.ko");
	}
	run("rm -f %s/*.ko%s", "");
	run("echo 'no ELF file, but long enough to have a header; no ELF file, no ELF file' "
	    ">%s/kbench_toy.ko %s", "");
	refused("kbench_toy.ko");
}

static void no_modules(void **state)
{
	struct kb_error err = { 0 };
	struct kb_catalog catalog;

	(void)state;
	run("rm -f %s/*.ko%s", "");
	refused(temp_dir);
	assert_int_equal(kb_catalog_read(&catalog, "/nonexistent", &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "/nonexistent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suite_and_benches),
		cmocka_unit_test(suites_of_bpf_programs),
		cmocka_unit_test(both_backends),
		cmocka_unit_test(defects),
		cmocka_unit_test(two_of_one_name),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(no_modules),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
