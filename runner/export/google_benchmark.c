// SPDX-License-Identifier: GPL-2.0
/*
 * The JSON of Google Benchmark, as compare.py reads it: an entry a boot, which is its repetition,
 * and no aggregates. compare.py looks at real_time and cpu_time alone, stumbles over entries that
 * lack them, and knows units of time only. Instructions stand there as ns: in an emulator that
 * counts, a guest's clock advances by one for each, so that is the guest's time. Their names end in
 * "/instructions", which times' do not. Cases without figures, or that failed in one boot, are in
 * the context.
 */
#include "export.h"

#include <string.h>

#include "export_json.h"
#include "export_name.h"
#include "gather.h"
#include "table.h"

static json_t *cache_of(const json_t *cache)
{
	return json_pack("{s: s, s: I, s: I, s: I}", "type", kb_text(cache, "type"),
			 "level", json_integer_value(json_object_get(cache, "level")),
			 "size", json_integer_value(json_object_get(cache, "size_bytes")),
			 "num_sharing",
			 json_integer_value(json_object_get(cache, "shared_cpus")));
}

static json_t *caches_of(const json_t *machine)
{
	json_t *caches = json_array();
	const json_t *cache;
	size_t i;

	json_array_foreach(json_object_get(machine, "caches"), i, cache)
		if (json_array_append_new(caches, cache_of(cache)))
			break;
	return caches;
}

/* 0: not known. The first CPUs speak for all, as they do where Google Benchmark looks. */
static json_int_t mhz_of(const json_t *environment)
{
	const json_t *first = json_array_get(json_object_get(environment, "frequency"), 0);

	return json_integer_value(json_object_get(first, "current_khz")) / 1000;
}

static json_t *loads_of(const json_t *environment)
{
	const json_t *average = json_object_get(json_object_get(environment, "load"), "average");

	return average ? json_pack("[f]", json_number_value(average)) : json_array();
}

static json_t *about(const struct kb_export_result *of)
{
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];
	json_t *about = json_pack("{s: s, s: s, s: s}", "note", of->note ? of->note : "",
				  "status", kb_text(of->result, "status"),
				  "error", of->broken ? of->broken : "");
	int bad = !about;

	kb_export_facts(facts, of);
	for (size_t i = 0; i < KB_NR_EXPORT_FACTS; i++)
		bad = bad || json_object_set_new(about, facts[i].name,
						 json_string(facts[i].value));
	if (!bad)
		return about;
	json_decref(about);
	return NULL;
}

static int add_about(json_t *kbench, const struct kb_export *export)
{
	int bad = !kbench;

	for (size_t i = 0; i < export->nr; i++)
		bad = bad || json_array_append_new(kbench, about(&export->results[i]));
	return bad;
}

static int add_without(json_t *list, const struct kb_export *export,
		       const struct kb_export_case *kcase)
{
	return json_array_append_new(list, json_pack("{s: o, s: s, s: s}", "name",
						     kb_export_case_name(export, kcase), "status",
						     kcase->failed ? "failed" : "skipped",
						     "reason", kcase->reason));
}

/* Google Benchmark's own is of the machine too: figures of a debug build are to be distrusted. */
static const char *build_type(const json_t *environment)
{
	return json_is_true(json_object_get(environment, "debug_kernel")) ? "debug" : "release";
}

static bool is_scaled(const json_t *environment)
{
	const char *governor = kb_text(environment, "governor");

	return *governor && strcmp(governor, "performance") != 0;
}

/* Of the machine the first result tells; "kbench" has what each was measured on. */
static json_t *context_of(const struct kb_export *export, json_t *without)
{
	const json_t *result = export->results[0].result;
	const json_t *machine = json_object_get(result, "machine");
	const json_t *environment = json_object_get(result, "environment");
	json_t *kbench = json_array();

	if (add_about(kbench, export)) {
		json_decref(kbench);
		kbench = NULL;
	}
	return json_pack("{s: s, s: s, s: s, s: I, s: I, s: b, s: o, s: o, s: s, s: i, s: o, s: O}",
			 "date", kb_text(result, "started"),
			 "host_name", kb_text(machine, "model"), "executable", "kbench",
			 "num_cpus", json_integer_value(json_object_get(machine, "cpus")),
			 "mhz_per_cpu", mhz_of(environment),
			 "cpu_scaling_enabled", is_scaled(environment),
			 "caches", caches_of(machine), "load_avg", loads_of(environment),
			 "library_build_type", build_type(environment), "json_schema_version", 1,
			 "kbench", kbench, "without_figures", without);
}

/* @index: of the boot among those with figures */
static json_t *entry_of(const char *name, const struct kb_export_case *kcase, const json_t *entry,
			size_t index)
{
	double median = kb_export_number(json_object_get(entry, "per_op"), "median");
	const char *note = kcase->of->note;
	json_t *made = json_pack("{s: s, s: s, s: s, s: I, s: I, s: I, s: I, s: f, s: f, s: s}",
				 "name", name, "run_name", name, "run_type", "iteration",
				 "repetitions", (json_int_t)kcase->boots,
				 "repetition_index", (json_int_t)index,
				 "threads", json_integer_value(json_object_get(entry, "cpus")),
				 "iterations", json_integer_value(json_object_get(entry, "ops")),
				 "real_time", median, "cpu_time", median, "time_unit", "ns");
	int bad = !made;

	if (kcase->counted)
		bad = bad || json_object_set_new(made, "instructions", json_real(median));
	if (note)
		bad = bad || json_object_set_new(made, "label",
						 json_sprintf("%s: %s", kcase->of->fidelity, note));
	if (!bad)
		return made;
	json_decref(made);
	return NULL;
}

static int add_case(json_t *benchmarks, const struct kb_export *export,
		    const struct kb_export_case *kcase)
{
	json_t *name = kb_export_case_name(export, kcase), *full;
	const json_t *entry;
	size_t i, index = 0;
	int bad = !name;

	full = json_sprintf("%s%s", bad ? "" : json_string_value(name),
			    kcase->counted ? "/instructions" : "");
	json_decref(name);
	json_array_foreach(kcase->entries, i, entry)
		if (kb_entry_is_measured(entry))
			bad = bad || json_array_append_new(benchmarks,
							   entry_of(json_string_value(full), kcase,
								    entry, index++));
	json_decref(full);
	return bad;
}

int kb_write_google_benchmark(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	json_t *benchmarks = json_array(), *without = json_array(), *document = NULL;
	int bad = !benchmarks || !without;

	for (size_t i = 0; i < export->nr; i++) {
		for (size_t c = 0; c < export->results[i].nr; c++) {
			const struct kb_export_case *kcase = &export->results[i].cases[c];

			if (kcase->status == KB_EXPORT_MEASURED)
				bad = bad || add_case(benchmarks, export, kcase);
			if (kcase->status != KB_EXPORT_MEASURED || kcase->failed)
				bad = bad || add_without(without, export, kcase);
		}
	}
	if (!bad)
		document = json_pack("{s: o, s: O}", "context", context_of(export, without),
				     "benchmarks", benchmarks);
	json_decref(benchmarks);
	json_decref(without);
	return kb_export_json(out, document, err);
}
