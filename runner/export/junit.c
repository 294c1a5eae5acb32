// SPDX-License-Identifier: GPL-2.0
/*
 * JUnit XML: a test suite for each result and suite of it. What a case costs stands in its output,
 * not in the attribute time, which is how long a test took. Written by hand: what needs care is
 * which characters XML has no way to write, and libxml2 writes those as they come.
 */
#include "export.h"

#include <string.h>

#include "export_name.h"
#include "table.h"

static void write_text(FILE *out, const char *text)
{
	static const struct kb_escape escapes[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" },
		{ '\'', "&apos;" }, { 0 },
	};

	kb_export_escaped(out, text, escapes);
}

static void write_property(FILE *out, const char *name, const char *value)
{
	fprintf(out, "      <property name=\"%s\" value=\"", name);
	write_text(out, value);
	fputs("\"/>\n", out);
}

static void write_properties(FILE *out, const struct kb_export_result *of)
{
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];

	fputs("    <properties>\n", out);
	kb_export_facts(facts, of);
	for (size_t i = 0; i < KB_NR_EXPORT_FACTS; i++)
		write_property(out, facts[i].name, facts[i].value);
	if (of->note)
		write_property(out, "note", of->note);
	fputs("    </properties>\n", out);
}

static void write_figures(FILE *out, const struct kb_export_case *kcase)
{
	char value[KB_FIGURE_LEN], low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];
	const char *unit = kcase->counted ? "insn" : "ns";

	kb_format_figure(value, kcase->value, unit);
	kb_format_figure(low, kcase->low, unit);
	kb_format_figure(high, kcase->high, unit);
	fprintf(out, "      <system-out>%s per operation, 95%% interval %s to %s, boots %zu%s%s\n"
		"per_op=%.15g unit=%s low=%.15g high=%.15g</system-out>\n", value, low, high,
		kcase->boots, kcase->of->note ? "; " : "", kcase->of->note ? kcase->of->note : "",
		kcase->value, unit, kcase->low, kcase->high);
}

static void write_case(FILE *out, const struct kb_export_case *kcase)
{
	const char *element = kcase->status == KB_EXPORT_SKIPPED ? "skipped" : "failure";

	fprintf(out, "    <testcase classname=\"kbench.%s\" name=\"%s\">\n",
		kb_text(kcase->entry, "suite"), kcase->in_suite);
	if (kcase->status == KB_EXPORT_MEASURED) {
		write_figures(out, kcase);
	} else {
		fprintf(out, "      <%s message=\"", element);
		write_text(out, kcase->reason);
		fputs("\"/>\n", out);
	}
	fputs("    </testcase>\n", out);
}

/* struct totals - of cases: of one suite or of all */
struct totals {
	size_t	tests;
	size_t	failures;
	size_t	skipped;
};

static void count(struct totals *totals, const struct kb_export_case *kcase)
{
	totals->tests++;
	totals->failures += kcase->status == KB_EXPORT_FAILED;
	totals->skipped += kcase->status == KB_EXPORT_SKIPPED;
}

/* "2026-11-25T10:38:38": the schemas of JUnit have no time zone there. */
static void write_suite_head(FILE *out, const struct kb_export_result *of, const char *suite,
			     const struct totals *totals)
{
	char started[20] = "";

	strncat(started, kb_text(of->result, "started"), sizeof(started) - 1);
	fprintf(out, "  <testsuite name=\"kbench.%s ", suite);
	write_text(out, of->kernel);
	fprintf(out, " %s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" "
		"timestamp=\"", of->fidelity, totals->tests, totals->failures, totals->skipped);
	write_text(out, started);
	fputs("\">\n", out);
	write_properties(out, of);
}

static size_t write_suite(FILE *out, const struct kb_export_result *of, size_t first)
{
	const char *suite = kb_text(of->cases[first].entry, "suite");
	struct totals totals = { 0 };
	size_t end = kb_export_suite_end(of, first);

	for (size_t c = first; c < end; c++)
		count(&totals, &of->cases[c]);
	write_suite_head(out, of, suite, &totals);
	for (size_t c = first; c < end; c++)
		write_case(out, &of->cases[c]);
	fputs("  </testsuite>\n", out);
	return end;
}

int kb_write_junit(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	struct totals totals = { 0 };

	(void)err;
	for (size_t i = 0; i < export->nr; i++)
		for (size_t c = 0; c < export->results[i].nr; c++)
			count(&totals, &export->results[i].cases[c]);
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kbench\" "
		"tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", totals.tests,
		totals.failures, totals.skipped);
	for (size_t i = 0; i < export->nr; i++)
		for (size_t c = 0; c < export->results[i].nr; )
			c = write_suite(out, &export->results[i], c);
	fputs("</testsuites>\n", out);
	return 0;
}
