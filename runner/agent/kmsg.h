/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's log, from the moment of kmsg_open() on. Never blocks. */
#ifndef KB_AGENT_KMSG_H
#define KB_AGENT_KMSG_H

#include <stdbool.h>
#include <stddef.h>

#include "emit.h"

#define KMSG_TEXT	400	/* bytes of a message that are kept, with the 0 */

/**
 * struct kmsg - a reader of /dev/kmsg
 * @fd:     -1 when the log cannot be read: it is then just empty
 * @budget: how many more log records may be sent; a flood of warnings must not drown the samples
 */
struct kmsg {
	int		fd;
	unsigned int	budget;
};

/** struct kmsg_message - @level as in printk (4 is a warning) */
struct kmsg_message {
	int	level;
	char	text[KMSG_TEXT];
};

void kmsg_open(struct kmsg *kmsg);
void kmsg_close(struct kmsg *kmsg);

/** kmsg_next() - the next message, if there is one already */
bool kmsg_next(struct kmsg *kmsg, struct kmsg_message *message);

/** kmsg_emit() - a log record of @message, when it is a warning or worse or concerns kbench */
void kmsg_emit(struct kmsg *kmsg, const struct kmsg_message *message, struct emit *emit);

/** kmsg_forward() - kmsg_emit() of all that has come */
void kmsg_forward(struct kmsg *kmsg, struct emit *emit);

#endif
