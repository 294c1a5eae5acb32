// SPDX-License-Identifier: GPL-2.0
#include "batches.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int damaged(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_TARGET, "what the emulator counted did not come whole: run it "
		       "again");
}

static int read_file(void **bytes, size_t *size, int fd, struct kb_error *err)
{
	struct stat st;
	size_t done = 0;

	if (fstat(fd, &st))
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "the counts cannot be read: %s",
			       strerror(errno));
	*size = (size_t)st.st_size;
	*bytes = malloc(*size + 1);
	if (!*bytes)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	while (done < *size) {
		ssize_t n = pread(fd, (char *)*bytes + done, *size - done, (off_t)done);

		if (n <= 0)
			return damaged(err);
		done += (size_t)n;
	}
	return 0;
}

static int add(struct kb_batches *batches, const struct kb_counts_batch *head,
	       struct kb_error *err)
{
	const struct kb_counts_place *places = (const struct kb_counts_place *)(head + 1);
	struct kb_batch *items = reallocarray(batches->items, batches->nr + 1, sizeof(*items));
	uint64_t total = 0;

	if (!items)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	batches->items = items;
	for (size_t i = 0; i < head->nr; i++)
		total += places[i].count;
	items[batches->nr++] = (struct kb_batch){
		.begin = head->begin, .total = total, .places = places, .nr = head->nr,
	};
	return 0;
}

/* Return: the bytes that the entry at @at takes of the @left ones, 0 or less when it is none. */
static long take(struct kb_batches *batches, const char *at, size_t left, struct kb_error *err)
{
	const struct kb_counts_batch *head = (const struct kb_counts_batch *)at;
	size_t size = sizeof(*head);

	if (left >= sizeof(struct kb_counts_boot) && head->magic == KB_COUNTS_BOOT) {
		batches->nr = 0;
		return sizeof(struct kb_counts_boot);
	}
	if (left < size || head->magic != KB_COUNTS_BATCH ||
	    head->nr > (left - size) / sizeof(struct kb_counts_place))
		return damaged(err);
	size += head->nr * sizeof(struct kb_counts_place);
	return add(batches, head, err) ? -1 : (long)size;
}

int kb_batches_read(struct kb_batches *batches, int fd, struct kb_error *err)
{
	size_t size = 0, done = 0;

	memset(batches, 0, sizeof(*batches));
	if (read_file(&batches->bytes, &size, fd, err))
		return -1;
	while (done < size) {
		long took = take(batches, (const char *)batches->bytes + done, size - done, err);

		if (took < 0)
			return -1;
		done += (size_t)took;
	}
	return batches->nr ? 0 : kb_fail(err, KB_EXIT_TARGET, "the emulator saw no batch: kbench "
					 "and its modules are not of one version");
}

void kb_batches_free(struct kb_batches *batches)
{
	free(batches->items);
	free(batches->bytes);
	memset(batches, 0, sizeof(*batches));
}

bool kb_batch_fits(const struct kb_batch *batch, const struct kb_series *series, size_t i,
		   double scale)
{
	return llround((double)series->value[i] * scale) == (long long)batch->total;
}

size_t kb_batches_find(const struct kb_batches *batches, const struct kb_series *series,
		       double scale, size_t nr_phases)
{
	size_t length = series->nr ? (series->nr - 1) * nr_phases + 1 : 1;
	size_t best = 1, found = SIZE_MAX;

	for (size_t at = 0; at + length <= batches->nr; at++) {
		size_t fitting = 0;

		for (size_t i = 0; i < series->nr; i++)
			fitting += kb_batch_fits(&batches->items[at + i * nr_phases], series, i,
						 scale);
		if (fitting >= best) {
			best = fitting;
			found = at;
		}
	}
	return found;
}
