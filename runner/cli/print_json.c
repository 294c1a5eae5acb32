// SPDX-License-Identifier: GPL-2.0
#include "print_json.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

int kb_print_json(const json_t *value)
{
	bool bad;

	errno = 0;
	bad = json_dumpf(value, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) ||
	      putchar('\n') == EOF;
	/* A reader that has seen enough, such as head, is no failure. */
	return bad && errno != EPIPE ? -1 : 0;
}
