// SPDX-License-Identifier: GPL-2.0
#include "emit.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "crc32.h"
#include "utf8.h"

/* Lines are gathered up to here; one write of much is cheaper than many of little. */
#define FLUSH_BYTES	(64 * 1024)

/* A pipe that polls writable takes this much without blocking. */
#define CHUNK_BYTES	4096

/* How long a reader may read nothing, and how long when a stop was asked for. */
#define PATIENCE_MS	60000
#define HURRY_MS	500
#define STEP_MS		100

/* How long a serial port may take to send what it holds. */
#define DRAIN_MS	10000

void emit_init(struct emit *emit, int fd, bool port, atomic_int *hurry)
{
	memset(emit, 0, sizeof(*emit));
	emit->fd = fd;
	emit->port = port;
	emit->hurry = hurry;
	pthread_mutex_init(&emit->lock, NULL);
}

void emit_free(struct emit *emit)
{
	free(emit->json.bytes);
	free(emit->lines.bytes);
	pthread_mutex_destroy(&emit->lock);
}

/* Without memory the records cannot be told: as good as a reader that is gone. */
static bool reserve(struct emit *emit, struct text *text, size_t more)
{
	size_t room = text->room ? text->room : CHUNK_BYTES;
	char *bytes;

	if (text->room - text->length >= more)
		return true;
	while (room - text->length < more)
		room *= 2;
	bytes = realloc(text->bytes, room);
	if (!bytes) {
		emit->broken = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

static void append(struct emit *emit, struct text *text, const char *bytes, size_t length)
{
	if (!reserve(emit, text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static void append_string(struct emit *emit, const char *string)
{
	append(emit, &emit->json, string, strlen(string));
}

/* Waits until some bytes can be written. Return: false when the reader takes none. */
static bool wait_writable(struct emit *emit)
{
	struct pollfd poll_fd = { .fd = emit->fd, .events = POLLOUT };

	for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
		int ready = poll(&poll_fd, 1, STEP_MS);

		if (ready > 0)
			return !(poll_fd.revents & (POLLERR | POLLNVAL));
		if (ready < 0 && errno != EINTR)
			return false;
		if (*emit->hurry && waited >= HURRY_MS)
			return false;
	}
	return false;
}

static void write_lines(struct emit *emit)
{
	size_t done = 0;

	while (done < emit->lines.length && !emit->broken) {
		size_t left = emit->lines.length - done;
		ssize_t n;

		if (!wait_writable(emit)) {
			emit->broken = true;
			break;
		}
		if (left > CHUNK_BYTES)
			left = CHUNK_BYTES;
		n = write(emit->fd, emit->lines.bytes + done, left);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EINTR && errno != EAGAIN)
			emit->broken = true;
	}
	emit->lines.length = 0;
}

void emit_flush(struct emit *emit)
{
	pthread_mutex_lock(&emit->lock);
	write_lines(emit);
	pthread_mutex_unlock(&emit->lock);
}

void emit_drain(struct emit *emit)
{
	const struct timespec step = { .tv_nsec = 1000000 };
	int queued = 0;

	emit_flush(emit);
	if (!emit->port || emit->broken)
		return;
	/* Not with tcdrain() alone, which waits for ever for a port whose other end stopped. */
	for (int waited = 0; waited < DRAIN_MS; waited++) {
		if (ioctl(emit->fd, TIOCOUTQ, &queued) || !queued)
			break;
		nanosleep(&step, NULL);
	}
	if (!queued)
		tcdrain(emit->fd);
}

static void begin_record(struct emit *emit, const char *rec)
{
	emit->json.length = 0;
	append_string(emit, "{");
	emit_string(emit, "rec", rec);
}

void emit_open(struct emit *emit, const char *rec)
{
	pthread_mutex_lock(&emit->lock);
	begin_record(emit, rec);
}

bool emit_try_open(struct emit *emit, const char *rec)
{
	if (pthread_mutex_trylock(&emit->lock))
		return false;
	begin_record(emit, rec);
	return true;
}

void emit_close(struct emit *emit)
{
	char head[48];
	int length;

	append_string(emit, "}");
	if (!emit->broken) {
		length = snprintf(head, sizeof(head), "KB1 %" PRIu64 " %08x ", emit->records,
				  kb_crc32(emit->json.bytes, emit->json.length));
		append(emit, &emit->lines, head, (size_t)length);
		append(emit, &emit->lines, emit->json.bytes, emit->json.length);
		append(emit, &emit->lines, "\n", 1);
		emit->records++;
	}
	if (emit->lines.length >= FLUSH_BYTES)
		write_lines(emit);
	pthread_mutex_unlock(&emit->lock);
}

static void append_escaped(struct emit *emit, const char *string)
{
	const unsigned char *at = (const unsigned char *)string;
	char escape[8];

	append_string(emit, "\"");
	while (*at) {
		size_t length = utf8_length(at);

		if (!length) {
			append_string(emit, "\xef\xbf\xbd");
			at++;
			continue;
		}
		if (*at == '"' || *at == '\\') {
			escape[0] = '\\';
			escape[1] = (char)*at;
			append(emit, &emit->json, escape, 2);
		} else if (*at < 0x20) {
			snprintf(escape, sizeof(escape), "\\u%04x", *at);
			append(emit, &emit->json, escape, 6);
		} else {
			append(emit, &emit->json, (const char *)at, length);
		}
		at += length;
	}
	append_string(emit, "\"");
}

/* The comma before a value, unless it is the first of its array or object, and its key. */
static void append_key(struct emit *emit, const char *key)
{
	char last = emit->json.length ? emit->json.bytes[emit->json.length - 1] : '{';

	if (last != '{' && last != '[')
		append_string(emit, ",");
	if (!key)
		return;
	append_escaped(emit, key);
	append_string(emit, ":");
}

void emit_string(struct emit *emit, const char *key, const char *value)
{
	append_key(emit, key);
	append_escaped(emit, value);
}

void emit_u64(struct emit *emit, const char *key, uint64_t value)
{
	char number[24];
	char *at = number + sizeof(number);

	/* By hand: a round has thousands, and printf is slow where instructions are emulated. */
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	append_key(emit, key);
	append(emit, &emit->json, at, (size_t)(number + sizeof(number) - at));
}

void emit_double(struct emit *emit, const char *key, double value)
{
	char number[340];

	if (!isfinite(value))
		return;
	snprintf(number, sizeof(number), "%.6f", value);
	append_key(emit, key);
	append_string(emit, number);
}

void emit_bool(struct emit *emit, const char *key, bool value)
{
	append_key(emit, key);
	append_string(emit, value ? "true" : "false");
}

void emit_object(struct emit *emit, const char *key)
{
	append_key(emit, key);
	append_string(emit, "{");
}

void emit_object_end(struct emit *emit)
{
	append_string(emit, "}");
}

void emit_array(struct emit *emit, const char *key)
{
	append_key(emit, key);
	append_string(emit, "[");
}

void emit_array_end(struct emit *emit)
{
	append_string(emit, "]");
}

void emit_error(struct emit *emit, const char *code, const char *format, ...)
{
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	emit_open(emit, "error");
	emit_string(emit, "code", code);
	emit_string(emit, "message", message);
	emit_close(emit);
}

void emit_bye(struct emit *emit)
{
	uint64_t records = emit->records;

	emit_open(emit, "bye");
	emit_u64(emit, "records", records);
	emit_close(emit);
	emit_drain(emit);
}
