// SPDX-License-Identifier: GPL-2.0
#include "print_json.h"

#include <stdio.h>

int kb_print_json(const json_t *value)
{
	int bad = json_dumpf(value, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) ||
		  putchar('\n') == EOF;

	return bad ? -1 : 0;
}
