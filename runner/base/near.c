// SPDX-License-Identifier: GPL-2.0
#include "catalog.h"

#include <ctype.h>
#include <string.h>

/* Longer words are no typing mistakes of any name that kbench has. */
#define MAX_WORD	64

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Edit distance that counts a swap of neighbours as one edit (optimal string alignment), without
 * regard to case. Both words are at most MAX_WORD long.
 */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][MAX_WORD + 1], *before = rows[0], *above = rows[1], *row = rows[2];
	size_t la = strlen(a), lb = strlen(b);

	memset(rows, 0, sizeof(rows));
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *spare = before;

		before = above;
		above = row;
		row = spare;
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			int x = tolower((unsigned char)a[i - 1]);
			int y = tolower((unsigned char)b[j - 1]);

			row[j] = least(above[j - 1] + (x != y), least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
			    y == tolower((unsigned char)a[i - 2]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[lb];
}

const char *kb_near(const char *wanted, const char *const *names, size_t nr_names)
{
	size_t length = strlen(wanted), best = 1 + length / 4;
	const char *near = NULL;

	if (!length || length > MAX_WORD)
		return NULL;
	if (best > 3)
		best = 3;
	for (size_t i = 0; i < nr_names; i++) {
		size_t edits;

		if (strlen(names[i]) > MAX_WORD)
			continue;
		edits = distance(wanted, names[i]);
		if (edits < length && (edits < best || (edits == best && !near))) {
			best = edits;
			near = names[i];
		}
	}
	/* Nothing within reach: a name of which the user wrote only the beginning. */
	for (size_t i = 0; !near && length > 1 && i < nr_names; i++)
		if (!strncasecmp(wanted, names[i], length))
			near = names[i];
	return near;
}
