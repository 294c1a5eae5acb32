// SPDX-License-Identifier: GPL-2.0
#include "plain_text.h"

#include <stdbool.h>
#include <string.h>

#include "../agent/utf8.h"

/* U+200E and F, U+202A to E, U+2066 to 9. @at: three bytes */
static bool turns_direction(const unsigned char *at)
{
	if (at[0] != 0xe2)
		return false;
	if (at[1] == 0x80)
		return at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xaa && at[2] <= 0xae);
	return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9;
}

size_t kb_character(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length = utf8_length(at);

	if (length == 1)
		return at[0] >= ' ' && at[0] != 0x7f;
	if (length == 2 && at[0] == 0xc2 && at[1] < 0xa0)	/* U+0080 to U+009F */
		return 0;
	return length == 3 && turns_direction(at) ? 0 : length;
}

void kb_print_plain(const char *text, FILE *out)
{
	while (*text) {
		size_t length = kb_character(text);

		if (length)
			fwrite(text, 1, length, out);
		else
			fputc('?', out);
		text += length ? length : 1;
	}
}

void kb_make_plain(char *text)
{
	while (*text) {
		size_t length = kb_character(text);

		if (!length)
			*text = '?';
		text += length ? length : 1;
	}
}

char *kb_plain_text(const char *text)
{
	char *plain = strdup(text);

	if (plain)
		kb_make_plain(plain);
	return plain;
}
