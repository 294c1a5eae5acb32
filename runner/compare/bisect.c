// SPDX-License-Identifier: GPL-2.0
#include "bisect.h"

struct kb_bisect_ends kb_bisect_ends(const struct kb_bisect *bisect)
{
	struct kb_bisect_ends ends = { .good = 0, .bad = bisect->nr - 1 };

	for (size_t i = bisect->nr; i-- > 0; )
		if (bisect->marks[i] == KB_BISECT_BAD)
			ends.bad = i;
	for (size_t i = 0; i < ends.bad; i++)
		if (bisect->marks[i] == KB_BISECT_GOOD)
			ends.good = i;
	for (size_t i = ends.good + 1; i < ends.bad; i++)
		ends.left += bisect->marks[i] == KB_BISECT_UNKNOWN;
	return ends;
}

size_t kb_bisect_next(const struct kb_bisect *bisect)
{
	struct kb_bisect_ends ends = kb_bisect_ends(bisect);
	size_t twice = ends.good + ends.bad, next = bisect->nr, nearest = 0;

	for (size_t i = ends.good + 1; i < ends.bad; i++) {
		size_t distance = 2 * i > twice ? 2 * i - twice : twice - 2 * i;

		if (bisect->marks[i] != KB_BISECT_UNKNOWN ||
		    (next < bisect->nr && distance >= nearest))
			continue;
		next = i;
		nearest = distance;
	}
	return next;
}

unsigned int kb_bisect_steps(size_t left)
{
	unsigned int steps = 0;

	for (; left; left /= 2)
		steps++;
	return steps;
}

const char *kb_bisect_word(enum kb_bisect_mark mark)
{
	static const char *const words[] = {
		[KB_BISECT_UNKNOWN] = "unknown", [KB_BISECT_GOOD] = "good",
		[KB_BISECT_BAD] = "bad", [KB_BISECT_SKIPPED] = "skipped",
	};

	return words[mark];
}
