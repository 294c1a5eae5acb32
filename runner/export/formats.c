// SPDX-License-Identifier: GPL-2.0
/* The table of formats: a new one is a file and a line here. */
#include "export.h"

#include <string.h>

#include "catalog.h"

const struct kb_export_format kb_export_formats[] = {
	{ .name = "benchfmt", .help = "Go's, for benchstat: a line for each boot",
	  .write = kb_write_benchfmt },
	{ .name = "google-benchmark", .help = "JSON, for compare.py: an entry for each boot",
	  .says_skipped = true, .write = kb_write_google_benchmark },
	{ .name = "ktap", .help = "for kunit.py parse", .says_skipped = true,
	  .write = kb_write_ktap },
	{ .name = "lava", .help = "test case signals, to print in a LAVA job",
	  .says_skipped = true, .write = kb_write_lava },
	{ .name = "kcidb", .help = "KCIDB 5.3 (KernelCI)", .says_skipped = true,
	  .write = kb_write_kcidb },
	{ .name = "bmf", .help = "Bencher Metric Format", .write = kb_write_bmf },
	{ .name = "prometheus", .help = "for the node exporter's textfile collector",
	  .says_skipped = true, .write = kb_write_prometheus },
	{ .name = "csv", .help = "a row for each case and boot", .says_skipped = true,
	  .write = kb_write_csv },
	{ .name = "junit", .help = "XML, for pages of CI systems", .says_skipped = true,
	  .write = kb_write_junit },
	{ .name = "markdown", .help = "a table, a column for each kernel", .says_skipped = true,
	  .write = kb_write_markdown },
	{ .name = "hgrm", .help = "HdrHistogram's percentiles of one case's latencies",
	  .write_case = kb_write_hgrm, .has = kb_has_hgrm },
	{ 0 },
};

#define NR_FORMATS	(sizeof(kb_export_formats) / sizeof(kb_export_formats[0]) - 1)

static int unknown(const char *name, struct kb_error *err)
{
	const char *names[NR_FORMATS], *near;
	char list[256] = "";

	for (size_t i = 0; i < NR_FORMATS; i++) {
		names[i] = kb_export_formats[i].name;
		strncat(list, i ? ", " : "", sizeof(list) - strlen(list) - 1);
		strncat(list, names[i], sizeof(list) - strlen(list) - 1);
	}
	near = kb_near(name, names, NR_FORMATS);
	if (near)
		return kb_fail(err, KB_EXIT_USAGE, "no format %s; did you mean %s?", name, near);
	return kb_fail(err, KB_EXIT_USAGE, "no format %s; there are %s", name, list);
}

const struct kb_export_format *kb_export_format(const char *name, struct kb_error *err)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(kb_export_formats[i].name, name))
			return &kb_export_formats[i];
	unknown(name, err);
	return NULL;
}
