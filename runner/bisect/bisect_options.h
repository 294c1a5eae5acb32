/* SPDX-License-Identifier: GPL-2.0 */
/* What the command line of kbench bisect says. */
#ifndef KB_BISECT_OPTIONS_H
#define KB_BISECT_OPTIONS_H

#include <stdbool.h>

#include "case_words.h"
#include "comparison.h"

/** Options that kbench run knows, which are handed on as they are. */
enum kb_passed {
	KB_PASSED_ACCEL = 0,
	KB_PASSED_TIME,
	KB_PASSED_SAMPLES,
	KB_PASSED_DEADLINE,
	KB_PASSED_MACHINE,
	KB_NR_PASSED,
};

extern const char *const kb_passed_names[KB_NR_PASSED];

/**
 * struct kb_bisect_options - strings point into argv
 * @good, @bad: specs of kernels; with @git revisions of a tree
 * @step:   result of the good kernel: @kernel alone is measured; NULL: search
 * @passed: values of options of kbench run, or NULL
 * @suites: --suite options, as they are handed on
 * @boots:  as given, 0: not
 * @rules:  of the comparison
 */
struct kb_bisect_options {
	const char		*good;
	const char		*bad;
	const char		*wanted;
	const char		*step;
	const char		*kernel;
	const char		*output;
	const char		*passed[KB_NR_PASSED];
	struct kb_words		suites;
	unsigned int		boots;
	struct kb_compare_rules	rules;
	bool			git;
	bool			cached;
	bool			json;
	bool			quiet;
	struct kb_error		*err;
};

/** kb_bisect_options_parse() - 0, 1 when help was printed, -1 with @err; free in any case */
int kb_bisect_options_parse(struct kb_bisect_options *options, int argc, char **argv,
			    struct kb_error *err);
void kb_bisect_options_free(struct kb_bisect_options *options);

/**
 * kb_bisect_words() - the arguments of kbench run that measure the case @wanted
 * @accel: unless the user named one; @boots: 0: not said. Return: 0 or -1 with @err
 */
int kb_bisect_words(struct kb_words *words, const struct kb_bisect_options *options,
		    const char *wanted, const char *accel, unsigned int boots,
		    struct kb_error *err);

#endif
