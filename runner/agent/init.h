/* SPDX-License-Identifier: GPL-2.0 */
/* What the agent does as process 1 of a guest. */
#ifndef KB_AGENT_INIT_H
#define KB_AGENT_INIT_H

#include <stdbool.h>
#include <stddef.h>

/** init_begin() - mount /proc, /sys and /dev, open the console as descriptors 0 to 2 */
void init_begin(void);

/**
 * init_port() - open the port of the records
 * The device of kbench.port= on the kernel's command line, else the console; raw either way, so
 * that no byte is changed or echoed. Lowers the console's log level, to nearly nothing where
 * records share the console. Return: a descriptor
 */
int init_port(void);

/** open_port() - open @path for writing, raw when it is a terminal; -1 with errno */
int open_port(const char *path);

/** power_off() - send what the port still holds, then end the machine. Never returns. */
void power_off(int port) __attribute__((noreturn));

#endif
