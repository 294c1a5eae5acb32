// SPDX-License-Identifier: GPL-2.0
/* Results into cases with one figure each, which is what most formats hold. */
#include "export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export_name.h"
#include "gather.h"
#include "paths.h"
#include "precision.h"
#include "table.h"

#define CONFIDENCE	0.95

static int no_memory(struct kb_error *err)
{
	return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: export fewer files");
}

static double median_of(const json_t *entry)
{
	return kb_export_number(json_object_get(entry, "per_op"), "median");
}

/* One boot's figures are those of its entry. */
static void take_boot(struct kb_export_case *kcase)
{
	const json_t *interval = json_object_get(json_object_get(kcase->entry, "per_op"), "ci95");

	kcase->value = median_of(kcase->entry);
	kcase->low = json_number_value(json_array_get(interval, 0));
	kcase->high = json_number_value(json_array_get(interval, 1));
}

/* @logs: of the boots' medians */
static void take_boots(struct kb_export_case *kcase, const double *logs)
{
	double half = kb_mean_half(logs, kcase->boots, CONFIDENCE), sum = 0;
	bool same = true;

	for (size_t i = 0; i < kcase->boots; i++) {
		sum += logs[i];
		same &= logs[i] == logs[0];
	}
	/* Counts that agree are not to lose their last digit in a logarithm. */
	kcase->value = same ? median_of(kcase->entry) : exp(sum / (double)kcase->boots);
	kcase->low = kcase->value * exp(-half);
	kcase->high = kcase->value * exp(half);
}

/* Figures of a file that nobody measured are beyond what a double holds. */
static int check_figures(const struct kb_export_case *kcase, struct kb_error *err)
{
	if (isfinite(kcase->value) && isfinite(kcase->low) && isfinite(kcase->high))
		return 0;
	return kb_fail(err, KB_EXIT_USAGE, "the boots of %.200s of kernel %.100s have medians that "
		       "no interval can hold: give a file written by kbench run", kcase->name,
		       kcase->of->kernel);
}

static int estimate(struct kb_export_case *kcase, struct kb_error *err)
{
	double *logs = calloc(json_array_size(kcase->entries) + 1, sizeof(*logs));
	const json_t *entry;
	size_t i;

	if (!logs)
		return no_memory(err);
	json_array_foreach(kcase->entries, i, entry)
		if (kb_entry_is_measured(entry))
			logs[kcase->boots++] = log(median_of(entry));
	if (kcase->boots == 1)
		take_boot(kcase);
	else if (kcase->boots)
		take_boots(kcase, logs);
	free(logs);
	return check_figures(kcase, err);
}

/* Neither measured nor skipped. */
static bool has_failed(const json_t *entry)
{
	return !kb_entry_is_measured(entry) && strcmp(kb_text(entry, "status"), "skipped") != 0;
}

/* The entry that speaks for the case: with figures, else one that failed, else the first. */
static const json_t *speaker(const json_t *entries)
{
	const json_t *entry, *failed = NULL;
	size_t i;

	json_array_foreach(entries, i, entry) {
		if (kb_entry_is_measured(entry))
			return entry;
		if (!failed && has_failed(entry))
			failed = entry;
	}
	return failed ? failed : json_array_get(entries, 0);
}

static const char *reason_of(const json_t *entry)
{
	const char *reason = kb_text(entry, "reason");

	return *reason ? reason : "it has no figure above 0";
}

static void set_status(struct kb_export_case *kcase)
{
	const json_t *entry, *first = NULL;
	size_t i;

	json_array_foreach(kcase->entries, i, entry) {
		if (!has_failed(entry))
			continue;
		first = kcase->failed++ ? first : entry;
	}
	if (!kb_entry_is_measured(kcase->entry)) {
		kcase->status = kcase->failed ? KB_EXPORT_FAILED : KB_EXPORT_SKIPPED;
		kcase->reason = kb_path("%s", reason_of(kcase->entry));
	} else if (kcase->failed) {
		kcase->reason = kb_path("%zu of %zu boots failed: %s", kcase->failed,
					json_array_size(kcase->entries), reason_of(first));
	} else {
		kcase->reason = kb_path("%s", "");
	}
}

