// SPDX-License-Identifier: GPL-2.0
#include "listing.h"

#include <string.h>

static const struct {
	unsigned int	flag;
	const char	*name;
} flag_names[] = {
	{ KBENCH_BENCH_INDIRECT, "indirect" },
	{ KBENCH_BENCH_BROKEN, "broken" },
	{ KBENCH_BENCH_DEPENDENT, "dependent" },
	{ KBENCH_BENCH_PAIRS, "pairs" },
};

static json_t *flags_json(unsigned int flags)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < sizeof(flag_names) / sizeof(flag_names[0]); i++)
		if (flags & flag_names[i].flag)
			json_array_append_new(array, json_string(flag_names[i].name));
	return array;
}

static json_t *phases_json(const struct kbench_bench_desc *bench)
{
	json_t *array = json_array();

	for (unsigned int i = 0; array && i < bench->nr_phases; i++)
		json_array_append_new(array, json_string(bench->phases[i]));
	return array;
}

static json_t *params_json(const struct kbench_bench_desc *bench)
{
	json_t *array = json_array();

	for (unsigned int i = 0; array && i < bench->nr_params; i++) {
		const struct kbench_param_desc *param = &bench->params[i];

		json_array_append_new(array,
			json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "name", param->name,
				  "unit", param->unit, "help", param->help,
				  "default", (json_int_t)param->def, "min", (json_int_t)param->min,
				  "max", (json_int_t)param->max));
	}
	return array;
}

static json_t *contexts_json(const struct kbench_bench_desc *bench)
{
	json_t *array = json_array();

	for (unsigned int i = KBENCH_CTX_PROCESS; i <= KBENCH_CTX_IRQ_OFF; i++)
		if (KBENCH_CONTEXTS(bench) & (1U << i))
			json_array_append_new(array, json_string(kb_context_name(i)));
	return array;
}

/* "lkm,bpf" as an array. */
static json_t *backends_json(const char *backends)
{
	json_t *array = json_array();

	while (array && *backends) {
		size_t length = strcspn(backends, ",");

		json_array_append_new(array, json_stringn(backends, length));
		backends += length + (backends[length] == ',');
	}
	return array;
}

static json_t *bench_json(const struct kb_suite *suite, const struct kbench_bench_desc *bench)
{
	return json_pack("{s:s, s:s, s:o, s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "name", bench->name,
			 "help", bench->help,
			 "backends", backends_json(kb_suite_backends(suite, bench)),
			 "context", kb_context_name(bench->context),
			 "contexts", contexts_json(bench),
			 "min_cpus", (json_int_t)bench->min_cpus,
			 "max_cpus", (json_int_t)bench->max_cpus,
			 "phases", phases_json(bench), "flags", flags_json(bench->flags),
			 "params", params_json(bench));
}

json_t *kb_listing_json(const struct kb_suite *suite, const struct kbench_bench_desc *bench)
{
	json_t *benches = json_array();

	for (size_t i = 0; benches && i < suite->nr_benches; i++)
		if (!bench || bench == &suite->benches[i])
			json_array_append_new(benches, bench_json(suite, &suite->benches[i]));
	return json_pack("{s:s, s:s, s:o}", "name", suite->name, "help", suite->help,
			 "benches", benches);
}
