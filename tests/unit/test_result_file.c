// SPDX-License-Identifier: GPL-2.0
/* Results as files: written whole or not at all, and read with distrust. */
#include "support.h"

#include <dirent.h>
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

#include "outfile.h"
#include "result.h"
#include "run_fixture.h"
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

struct fixture {
	struct run_fixture	*run;
	json_t			*result;
	char			directory[64];
	char			path[96];
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->run = run_fixture_new();
	fixture->result = run_fixture_result(fixture->run, 1);
	snprintf(fixture->directory, sizeof(fixture->directory), "/tmp/kbench-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->path, sizeof(fixture->path), "%s/r.json", fixture->directory);
	assert_int_equal(chdir(fixture->directory), 0);
	fail_at = 0;
	*state = fixture;
	return 0;
}

/* Remove the files of @directory; one level of directories in it too. */
static void remove_all(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	char path[512];

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (unlink(path))
			remove_all(path);
	}
	if (dir)
		closedir(dir);
	rmdir(directory);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	fail_at = 0;
	assert_int_equal(chdir("/"), 0);
	remove_all(fixture->directory);
	json_decref(fixture->result);
	run_fixture_free(fixture->run);
	free(fixture);
	return 0;
}

static size_t count_files(const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	size_t nr = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		nr += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return nr;
}

static int write_result(struct fixture *fixture, struct kb_error *err)
{
	memset(err, 0, sizeof(*err));
	return kb_result_write(fixture->result, &fixture->run->plan, fixture->run->boots, 1,
			       fixture->path, err);
}

static void write_text(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void a_written_result_reads_the_same(void **state)
{
	struct fixture *fixture = *state;
	struct kb_error err;
	struct stat st;
	json_t *read;
	mode_t mask = umask(022);

	assert_int_equal(write_result(fixture, &err), 0);
	umask(mask);
	read = kb_result_read(fixture->path, &err);
	assert_non_null(read);
	assert_true(json_equal(read, fixture->result));
	json_decref(read);
	assert_int_equal(count_files(fixture->directory), 2);
	assert_int_equal(stat(fixture->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

/* 0.1 and 1/3 come back to the last bit, which 15 or 16 digits would not give. */
static void numbers_keep_17_digits(void **state)
{
	struct fixture *fixture = *state;
	json_t *per_op, *read;
	struct kb_error err;
	double third;

	per_op = json_object_get(json_array_get(json_object_get(fixture->result, "cases"), 0),
				 "per_op");
	json_object_set_new(per_op, "median", json_real(1.0 / 3));
	json_object_set_new(per_op, "max", json_real(0.1 + 0.2));
	assert_int_equal(write_result(fixture, &err), 0);
	read = kb_result_read(fixture->path, &err);
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

/* spin_lock, both phases of kmalloc, the empty op: what has samples, also left-out ones. */
static void samples_are_all_there(void **state)
{
	struct fixture *fixture = *state;
	struct kb_series *series = &fixture->run->boots[0].measured[SPIN_LOCK].series[1];
	static const size_t wanted[] = { 16, 8, 8, 8 };
	struct kb_error err;
	char *text, *save = NULL;
	json_t *lines[4];
	size_t nr = 0;

	series->flags[3] |= KBENCH_SAMPLE_OUTSIDE | KBENCH_SAMPLE_MIGRATED;
	series->cpu_end[3] = 7;
	assert_int_equal(write_result(fixture, &err), 0);
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
	assert_int_equal(json_integer_value(json_array_get(json_object_get(lines[0], "worker"), 11)), 1);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(lines[0], "ops"), 11)), 2000);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(lines[0], "flags"), 11)), 21);
	assert_int_equal(json_integer_value(json_array_get(json_object_get(lines[0], "cpu_end"), 11)), 7);
	assert_int_equal(lround(json_real_value(json_array_get(json_object_get(lines[0], "value"),
							       11))), 50040);
	for (size_t i = 0; i < nr; i++)
		json_decref(lines[i]);
}

static void samples_without_scale_are_ticks(void **state)
{
	struct fixture *fixture = *state;
	struct kb_error err;
	json_t *line;

	fixture->run->boots[0].measured[SPIN_LOCK].ns_per_tick = 0;
	assert_int_equal(write_result(fixture, &err), 0);
	line = json_loads(unpack("r.samples.jsonl.zst"), JSON_DISABLE_EOF_CHECK, NULL);
	assert_string_equal(kb_text(line, "unit"), "tick");
	assert_int_equal(lround(json_real_value(json_array_get(json_object_get(line, "value"), 0))),
			 50080);
	json_decref(line);
}

