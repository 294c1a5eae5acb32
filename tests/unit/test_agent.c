// SPDX-License-Identifier: GPL-2.0
/* What runner and agent say to each other: what one writes, the other reads. */
#include "support.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/emit.h"
#include "agent/plan.h"
#include "agent/utf8.h"
#include "plan.h"
#include "record.h"

static int text_fd(const char *text, size_t length)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	fflush(file);
	fd = dup(fileno(file));
	fclose(file);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int read_text(struct plan *plan, const char *text, char *error, size_t size)
{
	int fd = text_fd(text, strlen(text)), ret;

	*error = '\0';
	ret = plan_read(plan, fd, error, size);
	close(fd);
	return ret;
}

static void runner_plan_is_read(void **state)
{
	static unsigned int cpus[] = { 3, 0, 7 };
	static char module[] = "kbench_alloc.ko";
	const struct kb_suite *suite = kb_catalog_suite(&toy_catalog, "alloc");
	struct kb_case kase = {
		.id = 0, .bench = &suite->benches[0], .module = module,
		.params = { 1048576, -1 }, .cpus = cpus, .nr_cpus = 3,
		.context = KBENCH_CTX_BH_OFF,
	};
	const struct kb_plan wanted = {
		.cases = &kase, .nr_cases = 1, .time_ns = 123456789, .deadline_ns = 3600000000000,
		.samples = 65536, .latency = true, .symbols = true,
		.perf = &(const struct kb_perf){ "c2c", "" },
		.counters = { .list = { { "cs", 1, 3 }, { "rff", 4, UINT64_MAX } }, .nr = 2 },
	};
	char error[256], *text = NULL;
	struct plan plan;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(kb_plan_write(&wanted, (unsigned char[]){ 1 }, file), 0);
	fclose(file);
	if (read_text(&plan, text, error, sizeof(error)))
		fail_msg("%s", error);
	free(text);
	assert_int_equal(plan.nr_modules, 2);
	assert_string_equal(plan.modules[0], "kbench.ko");
	assert_string_equal(plan.modules[1], "kbench_alloc.ko");
	assert_int_equal(plan.nr_cases, 1);
	assert_int_equal(plan.cases[0].id, 0);
	assert_string_equal(plan.cases[0].suite, "alloc");
	assert_string_equal(plan.cases[0].bench, "kmalloc");
	assert_int_equal(plan.cases[0].context, KBENCH_CTX_BH_OFF);
	assert_int_equal(plan.cases[0].nr_cpus, 3);
	assert_memory_equal(plan.cases[0].cpus, cpus, sizeof(cpus));
	assert_int_equal(plan.cases[0].nr_params, 2);
	assert_string_equal(plan.cases[0].params[0].name, "size");
	assert_int_equal(plan.cases[0].params[0].value, 1048576);
	assert_int_equal(plan.cases[0].params[1].value, -1);
	assert_int_equal(plan.cases[0].duration_ns, 123456789);
	assert_true(plan.cases[0].deadline_ns == 3600000000000);
	assert_int_equal(plan.cases[0].nr_counters, 2);
	assert_int_equal(plan.cases[0].counters[0].type, 1);
	assert_int_equal(plan.cases[0].counters[0].config, 3);
	assert_true(plan.cases[0].counters[1].config == UINT64_MAX);
	assert_int_equal(plan.cases[0].samples, 65536);
	assert_int_equal(plan.cases[0].min_samples, 4);
	assert_true(plan.cases[0].latency);
	assert_true(plan.symbols);
	assert_string_equal(plan.perf->name, "c2c");
	plan_free(&plan);
}

