/* SPDX-License-Identifier: GPL-2.0 */
/* A catalog for people and for programs. */
#ifndef KB_LISTING_H
#define KB_LISTING_H

#include <jansson.h>

#include "catalog.h"

/** kb_listing_suites() - a table of all suites on stdout. Return: 0 or -1 with @err */
int kb_listing_suites(const struct kb_catalog *catalog, struct kb_error *err);

/** kb_listing_suite() - tables of the benches of a suite and of their parameters */
int kb_listing_suite(const struct kb_suite *suite, struct kb_error *err);

/** kb_listing_bench() - one bench in full */
int kb_listing_bench(const struct kb_suite *suite, const struct kbench_bench_desc *bench,
		     struct kb_error *err);

/** kb_listing_json() - the same of one bench (@bench NULL: all of @suite); NULL: out of memory */
json_t *kb_listing_json(const struct kb_suite *suite, const struct kbench_bench_desc *bench);

#endif