/* coreutils know how to count it too. */
static void the_checksum_is_that_of_the_file(void **state)
{
	struct fixture *fixture = *state;
	const json_t *samples;
	struct kb_error err;
	char sum[65] = "";
	FILE *pipe;

	assert_int_equal(write_result(fixture, &err), 0);
	samples = json_object_get(fixture->result, "samples");
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

/* Every single call of a write fails once: an error, and not a trace of the files. */
static void a_full_disk_leaves_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct kb_error err;
	int ret;

	fail_errno = ENOSPC;
	for (long k = 1; ; k++) {
		fail_at = k;
		nr_calls = 0;
		ret = write_result(fixture, &err);
		if (nr_calls < k)
			break;
		fail_at = 0;
		assert_int_equal(ret, -1);
		assert_error(&err, KB_EXIT_ENVIRONMENT, "No space left");
		assert_error(&err, KB_EXIT_ENVIRONMENT, "free some space");
		assert_int_equal(count_files(fixture->directory), 0);
		assert_in_range(k, 1, 100);
	}
	/* mode, write, sync, rename, and sync of the directory, for both files */
	assert_in_range(nr_calls, 10, 100);
	assert_int_equal(ret, 0);
	assert_int_equal(count_files(fixture->directory), 2);
}

static void a_limit_on_file_sizes_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct rlimit old, small;
	struct kb_error err;
	int ret;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	for (small.rlim_cur = 0; small.rlim_cur <= 1024; small.rlim_cur += 512) {
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
		ret = write_result(fixture, &err);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		assert_int_equal(ret, -1);
		assert_error(&err, KB_EXIT_ENVIRONMENT, "ulimit -f");
		assert_int_equal(count_files(fixture->directory), 0);
	}
}

static void an_old_result_survives_a_full_disk(void **state)
{
	struct fixture *fixture = *state;
	struct kb_error err;
	json_t *read;

	assert_int_equal(write_result(fixture, &err), 0);
	json_object_set_new(fixture->result, "id", json_string("new"));
	fail_errno = ENOSPC;
	fail_at = 2;
	nr_calls = 0;
	assert_int_equal(write_result(fixture, &err), -1);
	fail_at = 0;
	read = kb_result_read(fixture->path, &(struct kb_error){ 0 });
	assert_non_null(read);
	assert_string_not_equal(kb_text(read, "id"), "new");
	assert_int_equal(count_files(fixture->directory), 2);
	json_decref(read);
}

static int path_for(char **path, const char *output, size_t nr_files, struct kb_error *err)
{
	memset(err, 0, sizeof(*err));
	return kb_result_path(path, output, "locks,alloc", "6.12.113+deb12-amd64", nr_files, err);
}

