// SPDX-License-Identifier: GPL-2.0
#include "number.h"
#include "plan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool sweep_has(const struct kb_sweep *sweep, int64_t value)
{
	for (size_t i = 0; i < sweep->nr_values; i++)
		if (sweep->values[i] == value)
			return true;
	return false;
}

/* Parse the values in @list, which is cut into pieces. Return: NULL, or the part that is wrong. */
static const char *parse_values(struct kb_sweep *sweep, char *list)
{
	char *part;

	while ((part = strsep(&list, ","))) {
		int64_t value;

		if (kb_number_size(part, &value))
			return part;
		if (!sweep_has(sweep, value))
			sweep->values[sweep->nr_values++] = value;
	}
	return NULL;
}

int kb_sweep_parse(struct kb_sweep *sweep, const char *text, struct kb_error *err)
{
	const char *equals = strchr(text, '='), *wrong;
	size_t length = equals ? (size_t)(equals - text) : 0;
	char *list;

	memset(sweep, 0, sizeof(*sweep));
	if (!length || length >= sizeof(sweep->name))
		return kb_fail(err, KB_EXIT_USAGE,
			       "--param %s: write NAME=VALUE or NAME=V1,V2, such as size=64,4K",
			       text);
	memcpy(sweep->name, text, length);

	list = strdup(equals + 1);
	sweep->values = calloc(strlen(equals) + 1, sizeof(*sweep->values));
	if (!list || !sweep->values) {
		free(list);
		free(sweep->values);
		sweep->values = NULL;
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	wrong = parse_values(sweep, list);
	if (wrong) {
		kb_fail(err, KB_EXIT_USAGE,
			"--param %s: '%s' is not a whole number (K, M, G may follow); "
			"for another parameter give --param once more", text, wrong);
		free(sweep->values);
		memset(sweep, 0, sizeof(*sweep));
	}
	free(list);
	return wrong ? -1 : 0;
}
