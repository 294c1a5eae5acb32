// SPDX-License-Identifier: GPL-2.0
/* Checksums of cache entries, and commands in private roots. */
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "made_tree.h"
#include "paths.h"
#include "root.h"
#include "sums.h"
#include "toolchain.h"

static const char *const names[] = { "image", "usr", "absent", NULL };
static const char *const skip[] = { "usr/src/Makefile", NULL };

static void make_entry(const char *root)
{
	struct kb_error err = { 0 };

	made_tree_put(root, "image", "kernel");
	made_tree_put(root, "usr/a b", "spaces");
	made_tree_put(root, "usr/src/x.h", "header");
	made_tree_put(root, "usr/src/Makefile", "settled here");
	made_tree_put(root, "other", "not noted down");
	if (kb_sums_write(root, names, skip, "sums", &err))
		fail_msg("%s", err.text);
}

static char *text_of(const char *root, const char *name)
{
	char *path = kb_path("%s/%s", root, name), *text = kb_read_text(path, NULL);

	free(path);
	return text;
}

static void whole(void **state)
{
	char *text;

	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_NONE);
	make_entry(*state);
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_SAME);
	made_tree_put(*state, "usr/src/Makefile", "settled there");
	made_tree_put(*state, "other", "whatever");
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_SAME);
	text = text_of(*state, "sums");
	assert_non_null(strstr(text, " usr/a b\n"));
	assert_null(strstr(text, "Makefile"));
	free(text);
}

static void damaged(void **state)
{
	char *path = kb_path("%s/usr/src/x.h", (const char *)*state);

	make_entry(*state);
	made_tree_put(*state, "image", "kernex");	/* of the same size */
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_DAMAGED);
	make_entry(*state);
	made_tree_put(*state, "usr/a b", "");
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_DAMAGED);
	make_entry(*state);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_DAMAGED);
	make_entry(*state);
	made_tree_put(*state, "sums", "what is this\n");
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_DAMAGED);
	free(path);
}

/* Copied with its contents and not its times: it is read once, then its new times count. */
static void another_time(void **state)
{
	char *path = kb_path("%s/image", (const char *)*state), *before, *after;
	const struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	make_entry(*state);
	before = text_of(*state, "sums");
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_SAME);
	after = text_of(*state, "sums");
	assert_string_not_equal(before, after);
	assert_non_null(strstr(after, " 6 1000000000 image\n"));
	assert_int_equal(kb_sums_check(*state, "sums"), KB_SUMS_SAME);
	free(after);
	free(before);
	free(path);
}

static bool has(char **command, const char *first, const char *second, const char *third)
{
	for (size_t i = 0; command[i] && command[i + 1] && command[i + 2]; i++)
		if (!strcmp(command[i], first) && !strcmp(command[i + 1], second) &&
		    !strcmp(command[i + 2], third))
			return true;
	return false;
}

static void command_in_root(void **state)
{
	const char *const argv[] = { "make", "-C", "/headers", NULL };
	const char *const seen[] = { "/headers", NULL }, *const changed[] = { "/build", NULL };
	char *usr = kb_path("%s/system/usr", (const char *)*state);
	char *bin = kb_path("%s/system/bin", (const char *)*state);
	struct kb_error err = { 0 };
	char **command;

	made_tree_put(*state, "system/usr/bin/make", "");
	assert_int_equal(symlink("usr/bin", bin), 0);
	command = kb_root_command(*state, argv, seen, changed, &err);
	assert_string_equal(command[0], "bwrap");
	assert_string_equal(command[1], "--unshare-all");
	assert_true(has(command, "--ro-bind", usr, "/usr"));
	assert_true(has(command, "--symlink", "usr/bin", "/bin"));
	assert_true(has(command, "--ro-bind", "/headers", "/headers"));
	assert_true(has(command, "--bind", "/build", "/build"));
	assert_true(has(command, "--", "make", "-C"));
	for (size_t i = 0; command[i]; i++)
		assert_string_not_equal(command[i], "/lib64");	/* it has none */
	kb_root_command_free(command);
	free(bin);
	free(usr);
}

static void put_tool(const char *root, const char *name, const char *text)
{
	char *path = kb_path("%s/%s", root, name);

	made_tree_put(root, name, text);
	assert_int_equal(chmod(path, 0755), 0);
	free(path);
}

static void tools_that_run(void **state)
{
	static const char newer[] =
		"#!/bin/sh\necho \"$0: libc.so.6: version \\`GLIBC_2.99' not found (required by "
		"$0)\" >&2\nexit 1\n";

	assert_true(kb_toolchain_tools_run(*state));
	put_tool(*state, "scripts/basic/fixdep", "#!/bin/sh\necho Usage >&2\nexit 1\n");
	put_tool(*state, "scripts/mod/modpost", "#!/bin/sh\nexit 0\n");
	assert_true(kb_toolchain_tools_run(*state));
	put_tool(*state, "scripts/mod/modpost.real-lsb-64", newer);
	assert_false(kb_toolchain_tools_run(*state));
	put_tool(*state, "scripts/mod/modpost.real-lsb-64", "#!/bin/sh\nexit 0\n");
	put_tool(*state, "tools/objtool/objtool", "#!/bin/sh\necho 'objtool: error while loading "
		 "shared libraries: libelf.so.1: cannot open' >&2\nexit 127\n");
	assert_false(kb_toolchain_tools_run(*state));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(whole, made_tree_begin, made_tree_end),
		cmocka_unit_test_setup_teardown(damaged, made_tree_begin, made_tree_end),
		cmocka_unit_test_setup_teardown(another_time, made_tree_begin, made_tree_end),
		cmocka_unit_test_setup_teardown(command_in_root, made_tree_begin, made_tree_end),
		cmocka_unit_test_setup_teardown(tools_that_run, made_tree_begin, made_tree_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
