// SPDX-License-Identifier: GPL-2.0
/*
 * Prometheus' text format, in base units: seconds. Counted instructions are a metric of their own.
 * All samples of a metric have to stand together. No two of any machines, targets and backends have
 * the same labels, so that their files may be collected together.
 */
#include "export.h"

#include "export_name.h"
#include "table.h"

/**
 * struct metric
 * @wanted: of which cases
 * @value:  what is its sample
 * @says:   labels only it has; or NULL
 */
struct metric {
	const char	*name;
	const char	*help;
	bool		(*wanted)(const struct kb_export_case *kcase);
	double		(*value)(const struct kb_export_case *kcase);
	void		(*says)(FILE *out, const struct kb_export_case *kcase);
};

static void write_value(FILE *out, const char *text)
{
	static const struct kb_escape escapes[] = {
		{ '\\', "\\\\" }, { '"', "\\\"" }, { '\n', "\\n" }, { 0 },
	};

	kb_export_escaped(out, text, escapes);
}

static void write_first_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	write_value(out, value);
	putc('"', out);
}

static void write_label(FILE *out, const char *name, const char *value)
{
	putc(',', out);
	write_first_label(out, name, value);
}

/* All that tells one result from another. */
static void write_result_labels(FILE *out, const struct kb_export_result *of)
{
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];

	kb_export_facts(facts, of);
	write_first_label(out, facts[0].name, facts[0].value);
	for (size_t i = 1; i < KB_NR_EXPORT_FACTS; i++)
		write_label(out, facts[i].name, facts[i].value);
	write_label(out, "fingerprint",
		    kb_text(json_object_get(of->result, "machine"), "fingerprint"));
}

/* All that tells one case from another. */
static void write_labels(FILE *out, const struct kb_export_case *kcase)
{
	const json_t *entry = kcase->entry;

	fprintf(out, "{suite=\"%s\"", kb_text(entry, "suite"));
	write_label(out, "bench", kb_text(entry, "bench"));
	write_label(out, "phase", kb_text(entry, "phase"));
	fputs(",params=\"", out);
	kb_export_params(out, entry);
	putc('"', out);
	write_label(out, "context", kb_text(entry, "context"));
	fprintf(out, ",cpus=\"%" JSON_INTEGER_FORMAT "\",cpu_list=\"",
		json_integer_value(json_object_get(entry, "cpus")));
	if (kcase->listed)
		kb_export_cpus(out, entry, " ");
	putc('"', out);
	putc(',', out);
	write_result_labels(out, kcase->of);
}

static bool is_time(const struct kb_export_case *kcase)
{
	return kcase->status == KB_EXPORT_MEASURED && !kcase->counted;
}

static bool is_count(const struct kb_export_case *kcase)
{
	return kcase->status == KB_EXPORT_MEASURED && kcase->counted;
}

static bool is_measured(const struct kb_export_case *kcase)
{
	return kcase->status == KB_EXPORT_MEASURED;
}

static bool is_without(const struct kb_export_case *kcase)
{
	return kcase->status != KB_EXPORT_MEASURED;
}

static double seconds(const struct kb_export_case *kcase)
{
	return kcase->value * 1e-9;
}

static double low_seconds(const struct kb_export_case *kcase)
{
	return kcase->low * 1e-9;
}

static double high_seconds(const struct kb_export_case *kcase)
{
	return kcase->high * 1e-9;
}

static double instructions(const struct kb_export_case *kcase)
{
	return kcase->value;
}

static double boots(const struct kb_export_case *kcase)
{
	return (double)kcase->boots;
}

static bool is_any(const struct kb_export_case *kcase)
{
	(void)kcase;
	return true;
}

static double failed(const struct kb_export_case *kcase)
{
	return (double)kcase->failed;
}

static double one(const struct kb_export_case *kcase)
{
	(void)kcase;
	return 1;
}

static void say_why(FILE *out, const struct kb_export_case *kcase)
{
	write_label(out, "status", kcase->status == KB_EXPORT_FAILED ? "failed" : "skipped");
	write_label(out, "reason", kcase->reason);
}

static const struct metric metrics[] = {
	{ "kbench_op_seconds", "Time of one operation: the median, of several boots their "
	  "geometric mean. Of fidelity tcg it is emulated, and says nothing of real hardware.",
	  is_time, seconds, NULL },
	{ "kbench_op_low_seconds", "Lower end of the 95 % interval of kbench_op_seconds.",
	  is_time, low_seconds, NULL },
	{ "kbench_op_high_seconds", "Upper end of the 95 % interval of kbench_op_seconds.",
	  is_time, high_seconds, NULL },
	{ "kbench_op_instructions", "Instructions of one operation, counted by an emulator.",
	  is_count, instructions, NULL },
	{ "kbench_boots", "Boots in which the case was measured.", is_measured, boots, NULL },
	{ "kbench_boots_failed", "Boots in which the case failed.", is_any, failed, NULL },
	{ "kbench_case_without_figures", "1 for a case that was skipped or failed.", is_without,
	  one, say_why },
};

static void write_metric(FILE *out, const struct metric *metric, const struct kb_export *export)
{
	bool headed = false;

	for (size_t i = 0; i < export->nr; i++) {
		for (size_t c = 0; c < export->results[i].nr; c++) {
			const struct kb_export_case *kcase = &export->results[i].cases[c];

			if (!metric->wanted(kcase))
				continue;
			if (!headed)
				fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", metric->name,
					metric->help, metric->name);
			headed = true;
			fputs(metric->name, out);
			write_labels(out, kcase);
			if (metric->says)
				metric->says(out, kcase);
			fprintf(out, "} %.15g\n", metric->value(kcase));
		}
	}
}

static void write_complete(FILE *out, const struct kb_export *export)
{
	fputs("# HELP kbench_run_complete 1 for a run without errors, of which everything was "
	      "measured.\n# TYPE kbench_run_complete gauge\n", out);
	for (size_t i = 0; i < export->nr; i++) {
		const struct kb_export_result *of = &export->results[i];

		fputs("kbench_run_complete{", out);
		write_result_labels(out, of);
		fprintf(out, "} %d\n", !of->broken);
	}
}

int kb_write_prometheus(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	(void)err;
	write_complete(out, export);
	for (size_t m = 0; m < sizeof(metrics) / sizeof(metrics[0]); m++)
		write_metric(out, &metrics[m], export);
	return 0;
}
