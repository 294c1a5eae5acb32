// SPDX-License-Identifier: GPL-2.0
/*
 * Go's benchmark format (golang.org/design/14313-benchmark-format), with the metadata of units.
 * One line a boot: benchstat takes each line for a sample of its own.
 */
#include "export.h"

#include <ctype.h>

#include "export_name.h"
#include "gather.h"
#include "plain_text.h"
#include "table.h"

/* Keys begin with a small letter; one without value ends what an earlier result had said. */
static void write_setting(FILE *out, const char *key, const char *value)
{
	fprintf(out, *value ? "%s: " : "%s:", key);
	kb_print_plain(value, out);
	putc('\n', out);
}

/*
 * Nothing that is new in each run: benchstat makes a table for each combination of settings. So
 * results of one kernel have no number here, and their boots are samples of one cell.
 */
static void write_settings(FILE *out, const struct kb_export_result *of)
{
	const json_t *kbench = json_object_get(of->result, "kbench");
	struct kb_export_fact facts[KB_NR_EXPORT_FACTS];

	kb_export_facts(facts, of);
	facts[0].value = of->unnumbered;
	for (size_t i = 0; i < KB_NR_EXPORT_FACTS; i++)
		write_setting(out, facts[i].name, facts[i].value);
	write_setting(out, "note", of->note ? of->note : "");
	write_setting(out, "kbench", kb_text(kbench, "version"));
}

/* "Locks.mutex/cs=0/context=process/cpus=4": behind "Benchmark" no small letter may follow. */
static void write_name(FILE *out, const struct kb_export_case *kcase)
{
	size_t suite = (size_t)(kcase->in_suite - kcase->name) - 1;

	fprintf(out, "Benchmark%c%.*s.%s", toupper((unsigned char)kcase->name[0]),
		(int)suite - 1, kcase->name + 1, kcase->in_suite);
}

static void write_case(FILE *out, const struct kb_export_case *kcase)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(kcase->entries, i, entry) {
		json_int_t ops = json_integer_value(json_object_get(entry, "ops"));

		if (!kb_entry_is_measured(entry))
			continue;
		write_name(out, kcase);
		fprintf(out, " %" JSON_INTEGER_FORMAT " %.15g %s\n", ops > 0 ? ops : 1,
			kb_export_number(json_object_get(entry, "per_op"), "median"),
			kcase->counted ? "insns/op" : "ns/op");
	}
}

int kb_write_benchfmt(FILE *out, const struct kb_export *export, struct kb_error *err)
{
	(void)err;
	fputs("Unit ns/op better=lower\nUnit insns/op better=lower assume=exact\n", out);
	for (size_t i = 0; i < export->nr; i++) {
		const struct kb_export_result *of = &export->results[i];

		putc('\n', out);
		write_settings(out, of);
		for (size_t c = 0; c < of->nr; c++)
			write_case(out, &of->cases[c]);
	}
	return 0;
}