static void plan_of_bpf_programs(void **state)
{
	static unsigned int cpus[] = { 0 };
	const struct kb_suite *suite = kb_catalog_suite(&toy_catalog, "alloc");
	struct kb_case kase = {
		.bench = &suite->benches[0], .cpus = cpus, .nr_cpus = 1,
	};
	const struct kb_plan wanted = {
		.cases = &kase, .nr_cases = 1, .time_ns = 1, .deadline_ns = 3600000000000,
		.samples = 4, .bpf = true,
	};
	char error[256], *text = NULL;
	struct plan plan;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(kb_plan_write(&wanted, (unsigned char[]){ 1 }, file), 0);
	fclose(file);
	if (read_text(&plan, text, error, sizeof(error)))
		fail_msg("%s", error);
	free(text);
	assert_true(plan.bpf);
	assert_false(plan.symbols);
	assert_int_equal(plan.nr_modules, 0);
	assert_int_equal(plan.nr_cases, 1);
	plan_free(&plan);
	assert_int_equal(read_text(&plan, "kbench-plan 1\nbackend lkm\ngo\n", error,
				   sizeof(error)), 0);
	assert_false(plan.bpf);
	plan_free(&plan);
}

#define HEAD	"kbench-plan 1\nmodule kbench.ko\n"
#define COUNTER4 "counter 1 1\ncounter 1 2\ncounter 1 3\ncounter 1 4\n"
#define CASE	"case 0\nsuite s\nbench b\ncpus 0\ndeadline_ns 1000000\n"

static void bad_plans(void **state)
{
	static const char *const bad[] = {
		"",
		"go\n",
		"kbench-plan 2\ngo\n",
		HEAD,					/* ends without go */
		HEAD "go",				/* nor is this one */
		HEAD "fly me to the moon\ngo\n",
		HEAD CASE "go\n",			/* the case has no end */
		HEAD CASE "colour blue\nend\ngo\n",
		HEAD "suite s\ngo\n",			/* outside of a case */
		HEAD "backend abacus\ngo\n",
		HEAD "case 0\nsuite s\nbench b\ncpus 0\nend\ngo\n",
		HEAD "case 0\nsuite s\nbench b\ndeadline_ns 1000000\nend\ngo\n",
		HEAD "case x\nend\ngo\n",
		HEAD CASE "cpus 0,,1\nend\ngo\n",
		HEAD CASE "cpus -1\nend\ngo\n",
		HEAD CASE "param size\nend\ngo\n",
		HEAD CASE "param size x\nend\ngo\n",
		HEAD CASE "samples many\nend\ngo\n",
		HEAD CASE "latency 2\nend\ngo\n",
		HEAD CASE "counter 1\nend\ngo\n",
		HEAD CASE "counter 1 x\nend\ngo\n",
		HEAD CASE "counter 4294967296 1\nend\ngo\n",
		HEAD CASE COUNTER4 COUNTER4 "counter 1 1\nend\ngo\n",
		HEAD "case 0\nsuite a_name_longer_than_thirty_two_bytes_is_no_name\nend\ngo\n",
		HEAD "module ../../etc/passwd\ngo\n",
		HEAD "module /lib/evil.ko\ngo\n",
		HEAD "perf top\ngo\n",
		HEAD "perf\ngo\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char error[256];
		struct plan plan;

		if (!read_text(&plan, bad[i], error, sizeof(error)))
			fail_msg("plan %zu was taken:\n%s", i, bad[i]);
		if (!*error || strchr(error, '\n'))
			fail_msg("plan %zu: \"%s\" is not one line", i, error);
		plan_free(&plan);
	}
}

static void good_plans(void **state)
{
	char error[256];
	struct plan plan;

	(void)state;
	/* What follows go is not read; a plan may be empty. */
	if (read_text(&plan, HEAD "go\nrubbish\n", error, sizeof(error)))
		fail_msg("%s", error);
	assert_int_equal(plan.nr_cases, 0);
	plan_free(&plan);
	if (read_text(&plan, HEAD CASE "end\n" CASE "param x -9223372036854775808\nend\ngo\n",
		      error, sizeof(error)))
		fail_msg("%s", error);
	assert_int_equal(plan.nr_cases, 2);
	assert_true(plan.cases[1].params[0].value == INT64_MIN);
	plan_free(&plan);
}

