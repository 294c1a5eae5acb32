// SPDX-License-Identifier: GPL-2.0
/* A table for pages: a row for each case, a column for each result. */
#include "export.h"

#include "export_name.h"
#include "table.h"

/* In a table "|" ends a cell; "<" and "&" would be HTML. */
static void write_text(FILE *out, const char *text)
{
	static const struct kb_escape escapes[] = {
		{ '\\', "\\\\" }, { '`', "\\`" }, { '*', "\\*" }, { '_', "\\_" }, { '[', "\\[" },
		{ ']', "\\]" }, { '#', "\\#" }, { '|', "\\|" }, { '~', "\\~" }, { '<', "&lt;" },
		{ '>', "&gt;" }, { '&', "&amp;" }, { '@', "&#64;" }, { 0 },
	};

	kb_export_escaped(out, text, escapes);
}

static void write_about(FILE *out, const struct kb_export_result *of)
{
	const json_t *machine = json_object_get(of->result, "machine");
	const json_t *environment = json_object_get(of->result, "environment");

	fputs("- **", out);
	write_text(out, of->kernel);
	fputs("** on ", out);
	write_text(out, kb_text(machine, "arch"));
	fputs(", ", out);
	write_text(out, kb_text(machine, "model"));
	fputs(", target ", out);
	write_text(out, kb_text(environment, "target"));
	fprintf(out, ", fidelity **%s**%s%s\n", of->fidelity, of->note ? ": " : "",
		of->note ? of->note : "");
	if (!of->broken)
		return;
	fputs("  - **not complete**: ", out);
	write_text(out, of->broken);
	putc('\n', out);
}

/* "144.9 ns (137.6 to 7555.5)": all in the unit of the first. */
static void write_figure(FILE *out, const struct kb_export_case *kcase)
{
	struct kb_scale scale = kb_scale_for(kcase->value, kcase->counted ? "insn" : "ns");
	char value[KB_FIGURE_LEN], low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];

	kb_format_scaled(value, kcase->value, &scale);
	kb_format_scaled(low, kcase->low, &scale);
	kb_format_scaled(high, kcase->high, &scale);
	fprintf(out, "%s %s", value, scale.unit);
	/* Counts that all agree have no interval. */
	if (kcase->low < kcase->high)
		fprintf(out, " (%s to %s)", low, high);
	if (kcase->boots > 1)
		fprintf(out, ", %zu boots", kcase->boots);
	if (kcase->failed)
		fputs(", ", out);
	write_text(out, kcase->reason);
}

static void write_cell(FILE *out, const struct kb_export_case *kcase)
{
	fputs(" | ", out);
	if (!kcase)
		return;
	if (kcase->status == KB_EXPORT_MEASURED) {
		write_figure(out, kcase);
		return;
	}
	fputs(kcase->status == KB_EXPORT_FAILED ? "failed: " : "skipped: ", out);
	write_text(out, kcase->reason);
}

/* @rows: object: name of a case to an array of its numbers plus 1 in each result; 0: it has none */
static int add_rows(json_t *rows, const struct kb_export *export, size_t result)
{
	const struct kb_export_result *of = &export->results[result];
	int bad = 0;

	for (size_t c = 0; c < of->nr; c++) {
		json_t *row = json_object_get(rows, of->cases[c].name);

		if (!row) {
			row = json_array();
			bad = bad || json_object_set_new(rows, of->cases[c].name, row);
		}
		while (!bad && json_array_size(row) < result)
			bad = json_array_append_new(row, json_integer(0));
		bad = bad || json_array_append_new(row, json_integer((json_int_t)c + 1));
	}
	return bad;
}

static void write_row(FILE *out, const struct kb_export *export, const char *name,
		      const json_t *row)
{
	fprintf(out, "| `%s`", name);
	for (size_t i = 0; i < export->nr; i++) {
		json_int_t number = json_integer_value(json_array_get(row, i));

		write_cell(out, number ? &export->results[i].cases[number - 1] : NULL);
	}
	fputs(" |\n", out);
}

static void write_head(FILE *out, const struct kb_export *export)
{
	fputs("Cost of one operation, with its 95 % interval.\n\n", out);
	for (size_t i = 0; i < export->nr; i++)
		write_about(out, &export->results[i]);
	fputs("\n| case", out);
	for (size_t i = 0; i < export->nr; i++) {
		fputs(" | ", out);
		write_text(out, export->results[i].kernel);
		if (export->results[i].note)
			fprintf(out, " (%s)", export->results[i].fidelity);
	}
	fputs(" |\n|---", out);
	for (size_t i = 0; i < export->nr; i++)
		fputs("|--:", out);
	fputs("|\n", out);
}

int kb_write_markdown(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	json_t *rows = json_object(), *row;
	const char *name;
	int bad = !rows;

	for (size_t i = 0; i < export->nr; i++)
		bad = bad || add_rows(rows, export, i);
	if (!bad) {
		write_head(out, export);
		json_object_foreach(rows, name, row)
			write_row(out, export, name, row);
	}
	json_decref(rows);
	return bad ? kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory: export fewer files") : 0;
}
