/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records: one line each, `KB1 <seq> <crc32> <json>`. seq counts from 0 without gaps, crc32 is
 * that of the JSON text in 8 lower-case hex digits. The JSON has no newline and no blank, and
 * every byte that is no valid UTF-8 in a string is replaced.
 */
#ifndef KB_AGENT_EMIT_H
#define KB_AGENT_EMIT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** struct text - a growing string of bytes */
struct text {
	char	*bytes;
	size_t	length;
	size_t	room;
};

/**
 * struct emit - where records go
 * @fd:      the port
 * @port:    @fd is a terminal that belongs to us: drained before each measurement
 * @broken:  the reader is gone or does not read: nothing more is written
 * @hurry:   nonzero: a stop was asked for, do not wait long for a slow reader
 * @lock:    held from emit_open() to emit_close(); the watcher thread may have the last word
 * @records: records closed so far, which is the next seq
 * @json:    the record at work
 * @lines:   complete lines, not written yet
 */
struct emit {
	int		fd;
	bool		port;
	atomic_bool	broken;
	atomic_int	*hurry;
	pthread_mutex_t	lock;
	uint64_t	records;
	struct text	json;
	struct text	lines;
};

void emit_init(struct emit *emit, int fd, bool port, atomic_int *hurry);
void emit_free(struct emit *emit);

/** emit_open() - begin a record with "rec": @rec; emit_close() ends it and queues its line */
void emit_open(struct emit *emit, const char *rec);
void emit_close(struct emit *emit);

/** emit_try_open() - emit_open() for the watcher: false when another thread holds the record */
bool emit_try_open(struct emit *emit, const char *rec);

/** emit_flush() - write what is queued */
void emit_flush(struct emit *emit);
/** emit_drain() - and wait until a serial port has sent it, so that no interrupt of it is left */
void emit_drain(struct emit *emit);

/* Members of the record at work; @key is NULL inside an array. */
void emit_string(struct emit *emit, const char *key, const char *value);
void emit_u64(struct emit *emit, const char *key, uint64_t value);
/** emit_double() - six decimals; what is not finite is left out */
void emit_double(struct emit *emit, const char *key, double value);
void emit_bool(struct emit *emit, const char *key, bool value);
void emit_object(struct emit *emit, const char *key);
void emit_object_end(struct emit *emit);
void emit_array(struct emit *emit, const char *key);
void emit_array_end(struct emit *emit);

/** emit_error() - an error record: @code for programs, a line for the user */
void emit_error(struct emit *emit, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/** emit_bye() - the last record, written out */
void emit_bye(struct emit *emit);

#endif
