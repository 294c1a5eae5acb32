// SPDX-License-Identifier: GPL-2.0
/* What false sharing costs: its cases over those of words that share no line. */
#include "ratio.h"

#include <stdbool.h>
#include <string.h>

#include "table.h"

/* Words this far apart share no line, on the machines that have lines of 64 bytes. */
#define FAR_STRIDE	64

static bool is_case(const json_t *entry, const char *bench)
{
	return !strcmp(kb_text(entry, "suite"), "cache") &&
	       !strcmp(kb_text(entry, "bench"), bench) && json_object_get(entry, "per_op");
}

static json_int_t param(const json_t *entry, const char *name)
{
	return json_integer_value(json_object_get(json_object_get(entry, "params"), name));
}

static double median(const json_t *entry)
{
	return json_number_value(json_object_get(json_object_get(entry, "per_op"), "median"));
}

static bool is_beside(const json_t *a, const json_t *b)
{
	return json_equal(json_object_get(a, "cpu_list"), json_object_get(b, "cpu_list")) &&
	       json_equal(json_object_get(a, "boot"), json_object_get(b, "boot")) &&
	       !strcmp(kb_text(a, "context"), kb_text(b, "context")) &&
	       param(a, "think") == param(b, "think");
}

/* The same with words far apart: by the stride, else the bench that pads them. */
static const json_t *find_far(const json_t *cases, const json_t *near)
{
	const json_t *entry, *padded = NULL;
	size_t i;

	json_array_foreach(cases, i, entry) {
		if (!is_beside(entry, near))
			continue;
		if (is_case(entry, "false_sharing") && param(entry, "stride") == FAR_STRIDE)
			return entry;
		if (is_case(entry, "padded"))
			padded = entry;
	}
	return padded;
}

void kb_print_ratios(const json_t *result, FILE *out)
{
	const json_t *cases = json_object_get(result, "cases"), *entry;
	const char *fidelity = kb_text(json_object_get(result, "environment"), "fidelity");
	size_t i;

	/* Emulated times say nothing of lines, and counted instructions neither. */
	if (!strcmp(fidelity, "tcg") || !strcmp(fidelity, "icount"))
		return;
	json_array_foreach(cases, i, entry) {
		json_int_t cpus = json_integer_value(json_object_get(entry, "cpus"));
		const json_t *far;

		if (!is_case(entry, "false_sharing") || cpus < 2 ||
		    param(entry, "stride") >= FAR_STRIDE)
			continue;
		far = find_far(cases, entry);
		if (!far || !(median(far) > 0))
			continue;
		fprintf(out, "ratio    cache/false_sharing stride=%" JSON_INTEGER_FORMAT ", %"
			JSON_INTEGER_FORMAT " CPUs: %.1f times %s\n", param(entry, "stride"), cpus,
			median(entry) / median(far),
			is_case(far, "padded") ? "cache/padded" : "stride=64");
	}
}
