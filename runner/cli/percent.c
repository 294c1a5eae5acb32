// SPDX-License-Identifier: GPL-2.0
#include "percent.h"

#include <math.h>

#include "number.h"

int kb_parse_percent(double *part, const char *name, const char *text, struct kb_error *err)
{
	if (!kb_number_percent(text, part))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "--%s %s: write a percentage of 0%% to below 100%%, "
		       "such as 2%%", name, text);
}

int kb_parse_confidence(double *part, const char *text, struct kb_error *err)
{
	double value;

	if (kb_parse_percent(&value, "confidence", text, err))
		return -1;
	if (value < 0.5)
		return kb_fail(err, KB_EXIT_USAGE,
			       "--confidence %s: write 50%% or more, such as 95%%", text);
	*part = value;
	return 0;
}

int kb_parse_threshold(struct kb_compare_rules *rules, const char *text, struct kb_error *err)
{
	double part;

	if (kb_parse_percent(&part, "threshold", text, err))
		return -1;
	rules->rules.delta = log1p(part);
	rules->default_delta = false;
	return 0;
}
