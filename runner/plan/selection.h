/* SPDX-License-Identifier: GPL-2.0 */
/* The benches that the selectors of a request mean, each once, in the order asked for. */
#ifndef KB_SELECTION_H
#define KB_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"

/**
 * struct kb_selected - one bench that was asked for
 * @named: by its own name ("locks/spin_lock"), not only by its suite's
 */
struct kb_selected {
	const struct kb_suite		*suite;
	const struct kbench_bench_desc	*bench;
	bool				named;
};

/** struct kb_selection - points into the catalog, which outlives it */
struct kb_selection {
	struct kb_selected	*benches;
	size_t			nr_benches;
};

/**
 * kb_select() - find each of @selectors, "suite" or "suite/bench", in @catalog
 * A suite means all its benches but those marked KBENCH_BENCH_BROKEN, which have to be named.
 * Return: 0, or -1 with @err naming the near match.
 */
int kb_select(struct kb_selection *selection, char *const *selectors, size_t nr_selectors,
	      const struct kb_catalog *catalog, struct kb_error *err);
void kb_selection_free(struct kb_selection *selection);

#endif
