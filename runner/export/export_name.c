// SPDX-License-Identifier: GPL-2.0
#include "export_name.h"

#include <ctype.h>
#include <string.h>

#include "plain_text.h"
#include "table.h"

/**
 * struct style - how the parts of a name are put together
 * @dot:     what stands for a "." in a part
 * @between: two parts
 * @is:      between a parameter and its value
 * @comma:   between two CPUs
 * @phase, @context, @cpus, @on: before what these are
 */
struct style {
	char		dot;
	const char	*between;
	const char	*is;
	const char	*comma;
	const char	*phase;
	const char	*context;
	const char	*cpus;
	const char	*on;
};

static bool is_plain(char c)
{
	return (isascii(c) && isalnum(c)) || (c && strchr("_.-", c));
}

void kb_export_word(FILE *out, const char *text)
{
	for (; *text; text++)
		putc(is_plain(*text) ? *text : '_', out);
}

void kb_export_cpus(FILE *out, const json_t *entry, const char *between)
{
	const json_t *cpu;
	size_t i;

	json_array_foreach(json_object_get(entry, "cpu_list"), i, cpu)
		fprintf(out, "%s%" JSON_INTEGER_FORMAT, i ? between : "", json_integer_value(cpu));
}

/* A part may not be empty. Names are checked when a result is read; contexts are not. */
static void write_part(FILE *out, const char *text, const struct style *style)
{
	if (!*text)
		putc('_', out);
	for (; *text; text++)
		putc(*text == '.' ? style->dot : is_plain(*text) ? *text : '_', out);
}

static void write_name(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool listed,
		       const struct style *style)
{
	/* What does not fit is left out; the last 0 is not the stream's to write. */
	FILE *out = fmemopen(name, KB_ENTRY_NAME_LEN - 1, "w");
	const char *phase = kb_text(entry, "phase"), *param;
	json_t *value;

	name[0] = name[KB_ENTRY_NAME_LEN - 1] = '\0';
	if (!out)
		return;
	write_part(out, kb_text(entry, "suite"), style);
	fputs(style->between, out);
	write_part(out, kb_text(entry, "bench"), style);
	if (*phase) {
		fprintf(out, "%s%s", style->between, style->phase);
		write_part(out, phase, style);
	}
	json_object_foreach(json_object_get(entry, "params"), param, value) {
		fputs(style->between, out);
		write_part(out, param, style);
		fprintf(out, "%s%" JSON_INTEGER_FORMAT, style->is, json_integer_value(value));
	}
	fprintf(out, "%s%s", style->between, style->context);
	write_part(out, kb_text(entry, "context"), style);
	fprintf(out, "%s%s%" JSON_INTEGER_FORMAT, style->between, style->cpus,
		json_integer_value(json_object_get(entry, "cpus")));
	if (listed) {
		fprintf(out, "%s%s", style->between, style->on);
		kb_export_cpus(out, entry, style->comma);
	}
	fclose(out);
}

void kb_export_name(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool listed)
{
	static const struct style style = {
		.dot = '.', .between = "/", .is = "=", .comma = ",", .phase = "phase=",
		.context = "context=", .cpus = "cpus=", .on = "on=",
	};

	write_name(name, entry, listed, &style);
}

void kb_export_dotted(char name[KB_ENTRY_NAME_LEN], const json_t *entry, bool listed)
{
	static const struct style style = {
		.dot = '_', .between = ".", .is = "-", .comma = "-", .phase = "", .context = "",
		.cpus = "cpus", .on = "on",
	};

	write_name(name, entry, listed, &style);
}

/* U+FFFE and U+FFFF are no characters, and XML has no way to write them. */
static bool is_no_text(const char *at)
{
	return at[0] == '\xef' && at[1] == '\xbf' && (at[2] == '\xbe' || at[2] == '\xbf');
}

void kb_export_escaped(FILE *out, const char *text, const struct kb_escape *table)
{
	for (; *text; text++) {
		const struct kb_escape *escape = table;

		while (escape->of && escape->of != *text)
			escape++;
		if (escape->of) {
			fputs(escape->to, out);
		} else if (is_no_text(text)) {
			putc(' ', out);
			text += 2;
		} else {
			putc(isascii(*text) && iscntrl(*text) ? ' ' : *text, out);
		}
	}
}

void kb_export_params(FILE *out, const json_t *entry)
{
	const char *param, *between = "";
	json_t *value;

	json_object_foreach(json_object_get(entry, "params"), param, value) {
		fprintf(out, "%s%s=%" JSON_INTEGER_FORMAT, between, param,
			json_integer_value(value));
		between = " ";
	}
}

double kb_export_number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}
