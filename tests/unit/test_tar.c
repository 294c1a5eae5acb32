// SPDX-License-Identifier: GPL-2.0
/* Files on their way to another machine and back; and the directory that is kept for them there. */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../runner/agent/keep.h"
#include "paths.h"
#include "process.h"
#include "tar.h"
#include "temp_dir.h"

static bool ends_in_ko(const char *name)
{
	return strlen(name) > 3 && !strcmp(name + strlen(name) - 3, ".ko");
}

static bool any(const char *name)
{
	(void)name;
	return true;
}

static void there_and_back(void **state)
{
	char *from = kb_path("%s/from", temp_dir), *to = kb_path("%s/to", temp_dir), *bytes;
	struct kb_error err = { 0 };
	size_t length;

	(void)state;
	temp_dir_put("from/a.ko", "one");
	temp_dir_put("from/deep/b.ko", "");
	temp_dir_put("from/c.txt", "three");
	assert_int_equal(kb_tar_pack(from, NULL, &bytes, &length, &err), 0);
	assert_int_equal(kb_tar_unpack(bytes, length, to, ends_in_ko, &err), 0);
	temp_dir_has("to/a.ko", "one");
	temp_dir_has("to/deep/b.ko", "");
	temp_dir_has("to/c.txt", NULL);
	/* Cut short, and none at all. */
	assert_int_equal(kb_tar_unpack(bytes, 700, to, any, &err), -1);
	assert_true(err.exit != KB_EXIT_OK);
	free(bytes);
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_tar_unpack("what is this?", 13, to, any, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "damaged");

	err = (struct kb_error){ 0 };
	assert_int_equal(kb_tar_pack(from, ".txt", &bytes, &length, &err), 0);
	assert_int_equal(kb_tar_unpack(bytes, length, to, any, &err), 0);
	temp_dir_has("to/c.txt", "three");
	free(bytes);
	free(from);
	free(to);
}

/* Another machine does not get to write where it likes. */
static void outside(void **state)
{
	char *command = kb_path("cd %s && mkdir -p in out && echo x >evil.ko && ln -s /etc/passwd "
				"in/link.ko && cd in && tar -P -cf ../evil.tar ../evil.ko link.ko "
				"%s/evil.ko && cd .. && rm evil.ko", temp_dir, temp_dir);
	char *archive = kb_path("%s/evil.tar", temp_dir), *out = kb_path("%s/out", temp_dir);
	char *bytes;
	struct kb_error err = { 0 };
	size_t length;

	(void)state;
	assert_int_equal(system(command), 0);
	bytes = kb_read_text(archive, &length);
	assert_non_null(bytes);
	assert_int_equal(kb_tar_unpack(bytes, length, out, any, &err), 0);
	temp_dir_has("evil.ko", NULL);
	temp_dir_has("out/link.ko", NULL);
	free(bytes);
	free(out);
	free(archive);
	free(command);
}

/* What perf found: whatever cannot come does not take the rest with it. */
static void single_files_fail(void **state)
{
	char *from = kb_path("%s/perf", temp_dir), *to = kb_path("%s/taken", temp_dir);
	char *huge = kb_path("%s/0.data", from), *block = kb_path("%s/1.data/x", to);
	const char *const argv[] = {
		"tar", "-C", from, "--sparse", "-cf", "-", "0.data", "missing", "1.data", "2.data",
		NULL,
	};
	struct kb_command command = { .argv = argv, .timeout = 60, .sink = tmpfile() };
	char *taken = kb_path("%s/2.data", to);
	struct kb_error err = { 0 };
	struct stat st;

	(void)state;
	temp_dir_put("perf/0.data", "");
	temp_dir_put("perf/1.data", "one");
	temp_dir_put("perf/2.data", "two");
	assert_int_equal(truncate(huge, 300L << 20), 0);
	assert_int_equal(kb_make_dirs(block, &err), 0);
	assert_non_null(command.sink);
	assert_int_equal(kb_command_run(&command, &err), 2);
	assert_int_equal(command.length, 0);
	assert_non_null(strstr(command.errors, "missing"));
	assert_int_equal(kb_tar_unpack_file(command.sink, to, any, &err), 0);
	temp_dir_has("taken/0.data", NULL);
	temp_dir_has("taken/2.data", "two");
	assert_int_equal(stat(taken, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	/* Cut short. */
	assert_int_equal(ftruncate(fileno(command.sink), 1300), 0);
	err = (struct kb_error){ 0 };
	assert_int_equal(kb_tar_unpack_file(command.sink, to, any, &err), -1);
	assert_error(&err, KB_EXIT_TARGET, "damaged");
	fclose(command.sink);
	kb_command_free(&command);
	free(taken);
	free(block);
	free(huge);
	free(from);
	free(to);
}

/* The keeper in a process of its own, with @input for its standard input. */
static pid_t keep(const char *path, unsigned int beat_s, int input)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(input, STDIN_FILENO);
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	_exit(keep_run(path, beat_s) ? 1 : 0);
}

static int exit_of(pid_t pid)
{
	struct kb_process process = { .pid = pid };

	assert_true(kb_process_gone(&process, 30));
	return process.status;
}

static void kept_directory_goes(void **state)
{
	char *path = kb_path("%s/kbench-kept", temp_dir), *other = kb_path("%s/other", temp_dir);
	int silent[2], ended[2];

	(void)state;
	assert_int_equal(pipe2(silent, O_CLOEXEC) | pipe2(ended, O_CLOEXEC), 0);
	/* The end of its input. */
	temp_dir_put("kbench-kept/deep/file", "x");
	close(ended[1]);
	assert_int_equal(exit_of(keep(path, 0, ended[0])), 0);
	assert_false(kb_exists(path));
	/* Silence, though nobody closed it. */
	temp_dir_put("kbench-kept/file", "x");
	assert_int_equal(exit_of(keep(path, 1, silent[0])), 0);
	assert_false(kb_exists(path));
	/* What kbench has not made is not removed. */
	temp_dir_put("other/file", "x");
	assert_true(exit_of(keep(other, 1, ended[0])) != 0);
	temp_dir_has("other/file", "x");
	close(silent[0]);
	close(silent[1]);
	close(ended[0]);
	free(other);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(outside),
		cmocka_unit_test(single_files_fail),
		cmocka_unit_test(kept_directory_goes),
	};

	return cmocka_run_group_tests(tests, temp_dir_make, temp_dir_remove);
}
