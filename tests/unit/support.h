/* SPDX-License-Identifier: GPL-2.0 */
/* What the unit tests share. */
#ifndef KB_TESTS_SUPPORT_H
#define KB_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog.h"
#include "error.h"

/** assert_error() - @err has that exit code, is one line, and says @part */
#define assert_error(err, code, part)	_assert_error(err, code, part, __FILE__, __LINE__)
void _assert_error(const struct kb_error *err, enum kb_exit code, const char *part,
		   const char *file, int line);

/**
 * toy_catalog - two suites, made by hand
 *
 * locks: spin_lock (atomic; cs, think: 0 to 1000000), mutex (process; the same), pair (at least
 * 2 CPUs), solo (at most 1), hangs (broken on purpose), every (each pair of CPUs; cs).
 * alloc: kmalloc (size: 1 to 1048576, 64; gfp: 0 to 1, 0), with phases alloc and free.
 */
extern const struct kb_catalog toy_catalog;

#endif
