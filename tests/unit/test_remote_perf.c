// SPDX-License-Identifier: GPL-2.0
/* perf's files come from another machine, for which stands an ssh that runs its last word here. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "remote_perf.h"

static char dir[] = "/tmp/kbench-test-XXXXXX";

/* After tar's last word @ending is what the shell does. */
static void put_ssh(const char *ending)
{
	char *text = kb_path("#!/bin/sh\nfor word; do :; done\n(eval \"$word\")\n%s\n", ending);
	char *path = kb_path("%s/ssh", dir);
	struct kb_error err = { 0 };

	assert_int_equal(kb_write_text(path, text, &err), 0);
	assert_int_equal(chmod(path, 0755), 0);
	free(path);
	free(text);
}

static int begin(void **state)
{
	char *path, *data, *perf;
	struct kb_error err = { 0 };

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	path = kb_path("%s:%s", dir, getenv("PATH"));
	setenv("PATH", path, 1);
	perf = kb_path("%s/perf", dir);
	data = kb_path("%s/0.data", perf);
	assert_int_equal(kb_make_dirs(perf, &err), 0);
	assert_int_equal(kb_write_text(data, "data", &err), 0);
	free(data);
	free(perf);
	free(path);
	return 0;
}

static int end(void **state)
{
	(void)state;
	kb_remove_tree(dir);
	return 0;
}

static int fetch(const char *to, struct kb_error *err)
{
	struct kb_remote remote = { .dir = dir, .ssh.spec.host = "board", .ssh.messages = -1 };

	*err = (struct kb_error){ 0 };
	remote.ssh.control = dir;
	assert_int_equal(kb_make_dirs(to, err), 0);
	return kb_remote_perf_fetch(&remote, to, err);
}

static void what_came_is_kept(void **state)
{
	char *to = kb_path("%s/here", dir), *file = kb_path("%s/0.data", to), *text;
	struct kb_error err;
	struct stat st;

	(void)state;
	/* Of tar that could not read another. */
	put_ssh("echo tar: 1.data: Permission denied >&2; exit 2");
	assert_int_equal(fetch(to, &err), 0);
	text = kb_read_text(file, NULL);
	assert_string_equal(text, "data");
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(text);
	free(file);
	free(to);
}

static void nothing_is_a_failure(void **state)
{
	char *to = kb_path("%s/there", dir), *perf = kb_path("%s/perf", dir);
	struct kb_error err;

	(void)state;
	put_ssh("exit 2");
	kb_remove_tree(perf);
	assert_int_equal(fetch(to, &err), -1);
	assert_error(&err, KB_EXIT_ENVIRONMENT, "bringing perf's files back on board failed");
	/* Nor does the archive stay. */
	assert_int_equal(rmdir(to), 0);
	free(perf);
	free(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_is_kept),
		cmocka_unit_test(nothing_is_a_failure),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
