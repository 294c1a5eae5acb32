// SPDX-License-Identifier: GPL-2.0
/*
 * JUnit XML: a test suite for each result and suite of it. What a case costs stands in its output,
 * not in the attribute time, which is how long a test took. A run that broke has one more suite,
 * with an error in it. Written by hand: what needs care is which characters XML has no way to
 * write, and libxml2 writes those as they come.
 */
#include "export.h"

#include <ctype.h>

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

static void write_outcome(FILE *out, const char *element, const char *message)
{
	fprintf(out, "      <%s message=\"", element);
	write_text(out, message);
	fputs("\"/>\n", out);
}

/* Of a case that failed in some boots there are figures, too. */
static void write_case(FILE *out, const struct kb_export_case *kcase)
{
	fprintf(out, "    <testcase classname=\"kbench.%s\" name=\"%s\">\n",
		kb_text(kcase->entry, "suite"), kcase->in_suite);
	if (kcase->failed)
		write_outcome(out, "failure", kcase->reason);
	else if (kcase->status == KB_EXPORT_SKIPPED)
		write_outcome(out, "skipped", kcase->reason);
	if (kcase->status == KB_EXPORT_MEASURED)
		write_figures(out, kcase);
	fputs("    </testcase>\n", out);
}

/* struct totals - of cases: of one suite or of all */
struct totals {
	size_t	tests;
	size_t	failures;
	size_t	errors;
	size_t	skipped;
};

static void write_counts(FILE *out, const struct totals *totals)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
		totals->tests, totals->failures, totals->errors, totals->skipped);
}

static void count(struct totals *totals, const struct kb_export_case *kcase)
{
	totals->tests++;
	totals->failures += kcase->failed > 0;
	totals->skipped += kcase->status == KB_EXPORT_SKIPPED;
}

/*
 * The schemas of JUnit have no time zone there. Anything may stand in a file; what is no time is
 * left out.
 */
static void write_timestamp(FILE *out, const char *started)
{
	static const char form[] = "0000-00-00T00:00:00";
	size_t length = 0;

	while (form[length] && (form[length] == '0' ? isdigit((unsigned char)started[length]) != 0 :
						      started[length] == form[length]))
		length++;
	if (!form[length])
		fprintf(out, " timestamp=\"%.*s\"", (int)length, started);
}

static void write_suite_head(FILE *out, const struct kb_export_result *of, const char *suite,
			     const struct totals *totals)
{
	fprintf(out, "  <testsuite name=\"kbench.%s ", suite);
	write_text(out, of->kernel);
	fprintf(out, " %s\"", of->fidelity);
	write_counts(out, totals);
	write_timestamp(out, kb_text(of->result, "started"));
	fputs(">\n", out);
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

static void write_broken(FILE *out, const struct kb_export_result *of)
{
	const struct totals totals = { .tests = 1, .errors = 1 };

	write_suite_head(out, of, "run", &totals);
	fputs("    <testcase classname=\"kbench\" name=\"run\">\n", out);
	write_outcome(out, "error", of->broken);
	fputs("    </testcase>\n  </testsuite>\n", out);
}

static void write_result(FILE *out, const struct kb_export_result *of)
{
	for (size_t c = 0; c < of->nr; )
		c = write_suite(out, of, c);
	if (of->broken)
		write_broken(out, of);
}

int kb_write_junit(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	struct totals totals = { 0 };

	(void)err;
	for (size_t i = 0; i < export->nr; i++) {
		for (size_t c = 0; c < export->results[i].nr; c++)
			count(&totals, &export->results[i].cases[c]);
		totals.tests += export->results[i].broken != NULL;
		totals.errors += export->results[i].broken != NULL;
	}
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kbench\"", out);
	write_counts(out, &totals);
	fputs(">\n", out);
	for (size_t i = 0; i < export->nr; i++)
		write_result(out, &export->results[i]);
	fputs("</testsuites>\n", out);
	return 0;
}
