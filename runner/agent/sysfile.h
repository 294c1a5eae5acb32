/* SPDX-License-Identifier: GPL-2.0 */
/* Small files of /proc and /sys. */
#ifndef KB_AGENT_SYSFILE_H
#define KB_AGENT_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * sysfile_read() - the begin of a file, 0-terminated, without blanks and newlines at its end
 * Return: false, and an empty @text, when it cannot be read
 */
bool sysfile_read(const char *path, char *text, size_t size);

/** sysfile_readf() - the same with a path made by printf */
bool sysfile_readf(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** sysfile_number() - a decimal number, or @fallback */
uint64_t sysfile_number(const char *path, uint64_t fallback);

/**
 * cpulist_next() - walk a list such as "0-3,8"
 * @at: the place in the text; moved on
 * @first, @last: the range found
 * Return: false at its end
 */
bool cpulist_next(const char **at, unsigned long *first, unsigned long *last);

/** cpulist_count() - how many numbers a list has */
unsigned long cpulist_count(const char *list);

#endif