static int add_case(struct kb_export_result *of, json_t *entries, bool listed,
		    struct kb_error *err)
{
	struct kb_export_case *kcase = &of->cases[of->nr++];
	char name[KB_ENTRY_NAME_LEN];

	kcase->of = of;
	kcase->entries = json_incref(entries);
	kcase->entry = speaker(entries);
	kcase->listed = listed;
	kcase->counted = !strcmp(kb_text(kcase->entry, "unit"), "insn");
	kb_export_name(name, kcase->entry, listed);
	kcase->name = strdup(name);
	if (!kcase->name)
		return no_memory(err);
	kcase->in_suite = strchr(kcase->name, '/') + 1;
	set_status(kcase);
	return estimate(kcase, err);
}

/* Cases of one name that are of several sets of CPUs. */
static int add_listed(struct kb_export_result *of, const json_t *entries, struct kb_error *err)
{
	json_t *by_list = json_object(), *entry;
	const char *name;
	int bad = !by_list, ret;
	size_t i;

	json_array_foreach(entries, i, entry) {
		char longer[KB_ENTRY_NAME_LEN];

		kb_export_name(longer, entry, true);
		bad = bad || kb_index_add(by_list, longer, entry);
	}
	ret = bad ? no_memory(err) : 0;
	json_object_foreach(by_list, name, entry)
		ret = ret ? ret : add_case(of, entry, true, err);
	json_decref(by_list);
	return ret;
}

/* A pair of CPUs has their numbers in its name even where it is the only one. */
static bool is_listed(const json_t *entries)
{
	return !strcmp(kb_text(json_array_get(entries, 0), "placement"), "pair") ||
	       kb_entries_ambiguous(entries);
}

/* All cases of one suite: an object of name to entries. */
static int add_suite(struct kb_export_result *of, const json_t *by_name, struct kb_error *err)
{
	json_t *entries;
	const char *name;
	int ret = 0;

	json_object_foreach((json_t *)by_name, name, entries)
		ret = ret ? ret : is_listed(entries) ? add_listed(of, entries, err) :
						       add_case(of, entries, false, err);
	return ret;
}

/* The entries that are wanted, by suite and then by name. */
static int sort_entries(json_t *suites, const json_t *cases, const char *only)
{
	json_t *entry;
	int bad = 0;
	size_t i;

	json_array_foreach(cases, i, entry) {
		const char *suite = kb_text(entry, "suite");
		char name[KB_ENTRY_NAME_LEN];

		if (only && !kb_entry_is(entry, only))
			continue;
		if (!json_object_get(suites, suite))
			bad = bad || json_object_set_new(suites, suite, json_object());
		kb_export_name(name, entry, false);
		bad = bad || kb_index_add(json_object_get(suites, suite), name, entry);
	}
	return bad ? -1 : 0;
}

static int add_cases(struct kb_export_result *of, const char *only, struct kb_error *err)
{
	const json_t *cases = json_object_get(of->result, "cases");
	json_t *suites = json_object(), *by_name;
	const char *suite;
	int ret = 0;

	of->cases = calloc(json_array_size(cases) + 1, sizeof(*of->cases));
	if (!suites || !of->cases || sort_entries(suites, cases, only))
		ret = no_memory(err);
	json_object_foreach(suites, suite, by_name)
		ret = ret ? ret : add_suite(of, by_name, err);
	json_decref(suites);
	return ret;
}

