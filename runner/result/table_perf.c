// SPDX-License-Identifier: GPL-2.0
#include "table_perf.h"

#include <string.h>

#include "entry_name.h"
#include "plain_text.h"
#include "table.h"

/* Of each case. */
#define MAX_SHOWN	5

/* A program of tens of threads has tens of events. */
#define MAX_EVENTS	12

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

/* "[kernel.kallsyms]" goes without saying, and a BPF program has its own name there. */
static void print_function(const json_t *item, FILE *out)
{
	const char *name = kb_text(item, "name"), *object = kb_text(item, "object");

	fprintf(out, "  %5.1f %%  ", number(item, "share") * 100);
	kb_print_plain(strcmp(name, "?") ? name : "no symbols", out);
	if (*object && strcmp(object, name) && strncmp(object, "[kernel", 7)) {
		fputs(" of ", out);
		kb_print_plain(object, out);
	}
}

static void print_event(const json_t *item, FILE *out)
{
	const char *unit = kb_text(item, "unit");

	if (json_object_get(item, "value"))
		fprintf(out, "  %15.10g ", number(item, "value"));
	else
		fprintf(out, "  %15s ", "-");
	kb_print_plain(unit, out);
	fputs(*unit ? " " : "", out);
	kb_print_plain(kb_text(item, "name"), out);
	if (!json_object_get(item, "value")) {
		fputs(": ", out);
		kb_print_plain(kb_text(item, "reason"), out);
	}
}

static void print_line(const json_t *item, FILE *out)
{
	const json_t *functions = json_object_get(item, "functions"), *function;
	const char *between = "  ";
	size_t i;

	fprintf(out, "  %5.1f %%  ", number(item, "share") * 100);
	kb_print_plain(kb_text(item, "address"), out);
	fprintf(out, "  %.0f loads", number(item, "loads"));
	json_array_foreach(functions, i, function) {
		fputs(between, out);
		kb_print_plain(json_string_value(function) ? json_string_value(function) : "", out);
		between = ", ";
	}
}

static void print_lock(const json_t *item, FILE *out)
{
	const char *type = kb_text(item, "type");
	double contended = number(item, "contended");
	char wait[KB_FIGURE_LEN];

	kb_format_figure(wait, number(item, "wait_ns"), "ns");
	fprintf(out, "  %9s in %.0f wait%s  ", wait, contended, contended == 1 ? "" : "s");
	kb_print_plain(type, out);
	fputs(*type ? " " : "", out);
	kb_print_plain(kb_text(item, "name"), out);
}

static const struct {
	const char	*list;
	const char	*nothing;
	size_t		most;
	void		(*print)(const json_t *item, FILE *out);
} lists[] = {
	{ "functions", "no samples", MAX_SHOWN, print_function },
	{ "events", "no events", MAX_EVENTS, print_event },
	{ "lines", "no line is shared", MAX_SHOWN, print_line },
	{ "locks", "nobody waited", MAX_SHOWN, print_lock },
};

static void print_case(const json_t *entry, const json_t *perf, FILE *out)
{
	char name[KB_ENTRY_NAME_LEN];
	const json_t *item;
	size_t i;

	kb_entry_name(name, entry, false);
	kb_print_plain(name, out);
	fputs(":\n", out);
	for (size_t kind = 0; kind < sizeof(lists) / sizeof(lists[0]); kind++) {
		const json_t *list = json_object_get(perf, lists[kind].list);

		if (list && !json_array_size(list))
			fprintf(out, "  %s\n", lists[kind].nothing);
		json_array_foreach(list, i, item) {
			if (i == lists[kind].most)
				break;
			lists[kind].print(item, out);
			fputc('\n', out);
		}
	}
}

/* "perf record (samples of cycles); its files are in NAME.perf beside the result" */
static void print_title(const json_t *perf, FILE *out)
{
	const char *event = kb_text(perf, "event"), *file = kb_text(perf, "file");
	const char *slash = strrchr(file, '/');

	fputs("\nperf ", out);
	kb_print_plain(kb_text(perf, "kind"), out);
	if (*event) {
		fputs(" (samples of ", out);
		kb_print_plain(event, out);
		fputc(')', out);
	}
	if (slash) {
		fputs("; its files are in ", out);
		for (; file < slash; file++)
			fputc((unsigned char)*file < ' ' ? '?' : *file, out);
		fputs(" beside the result", out);
	}
	fputc('\n', out);
}

void kb_print_perf(const json_t *cases, FILE *out)
{
	const json_t *entry, *before = NULL;
	size_t i;

	json_array_foreach(cases, i, entry) {
		const json_t *perf = json_object_get(entry, "perf");

		/* Phases of a case have the same. */
		if (!perf || (before && json_equal(perf, before)))
			continue;
		if (!before)
			print_title(perf, out);
		print_case(entry, perf, out);
		before = perf;
	}
}
