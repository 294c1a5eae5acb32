// SPDX-License-Identifier: GPL-2.0
#include "perf.h"

#include <stddef.h>
#include <string.h>

static const struct kb_perf kinds[] = {
	{ "record", "cycles,instructions,branch-misses,cache-misses" },
	{ "stat", "cycles,instructions,branches,branch-misses,cache-references,cache-misses" },
	{ "c2c", "cycles,instructions,cache-references,cache-misses,L1-dcache-load-misses" },
	{ "lock", "cycles,instructions,context-switches,cpu-migrations" },
};

int kb_perf_parse(const struct kb_perf **perf, const char *name, struct kb_error *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, name) != 0)
			continue;
		*perf = &kinds[i];
		return 0;
	}
	return kb_fail(err, KB_EXIT_USAGE, "--perf %.100s: write record, stat, c2c or lock", name);
}
