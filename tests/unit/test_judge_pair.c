// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts on two series of boots. The figures are R's (4.2): t.test(b, a), t.test(b, a, paired =
 * TRUE), qt(), median(outer(b, a, "-")), p.adjust(). Then a simulation of identical kernels and of
 * kernels that differ: how often is what said?
 */
#include "support.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>

#include "judge_pair.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static const struct kb_rules rules = { .confidence = 0.95, .delta = 0.00498754151103897,
				       .power = 0.8 };

static void close_to(double got, double wanted)
{
	if (!(fabs(got - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
		fail_msg("%.15g, wanted %.15g", got, wanted);
}

static void unequal_numbers(void **state)
{
	static const double a[] = { 0.10, 0.12, 0.09, 0.11, 0.13, 0.10 };
	static const double b[] = { 0.14, 0.12, 0.15, 0.13, 0.16, 0.17, 0.11, 0.15 };
	struct kb_judgement judgement;

	(void)state;
	kb_judge_unpaired(&judgement, a, COUNT(a), b, COUNT(b), &rules);
	assert_true(judgement.known && judgement.differs && !judgement.robust_disagrees);
	close_to(judgement.difference, 0.0329166666666667);
	close_to(judgement.interval[0], 0.0125153165230965);
	close_to(judgement.interval[1], 0.0533180168102368);
	close_to(judgement.inner[0], 0.0162282308980621);
	close_to(judgement.inner[1], 0.0496051024352712);
	close_to(judgement.p, 0.00425950388737514);
	close_to(judgement.detectable, 0.0335595261359498);
	assert_int_equal(kb_verdict(&judgement, judgement.p, &rules), KB_REGRESSED);
	/* Among many cases the same is no alarm. */
	assert_int_equal(kb_verdict(&judgement, 0.06, &rules), KB_INCONCLUSIVE);
	kb_judge_unpaired(&judgement, b, COUNT(b), a, COUNT(a), &rules);
	assert_int_equal(kb_verdict(&judgement, judgement.p, &rules), KB_IMPROVED);
}

static void two_boots_a_side(void **state)
{
	static const double a[] = { 1.0, 1.3 }, b[] = { 1.9, 1.6 };
	struct kb_judgement judgement;

	(void)state;
	kb_judge_unpaired(&judgement, a, 2, b, 2, &rules);
	close_to(judgement.difference, 0.6);
	close_to(judgement.interval[0], -0.312730476688996);
	close_to(judgement.interval[1], 1.512730476689);
	close_to(judgement.p, 0.105572809000084);
	assert_false(judgement.differs);
	assert_int_equal(kb_verdict(&judgement, judgement.p, &rules), KB_INCONCLUSIVE);
}

static void pairs(void **state)
{
	static const double a[] = { 0.50, 0.61, 0.47, 0.55, 0.52 };
	static const double b[] = { 0.53, 0.62, 0.50, 0.60, 0.53 };
	struct kb_judgement judgement;

	(void)state;
	kb_judge_paired(&judgement, a, b, COUNT(a), &rules);
	close_to(judgement.difference, 0.026);
	close_to(judgement.interval[0], 0.00522298732632868);
	close_to(judgement.interval[1], 0.0467770126736713);
	close_to(judgement.p, 0.0254814814814813);
	assert_true(judgement.differs && !judgement.robust_disagrees);
}

static void bimodal_boots(void **state)
{
	static const double a[] = { 0, 0.05, 0, 0, 0.05, 0.001, 0.002, 0.051 };
	static const double b[] = { 0.02, 0.07, 0.021, 0.069, 0.02, 0.07 };
	struct kb_judgement judgement;

	(void)state;
	kb_judge_unpaired(&judgement, a, COUNT(a), b, COUNT(b), &rules);
	close_to(judgement.difference, 0.02575);
	close_to(judgement.interval[0], -0.0058747199096983);
	close_to(judgement.interval[1], 0.0573747199096983);
	close_to(judgement.p, 0.100292496978551);
}

static void boots_that_agree_to_the_last_digit(void **state)
{
	static const double a[] = { 1, 1, 1 }, b[] = { 1.01, 1.01, 1.01 };
	struct kb_judgement judgement;

	(void)state;
	kb_judge_unpaired(&judgement, a, 3, b, 3, &rules);
	assert_true(judgement.differs && judgement.p == 0);
	assert_int_equal(kb_verdict(&judgement, 0, &rules), KB_REGRESSED);
	kb_judge_unpaired(&judgement, a, 3, a, 3, &rules);
	assert_true(!judgement.differs && judgement.p == 1);
	assert_int_equal(kb_verdict(&judgement, 1, &rules), KB_EQUIVALENT);
}

static void one_boot_tells_nothing_of_boots(void **state)
{
	static const double a[] = { 1 }, b[] = { 2, 2.1, 2.2 };
	struct kb_judgement judgement;

	(void)state;
	kb_judge_unpaired(&judgement, a, 1, b, 3, &rules);
	close_to(judgement.difference, 1.1);
	assert_false(judgement.known || judgement.differs);
	assert_true(isnan(judgement.p));
	assert_int_equal(kb_verdict(&judgement, judgement.p, &rules), KB_INCONCLUSIVE);
	kb_judge_paired(&judgement, a, b, 1, &rules);
	close_to(judgement.difference, 1);
	assert_false(judgement.known);
}

static void many_cases(void **state)
{
	static const double p[] = { 0.01, 0.04, NAN, 0.03, 0.005, 0.2, 0.9, 0.04 };
	static const double bh[] = { 0.035, 0.056, NAN, 0.056, 0.035, 0.233333333333333, 0.9,
				     0.056 };
	static const double holm[] = { 0.06, 0.16, NAN, 0.15, 0.035, 0.4, 0.9, 0.16 };
	double adjusted[COUNT(p)];

	(void)state;
	assert_int_equal(kb_adjust_bh(adjusted, p, COUNT(p)), 0);
	for (size_t i = 0; i < COUNT(p); i++)
		if (!isnan(p[i]))
			close_to(adjusted[i], bh[i]);
	assert_true(isnan(adjusted[2]));
	assert_int_equal(kb_adjust_holm(adjusted, p, COUNT(p)), 0);
	for (size_t i = 0; i < COUNT(p); i++)
		if (!isnan(p[i]))
			close_to(adjusted[i], holm[i]);
}

#define REPEATS	1000
#define BOOTS	10
#define SAMPLES	30

enum generator { NORMAL, DRIFT, BIMODAL };

/* The median of a boot's samples, near enough: their mean, whose error is within / sqrt(n). */
static double boot(gsl_rng *random, enum generator generator, double place, double effect)
{
	double value = effect + gsl_ran_gaussian(random, 0.01) +
		       gsl_ran_gaussian(random, 0.005 / sqrt(SAMPLES));

	if (generator == DRIFT)
		value += 0.03 * place;
	if (generator == BIMODAL && gsl_rng_uniform(random) < 0.3)
		value += 0.05;
	return value;
}

/* Boots of both, in pairs whose order is random. */
static void experiment(gsl_rng *random, enum generator generator, double effect, double *a,
		       double *b)
{
	for (int i = 0; i < BOOTS; i++) {
		double first = 2.0 * i / (2 * BOOTS), second = (2.0 * i + 1) / (2 * BOOTS);
		bool swap = gsl_rng_uniform(random) < 0.5;

		a[i] = boot(random, generator, swap ? second : first, 0);
		b[i] = boot(random, generator, swap ? first : second, effect);
	}
}

/* How often of 100 experiments differ, and have regressed. */
static void simulate(enum generator generator, bool paired, double effect, double *differ,
		     double *regress)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	int differs = 0, regressed = 0;

	gsl_rng_set(random, 20261125);
	for (int i = 0; i < REPEATS; i++) {
		double a[BOOTS], b[BOOTS];
		struct kb_judgement judgement;

		experiment(random, generator, effect, a, b);
		if (paired)
			kb_judge_paired(&judgement, a, b, BOOTS, &rules);
		else
			kb_judge_unpaired(&judgement, a, BOOTS, b, BOOTS, &rules);
		differs += judgement.differs;
		regressed += kb_verdict(&judgement, judgement.p, &rules) == KB_REGRESSED;
	}
	gsl_rng_free(random);
	*differ = 100.0 * differs / REPEATS;
	*regress = 100.0 * regressed / REPEATS;
	assert_true(regressed <= differs);
}

static void alarms_at_the_promised_rate(void **state)
{
	static const struct { enum generator generator; bool paired; const char *name; } all[] = {
		{ NORMAL, false, "normal" }, { NORMAL, true, "normal, paired" },
		{ DRIFT, true, "drift, paired" }, { BIMODAL, false, "bimodal" },
		{ BIMODAL, true, "bimodal, paired" },
	};
	double differs, regressed, power, found;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		simulate(all[i].generator, all[i].paired, 0, &differs, &regressed);
		simulate(all[i].generator, all[i].paired, log(1.02), &power, &found);
		print_message("# %-16s identical: differs %.1f %%, regressed %.1f %%; "
			      "2 %% slower: differs %.1f %%, regressed %.1f %%\n", all[i].name,
			      differs, regressed, power, found);
		assert_true(differs >= 3 && differs <= 7);
		if (all[i].generator == NORMAL)
			assert_true(power >= 95);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unequal_numbers),
		cmocka_unit_test(two_boots_a_side),
		cmocka_unit_test(pairs),
		cmocka_unit_test(bimodal_boots),
		cmocka_unit_test(boots_that_agree_to_the_last_digit),
		cmocka_unit_test(one_boot_tells_nothing_of_boots),
		cmocka_unit_test(many_cases),
		cmocka_unit_test(alarms_at_the_promised_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
