// SPDX-License-Identifier: GPL-2.0
/* Machine, kernel and configuration of each side, and where these differ. */
#include "writeup.h"

#include <stdlib.h>
#include <string.h>

#include "paths.h"

/* Of long lists so many rows are seen at once. */
#define FOLDED	10

/** struct fact - a member of a result; @inner: of an object in the object, or NULL */
struct fact {
	const char	*object;
	const char	*inner;
	const char	*member;
	const char	*name;
};

static const struct fact kernel[] = {
	{ "kernel", NULL, "release", "release" },
	{ "kernel", NULL, "tree", "built in" },
	{ "kernel", NULL, "version", "version" },
	{ "kernel", NULL, "arch", "architecture" },
	{ "kernel", NULL, "flavour", "flavour" },
	{ "kernel", NULL, "compiler", "compiler" },
	{ "kernel", NULL, "module_compiler", "compiler of the modules" },
	{ "kernel", NULL, "cmdline", "command line" },
	{ "kernel", NULL, "config_sha256", "SHA-256 of its configuration" },
	{ "kernel", NULL, "image_sha256", "SHA-256 of its image" },
};

static const struct fact machine[] = {
	{ "machine", NULL, "model", "model" },
	{ "machine", NULL, "cpu_model", "CPU" },
	{ "machine", NULL, "arch", "architecture" },
	{ "machine", NULL, "cpus", "CPUs" },
	{ "machine", NULL, "numa_nodes", "NUMA nodes" },
	{ "machine", NULL, "memory_bytes", "memory" },
	{ "machine", NULL, "fingerprint", "fingerprint" },
	{ "environment", NULL, "governor", "governor" },
	{ "environment", NULL, "turbo", "turbo" },
	{ "environment", NULL, "smt", "SMT" },
	{ "environment", NULL, "clocksource", "clock source" },
	{ "environment", NULL, "clock", "clock of the batches" },
	{ "environment", NULL, "nmi_watchdog", "NMI watchdog" },
	{ "environment", NULL, "irqbalance", "irqbalance" },
	{ "environment", NULL, "isolated", "isolated CPUs" },
	{ "environment", NULL, "nohz_full", "CPUs without a tick" },
	{ "environment", NULL, "thp", "transparent huge pages" },
};

static const struct fact course[] = {
	{ "environment", NULL, "fidelity", "fidelity" },
	{ "environment", NULL, "target", "target" },
	{ "environment", NULL, "host", "host" },
	{ "environment", NULL, "backend", "timed by" },
	{ "environment", NULL, "hypervisor", "hypervisor" },
	{ "environment", "emulator", "version", "emulator" },
	{ "environment", "emulator", "accel", "accelerator" },
	{ "environment", "emulator", "machine", "emulated machine" },
	{ "environment", "emulator", "cpu", "emulated CPU" },
	{ NULL, NULL, "started", "started" },
	{ NULL, NULL, "finished", "finished" },
	{ NULL, NULL, "status", "status" },
	{ "kbench", NULL, "version", "kbench" },
	{ "kbench", NULL, "commit", "commit of kbench" },
	{ NULL, NULL, "command", "command" },
};

#define NR_OF(array)	(sizeof(array) / sizeof((array)[0]))

static void put_value(FILE *out, const json_t *value)
{
	const json_t *part;
	size_t i;

	if (json_is_string(value))
		fputs(json_string_value(value), out);
	else if (json_is_integer(value))
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_number(value))
		fprintf(out, "%g", json_number_value(value));
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "yes" : "no", out);
	json_array_foreach(value, i, part) {
		fputs(i ? " " : "", out);
		put_value(out, part);
	}
}

static char *text_of(const json_t *value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_value(out, value);
	fclose(out);
	return text;
}

static const json_t *find(const json_t *result, const struct fact *fact)
{
	const json_t *object = fact->object ? json_object_get(result, fact->object) : result;

	if (fact->inner)
		object = json_object_get(object, fact->inner);
	return json_object_get(object, fact->member);
}

static char *fact_text(const json_t *result, const struct fact *fact)
{
	const json_t *value = find(result, fact);

	if (value && !strcmp(fact->member, "memory_bytes"))
		return kb_path("%" JSON_INTEGER_FORMAT " MiB", json_integer_value(value) >> 20);
	return text_of(value);
}

