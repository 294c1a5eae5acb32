// SPDX-License-Identifier: GPL-2.0
/* Lines are written out here, with checksums from another implementation (Python's zlib). */
#include "support.h"

#include <string.h>

#include "agent/crc32.h"
#include "record.h"

#define HELLO	"KB1 0 3bdb56db {\"rec\":\"hello\",\"abi\":1}"
#define BEGIN	"KB1 17 70dbf35d {\"rec\":\"begin\",\"id\":7}"

static enum kb_line_kind parse(struct kb_record *record, const char *line)
{
	return kb_record_parse(record, line, strlen(line));
}

static void is_begin(const char *line)
{
	struct kb_record record;

	if (parse(&record, line) != KB_LINE_RECORD)
		fail_msg("no record in: %s", line);
	assert_int_equal(record.seq, 17);
	assert_int_equal(json_integer_value(json_object_get(record.json, "id")), 7);
	json_decref(record.json);
}

static void is_kind(enum kb_line_kind kind, const char *line)
{
	struct kb_record record;
	enum kb_line_kind got = parse(&record, line);

	if (got != kind)
		fail_msg("kind %d, wanted %d: %s", got, kind, line);
	assert_null(record.json);
}

static void crc(void **state)
{
	(void)state;
	assert_int_equal(kb_crc32("123456789", 9), 0xcbf43926);
	assert_int_equal(kb_crc32("", 0), 0);
	assert_int_equal(kb_crc32("The quick brown fox jumps over the lazy dog", 43), 0x414fa339);
}

static void whole(void **state)
{
	struct kb_record record;

	(void)state;
	assert_int_equal(parse(&record, HELLO), KB_LINE_RECORD);
	assert_int_equal(record.seq, 0);
	assert_string_equal(json_string_value(json_object_get(record.json, "rec")), "hello");
	json_decref(record.json);
	is_begin(BEGIN);
	is_begin(BEGIN "\r");
}

static void noise(void **state)
{
	(void)state;
	is_kind(KB_LINE_NOISE, "");
	is_kind(KB_LINE_NOISE, "\r");
	is_kind(KB_LINE_NOISE, "[    0.000000] Linux version 6.12.113");
	is_kind(KB_LINE_NOISE, "KB2 17 70dbf35d {\"rec\":\"begin\",\"id\":7}");
	is_kind(KB_LINE_NOISE, "KB1");
}

static void every_byte_damaged(void **state)
{
	char line[] = BEGIN;

	(void)state;
	/* The mark itself gone: noise. Anything after the number changed: damaged. */
	for (size_t i = 0; i < sizeof(line) - 1; i++) {
		struct kb_record record;
		enum kb_line_kind kind;
		char before = line[i];

		if (i >= 4 && i < 6)	/* another number is another record: the sequence tells */
			continue;
		line[i] ^= 0x01;
		kind = parse(&record, line);
		if (kind != (i < 4 ? KB_LINE_NOISE : KB_LINE_DAMAGED))
			fail_msg("byte %zu: kind %d: %s", i, kind, line);
		line[i] = before;
	}
}

static void cut_short(void **state)
{
	static const char line[] = BEGIN;

	(void)state;
	for (size_t length = 4; length < sizeof(line) - 1; length++) {
		struct kb_record record;

		if (kb_record_parse(&record, line, length) != KB_LINE_DAMAGED)
			fail_msg("%zu bytes were taken", length);
	}
}

static void odd_forms(void **state)
{
	(void)state;
	is_kind(KB_LINE_DAMAGED, "KB1 17 70DBF35D {\"rec\":\"begin\",\"id\":7}");
	is_kind(KB_LINE_DAMAGED, "KB1  17 70dbf35d {\"rec\":\"begin\",\"id\":7}");
	is_kind(KB_LINE_DAMAGED, "KB1 -17 70dbf35d {\"rec\":\"begin\",\"id\":7}");
	is_kind(KB_LINE_DAMAGED, "KB1 18446744073709551616 70dbf35d {\"rec\":\"begin\",\"id\":7}");
	is_kind(KB_LINE_DAMAGED, BEGIN " ");
	/* The checksum is right, but it is no object; "[]" and "7". */
	is_kind(KB_LINE_DAMAGED, "KB1 1 0d4cbb29 []");
	is_kind(KB_LINE_DAMAGED, "KB1 1 6abf4a82 7");
	/* Right checksum over what is no JSON: "{]". */
	is_kind(KB_LINE_DAMAGED, "KB1 1 98c89f8b {]");
}

static void interleaved(void **state)
{
	(void)state;
	/* A log line before a record, and a record that another one cut short. */
	is_begin("[    1.234567] random: crng init done" BEGIN);
	is_begin("KB1 16 00000000 {\"rec\":\"sam" BEGIN);
	is_begin("KB1 KB1 " BEGIN);
	/* A log line in the midst of one, and behind one. */
	is_kind(KB_LINE_DAMAGED,
		"KB1 17 70dbf35d {\"rec\":\"be[    1.2] random: done gin\",\"id\":7}");
	is_kind(KB_LINE_DAMAGED, BEGIN "[    1.234567] random: crng init done");
}

static void zero_bytes(void **state)
{
	static const char line[] = "KB1 17 70dbf35d {\"rec\":\"begin\",\0\"id\":7}";
	struct kb_record record;

	(void)state;
	assert_int_equal(kb_record_parse(&record, line, sizeof(line) - 1), KB_LINE_DAMAGED);
	assert_int_equal(kb_record_parse(&record, "\0\0KB1 ", 6), KB_LINE_DAMAGED);
}

static void sequence(void **state)
{
	struct kb_sequence sequence = { 0 };

	(void)state;
	assert_int_equal(kb_sequence_take(&sequence, 0), 0);
	assert_int_equal(kb_sequence_take(&sequence, 1), 0);
	assert_int_equal(sequence.missing, 0);
	assert_int_equal(kb_sequence_take(&sequence, 4), 0);
	assert_int_equal(sequence.missing, 2);
	/* One that had passed, and the same one twice. */
	assert_int_equal(kb_sequence_take(&sequence, 3), -1);
	assert_int_equal(kb_sequence_take(&sequence, 4), -1);
	assert_int_equal(sequence.stale, 2);
	assert_int_equal(sequence.missing, 2);
	assert_int_equal(kb_sequence_take(&sequence, 5), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc),
		cmocka_unit_test(whole),
		cmocka_unit_test(noise),
		cmocka_unit_test(every_byte_damaged),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(odd_forms),
		cmocka_unit_test(interleaved),
		cmocka_unit_test(zero_bytes),
		cmocka_unit_test(sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
