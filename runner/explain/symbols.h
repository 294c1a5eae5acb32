/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of a guest's kernel, by address. */
#ifndef KB_SYMBOLS_H
#define KB_SYMBOLS_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/** struct kb_symbol - a function begins at @address, which no other symbol has */
struct kb_symbol {
	uint64_t	address;
	const char	*name;
};

/** struct kb_symbols - sorted by address; @texts hold the names */
struct kb_symbols {
	struct kb_symbol	*items;
	size_t			nr;
	char			**texts;
	size_t			nr_texts;
};

/**
 * kb_symbols_read() - the agent's records (runner/agent/symbols.h); kb_symbols_free() in any case
 *
 * Parts that a compiler split off belong to their function: what follows a '.' in a name is cut
 * (".isra.0", ".constprop.0", ".part.0", ".cold"). Of several names for one address the one that
 * people use is taken: with fewest underscores in front, then a global one, then the shortest.
 * Return: 0, or -1 with KB_EXIT_TARGET: records are missing or are none
 */
int kb_symbols_read(struct kb_symbols *symbols, const json_t *records, struct kb_error *err);
void kb_symbols_free(struct kb_symbols *symbols);

/** kb_symbols_find() - the function that @address is in; NULL: it is in none */
const char *kb_symbols_find(const struct kb_symbols *symbols, uint64_t address);

#endif
