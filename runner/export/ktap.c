// SPDX-License-Identifier: GPL-2.0
/*
 * KTAP, version 1: a test for each result, in it one for each suite, in it one for each case. A run
 * that broke has one more of the second, with one that fails in it. Names may have no
 * "#", for which there is no escape. What is between a version line, the name of a subtest and its
 * plan confuses parsers, so figures stand before the line of their case.
 */
#include "export.h"

#include "export_name.h"
#include "plain_text.h"
#include "table.h"

static const struct kb_escape name_escapes[] = { { '#', "_" }, { 0 } };

static void write_flags(FILE *out, const json_t *flags)
{
	const json_t *flag;
	size_t i;

	json_array_foreach(flags, i, flag) {
		fputs(i ? "," : " flags=", out);
		kb_print_plain(json_string_value(flag), out);
	}
}

static void write_figures(FILE *out, const struct kb_export_case *kcase)
{
	fprintf(out, "    # %s: per_op=%.15g low=%.15g high=%.15g unit=%s boots=%zu",
		kcase->in_suite, kcase->value, kcase->low, kcase->high,
		kcase->counted ? "insn" : "ns", kcase->boots);
	write_flags(out, json_object_get(kcase->entry, "flags"));
	putc('\n', out);
}

static void write_case(FILE *out, const struct kb_export_case *kcase, size_t number)
{
	if (kcase->status == KB_EXPORT_MEASURED)
		write_figures(out, kcase);
	if (kcase->failed) {
		fprintf(out, "    # %s: ", kcase->in_suite);
		kb_print_plain(kcase->reason, out);
		putc('\n', out);
	}
	fprintf(out, "    %s %zu %s", kcase->failed ? "not ok" : "ok", number,
		kcase->in_suite);
	if (kcase->status == KB_EXPORT_SKIPPED) {
		fputs(" # SKIP ", out);
		kb_print_plain(kcase->reason, out);
	}
	putc('\n', out);
}

static bool has_failed(const struct kb_export_result *of, size_t first, size_t end)
{
	for (size_t c = first; c < end; c++)
		if (of->cases[c].failed)
			return true;
	return false;
}

static void write_suite(FILE *out, const struct kb_export_result *of, size_t first, size_t end,
			size_t number)
{
	const char *suite = kb_text(of->cases[first].entry, "suite");

	fprintf(out, "    KTAP version 1\n    # Subtest: %s\n    1..%zu\n", suite, end - first);
	for (size_t c = first; c < end; c++)
		write_case(out, &of->cases[c], c - first + 1);
	fprintf(out, "  %s %zu %s\n", has_failed(of, first, end) ? "not ok" : "ok", number, suite);
}

static void write_broken(FILE *out, const struct kb_export_result *of, size_t number)
{
	fputs("    KTAP version 1\n    # Subtest: run\n    1..1\n    # complete: ", out);
	kb_print_plain(of->broken, out);
	fprintf(out, "\n    not ok 1 complete\n  not ok %zu run\n", number);
}

/* With that of a run that broke. */
static size_t nr_suites(const struct kb_export_result *of)
{
	size_t nr = of->broken ? 1 : 0;

	for (size_t c = 0; c < of->nr; c = kb_export_suite_end(of, c))
		nr++;
	return nr;
}

static void write_result(FILE *out, const struct kb_export_result *of, size_t number)
{
	const json_t *machine = json_object_get(of->result, "machine");
	size_t suite = 0, end;

	fputs("  KTAP version 1\n  # Subtest: kbench ", out);
	kb_export_escaped(out, of->kernel, name_escapes);
	fprintf(out, "\n  1..%zu\n", nr_suites(of));
	fputs("  # machine: ", out);
	kb_print_plain(kb_text(machine, "arch"), out);
	fputs(", ", out);
	kb_print_plain(kb_text(machine, "model"), out);
	fprintf(out, "\n  # fidelity: %s%s%s\n", of->fidelity, of->note ? ": " : "",
		of->note ? of->note : "");
	for (size_t c = 0; c < of->nr; c = end) {
		end = kb_export_suite_end(of, c);
		write_suite(out, of, c, end, ++suite);
	}
	if (of->broken)
		write_broken(out, of, ++suite);
	fprintf(out, "%s %zu kbench ", of->broken || has_failed(of, 0, of->nr) ? "not ok" : "ok",
		number);
	kb_export_escaped(out, of->kernel, name_escapes);
	putc('\n', out);
}

int kb_write_ktap(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	(void)err;
	fprintf(out, "KTAP version 1\n1..%zu\n", export->nr);
	for (size_t i = 0; i < export->nr; i++)
		write_result(out, &export->results[i], i + 1);
	return 0;
}
