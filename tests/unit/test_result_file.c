// SPDX-License-Identifier: GPL-2.0
/* Result files are written whole or not at all, to where the user said. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zstd.h>

#include "result.h"
#include "result_dir.h"
#include "samples.h"
#include "table.h"

/*
 * A disk that fails: call number @fail_at of those below, counted from 1, gives @fail_errno. The
 * definitions here come before the C library's for all code of the runner.
 */
static long fail_at, nr_calls;
static int fail_errno;

static int fails(void)
{
	if (!fail_at || ++nr_calls != fail_at)
		return 0;
	errno = fail_errno;
	return 1;
}

ssize_t write(int fd, const void *data, size_t size)
{
	return fails() ? -1 : syscall(SYS_write, fd, data, size);
}

int fsync(int fd)
{
	return fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int fchmod(int fd, mode_t mode)
{
	return fails() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int rename(const char *from, const char *to)
{
	return fails() ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int write_result(struct result_dir *dir, struct kb_error *err)
{
	memset(err, 0, sizeof(*err));
	return kb_result_write(dir->result, &dir->run->plan, dir->run->boots, 1,
			       dir->path, err);
}

static void a_written_result_reads_the_same(void **state)
{
	struct result_dir *dir = *state;
	struct kb_error err;
	struct stat st;
	json_t *read;
	mode_t mask = umask(022);

	assert_int_equal(write_result(dir, &err), 0);
	umask(mask);
	read = kb_result_read(dir->path, &err);
	assert_non_null(read);
	assert_true(json_equal(read, dir->result));
	json_decref(read);
	assert_int_equal(count_files(dir->directory), 2);
	assert_int_equal(stat(dir->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

/* 0.1 and 1/3 come back to the last bit, which 15 or 16 digits would not give. */
static void numbers_keep_17_digits(void **state)
{
	struct result_dir *dir = *state;
	json_t *per_op, *read;
	struct kb_error err;
	double third;

	per_op = json_object_get(json_array_get(json_object_get(dir->result, "cases"), 0),
				 "per_op");
	json_object_set_new(per_op, "median", json_real(1.0 / 3));
	json_object_set_new(per_op, "max", json_real(0.1 + 0.2));
	assert_int_equal(write_result(dir, &err), 0);
	read = kb_result_read(dir->path, &err);
	assert_non_null(read);
	per_op = json_object_get(json_array_get(json_object_get(read, "cases"), 0), "per_op");
	third = json_real_value(json_object_get(per_op, "median"));
	assert_true(third >= 1.0 / 3 && third <= 1.0 / 3);
	third = json_real_value(json_object_get(per_op, "max"));
	assert_true(third >= 0.1 + 0.2 && third <= 0.1 + 0.2);
	json_decref(read);
}

/* The whole of a small zstd file as text. */
static char *unpack(const char *path)
{
	static char packed[65536], text[262144];
	FILE *file = fopen(path, "re");
	size_t size;

	assert_non_null(file);
	size = fread(packed, 1, sizeof(packed), file);
	fclose(file);
	size = ZSTD_decompress(text, sizeof(text) - 1, packed, size);
	assert_false(ZSTD_isError(size));
	text[size] = '\0';
	return text;
}

static void assert_columns(const json_t *line, size_t wanted)
{
	static const char *const names[] = {
		"worker", "cpu_start", "cpu_end", "ops", "value", "flags",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(json_array_size(json_object_get(line, names[i])), wanted);
}

static double cell(const json_t *line, const char *column, size_t index)
{
	return json_number_value(json_array_get(json_object_get(line, column), index));
}

/* spin_lock, both phases of kmalloc, the empty op: what has samples, also left-out ones. */
static void samples_are_all_there(void **state)
{
	struct result_dir *dir = *state;
	struct kb_series *series = &dir->run->boots[0].measured[SPIN_LOCK].series[1];
	static const size_t wanted[] = { 16, 8, 8, 8 };
	struct kb_error err;
	char *text, *save = NULL;
	json_t *lines[4];
	size_t nr = 0;

	series->flags[3] |= KBENCH_SAMPLE_OUTSIDE | KBENCH_SAMPLE_MIGRATED;
	series->cpu_end[3] = 7;
	assert_int_equal(write_result(dir, &err), 0);
	text = unpack("r.samples.jsonl.zst");
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		assert_in_range(nr, 0, 3);
		lines[nr] = json_loads(line, 0, NULL);
		assert_non_null(lines[nr]);
		assert_columns(lines[nr], wanted[nr]);
		nr++;
	}
	assert_int_equal(nr, 4);
	assert_string_equal(kb_text(lines[0], "bench"), "spin_lock");
	assert_string_equal(kb_text(lines[1], "phase"), "alloc");
	assert_string_equal(kb_text(lines[2], "phase"), "free");
	assert_string_equal(kb_text(lines[0], "unit"), "ns");
	/* Worker 1's fourth: 2000 ops of 25 ns and 40 ns; DOUBLE 16, OUTSIDE 4, MIGRATED 1. */
	assert_int_equal(lround(cell(lines[0], "worker", 11)), 1);
	assert_int_equal(lround(cell(lines[0], "ops", 11)), 2000);
	assert_int_equal(lround(cell(lines[0], "flags", 11)), 21);
	assert_int_equal(lround(cell(lines[0], "cpu_end", 11)), 7);
	assert_int_equal(lround(cell(lines[0], "value", 11)), 50040);
	for (size_t i = 0; i < nr; i++)
		json_decref(lines[i]);
}

/* The first ten of worker 1 take twice as long, and its third does not count anyway. */
static void warm_up_is_labelled(void **state)
{
	struct result_dir *dir = *state;
	struct kb_series *series = &dir->run->boots[0].measured[SPIN_LOCK].series[1];
	struct kb_error err;
	json_t *line;

	run_fixture_lengthen(series, 40, 0, 9);
	series->flags[2] |= KBENCH_SAMPLE_OUTSIDE;
	assert_int_equal(write_result(dir, &err), 0);
	line = json_loads(unpack("r.samples.jsonl.zst"), JSON_DISABLE_EOF_CHECK, NULL);
	assert_columns(line, 48);
	for (size_t i = 0; i < 48; i++) {
		bool first = i >= 8 && i < 18, outside = i == 10;
		unsigned int wanted = (i % 2 ? KBENCH_SAMPLE_DOUBLE : 0) |
				      (outside ? KBENCH_SAMPLE_OUTSIDE : 0) |
				      (first && !outside ? KB_SAMPLE_WARMUP : 0);

		assert_int_equal(lround(cell(line, "flags", i)), wanted);
	}
	json_decref(line);
}

static void samples_without_scale_are_ticks(void **state)
{
	struct result_dir *dir = *state;
	struct kb_error err;
	json_t *line;

	dir->run->boots[0].measured[SPIN_LOCK].unit_per_tick = 0;
	assert_int_equal(write_result(dir, &err), 0);
	line = json_loads(unpack("r.samples.jsonl.zst"), JSON_DISABLE_EOF_CHECK, NULL);
	assert_string_equal(kb_text(line, "unit"), "tick");
	assert_int_equal(lround(cell(line, "value", 0)), 50080);
	json_decref(line);
}

/* coreutils know how to count it too. */
static void the_checksum_is_that_of_the_file(void **state)
{
	struct result_dir *dir = *state;
	const json_t *samples;
	struct kb_error err;
	char sum[65] = "";
	FILE *pipe;

	assert_int_equal(write_result(dir, &err), 0);
	samples = json_object_get(dir->result, "samples");
	assert_string_equal(kb_text(samples, "file"), "r.samples.jsonl.zst");
	pipe = popen("sha256sum r.samples.jsonl.zst", "re");
	assert_non_null(pipe);
	assert_int_equal(fread(sum, 1, 64, pipe), 64);
	pclose(pipe);
	assert_string_equal(kb_text(samples, "sha256"), sum);
}

static void names_of_samples(void **state)
{
	static const char *const table[][2] = {
		{ "a/r.json", "a/r.samples.jsonl.zst" }, { "r", "r.samples.jsonl.zst" },
		{ "r.json.old", "r.json.old.samples.jsonl.zst" },
		{ ".json", ".json.samples.jsonl.zst" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *path = kb_samples_path(table[i][0]);

		assert_string_equal(path, table[i][1]);
		free(path);
	}
}

/* Both files are there and whole: what failed is the sync of their directory. Removes them. */
static void assert_written(const struct result_dir *dir, const struct kb_error *err)
{
	char *samples = kb_samples_path(dir->path);
	json_t *read = kb_result_read(dir->path, &(struct kb_error){ 0 });

	assert_non_null(strstr(err->text, "cannot sync its directory"));
	assert_non_null(read);
	json_decref(read);
	assert_int_equal(count_files(dir->directory), 2);
	assert_int_equal(unlink(dir->path), 0);
	assert_int_equal(unlink(samples), 0);
	free(samples);
}

/* Every single call of a write fails once: an error, and both files or not a trace of them. */
static void a_full_disk_leaves_nothing_by_half(void **state)
{
	struct result_dir *dir = *state;
	size_t written = 0;
	struct kb_error err;
	int ret;

	fail_errno = ENOSPC;
	for (long k = 1; ; k++) {
		fail_at = k;
		nr_calls = 0;
		ret = write_result(dir, &err);
		if (nr_calls < k)
			break;
		fail_at = 0;
		assert_int_equal(ret, -1);
		assert_error(&err, KB_EXIT_ENVIRONMENT, "No space left");
		assert_in_range(k, 1, 100);
		if (count_files(dir->directory)) {
			assert_written(dir, &err);
			written++;
			continue;
		}
		assert_error(&err, KB_EXIT_ENVIRONMENT, "free some space");
	}
	fail_at = 0;
	/* mode, write, sync, rename, and sync of the directory, for both files */
	assert_in_range(nr_calls, 10, 100);
	assert_int_equal(written, 2);
	assert_int_equal(ret, 0);
	assert_int_equal(count_files(dir->directory), 2);
}

static void a_limit_on_file_sizes_is_an_error(void **state)
{
	struct result_dir *dir = *state;
	struct rlimit old, small;
	struct kb_error err;
	int ret;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	for (small.rlim_cur = 0; small.rlim_cur <= 1024; small.rlim_cur += 512) {
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		ret = write_result(dir, &err);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		assert_int_equal(ret, -1);
		assert_error(&err, KB_EXIT_ENVIRONMENT, "ulimit -f");
		assert_int_equal(count_files(dir->directory), 0);
	}
}

static void an_old_result_survives_a_full_disk(void **state)
{
	struct result_dir *dir = *state;
	struct kb_error err;
	json_t *read;

	assert_int_equal(write_result(dir, &err), 0);
	json_object_set_new(dir->result, "id", json_string("new"));
	fail_errno = ENOSPC;
	fail_at = 2;
	nr_calls = 0;
	assert_int_equal(write_result(dir, &err), -1);
	fail_at = 0;
	read = kb_result_read(dir->path, &(struct kb_error){ 0 });
	assert_non_null(read);
	assert_string_not_equal(kb_text(read, "id"), "new");
	assert_int_equal(count_files(dir->directory), 2);
	json_decref(read);
}

static int path_for(char **path, const char *output, size_t nr_files, struct kb_error *err)
{
	const struct kb_result_name name = {
		.what = "locks,alloc", .release = "6.12.113+deb12-amd64",
	};

	memset(err, 0, sizeof(*err));
	return kb_result_path(path, output, &name, nr_files, err);
}

static void default_names_are_free_names(void **state)
{
	char *first, *second, wanted[] = "results/locks-alloc-6.12.113+deb12-amd64-";
	struct kb_error err;

	(void)state;
	assert_int_equal(path_for(&first, NULL, 1, &err), 0);
	assert_int_equal(strncmp(first, wanted, strlen(wanted)), 0);
	assert_string_equal(first + strlen(first) - 6, "Z.json");
	/* A run that never begins leaves nothing. */
	assert_int_equal(access("results", F_OK), -1);
	kb_result_make_place(first);
	assert_int_equal(count_files("results"), 0);
	write_text(first, "{}", 2);
	assert_int_equal(path_for(&second, NULL, 1, &err), 0);
	assert_string_not_equal(first, second);
	free(first);
	free(second);
}

/* Kernels of one run may be of one release, built in trees of one name. */
static void equal_kernels_get_names_of_their_own(void **state)
{
	char wanted[] = "results/locks-6.12.0-my-linux-", *paths[3];
	struct kb_result_name name = {
		.what = "locks", .release = "6.12.0", .tree = "my linux",
		.taken = (const char *const *)paths,
	};
	struct kb_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		name.nr_taken = i;
		assert_int_equal(kb_result_path(&paths[i], NULL, &name, 3, &err), 0);
		assert_int_equal(strncmp(paths[i], wanted, strlen(wanted)), 0);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(paths[i], paths[j]);
	}
	for (size_t i = 0; i < 3; i++)
		free(paths[i]);
}

static void output_can_be_a_directory_or_a_file(void **state)
{
	struct kb_error err;
	char *path;

	(void)state;
	assert_int_equal(mkdir("out", 0755), 0);
	assert_int_equal(path_for(&path, "out", 2, &err), 0);
	assert_int_equal(strncmp(path, "out/locks-alloc-6.12", 20), 0);
	free(path);
	assert_int_equal(path_for(&path, "out/", 1, &err), 0);
	assert_int_equal(strncmp(path, "out/locks-alloc-6.12", 20), 0);
	free(path);
	assert_int_equal(path_for(&path, "out/mine.json", 1, &err), 0);
	assert_string_equal(path, "out/mine.json");
	free(path);
	assert_int_equal(count_files("out"), 0);
}

static void unusable_outputs_are_refused(void **state)
{
	static const struct {
		const char	*output;
		size_t		nr_files;
		enum kb_exit	exit;
		const char	*text;
	} table[] = {
		{ "", 1, KB_EXIT_USAGE, "file or directory" },
		{ "missing/r.json", 1, KB_EXIT_ENVIRONMENT, "mkdir -p" },
		{ "missing/", 1, KB_EXIT_ENVIRONMENT, "mkdir -p missing/" },
		{ "missing/two", 2, KB_EXIT_ENVIRONMENT, "cannot make the directory missing/two" },
		{ "file", 2, KB_EXIT_USAGE, "give -o a directory" },
		{ "file/r.json", 1, KB_EXIT_ENVIRONMENT, "Not a directory" },
		{ "/dev/full", 1, KB_EXIT_ENVIRONMENT, "no regular file" },
		{ "pipe", 1, KB_EXIT_ENVIRONMENT, "no regular file" },
	};
	char *path;
	struct kb_error err;

	(void)state;
	write_text("file", "x", 1);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(path_for(&path, table[i].output, table[i].nr_files, &err), -1);
		assert_error(&err, table[i].exit, table[i].text);
		assert_null(path);
	}
	assert_int_equal(count_files("."), 2);
}

/* A mount that is read-only says so when the first file is made; here its mode is refused. */
static void a_read_only_place_is_refused(void **state)
{
	struct kb_error err;
	char *path;

	(void)state;
	fail_errno = EROFS;
	fail_at = 1;
	nr_calls = 0;
	assert_int_equal(path_for(&path, "r.json", 1, &err), -1);
	fail_at = 0;
	assert_error(&err, KB_EXIT_ENVIRONMENT, "Read-only file system; choose a place");
	assert_int_equal(count_files("."), 0);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, result_dir_setup, result_dir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_written_result_reads_the_same),
		TEST(numbers_keep_17_digits),
		TEST(samples_are_all_there),
		TEST(warm_up_is_labelled),
		TEST(samples_without_scale_are_ticks),
		TEST(the_checksum_is_that_of_the_file),
		TEST(names_of_samples),
		TEST(a_full_disk_leaves_nothing_by_half),
		TEST(a_limit_on_file_sizes_is_an_error),
		TEST(an_old_result_survives_a_full_disk),
		TEST(default_names_are_free_names),
		TEST(equal_kernels_get_names_of_their_own),
		TEST(output_can_be_a_directory_or_a_file),
		TEST(unusable_outputs_are_refused),
		TEST(a_read_only_place_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
