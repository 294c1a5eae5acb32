/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the plugin writes: counted instructions of one batch after the other, by address. All
 * numbers are of this machine's order, since one reads here what another wrote here.
 *
 * A file is a struct kb_counts_boot for each boot, and behind it for each batch that ran in it,
 * in the order of time, a struct kb_counts_batch and its @nr struct kb_counts_place.
 */
#ifndef KB_PLUGIN_COUNTS_H
#define KB_PLUGIN_COUNTS_H

#include <stdint.h>

/* "kbenchNB" and "kbenchNB" with another end: a boot, a batch. */
#define KB_COUNTS_BOOT	0x3154424843424b01ULL
#define KB_COUNTS_BATCH	0x3154424843424b02ULL

/** struct kb_counts_boot - a guest starts */
struct kb_counts_boot {
	uint64_t	magic;
};

/**
 * struct kb_counts_batch - a batch, from the first reading of the clock between its marks to the
 * last: what the clock advanced by in it
 * @begin, @end: addresses of these two readings; the last is among the counted instructions
 * @nr:          how many addresses follow
 */
struct kb_counts_batch {
	uint64_t	magic;
	uint64_t	begin;
	uint64_t	end;
	uint64_t	nr;
};

/** struct kb_counts_place - the instruction at @address ran @count times, at least once */
struct kb_counts_place {
	uint64_t	address;
	uint64_t	count;
};

#endif
