// SPDX-License-Identifier: GPL-2.0
#include "version.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool is_digit(char c)
{
	return isdigit((unsigned char)c);
}

/* Rank of a sign that is no digit: "~" before the end of the text, letters before the rest. */
static int rank(char c)
{
	if (c == '~')
		return -1;
	if (c == '\0' || is_digit(c))
		return 0;
	if (isalpha((unsigned char)c))
		return c;
	return (unsigned char)c + 256;
}

/* Compare numbers of any length; both pointers move behind them. */
static int compare_numbers(const char **a, const char **b)
{
	size_t n, m;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	n = strspn(*a, "0123456789");
	m = strspn(*b, "0123456789");
	order = n != m ? (n < m ? -1 : 1) : strncmp(*a, *b, n);
	*a += n;
	*b += m;
	return order;
}

int kb_version_compare(const char *a, const char *b)
{
	while (*a || *b) {
		int order;

		while ((*a && !is_digit(*a)) || (*b && !is_digit(*b))) {
			order = rank(*a) - rank(*b);
			if (order)
				return order;
			a++;
			b++;
		}
		order = compare_numbers(&a, &b);
		if (order)
			return order;
	}
	return 0;
}
