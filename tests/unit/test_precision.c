// SPDX-License-Identifier: GPL-2.0
#include "support.h"

#include <math.h>

#include "made_result.h"
#include "numbers.h"
#include "precision.h"

static json_t *make(const char *experiment, const char *suite, const double *medians, int nr)
{
	json_t *result = made_result();

	for (int i = 0; i < nr; i++) {
		json_t *cases = json_object_get(result, "cases");

		made_case(result, suite, "mutex", 1, NULL, 0, medians[i]);
		json_object_set_new(json_array_get(cases, (size_t)i), "boot", json_integer(i));
		json_array_append_new(json_object_get(result, "boots"),
				      json_pack("{s:i, s:i}", "index", i, "block", i + 1));
	}
	if (experiment)
		json_object_set_new(result, "experiment",
				    json_pack("{s:s, s:i}", "id", experiment, "seed", 1));
	return result;
}

/* assert_near() - equal to 1 in 10^7 */
#define assert_near(value, wanted)	_assert_near(value, wanted, 1e-7, __FILE__, __LINE__)

static const double one[] = { 100, 102, 99, 101, 103, 100 };
static const double two[] = { 104, 107, 103, 104, 108, 104 };

/*
 * R: x <- log(c(100,102,99,101,103,100)); y <- log(c(104,107,103,104,108,104))
 *    exp(diff(t.test(x)$conf.int) / 2) - 1			0.0154078643870912
 *    exp(diff(t.test(y, x, paired = TRUE)$conf.int) / 2) - 1	0.00717245733582739
 *    exp(diff(t.test(y, x)$conf.int) / 2) - 1			0.0221759509046389
 */
#define ONE_HALF	0.0154078643870912
#define PAIRED_HALF	0.00717245733582739
#define WELCH_HALF	0.0221759509046389

static void widths(void **state)
{
	json_t *a = make("e", "locks", one, 6), *b = make("e", "locks", two, 6);
	json_t *other = make(NULL, "locks", two, 6);
	struct kb_precision precision;

	(void)state;
	assert_int_equal(kb_precision(&precision, &a, 1, 0.95), 0);
	assert_near(precision.half_width, ONE_HALF);
	assert_string_equal(precision.name, "locks/mutex, 1 CPU (process)");
	assert_int_equal(kb_precision(&precision, (json_t *[]){ a, b }, 2, 0.95), 0);
	assert_near(precision.half_width, PAIRED_HALF);
	assert_int_equal(kb_precision(&precision, (json_t *[]){ a, other }, 2, 0.95), 0);
	assert_near(precision.half_width, WELCH_HALF);
	assert_int_equal(kb_precision(&precision, (json_t *[]){ a, b, other }, 3, 0.95), 0);
	assert_near(precision.half_width, WELCH_HALF);
	json_decref(a);
	json_decref(b);
	json_decref(other);
}

static void few(void **state)
{
	json_t *single = make(NULL, "locks", one, 1), *none = made_result();
	struct kb_precision precision;

	(void)state;
	assert_int_equal(kb_precision(&precision, &single, 1, 0.95), 0);
	assert_true(isinf(precision.half_width));
	assert_int_equal(kb_precision(&precision, &none, 1, 0.95), 0);
	assert_true(precision.half_width == 0);
	json_decref(single);
	json_decref(none);
}

/* The empty loop counts only where nothing else was asked for. */
static void own(void **state)
{
	json_t *alone = make(NULL, "selfcheck", one, 6), *beside = make(NULL, "selfcheck", one, 6);
	struct kb_precision precision;

	(void)state;
	assert_int_equal(kb_precision(&precision, &alone, 1, 0.95), 0);
	assert_near(precision.half_width, ONE_HALF);
	for (int i = 0; i < 2; i++)
		made_case(beside, "locks", "spin_lock", 1, NULL, 0, 50 + 1e-9 * i);
	assert_int_equal(kb_precision(&precision, &beside, 1, 0.95), 0);
	assert_true(precision.half_width < 1e-6);
	json_decref(alone);
	json_decref(beside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(few),
		cmocka_unit_test(own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
