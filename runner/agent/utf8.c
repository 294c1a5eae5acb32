// SPDX-License-Identifier: GPL-2.0
#include "utf8.h"

#include <stdbool.h>

static bool is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t utf8_length(const unsigned char *at)
{
	unsigned char lead = at[0];

	if (lead < 0x80)
		return lead ? 1 : 0;
	/* A 0 at the end is no tail, so these never read past it. */
	if (lead < 0xc2 || lead > 0xf4 || !is_tail(at[1]))
		return 0;
	if (lead < 0xe0)
		return 2;
	if (!is_tail(at[2]))
		return 0;
	if (lead < 0xf0) {
		bool overlong = lead == 0xe0 && at[1] < 0xa0;
		bool surrogate = lead == 0xed && at[1] >= 0xa0;

		return overlong || surrogate ? 0 : 3;
	}
	if (!is_tail(at[3]))
		return 0;
	if ((lead == 0xf0 && at[1] < 0x90) || (lead == 0xf4 && at[1] >= 0x90))
		return 0;
	return 4;
}
