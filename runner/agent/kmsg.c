// SPDX-License-Identifier: GPL-2.0
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOG_BUDGET	500
#define LEVEL_WARNING	4

void kmsg_open(struct kmsg *kmsg)
{
	kmsg->budget = LOG_BUDGET;
	kmsg->fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg->fd >= 0)
		lseek(kmsg->fd, 0, SEEK_END);
}

void kmsg_close(struct kmsg *kmsg)
{
	if (kmsg->fd >= 0)
		close(kmsg->fd);
	kmsg->fd = -1;
}

/* A record is "PRIORITY,SEQUENCE,TIME,FLAGS;TEXT\n" and then lines " KEY=VALUE". */
static void parse_message(struct kmsg_message *message, const char *record)
{
	const char *text = strchr(record, ';');
	size_t length;

	message->level = atoi(record) & 7;
	text = text ? text + 1 : record;
	length = strcspn(text, "\n");
	if (length >= sizeof(message->text))
		length = sizeof(message->text) - 1;
	memcpy(message->text, text, length);
	message->text[length] = 0;
}

bool kmsg_next(struct kmsg *kmsg, struct kmsg_message *message)
{
	char record[8192];	/* the kernel gives whole records or EINVAL */
	ssize_t n;

	if (kmsg->fd < 0)
		return false;
	/* EPIPE: messages were overwritten before they were read; the next read goes on. */
	do {
		n = read(kmsg->fd, record, sizeof(record) - 1);
	} while (n < 0 && (errno == EINTR || errno == EPIPE));
	if (n <= 0)
		return false;
	record[n] = 0;
	parse_message(message, record);
	return true;
}

void kmsg_emit(struct kmsg *kmsg, const struct kmsg_message *message, struct emit *emit)
{
	if (message->level > LEVEL_WARNING && !strstr(message->text, "kbench"))
		return;
	if (!kmsg->budget)
		return;
	kmsg->budget--;
	emit_open(emit, "log");
	emit_u64(emit, "level", (uint64_t)message->level);
	emit_string(emit, "text", message->text);
	emit_close(emit);
}

void kmsg_forward(struct kmsg *kmsg, struct emit *emit)
{
	struct kmsg_message message;
	/* A log that grows as fast as it is read must not hold us here. */
	unsigned int limit = 10000;

	while (limit-- && kmsg_next(kmsg, &message))
		kmsg_emit(kmsg, &message, emit);
}
