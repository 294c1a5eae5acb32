/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One line from a target: a record of the agent, or something else that landed in the stream.
 *
 * A record is `KB1 <seq> <crc32> <json>`: seq decimal, crc32 eight lower-case hex digits over the
 * JSON text. Where the stream is shared with a kernel log, log lines stand between records, in
 * front of one, or in the midst of one; only the checksum tells.
 */
#ifndef KB_RECORD_H
#define KB_RECORD_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum kb_line_kind {
	KB_LINE_NOISE,		/* no record: a log line, an empty line */
	KB_LINE_RECORD,		/* a whole record, perhaps with foreign bytes before it */
	KB_LINE_DAMAGED,	/* something that began as a record and does not check */
};

/** struct kb_record - @json is an object; json_decref() it */
struct kb_record {
	uint64_t	seq;
	json_t		*json;
};

/**
 * kb_record_parse() - look at one line, without its newline (a carriage return may be there)
 * @record: filled with KB_LINE_RECORD only
 */
enum kb_line_kind kb_record_parse(struct kb_record *record, const char *line, size_t length);

/**
 * struct kb_sequence - the numbers of a stream's records; all 0 at the begin
 * @next:    the number that the next record should have
 * @missing: records that never came
 * @stale:   records with a number that had passed already
 */
struct kb_sequence {
	uint64_t	next;
	uint64_t	missing;
	uint64_t	stale;
};

/** kb_sequence_take() - Return: 0, or -1 when a record of that number is not to be used */
int kb_sequence_take(struct kb_sequence *sequence, uint64_t seq);

#endif
