// SPDX-License-Identifier: GPL-2.0
/*
 * Bencher Metric Format: name of a case to its measures. The built-in measures, latency and
 * throughput, are of real time: what was emulated or counted has measures of its own, so that no
 * threshold ever holds one against the other. Nor are the backends the same benchmark. The machine
 * is what Bencher calls a testbed, and is told to it beside the file.
 */
#include "export.h"

#include <string.h>

#include "export_json.h"
#include "export_name.h"
#include "table.h"

static json_t *throughput_of(const struct kb_export_case *kcase)
{
	double rate = kb_export_number(kcase->entry, "throughput_ops_s");

	/* Boots are not averaged here: the measure to watch is the latency. */
	return kcase->boots == 1 && rate > 0 ? json_pack("{s: f}", "value", rate) : NULL;
}

static json_t *measures_of(const struct kb_export_case *kcase)
{
	bool emulated = !strcmp(kcase->of->fidelity, "tcg");
	const char *name = kcase->counted ? "instructions" :
			   emulated ? "emulated-latency" : "latency";
	json_t *rate = kcase->counted ? NULL : throughput_of(kcase);
	json_t *measures = json_pack("{s: {s: f, s: f, s: f}}", name, "value", kcase->value,
				     "lower_value", kcase->low, "upper_value", kcase->high);

	if (rate && json_object_set_new(measures, emulated ? "emulated-throughput" : "throughput",
					rate)) {
		json_decref(measures);
		return NULL;
	}
	return measures;
}

/* NULL: no memory. */
static json_t *name_of(const struct kb_export *export, const struct kb_export_case *kcase)
{
	const char *backend = kb_text(json_object_get(kcase->of->result, "environment"), "backend");
	json_t *name = kb_export_case_name(export, kcase), *longer;

	if (!name || !strcmp(backend, "lkm"))
		return name;
	longer = json_sprintf("%s/backend=%s", json_string_value(name), backend);
	json_decref(name);
	return longer;
}

static int add_case(json_t *document, const struct kb_export *export,
		    const struct kb_export_case *kcase)
{
	json_t *name = name_of(export, kcase);
	int bad = !name || json_object_set_new(document, json_string_value(name),
					       measures_of(kcase));

	json_decref(name);
	return bad;
}

int kb_write_bmf(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	json_t *document = json_object();
	int bad = !document;

	for (size_t i = 0; i < export->nr; i++)
		for (size_t c = 0; c < export->results[i].nr; c++)
			if (export->results[i].cases[c].status == KB_EXPORT_MEASURED)
				bad = bad || add_case(document, export,
						      &export->results[i].cases[c]);
	if (bad) {
		json_decref(document);
		document = NULL;
	}
	return kb_export_json(out, document, err);
}
