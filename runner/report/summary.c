// SPDX-License-Identifier: GPL-2.0
/* The begin of a page: what was measured, on what. */
#include "writeup.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "table.h"

static size_t count_names(const struct kb_writeup *page)
{
	json_t *names = json_object();
	const json_t *entries;
	const char *name;
	size_t nr;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries)
			json_object_set_new(names, name, json_true());
	nr = json_object_size(names);
	json_decref(names);
	return nr;
}

static size_t count_verdicts(const struct kb_writeup *page, enum kb_verdict verdict)
{
	size_t nr = 0;

	for (size_t i = 0; i < page->nr_verdicts; i++)
		nr += kb_comparison_count(&page->verdicts[i].comparison, verdict);
	return nr;
}

static struct kb_tile tile(size_t figure, const char *label, enum kb_tone tone)
{
	struct kb_tile made = { .label = label, .tone = figure ? tone : KB_TONE_PLAIN };

	snprintf(made.figure, sizeof(made.figure), "%zu", figure);
	return made;
}

/* The smallest and the largest number of CPUs that a case had. */
static void find_cpus(const struct kb_writeup *page, json_int_t *least, json_int_t *most)
{
	const json_t *entries;
	const char *name;

	*least = 0;
	*most = 0;
	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(page->sides[s].index, name, entries) {
			json_int_t cpus = json_integer_value(
				json_object_get(json_array_get(entries, 0), "cpus"));

			*least = !*least || cpus < *least ? cpus : *least;
			*most = cpus > *most ? cpus : *most;
		}
}

/* One word where all have the same. */
static const char *fidelity_of(const struct kb_writeup *page)
{
	const char *first = NULL;

	for (size_t s = 0; s < page->nr_sides; s++) {
		const char *own = kb_text(json_object_get(page->sides[s].result, "environment"),
					  "fidelity");

		if (first && strcmp(first, own) != 0)
			return "mixed";
		first = own;
	}
	return first;
}

static void put_tiles(struct kb_writeup *page)
{
	size_t fewest, cases = count_names(page), boots = kb_writeup_boots(page, &fewest);
	json_int_t least, cpus;
	const struct kb_tile verdicts[] = {
		tile(count_verdicts(page, KB_REGRESSED), page->nr_verdicts > 1 ?
		     "regressed, in all comparisons" : "regressed", KB_TONE_BAD),
		tile(count_verdicts(page, KB_IMPROVED), "improved", KB_TONE_GOOD),
		tile(count_verdicts(page, KB_EQUIVALENT), "equivalent", KB_TONE_SAME),
		tile(count_verdicts(page, KB_INCONCLUSIVE), "inconclusive", KB_TONE_OPEN),
	};
	struct kb_tile sizes[] = {
		tile(cases, cases == 1 ? "case" : "cases", KB_TONE_PLAIN),
		{ .label = "CPUs" },
		tile(boots, boots == 1 ? "boot" : "boots", KB_TONE_PLAIN),
		{ .label = "fidelity", .tone = kb_writeup_mark(page, NULL) ? KB_TONE_OPEN :
									  KB_TONE_PLAIN },
	};

	find_cpus(page, &least, &cpus);
	sizes[1] = tile((size_t)cpus, cpus == 1 ? "CPU" : least == cpus ? "CPUs" : "CPUs at most",
			KB_TONE_PLAIN);
	snprintf(sizes[3].figure, sizeof(sizes[3].figure), "%s", fidelity_of(page));

	if (page->compared)
		kb_document_tiles(&page->doc, verdicts, sizeof(verdicts) / sizeof(verdicts[0]));
	else
		kb_document_tiles(&page->doc, sizes, sizeof(sizes) / sizeof(sizes[0]));
}

static char *names_of(const json_t *suites)
{
	const char *name, *before = "";
	const json_t *value;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_object_foreach((json_t *)suites, name, value) {
		fprintf(out, "%s%s", before, name);
		before = ", ";
	}
	fclose(out);
	return text;
}

static void put_what(struct kb_writeup *page)
{
	json_int_t least, most;
	char *suites = names_of(page->suites), cpus[64];
	size_t cases = count_names(page);
	const char *day = kb_text(page->sides[0].result, "started");

	find_cpus(page, &least, &most);
	if (least == most)
		snprintf(cpus, sizeof(cpus), "%" JSON_INTEGER_FORMAT " CPU%s", most,
			 most == 1 ? "" : "s");
	else
		snprintf(cpus, sizeof(cpus), "%" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT
			 " CPUs", least, most);
	kb_document_item(&page->doc, "Measured:", "%zu case%s of %s, on %s at once, %.10s.", cases,
			 cases == 1 ? "" : "s", suites ? suites : "", cpus, day);
	free(suites);
}

/* "x86_64, machine, CPU, 8 CPUs; target vm, tcg, ..." */
static char *describe(const struct kb_writeup_side *side)
{
	const json_t *machine = json_object_get(side->result, "machine");
	const json_t *environment = json_object_get(side->result, "environment");
	const char *emulator = kb_text(json_object_get(environment, "emulator"), "version");
	const char *model = kb_text(machine, "model"), *cpu = kb_text(machine, "cpu_model");
	const char *backend = kb_text(environment, "backend");

	json_int_t cpus = json_integer_value(json_object_get(machine, "cpus"));

	return kb_path("%s%s%s%s%s, %" JSON_INTEGER_FORMAT " CPU%s; target %s, %s, timed by %s%s%s",
		       kb_text(machine, "arch"), *model ? ", " : "", model, *cpu ? ", " : "", cpu,
		       cpus, cpus == 1 ? "" : "s",
		       kb_text(environment, "target"), kb_text(environment, "fidelity"),
		       strcmp(backend, "bpf") ? "a kernel module" : "BPF programs",
		       *emulator ? ", emulator " : "", emulator);
}

/* Sides on like machines share a line. An object of descriptions to their names. */
static int put_sides(struct kb_writeup *page)
{
	json_t *lines = json_object(), *names;
	const char *line;
	int bad = !lines;

	for (size_t s = 0; !bad && s < page->nr_sides; s++) {
		char *text = describe(&page->sides[s]), *all;
		const char *before = json_string_value(json_object_get(lines, text));

		all = kb_path("%s%s%s", before ? before : "", before ? ", " : "",
			      page->sides[s].name);
		bad = json_object_set_new(lines, text, json_string(all));
		free(text);
		free(all);
	}
	json_object_foreach(lines, line, names)
		kb_document_item(&page->doc, "On:", "%s; %s.", json_string_value(names), line);
	json_decref(lines);
	return bad;
}

/* What emulated figures are not good for stands before all else. */
static void put_marks(struct kb_writeup *page)
{
	for (size_t s = 0; s < page->nr_sides; s++) {
		const char *mark = page->sides[s].mark;
		size_t same = 0, nr = 0;

		for (size_t i = 0; mark && i < page->nr_sides; i++) {
			nr += page->sides[i].mark == mark;
			same += i < s && page->sides[i].mark == mark;
		}
		if (!mark || same)
			continue;
		if (nr == page->nr_sides)
			kb_document_note(&page->doc, KB_TONE_WARN, "All figures here are %s.",
					 mark);
		else
			kb_document_note(&page->doc, KB_TONE_WARN, "Figures of %s%s are %s.",
					 page->sides[s].name, nr > 1 ? " and others" : "", mark);
	}
}

int kb_writeup_summary(struct kb_writeup *page)
{
	put_tiles(page);
	put_marks(page);
	put_what(page);
	return put_sides(page);
}
