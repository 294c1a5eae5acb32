// SPDX-License-Identifier: GPL-2.0
#include "sysfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool sysfile_read(const char *path, char *text, size_t size)
{
	size_t length = 0;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	text[0] = 0;
	if (fd < 0)
		return false;
	do {
		n = read(fd, text + length, size - 1 - length);
		if (n > 0)
			length += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	close(fd);
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	text[length] = 0;
	return n == 0;
}

bool sysfile_readf(char *text, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	text[0] = 0;
	return length > 0 && (size_t)length < sizeof(path) && sysfile_read(path, text, size);
}

uint64_t sysfile_number(const char *path, uint64_t fallback)
{
	char text[64];
	uint64_t value;
	char *end;

	if (!sysfile_read(path, text, sizeof(text)))
		return fallback;
	value = strtoull(text, &end, 10);
	return end == text ? fallback : value;
}

bool cpulist_next(const char **at, unsigned long *first, unsigned long *last)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	*first = *last = strtoul(*at, &end, 10);
	if (*end == '-')
		*last = strtoul(end + 1, &end, 10);
	if (*end == ',')
		end++;
	*at = end;
	return *last >= *first;
}

unsigned long cpulist_count(const char *list)
{
	unsigned long count = 0;
	unsigned long first;
	unsigned long last;

	while (cpulist_next(&list, &first, &last))
		count += last - first + 1;
	return count;
}
