/* SPDX-License-Identifier: GPL-2.0 */
/* What the emulator's plugin has counted: the instructions of each batch, by address. */
#ifndef KB_BATCHES_H
#define KB_BATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../plugin/counts.h"
#include "boot.h"
#include "error.h"

/**
 * struct kb_batch - one batch, between two readings of the clock
 * @begin:  address of the first reading, which is in the bench's loop where nothing disturbed it
 * @total:  instructions from there to the last reading, which is among them
 * @places: where they are, @nr of them; borrowed
 */
struct kb_batch {
	uint64_t			begin;
	uint64_t			total;
	const struct kb_counts_place	*places;
	size_t				nr;
};

/** struct kb_batches - of one boot, in the order of time; @bytes: the file, which the items use */
struct kb_batches {
	struct kb_batch	*items;
	size_t		nr;
	void		*bytes;
};

/**
 * kb_batches_read() - the last boot of the file behind @fd; kb_batches_free() in any case
 * Return: 0, or -1 with KB_EXIT_TARGET: the file is not whole
 */
int kb_batches_read(struct kb_batches *batches, int fd, struct kb_error *err);
void kb_batches_free(struct kb_batches *batches);

/**
 * kb_batches_find() - the batches that @series has the samples of
 * @scale:     instructions of a tick
 * @nr_phases: of the bench, whose batches take turns
 *
 * Both are in the order of time, and a batch's sum is its sample's value. Where that fits best, and
 * there the last time, is the place.
 * Return: the number of the batch of sample 0; that of sample i is i * @nr_phases behind it.
 * SIZE_MAX: no sample has a batch.
 */
size_t kb_batches_find(const struct kb_batches *batches, const struct kb_series *series,
		       double scale, size_t nr_phases);

/** kb_batch_fits() - whether @batch has exactly the instructions that the clock saw in sample @i */
bool kb_batch_fits(const struct kb_batch *batch, const struct kb_series *series, size_t i,
		   double scale);

#endif
