// SPDX-License-Identifier: GPL-2.0
#include "boots.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "number.h"

/* More than anyone waits for. */
#define MAX_BOOTS	1000

int kb_boots_parse(unsigned int *boots, const char *text, struct kb_error *err)
{
	uint64_t number;

	if (kb_number_unsigned(text, MAX_BOOTS, &number) || !number)
		return kb_fail(err, KB_EXIT_USAGE, "--boots %s: write a number of 1 to %d", text,
			       MAX_BOOTS);
	*boots = (unsigned int)number;
	return 0;
}

int kb_until_parse(double *until, const char *text, struct kb_error *err)
{
	if (kb_number_percent(text, until) || !*until)
		return kb_fail(err, KB_EXIT_USAGE, "--until %s: write a percentage above 0%% and "
			       "below 100%%, such as 1%%", text);
	return 0;
}

/* With a precision to reach, --boots is the most that it may take. */
static int settle_until(struct kb_run_options *options, struct kb_error *err)
{
	if (!options->until)
		return 0;
	if (!strcmp(options->accel, "icount"))
		return kb_fail(err, KB_EXIT_USAGE, "--until: counted instructions have no noise; "
			       "give --boots");
	if (!options->boots)
		options->boots = KB_UNTIL_MOST;
	if (options->boots < KB_UNTIL_LEAST)
		return kb_fail(err, KB_EXIT_USAGE, "--until takes %d boots at least: give --boots "
			       "%d or more, the most that it may take", KB_UNTIL_LEAST,
			       KB_UNTIL_LEAST);
	return 0;
}

static unsigned int random_seed(void)
{
	unsigned int seed = 0;

	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed = (unsigned int)time(NULL);
	return seed >> 1;
}

int kb_boots_settle(struct kb_run_options *options, struct kb_error *err)
{
	char text[32];

	if (settle_until(options, err))
		return -1;
	if (!strcmp(options->accel, "icount")) {
		if (options->seeds.nr && options->boots && options->boots != options->seeds.nr)
			return kb_fail(err, KB_EXIT_USAGE, "--seed names %zu boots, --boots %u: "
				       "give one of them", options->seeds.nr, options->boots);
		snprintf(text, sizeof(text), "1-%u", options->boots ? options->boots : 1);
		return options->seeds.nr ? 0 : kb_seeds_parse(&options->seeds, text, err);
	}
	if (options->seeds.nr && (options->seeds.nr > 1 || options->boots < 2))
		return kb_fail(err, KB_EXIT_USAGE, "--seed makes boots equal only with --accel "
			       "icount; with --boots one seed gives the order of boots");
	options->order_seed = options->seeds.nr ? options->seeds.items[0] : random_seed();
	options->seeds.nr = 0;
	return 0;
}
