// SPDX-License-Identifier: GPL-2.0
/* Comma-separated values as RFC 4180 has them, but for lines that end as elsewhere on Unix. */
#include "export.h"

#include <stdlib.h>
#include <string.h>

#include "export_name.h"
#include "table.h"

static const char *const texts[] = {
	"suite", "bench", "phase", "context", "placement", "unit", "status", "reason",
};

static const char *const wholes[] = { "cpus", "boot", "load", "ops" };

static const char *const per_op[] = {
	"median", "mean", "min", "max", "p90", "p99", "p99_9", "stddev", "n",
};

static const char *const numbers[] = {
	"fixed", "overhead_per_op", "throughput_ops_s", "fairness",
};

static const char *const latencies[] = { "count", "p50", "p90", "p99", "p99_9", "max" };

#define LENGTH(array)	(sizeof(array) / sizeof((array)[0]))

static const struct kb_escape escapes[] = { { '"', "\"\"" }, { 0 } };

static void write_cell(FILE *out, const char *text)
{
	putc(',', out);
	if (!strpbrk(text, ",\"\r\n")) {
		kb_export_escaped(out, text, escapes);
		return;
	}
	putc('"', out);
	kb_export_escaped(out, text, escapes);
	putc('"', out);
}

/* Any text may stand in them, so quotes are always there. */
static void write_flags(FILE *out, const json_t *flags)
{
	const json_t *flag;
	size_t i;

	fputs(",\"", out);
	json_array_foreach(flags, i, flag) {
		fputs(i ? " " : "", out);
		kb_export_escaped(out, json_string_value(flag), escapes);
	}
	putc('"', out);
}

/* A cell for the member @name, empty where there is none. */
static void write_number(FILE *out, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	putc(',', out);
	if (json_is_integer(value))
		fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_real(value))
		fprintf(out, "%.17g", json_real_value(value));
}

static void write_titles(FILE *out, const char *before, const char *const *names, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		fprintf(out, ",%s%s", before, names[i]);
}

/* The first row. @facts: their names are wanted */
static void write_header(FILE *out, const struct kb_export_fact facts[KB_NR_EXPORT_FACTS])
{
	for (size_t i = 0; i < KB_NR_EXPORT_FACTS; i++)
		fprintf(out, "%s,", facts[i].name);
	fputs("started,result,run_status,run_error", out);
	write_titles(out, "", texts, LENGTH(texts));
	write_titles(out, "", wholes, LENGTH(wholes));
	fputs(",params,cpu_list,flags", out);
	write_titles(out, "", per_op, LENGTH(per_op));
	fputs(",ci95_low,ci95_high", out);
	write_titles(out, "", numbers, LENGTH(numbers));
	write_titles(out, "latency_", latencies, LENGTH(latencies));
	fputs(",counters\n", out);
}

static void write_interval(FILE *out, const json_t *interval)
{
	for (size_t i = 0; i < 2; i++) {
		putc(',', out);
		if (interval)
			fprintf(out, "%.17g", json_number_value(json_array_get(interval, i)));
	}
}

static void write_counters(FILE *out, const json_t *entry)
{
	const json_t *counter;
	const char *name, *between = "";

	putc(',', out);
	json_object_foreach(json_object_get(entry, "counters"), name, counter) {
		if (!json_object_get(counter, "per_op"))
			continue;
		fprintf(out, "%s%s=%.15g", between, name, kb_export_number(counter, "per_op"));
		between = " ";
	}
}

/* @about: the cells that all rows of the result have */
static void write_row(FILE *out, const char *about, const json_t *entry)
{
	const json_t *figures = json_object_get(entry, "per_op");

	fputs(about, out);
	for (size_t i = 0; i < LENGTH(texts); i++)
		write_cell(out, kb_text(entry, texts[i]));
	for (size_t i = 0; i < LENGTH(wholes); i++)
		write_number(out, entry, wholes[i]);
	putc(',', out);
	kb_export_params(out, entry);
	putc(',', out);
	kb_export_cpus(out, entry, " ");
	write_flags(out, json_object_get(entry, "flags"));
	for (size_t i = 0; i < LENGTH(per_op); i++)
		write_number(out, figures, per_op[i]);
	write_interval(out, json_object_get(figures, "ci95"));
	for (size_t i = 0; i < LENGTH(numbers); i++)
		write_number(out, entry, numbers[i]);
	for (size_t i = 0; i < LENGTH(latencies); i++)
		write_number(out, json_object_get(entry, "histogram"), latencies[i]);
	write_counters(out, entry);
	putc('\n', out);
}

static int write_result(FILE *out, const struct kb_export_result *of, struct kb_error *err)
{
	char *about = NULL;
	size_t size;
	FILE *cells = open_memstream(&about, &size);
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];
	const json_t *entry;
	size_t b;

	if (!cells)
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	kb_export_facts(facts, of);
	for (size_t i = 0; i < KB_NR_EXPORT_FACTS; i++)
		write_cell(cells, facts[i].value);
	write_cell(cells, kb_text(of->result, "started"));
	write_cell(cells, kb_text(of->result, "id"));
	write_cell(cells, kb_text(of->result, "status"));
	write_cell(cells, of->broken ? of->broken : "");
	if (fclose(cells)) {
		free(about);
		return kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
	}
	for (size_t c = 0; c < of->nr; c++)
		json_array_foreach(of->cases[c].entries, b, entry)
			write_row(out, about + 1, entry);
	free(about);
	return 0;
}

int kb_write_csv(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];
	int ret = 0;

	kb_export_facts(facts, &export->results[0]);
	write_header(out, facts);
	for (size_t i = 0; !ret && i < export->nr; i++)
		ret = write_result(out, &export->results[i], err);
	return ret;
}