/* What the agent wrote to @fd, line by line, each a record in sequence. */
static json_t *read_records(int fd)
{
	json_t *records = json_array();
	FILE *file;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	lseek(fd, 0, SEEK_SET);
	file = fdopen(fd, "r");
	assert_non_null(file);
	while ((length = getline(&line, &room, file)) > 0) {
		struct kb_record record;

		assert_int_equal(line[length - 1], '\n');
		if (kb_record_parse(&record, line, (size_t)length - 1) != KB_LINE_RECORD)
			fail_msg("no record: %s", line);
		assert_int_equal(record.seq, json_array_size(records));
		json_array_append_new(records, record.json);
	}
	free(line);
	fclose(file);
	return records;
}

static void agent_records_are_read(void **state)
{
	static const char *const texts[] = {
		"plain", "", "a \"quoted\" \\ word", "tab\tnewline\nreturn\r", "\x01\x1f\x7f",
		"gr\xc3\xbc\xc3\x9f dich", "\xff\xfe not utf-8 \xc3", "\xed\xa0\x80 half a pair",
		"KB1 0 00000000 {}",
	};
	static const size_t nr = sizeof(texts) / sizeof(texts[0]);
	int fd = text_fd("", 0);
	atomic_int hurry = 0;
	struct emit emit;
	json_t *records, *record;

	(void)state;
	emit_init(&emit, fd, false, &hurry);
	for (size_t i = 0; i < nr; i++) {
		emit_open(&emit, "log");
		emit_string(&emit, "text", texts[i]);
		emit_u64(&emit, "big", 9223372036854775807);
		emit_double(&emit, "half", 0.5);
		emit_double(&emit, "nan", (double)NAN);
		emit_bool(&emit, "yes", true);
		emit_array(&emit, "list");
		emit_u64(&emit, NULL, 1);
		emit_object(&emit, NULL);
		emit_object_end(&emit);
		emit_array_end(&emit);
		emit_close(&emit);
	}
	emit_error(&emit, "plan", "it is %s", "wrong");
	emit_bye(&emit);
	emit_free(&emit);

	records = read_records(fd);
	assert_int_equal(json_array_size(records), nr + 2);
	for (size_t i = 0; i < nr; i++) {
		const char *text;

		record = json_array_get(records, i);
		text = json_string_value(json_object_get(record, "text"));
		assert_non_null(text);
		if (!strpbrk(texts[i], "\xff\xed"))
			assert_string_equal(text, texts[i]);
		assert_true(json_integer_value(json_object_get(record, "big")) == INT64_MAX);
		assert_true(json_real_value(json_object_get(record, "half")) == 0.5);
		assert_null(json_object_get(record, "nan"));
		assert_true(json_is_true(json_object_get(record, "yes")));
		assert_int_equal(json_array_size(json_object_get(record, "list")), 2);
	}
	record = json_array_get(records, nr);
	assert_string_equal(json_string_value(json_object_get(record, "message")), "it is wrong");
	record = json_array_get(records, nr + 1);
	assert_string_equal(json_string_value(json_object_get(record, "rec")), "bye");
	assert_int_equal(json_integer_value(json_object_get(record, "records")), nr + 1);
	json_decref(records);
}

static void utf8(void **state)
{
	static const struct {
		const char	*text;
		size_t		length;
	} cases[] = {
		{ "a", 1 }, { "\xc3\xbc", 2 }, { "\xe2\x82\xac", 3 }, { "\xf0\x9f\x90\xa7", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 }, { "", 0 }, { "\x80", 0 }, { "\xc3", 0 }, { "\xc3(", 0 },
		{ "\xc0\xaf", 0 }, { "\xe0\x80\xaf", 0 }, { "\xed\xa0\x80", 0 }, { "\xe2\x82", 0 },
		{ "\xf0\x82\x82\xac", 0 }, { "\xf4\x90\x80\x80", 0 }, { "\xff", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (utf8_length((const unsigned char *)cases[i].text) != cases[i].length)
			fail_msg("sequence %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runner_plan_is_read),
		cmocka_unit_test(plan_of_bpf_programs),
		cmocka_unit_test(bad_plans),
		cmocka_unit_test(good_plans),
		cmocka_unit_test(agent_records_are_read),
		cmocka_unit_test(utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