static bool is_same(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

static bool all_same(const struct kb_writeup *page, const struct fact *fact)
{
	const json_t *first = find(page->sides[0].result, fact);

	for (size_t s = 1; s < page->nr_sides; s++)
		if (!is_same(first, find(page->sides[s].result, fact)))
			return false;
	return true;
}

static bool is_told(const struct kb_writeup *page, const struct fact *fact)
{
	bool told = false;

	for (size_t s = 0; s < page->nr_sides; s++) {
		char *text = fact_text(page->sides[s].result, fact);

		told |= text && *text;
		free(text);
	}
	return told;
}

/* Where all sides agree, the first says it for all. */
static void add_fact(struct kb_writeup *page, struct kb_sheet *sheet, const struct fact *fact)
{
	bool same = all_same(page, fact);
	struct kb_sheet_cell *row;

	if (!is_told(page, fact))
		return;
	row = kb_sheet_row(sheet);
	if (!row)
		return;
	kb_cell(&row[0], "%s", fact->name);
	for (size_t s = 0; s < page->nr_sides; s++) {
		if (page->nr_sides > 1 && same && s) {
			kb_cell(&row[1 + s], "the same");
			continue;
		}
		row[1 + s].text = fact_text(page->sides[s].result, fact);
		row[1 + s].tone = same ? KB_TONE_PLAIN : KB_TONE_WARN;
	}
}

static void begin_sheet(const struct kb_writeup *page, struct kb_sheet *sheet, const char *title)
{
	kb_sheet_begin(sheet, "%s%s", title, page->nr_sides > 1 ? "; what differs is marked" : "");
	kb_sheet_column(sheet, "WHAT", KB_SHEET_LEFT);
	for (size_t s = 0; s < page->nr_sides; s++) {
		kb_sheet_column(sheet, page->nr_sides > 1 ? page->sides[s].name : "VALUE",
				KB_SHEET_LEFT);
		if (!sheet->bad)
			sheet->columns[s + 1].wide = true;
	}
}

static void put_facts(struct kb_writeup *page, const char *title, const struct fact *facts,
		      size_t nr)
{
	struct kb_sheet sheet;

	begin_sheet(page, &sheet, title);
	for (size_t i = 0; i < nr; i++)
		add_fact(page, &sheet, &facts[i]);
	kb_document_sheet(&page->doc, &sheet);
	kb_sheet_free(&sheet);
}

/* All members that an object of kernel has on any side: they are whatever the kernel told. */
static int put_members(struct kb_writeup *page, const char *title, const char *object)
{
	json_t *names = json_object();
	const char *name;
	json_t *value;
	struct kb_sheet sheet;
	int bad = !names;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_object_foreach(json_object_get(json_object_get(page->sides[s].result,
								    "kernel"), object), name, value)
			bad |= json_object_set_new(names, name, json_true());
	begin_sheet(page, &sheet, title);
	sheet.folded = FOLDED;
	json_object_foreach(names, name, value) {
		const struct fact fact = { "kernel", object, name, name };

		add_fact(page, &sheet, &fact);
	}
	kb_document_sheet(&page->doc, &sheet);
	kb_sheet_free(&sheet);
	json_decref(names);
	return bad;
}

static void put_files(struct kb_writeup *page)
{
	const json_t *path;
	size_t i;

	for (size_t s = 0; s < page->nr_sides; s++)
		json_array_foreach(page->sides[s].paths, i, path)
			kb_document_item(&page->doc, page->sides[s].name, "%s",
					 json_string_value(path));
}

int kb_writeup_facts(struct kb_writeup *page)
{
	put_facts(page, "Kernel", kernel, NR_OF(kernel));
	put_facts(page, "Machine", machine, NR_OF(machine));
	put_facts(page, "How it was measured", course, NR_OF(course));
	if (put_members(page, "Kernel configuration, what bears on the figures", "config") ||
	    put_members(page, "CPU vulnerabilities, and what the kernel does about them",
			"mitigations"))
		return -1;
	kb_document_heading(&page->doc, "Result files");
	put_files(page);
	return 0;
}
