// SPDX-License-Identifier: GPL-2.0
#include "made_result.h"

#include "support.h"

json_t *made_result(void)
{
	json_t *result = json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s, s:s, s:s, s:[]}, "
				   "s:[], s:[], s:[]}",
				   "status", "complete",
				   "machine", "arch", "x86_64",
				   "kernel", "release", "6.12.0",
				   "environment", "backend", "lkm", "target", "vm",
				   "fidelity", "tcg", "warnings", "errors", "boots", "cases");

	assert_non_null(result);
	return result;
}

void made_case(json_t *result, const char *suite, const char *bench, int cpus, const char *param,
	       int value, double median)
{
	json_t *params = param ? json_pack("{s:i}", param, value) : json_object();
	json_t *entry = json_pack("{s:s, s:s, s:o, s:s, s:i, s:[i], s:s, s:s, s:s, s:i, s:s, "
				  "s:[], s:{s:f, s:f, s:f, s:[f, f]}}",
				  "suite", suite, "bench", bench, "params", params, "phase", "",
				  "cpus", cpus, "cpu_list", cpus, "context", "process",
				  "unit", "ns", "status", "ok", "boot", 0, "reason", "", "flags",
				  "per_op", "median", median, "mean", median, "stddev", 0.0,
				  "ci95", 0.9 * median, 1.1 * median);

	assert_non_null(entry);
	json_array_append_new(json_object_get(result, "cases"), entry);
}
