// SPDX-License-Identifier: GPL-2.0
#include "table_cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static double number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

static char *print_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *print_text(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return text;
}

/* The empty op runs in every context that others run in; that alone tells its rows apart. */
static char *empty_text(const json_t *entry)
{
	return print_text("selfcheck/empty (%s)", kb_text(entry, "context"));
}

static char *bench_text(const json_t *entry)
{
	const char *phase = kb_text(entry, "phase");

	if (!strcmp(kb_text(entry, "suite"), "selfcheck") &&
	    !strcmp(kb_text(entry, "bench"), "empty"))
		return empty_text(entry);
	return print_text("%s/%s%s%s", kb_text(entry, "suite"), kb_text(entry, "bench"),
			  *phase ? ":" : "", phase);
}

/* The parameters that differ somewhere in the table, "size=64 order=0". */
static char *params_text(const json_t *entry, const json_t *varying)
{
	json_t *value;
	const char *name;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_object_foreach(json_object_get(entry, "params"), name, value)
		if (json_object_get(varying, name))
			fprintf(out, "%s%s=%" JSON_INTEGER_FORMAT, ftell(out) ? " " : "", name,
				json_integer_value(value));
	fclose(out);
	return text;
}

/* Flags that most good measurements have say nothing to a reader of a table. */
static int is_quiet_flag(const char *flag)
{
	static const char *const quiet[] = { "outside", "outliers", "far-outliers", "preempted" };

	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (!strcmp(flag, quiet[i]))
			return 1;
	return 0;
}

static char *flags_text(const json_t *entry)
{
	const json_t *flags = json_object_get(entry, "flags"), *flag;
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_array_foreach(flags, i, flag)
		if (!is_quiet_flag(json_string_value(flag)))
			fprintf(out, "%s%s", ftell(out) ? " " : "", json_string_value(flag));
	fclose(out);
	return text;
}

static char *median_text(const json_t *entry)
{
	char figure[KB_FIGURE_LEN];

	kb_format_figure(figure, number(json_object_get(entry, "per_op"), "median"),
			 kb_text(entry, "unit"));
	return strdup(figure);
}

/* Bounds that nobody reads in the unit of the median have one of their own. */
#define MAX_READABLE	10000

/* In the unit of the median beside it, which is so not said again. */
static char *interval_text(const json_t *entry)
{
	const json_t *per_op = json_object_get(entry, "per_op");
	const struct kb_scale scale = kb_scale_for(number(per_op, "median"),
						   kb_text(entry, "unit"));
	const json_t *interval = json_object_get(per_op, "ci95");
	char low[KB_FIGURE_LEN], high[KB_FIGURE_LEN];

	double least = json_number_value(json_array_get(interval, 0));
	double most = json_number_value(json_array_get(interval, 1));

	if (most * scale.factor < MAX_READABLE) {
		kb_format_scaled(low, least, &scale);
		kb_format_scaled(high, most, &scale);
	} else {
		kb_format_figure(low, least, kb_text(entry, "unit"));
		kb_format_figure(high, most, kb_text(entry, "unit"));
	}
	return print_text("%s..%s", low, high);
}

static char *rate_text(const json_t *entry)
{
	char rate[KB_FIGURE_LEN];

	if (!json_object_get(entry, "throughput_ops_s"))
		return strdup("");
	kb_format_rate(rate, number(entry, "throughput_ops_s"));
	return strdup(rate);
}

static char *integer_text(const json_t *entry, const char *name)
{
	return print_text("%" JSON_INTEGER_FORMAT,
			  json_integer_value(json_object_get(entry, name)));
}

/* How many, or of a pair which two: there are others with as many. */
static char *cpus_text(const json_t *entry)
{
	const json_t *list = json_object_get(entry, "cpu_list");

	if (strcmp(kb_text(entry, "placement"), "pair") || json_array_size(list) != 2)
		return integer_text(entry, "cpus");
	return print_text("%" JSON_INTEGER_FORMAT ",%" JSON_INTEGER_FORMAT,
			  json_integer_value(json_array_get(list, 0)),
			  json_integer_value(json_array_get(list, 1)));
}

static char *fairness_text(const json_t *entry)
{
	if (!json_object_get(entry, "fairness") ||
	    json_integer_value(json_object_get(entry, "cpus")) < 2)
		return strdup("");
	return print_text("%.2f", number(entry, "fairness"));
}

/* Standard deviation as a part of the mean. */
static char *spread_text(const json_t *entry)
{
	const json_t *per_op = json_object_get(entry, "per_op");
	double mean = number(per_op, "mean");

	return mean > 0 ? print_text("%.1f%%", 100 * number(per_op, "stddev") / mean) : strdup("");
}

char *kb_cell_text(enum kb_column column, const json_t *entry, const json_t *varying)
{
	switch (column) {
	case KB_COLUMN_BENCH:
		return bench_text(entry);
	case KB_COLUMN_PARAMS:
		return params_text(entry, varying);
	case KB_COLUMN_CPUS:
		return cpus_text(entry);
	case KB_COLUMN_BOOT:
		return integer_text(entry, "boot");
	case KB_COLUMN_MEDIAN:
		return median_text(entry);
	case KB_COLUMN_INTERVAL:
		return interval_text(entry);
	case KB_COLUMN_SPREAD:
		return spread_text(entry);
	case KB_COLUMN_RATE:
		return rate_text(entry);
	case KB_COLUMN_FAIRNESS:
		return fairness_text(entry);
	case KB_COLUMN_FLAGS:
		return flags_text(entry);
	case KB_NR_COLUMNS:
		break;
	}
	return strdup("");
}

static const json_t *find_counter(const json_t *entry, const char *name)
{
	return json_object_get(json_object_get(entry, "counters"), name);
}

const char *kb_counter_missing(const json_t *entry, const char *name)
{
	const json_t *counter = find_counter(entry, name);

	if (!counter || !strcmp(kb_text(counter, "status"), "counted"))
		return NULL;
	return kb_text(counter, "reason");
}

/* Less than a thousandth of the time is a reading that came a little late. */
int kb_counter_shared(const json_t *entry, const char *name)
{
	const json_t *running = json_object_get(find_counter(entry, name), "running");

	return running && json_number_value(running) < 0.999;
}

char *kb_counter_text(const json_t *entry, const char *name)
{
	const json_t *counter = find_counter(entry, name);
	char figure[KB_FIGURE_LEN];

	if (!counter)
		return strdup("");
	if (kb_counter_missing(entry, name))
		return strdup("n/a");
	kb_format_count(figure, number(counter, "per_op"));
	return print_text("%s%s", figure, kb_counter_shared(entry, name) ? "*" : "");
}
