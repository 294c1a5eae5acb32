// SPDX-License-Identifier: GPL-2.0
#include "record.h"

#include <string.h>

#include "agent/crc32.h"

#define MARK		"KB1 "
#define MARK_LENGTH	(sizeof(MARK) - 1)
#define CRC_DIGITS	8

/* What is left of a line. */
struct cursor {
	const char	*at;
	const char	*end;
};

static int take_number(struct cursor *cursor, uint64_t *number)
{
	const char *begin = cursor->at;

	*number = 0;
	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
		uint64_t digit = (uint64_t)(*cursor->at++ - '0');

		if (*number > (UINT64_MAX - digit) / 10)
			return -1;
		*number = *number * 10 + digit;
	}
	return cursor->at == begin ? -1 : 0;
}

static int take_crc(struct cursor *cursor, uint32_t *crc)
{
	const char digits[] = "0123456789abcdef";

	*crc = 0;
	for (int i = 0; i < CRC_DIGITS; i++) {
		const char *digit = cursor->at < cursor->end && *cursor->at ?
				    strchr(digits, *cursor->at) : NULL;

		if (!digit)
			return -1;
		*crc = *crc << 4 | (uint32_t)(digit - digits);
		cursor->at++;
	}
	return 0;
}

static int take_blank(struct cursor *cursor)
{
	if (cursor->at == cursor->end || *cursor->at != ' ')
		return -1;
	cursor->at++;
	return 0;
}

/* Parses what follows a mark, to the end of the line. */
static int parse_at(struct kb_record *record, const char *at, const char *end)
{
	struct cursor cursor = { .at = at, .end = end };
	size_t length;
	uint32_t crc;

	if (take_number(&cursor, &record->seq) || take_blank(&cursor) ||
	    take_crc(&cursor, &crc) || take_blank(&cursor))
		return -1;
	length = (size_t)(cursor.end - cursor.at);
	if (kb_crc32(cursor.at, length) != crc)
		return -1;
	record->json = json_loadb(cursor.at, length, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(record->json))
		return 0;
	json_decref(record->json);
	record->json = NULL;
	return -1;
}

enum kb_line_kind kb_record_parse(struct kb_record *record, const char *line, size_t length)
{
	enum kb_line_kind kind = KB_LINE_NOISE;
	const char *end = line + length;
	const char *mark = line;

	while (end > line && end[-1] == '\r')
		end--;
	record->json = NULL;
	/* A record cut short by another begins more than once: the last may be whole. */
	while ((mark = memmem(mark, (size_t)(end - mark), MARK, MARK_LENGTH))) {
		mark += MARK_LENGTH;
		if (!parse_at(record, mark, end))
			return KB_LINE_RECORD;
		kind = KB_LINE_DAMAGED;
	}
	return kind;
}

int kb_sequence_take(struct kb_sequence *sequence, uint64_t seq)
{
	if (seq < sequence->next) {
		sequence->stale++;
		return -1;
	}
	sequence->missing += seq - sequence->next;
	sequence->next = seq + 1;
	return 0;
}