static void default_names_are_free_names(void **state)
{
	char *first, *second, wanted[] = "results/locks-alloc-6.12.113+deb12-amd64-";
	struct kb_error err;

	(void)state;
	assert_int_equal(path_for(&first, NULL, 1, &err), 0);
	assert_int_equal(strncmp(first, wanted, strlen(wanted)), 0);
	assert_string_equal(first + strlen(first) - 6, "Z.json");
	assert_int_equal(count_files("results"), 0);
	write_text(first, "{}", 2);
	assert_int_equal(path_for(&second, NULL, 1, &err), 0);
	assert_string_not_equal(first, second);
	free(first);
	free(second);
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
		{ "missing", 2, KB_EXIT_ENVIRONMENT, "give -o a directory" },
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

static void assert_refused(const char *path, const char *text)
{
	struct kb_error err = { 0 };

	assert_null(kb_result_read(path, &err));
	assert_error(&err, KB_EXIT_USAGE, text);
	assert_error(&err, KB_EXIT_USAGE, path);
}

/* Cut at any place, the file is refused, and with the word for it unless nothing is left. */
static void a_truncated_file_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char *text = json_dumps(fixture->result, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
	size_t length;

	assert_non_null(text);
	length = strlen(text);
	for (size_t cut = 1; cut < length; cut += cut < 200 ? 1 : 97) {
		write_text("r.json", text, cut);
		assert_refused("r.json", "");
	}
	write_text("r.json", text, length - 1);
	assert_refused("r.json", "cut short");
	write_text("r.json", text, length / 2);
	assert_refused("r.json", "r.json");
	write_text("r.json", "", 0);
	assert_refused("r.json", "is empty");
	free(text);
}

static void refuse_text(const char *text, const char *complaint)
{
	write_text("r.json", text, strlen(text));
	assert_refused("r.json", complaint);
}

static void foreign_files_are_refused(void **state)
{
	(void)state;
	refuse_text("{\"benchmarks\": []}", "no kbench result");
	refuse_text("[1, 2]", "no kbench result");
	refuse_text("\x7f" "ELF", "no JSON at line 1");
	refuse_text("{\"schema\": 1}", "no kbench result");
	refuse_text("{\"schema\": \"other/1\"}", "no kbench result");
	refuse_text("{\"schema\": \"kbench-result/1\", \"schema\": \"kbench-result/1\"}", "no JSON");
	refuse_text("{\"schema\": \"kbench-result/1\"}", "id is missing");
	refuse_text("{\"schema\": \"kbench-result/2\"}", "kbench-result/2");
	refuse_text("{\"schema\": \"kbench-result/2\"}", "use the kbench that wrote it");
	assert_refused("no-such-file", "No such file");
	assert_refused(".", "directory");
}

/* Damage of one member of @object at a time; @what is how messages call the object. */
static void damage_each(struct fixture *fixture, json_t *object, const char *const *names)
{
	for (; *names; names++) {
		json_t *value = json_incref(json_object_get(object, *names));

		assert_non_null(value);
		json_object_del(object, *names);
		assert_int_equal(json_dump_file(fixture->result, "r.json", 0), 0);
		assert_refused("r.json", *names);
		json_object_set_new(object, *names, json_null());
		assert_int_equal(json_dump_file(fixture->result, "r.json", 0), 0);
		assert_refused("r.json", *names);
		json_object_set_new(object, *names, value);
	}
	assert_int_equal(json_dump_file(fixture->result, "r.json", 0), 0);
}

static void damaged_members_are_named(void **state)
{
	static const char *const top[] = {
		"id", "started", "finished", "command", "status", "errors", "kbench", "machine",
		"kernel", "environment", "boots", "cases", NULL,
	};
	static const char *const in_case[] = {
		"suite", "bench", "params", "phase", "cpus", "cpu_list", "context", "unit", "boot",
		"status", "reason", "flags", "per_op", NULL,
	};
	static const char *const in_per_op[] = {
		"median", "mean", "min", "max", "p90", "p99", "p99_9", "stddev", "ci95", "n", NULL,
	};
	static const char *const in_environment[] = { "backend", "fidelity", "warnings", NULL };
	struct fixture *fixture = *state;
	json_t *result = fixture->result, *read;
	json_t *entry = json_array_get(json_object_get(result, "cases"), 0);

	damage_each(fixture, result, top);
	damage_each(fixture, entry, in_case);
	damage_each(fixture, json_object_get(entry, "per_op"), in_per_op);
	damage_each(fixture, json_object_get(result, "environment"), in_environment);
	/* What was taken out is back, so the last file is a good one. */
	read = kb_result_read("r.json", &(struct kb_error){ 0 });
	assert_non_null(read);
	json_decref(read);
}

static void odd_values_are_refused(void **state)
{
	struct fixture *fixture = *state;
	json_t *entry = json_array_get(json_object_get(fixture->result, "cases"), 0);
	json_t *per_op = json_object_get(entry, "per_op");

	json_object_set_new(entry, "cpus", json_integer(0));
	assert_int_equal(json_dump_file(fixture->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].cpus is below 1");
	json_object_set_new(entry, "cpus", json_integer(2));
	json_object_set_new(entry, "status", json_string("fine"));
	assert_int_equal(json_dump_file(fixture->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].status has a value");
	json_object_set_new(entry, "status", json_string("ok"));
	json_object_set_new(per_op, "ci95", json_pack("[i]", 1));
	assert_int_equal(json_dump_file(fixture->result, "r.json", 0), 0);
	assert_refused("r.json", "cases[0].per_op.ci95");
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_written_result_reads_the_same),
		TEST(numbers_keep_17_digits),
		TEST(samples_are_all_there),
		TEST(samples_without_scale_are_ticks),
		TEST(the_checksum_is_that_of_the_file),
		TEST(names_of_samples),
		TEST(a_full_disk_leaves_nothing),
		TEST(a_limit_on_file_sizes_is_an_error),
		TEST(an_old_result_survives_a_full_disk),
		TEST(default_names_are_free_names),
		TEST(output_can_be_a_directory_or_a_file),
		TEST(unusable_outputs_are_refused),
		TEST(a_read_only_place_is_refused),
		TEST(a_truncated_file_is_refused),
		TEST(foreign_files_are_refused),
		TEST(damaged_members_are_named),
		TEST(odd_values_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
