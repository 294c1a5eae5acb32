// SPDX-License-Identifier: GPL-2.0
/*
 * KCIDB 5.3: checkouts, builds of them, tests on these. A result is one of each of the first two,
 * since what it knows of its kernel is a release and a configuration; their identifiers, and those
 * of the tests, come from the result's own, so that sending twice changes nothing. Times are in
 * seconds, to be scaled by who shows them. A case that failed, in one boot even, is an error of the
 * test: FAIL would say that the kernel is at fault. A run that broke is a test of its own.
 */
#include "export.h"

#include <ctype.h>
#include <stdlib.h>

#include "export_json.h"
#include "export_name.h"
#include "table.h"

#define ORIGIN	"kbench"

/** struct document - its arrays; borrowed */
struct document {
	json_t	*checkouts;
	json_t	*builds;
	json_t	*tests;
};

/* Without bytes that are 0, which the schema forbids and jansson never gives. */
static json_t *id_of(const struct kb_export_result *of, const char *behind)
{
	return json_sprintf(ORIGIN ":%s%s", kb_text(of->result, "id"), behind);
}

/* "x86_64": small letters, digits and "_" are all that is allowed. */
static json_t *architecture(const struct kb_export_result *of)
{
	const char *arch = kb_text(json_object_get(of->result, "machine"), "arch");
	char word[64];
	size_t length = 0;

	for (; *arch && length < sizeof(word) - 1; arch++) {
		int c = tolower((unsigned char)*arch);

		word[length++] = isascii(c) && isalnum(c) ? (char)c : '_';
	}
	return json_stringn(word, length);
}

static int add_kernel(const struct document *document, const struct kb_export_result *of)
{
	const json_t *kernel = json_object_get(of->result, "kernel");
	json_t *checkout = json_pack("{s: o, s: s, s: s, s: b}", "id", id_of(of, ""),
				     "origin", ORIGIN, "comment", of->kernel, "valid", 1);
	json_t *build = json_pack("{s: o, s: o, s: s, s: s, s: o, s: s, s: s}",
				  "checkout_id", id_of(of, ""), "id", id_of(of, ""),
				  "origin", ORIGIN, "comment", of->kernel,
				  "architecture", architecture(of),
				  "compiler", kb_text(kernel, "compiler"),
				  "config_name", kb_text(kernel, "flavour"));

	return json_array_append_new(document->checkouts, checkout) ||
	       json_array_append_new(document->builds, build);
}

/* The machine, and how far its figures are to be trusted. */
static json_t *environment_of(const struct kb_export_result *of)
{
	const char *model = kb_text(json_object_get(of->result, "machine"), "model");
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];
	json_t *misc = json_object();
	int bad = !misc;

	kb_export_facts(facts, of);
	for (size_t i = 0; i < KB_NR_EXPORT_FACTS; i++)
		bad = bad || json_object_set_new(misc, facts[i].name, json_string(facts[i].value));
	if (!bad)
		return json_pack("{s: o, s: o}", "comment",
				 json_sprintf("%s, %s%s%s", model, of->fidelity,
					      of->note ? ": " : "", of->note ? of->note : ""),
				 "misc", misc);
	json_decref(misc);
	return NULL;
}

static json_t *number_of(const struct kb_export_case *kcase)
{
	if (kcase->counted)
		return json_pack("{s: f, s: s}", "value", kcase->value, "unit", "instructions");
	return json_pack("{s: f, s: s, s: s}", "value", kcase->value * 1e-9, "unit", "s",
			 "prefix", "metric");
}

static json_t *misc_of(const struct kb_export_case *kcase)
{
	double factor = kcase->counted ? 1 : 1e-9;

	if (kcase->status != KB_EXPORT_MEASURED)
		return json_pack("{s: s}", "reason", kcase->reason);
	return json_pack("{s: f, s: f, s: I, s: O, s: s*}", "ci95_low", kcase->low * factor,
			 "ci95_high", kcase->high * factor, "boots", (json_int_t)kcase->boots,
			 "flags", json_object_get(kcase->entry, "flags"),
			 "reason", kcase->failed ? kcase->reason : NULL);
}

/*
 * @dotted: behind "kbench" in its path; cases have more parts than a run
 * @misc:   is taken over
 */
static json_t *pack_test(const struct kb_export_result *of, const char *dotted, const char *comment,
			 const char *status, json_t *environment, json_t *misc)
{
	return json_pack("{s: o, s: o, s: s, s: O, s: o, s: s, s: s, s: s, s: o}",
			 "build_id", id_of(of, ""), "id", id_of(of, dotted), "origin", ORIGIN,
			 "environment", environment, "path", json_sprintf(ORIGIN "%s", dotted),
			 "comment", comment, "status", status,
			 "start_time", kb_text(of->result, "started"), "misc", misc);
}

static json_t *test_of_run(const struct kb_export_result *of, json_t *environment)
{
	return pack_test(of, ".run", "run", "ERROR", environment,
			 json_pack("{s: s}", "reason", of->broken));
}

static json_t *test_of(const struct kb_export_case *kcase, json_t *environment)
{
	static const char *const statuses[] = {
		[KB_EXPORT_MEASURED] = "DONE", [KB_EXPORT_SKIPPED] = "SKIP",
		[KB_EXPORT_FAILED] = "ERROR",
	};
	char dotted[KB_ENTRY_NAME_LEN + 1] = ".";
	json_t *test;

	kb_export_dotted(dotted + 1, kcase->entry, kcase->listed);
	test = pack_test(kcase->of, dotted, kcase->name,
			 statuses[kcase->failed ? KB_EXPORT_FAILED : kcase->status], environment,
			 misc_of(kcase));
	if (test && kcase->status == KB_EXPORT_MEASURED &&
	    json_object_set_new(test, "number", number_of(kcase))) {
		json_decref(test);
		return NULL;
	}
	return test;
}

static int add_result(const struct document *document, const struct kb_export_result *of)
{
	json_t *environment = environment_of(of);
	int bad = !environment || add_kernel(document, of);

	for (size_t c = 0; c < of->nr; c++)
		bad = bad || json_array_append_new(document->tests,
						   test_of(&of->cases[c], environment));
	if (of->broken)
		bad = bad || json_array_append_new(document->tests, test_of_run(of, environment));
	json_decref(environment);
	return bad;
}

int kb_write_kcidb(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	struct document parts = { json_array(), json_array(), json_array() };
	json_t *document = json_pack("{s: {s: i, s: i}, s: o, s: o, s: o}", "version",
				     "major", 5, "minor", 3, "checkouts", parts.checkouts,
				     "builds", parts.builds, "tests", parts.tests);
	int bad = !document;

	for (size_t i = 0; i < export->nr; i++)
		bad = bad || add_result(&parts, &export->results[i]);
	if (bad) {
		json_decref(document);
		document = NULL;
	}
	return kb_export_json(out, document, err);
}
