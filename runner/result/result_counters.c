// SPDX-License-Identifier: GPL-2.0
/* Perf counters in the entries of cases[]. */
#include "result_parts.h"

#include "stats.h"

static json_t *build_missing(const char *reason)
{
	return json_pack("{s:s, s:o}", "status", "not available here",
			 "reason", kb_result_string(reason));
}

static json_t *build_counter(const struct kb_measured *measured, unsigned int phase,
			     unsigned int counter)
{
	struct kb_counter_estimate estimate;

	if (measured->missing[counter])
		return build_missing(measured->missing[counter]);
	if (kb_estimate_counter(&estimate, measured, phase, counter))
		return build_missing(estimate.reason);
	return json_pack("{s:s, s:f, s:f, s:f, s:f, s:I}", "status", "counted",
			 "per_op", estimate.per_op, "mean", estimate.mean, "fixed", estimate.fixed,
			 "running", estimate.running, "n", (json_int_t)estimate.n);
}

json_t *kb_result_counters(const struct kb_counters *counters, const struct kb_measured *measured,
			   unsigned int phase)
{
	json_t *object = json_object();

	for (unsigned int i = 0; object && i < counters->nr; i++) {
		if (json_object_set_new(object, counters->list[i].name,
					build_counter(measured, phase, i))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}