void kb_export_facts(struct kb_export_fact facts[KB_NR_EXPORT_FACTS],
		     const struct kb_export_result *of)
{
	const json_t *machine = json_object_get(of->result, "machine");
	const json_t *environment = json_object_get(of->result, "environment");
	const struct kb_export_fact all[KB_NR_EXPORT_FACTS] = {
		{ "kernel", of->kernel },
		{ "arch", kb_text(machine, "arch") },
		{ "machine", kb_text(machine, "model") },
		{ "cpu", kb_text(machine, "cpu_model") },
		{ "target", kb_text(environment, "target") },
		{ "backend", kb_text(environment, "backend") },
		{ "fidelity", of->fidelity },
	};

	memcpy(facts, all, sizeof(all));
}

size_t kb_export_suite_end(const struct kb_export_result *of, size_t first)
{
	const char *suite = kb_text(of->cases[first].entry, "suite");
	size_t end = first + 1;

	while (end < of->nr && !strcmp(kb_text(of->cases[end].entry, "suite"), suite))
		end++;
	return end;
}

static char *kernel_name(const json_t *result)
{
	const json_t *kernel = json_object_get(result, "kernel");
	const char *release = kb_text(kernel, "release"), *tree = kb_text(kernel, "tree");

	if (!*release)
		release = "unknown";
	return *tree ? kb_path("%s (%s)", release, tree) : kb_path("%s", release);
}

/* NULL: nothing went wrong. */
static char *broken_of(const json_t *result)
{
	const json_t *error;
	char *all = NULL;
	size_t i;

	json_array_foreach(json_object_get(result, "errors"), i, error) {
		char *longer = kb_path("%s%s%s", all ? all : "", all ? "; " : "",
				       json_string_value(error));

		free(all);
		all = longer;
	}
	if (!all && !strcmp(kb_text(result, "status"), "partial"))
		all = kb_path("the run is partial: it ended before everything was measured");
	return all;
}

int kb_export_add(struct kb_export *export, json_t *result, const char *only,
		  struct kb_error *err)
{
	struct kb_export_result *more = realloc(export->results,
						(export->nr + 1) * sizeof(*more)), *of;

	if (!more)
		return no_memory(err);
	export->results = more;
	of = &more[export->nr++];
	*of = (struct kb_export_result){ .result = json_incref(result) };
	of->kernel = kernel_name(result);
	of->unnumbered = kb_path("%s", of->kernel);
	of->fidelity = kb_text(json_object_get(result, "environment"), "fidelity");
	of->note = kb_fidelity_note(of->fidelity);
	of->broken = broken_of(result);
	return add_cases(of, only, err);
}

/* A kernel's own name may look like a numbered one. @seen: all names that are given */
static int number(struct kb_export_result *of, json_t *seen)
{
	for (size_t number = 2; json_object_get(seen, of->kernel); number++) {
		free(of->kernel);
		of->kernel = kb_path("%s (%zu)", of->unnumbered, number);
	}
	return json_object_set_new(seen, of->kernel, json_true());
}

int kb_export_label(struct kb_export *export)
{
	json_t *seen = json_object();
	int bad = !seen;

	for (size_t i = 0; !bad && i < export->nr; i++) {
		struct kb_export_result *of = &export->results[i];

		bad = number(of, seen);
		export->nr_cases += of->nr;
		/* The results do not move any more. */
		for (size_t c = 0; c < of->nr; c++) {
			of->cases[c].of = of;
			export->measured += of->cases[c].status == KB_EXPORT_MEASURED;
			export->halved += of->cases[c].status == KB_EXPORT_MEASURED &&
					  of->cases[c].failed;
		}
	}
	json_decref(seen);
	return bad ? -1 : 0;
}

void kb_export_free(struct kb_export *export)
{
	for (size_t i = 0; i < export->nr; i++) {
		struct kb_export_result *of = &export->results[i];

		for (size_t c = 0; c < of->nr; c++) {
			json_decref(of->cases[c].entries);
			free(of->cases[c].name);
			free(of->cases[c].reason);
		}
		free(of->cases);
		free(of->broken);
		free(of->kernel);
		free(of->unnumbered);
		json_decref(of->result);
	}
	free(export->results);
	*export = (struct kb_export){ 0 };
}
