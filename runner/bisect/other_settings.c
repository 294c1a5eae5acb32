// SPDX-License-Identifier: GPL-2.0
#include "other_settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "files_settings.h"
#include "plain_text.h"
#include "table.h"

/* What another kernel brings with it. */
static bool is_of_kernel(const char *line)
{
	return !strncmp(line, "kernel", strlen("kernel")) ||
	       !strncmp(line, "mitigations", strlen("mitigations"));
}

static bool has(const json_t *lines, const json_t *line)
{
	const json_t *other;
	size_t i;

	json_array_foreach(lines, i, other)
		if (json_equal(other, line))
			return true;
	return false;
}

int kb_other_settings(const json_t *a, const json_t *b, json_t *lines)
{
	json_t *all = json_array(), *line;
	int bad = !all || !lines || kb_files_settings(a, b, all);
	size_t i;

	json_array_foreach(all, i, line)
		if (!bad && !is_of_kernel(json_string_value(line)) && !has(lines, line))
			bad = json_array_append(lines, line);
	json_decref(all);
	return bad ? -1 : 0;
}

void kb_print_differs(const json_t *lines)
{
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		fputs("differs  ", stdout);
		kb_print_plain(json_string_value(line), stdout);
		putchar('\n');
	}
}
