/* SPDX-License-Identifier: GPL-2.0 */
/* Assertions on doubles, which cmocka lacks. */
#ifndef KB_TESTS_NUMBERS_H
#define KB_TESTS_NUMBERS_H

#include <math.h>

#include "support.h"

/** assert_same() - equal to the last bit */
#define assert_same(value, wanted)	_assert_near(value, wanted, 0, __FILE__, __LINE__)

/** assert_close() - equal to 1 in 10^12 */
#define assert_close(value, wanted)	_assert_near(value, wanted, 1e-12, __FILE__, __LINE__)

static inline void _assert_near(double value, double wanted, double relative, const char *file,
				int line)
{
	if (fabs(value - wanted) <= relative * fabs(wanted))
		return;
	print_error("%.17g, wanted %.17g\n", value, wanted);
	_fail(file, line);
}

#endif
