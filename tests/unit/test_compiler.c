// SPDX-License-Identifier: GPL-2.0
/* The compiler that modules are built with, by the configuration of their kernel. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "headers.h"
#include "made_tree.h"
#include "paths.h"

/* Programs on PATH are those of bin/, which say what they are told to. */
static int begin(void **state)
{
	char *path;

	if (made_tree_begin(state))
		return -1;
	path = kb_path("%s/bin", (const char *)*state);
	setenv("PATH", path, 1);
	free(path);
	return 0;
}

static void put_program(const char *root, const char *name, const char *says)
{
	char *file = kb_path("bin/%s", name), *path = kb_path("%s/bin/%s", root, name);
	char *text = kb_path("#!/bin/sh\necho '%s'\n", says);

	made_tree_put(root, file, text);
	assert_int_equal(chmod(path, 0755), 0);
	free(text);
	free(path);
	free(file);
}

/* Another than this machine's. */
static const struct kb_arch *foreign(void)
{
	const struct kb_arch *arch = kb_archs;

	return kb_arch_is_native(arch) ? arch + 1 : arch;
}

/* @says: CONFIG_CC_VERSION_TEXT, @more: of the configuration; @arch: NULL: this machine's */
static void compiler_is(const char *root, const char *says, const char *more,
			const struct kb_arch *arch, const char *wanted)
{
	char *text = kb_path("#\nCONFIG_CC_VERSION_TEXT=\"%s\"\n%s", says, more), *compiler;
	struct kb_error err = { 0 };

	made_tree_put(root, ".config", text);
	if (kb_headers_compiler(&compiler, root, arch, &err))
		fail_msg("%s", err.text);
	assert_string_equal(compiler, wanted);
	free(compiler);
	free(text);
}

static void by_its_number(void **state)
{
	char *cross = kb_path("%s-gcc", foreign()->triplet);
	char *cross_12 = kb_path("%s-12", cross);
	char *says = kb_path("%s (Debian 12.2.0-14) 12.2.0", cross);

	put_program(*state, "gcc", "gcc (Debian 12.2.0-14) 12.2.0");
	put_program(*state, "gcc-12", "gcc-12 (Debian 12.2.0-14) 12.2.0");
	put_program(*state, "gcc-13", "gcc-13 (Debian 13.1.0-1) 13.1.0");
	put_program(*state, cross_12, "");
	compiler_is(*state, "gcc-13 (Debian) 13.1.0", "CONFIG_GCC_VERSION=130100\n", NULL,
		    "gcc-13");
	compiler_is(*state, "x86_64-linux-gnu-gcc-12 (Debian) 12.2.0",
		    "CONFIG_GCC_VERSION=120200\n", NULL, "gcc-12");
	/* It is what it was; it became another; it is not known what it was. */
	compiler_is(*state, "gcc (Debian 12.2.0-14) 12.2.0", "CONFIG_GCC_VERSION=120200\n",
		    NULL, "gcc");
	compiler_is(*state, "gcc (Debian 13.1.0-1) 13.1.0", "CONFIG_GCC_VERSION=130100\n",
		    NULL, "gcc-13");
	compiler_is(*state, "gcc (Debian 11.3.0) 11.3.0", "CONFIG_GCC_VERSION=110300\n", NULL,
		    "gcc");
	compiler_is(*state, "gcc (mine)", "", NULL, "gcc");
	compiler_is(*state, says, "CONFIG_GCC_VERSION=120200\n", foreign(), cross_12);
	free(says);
	free(cross_12);
	free(cross);
}

static void clang(void **state)
{
	static const char text[] = "Debian clang version 14.0.6";
	static const char version[] = "CONFIG_CLANG_VERSION=140006\n";
	char *tools;

	put_program(*state, "clang-14", text);
	compiler_is(*state, text, version, NULL, "clang-14");
	compiler_is(*state, text, version, foreign(), "clang-14");
	tools = kb_headers_tools(*state, "clang-14");
	assert_string_equal(tools, "CC=clang-14");
	free(tools);
	put_program(*state, "clang", text);
	compiler_is(*state, text, "CONFIG_CLANG_VERSION=140006\nCONFIG_LD_IS_LLD=y\n", NULL,
		    "clang");
	tools = kb_headers_tools(*state, "clang");
	assert_string_equal(tools, "LLVM=1");
	free(tools);
	tools = kb_headers_tools(*state, "clang-14");
	assert_string_equal(tools, "LLVM=-14");
	free(tools);
}

static void missing(void **state)
{
	struct kb_error err = { 0 };
	char *compiler;

	made_tree_put(*state, ".config", "#\nCONFIG_CC_VERSION_TEXT=\"gcc-11 (Debian) 11.3.0\"\n");
	assert_int_equal(kb_headers_compiler(&compiler, *state, NULL, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "apt install gcc-11");
	assert_null(compiler);
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_headers_compiler(&compiler, *state, foreign(), &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "gcc-11");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, begin, made_tree_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_its_number),
		TEST(clang),
		TEST(missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
