// SPDX-License-Identifier: GPL-2.0
/* The lines above a table: what the figures are of, and how far they can be believed. */
#include "table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plain_text.h"
#include "result.h"

const char *kb_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

const char *kb_fidelity_note(const char *fidelity)
{
	if (!strcmp(fidelity, "tcg"))
		return "emulated by TCG: times are functional only, "
		       "they say nothing of real hardware";
	if (!strcmp(fidelity, "icount"))
		return "emulated with instruction counting: counts are exact, times mean nothing";
	return NULL;
}

/* "name     a, b, c" with the empty ones left out; nothing when all are. */
static void print_line(FILE *out, const char *name, const char *const *texts, size_t nr)
{
	const char *between = "";

	for (size_t i = 0; i < nr; i++) {
		if (!*texts[i])
			continue;
		if (!*between)
			fprintf(out, "%-9s", name);
		fputs(between, out);
		kb_print_plain(texts[i], out);
		between = ", ";
	}
	if (*between)
		fputc('\n', out);
}

static void print_one(FILE *out, const char *name, const char *text)
{
	print_line(out, name, &text, 1);
}

static void print_each(FILE *out, const char *name, const json_t *strings)
{
	const json_t *string;
	size_t i;

	json_array_foreach(strings, i, string)
		print_one(out, name, json_string_value(string));
}

static void print_kernel(const json_t *result, FILE *out)
{
	const json_t *kernel = json_object_get(result, "kernel");
	const char *tree = kb_text(kernel, "tree");
	char *built = NULL;
	const char *texts[] = {
		kb_text(kernel, "release"), kb_text(kernel, "flavour"), kb_text(kernel, "arch"), "",
	};

	if (strstr(texts[0], texts[1]))
		texts[1] = "";
	if (*tree && asprintf(&built, "built in %s", tree) > 0)
		texts[3] = built;
	print_line(out, "kernel", texts, 4);
	free(built);
}

static void print_machine(const json_t *result, FILE *out)
{
	const json_t *machine = json_object_get(result, "machine");
	long long nr_cpus = json_integer_value(json_object_get(machine, "cpus"));
	char cpus[32] = "";
	const char *texts[] = { kb_text(machine, "model"), kb_text(machine, "cpu_model"), cpus };

	if (nr_cpus > 0)
		snprintf(cpus, sizeof(cpus), "%lld CPU%s", nr_cpus, nr_cpus == 1 ? "" : "s");
	print_line(out, "machine", texts, 3);
}

static void print_target(const json_t *result, FILE *out)
{
	const json_t *environment = json_object_get(result, "environment");
	const json_t *emulator = json_object_get(environment, "emulator");
	const char *version = kb_text(emulator, "version");
	bool bpf = !strcmp(kb_text(environment, "backend"), "bpf");
	const char *host = kb_text(environment, "host");
	char qemu[64] = "", target[300];
	const char *texts[] = {
		target, kb_text(environment, "fidelity"), qemu,
		bpf ? "BPF programs" : "",
	};

	snprintf(target, sizeof(target), "%s%s%s", kb_text(environment, "target"),
		 *host ? " " : "", host);
	if (*version)
		snprintf(qemu, sizeof(qemu), "%s%s", strstr(version, "QEMU") ? "" : "QEMU ",
			 version);
	print_line(out, "target", texts, 4);
}

static void print_status(const json_t *result, FILE *out)
{
	size_t all = json_array_size(json_object_get(result, "cases"));

	if (strcmp(kb_text(result, "status"), "partial"))
		return;
	fprintf(out, "%-9spartial: %zu of %zu cases were measured\n", "status",
		kb_result_count(result, "ok"), all);
}

void kb_print_header(const json_t *result, FILE *out)
{
	const json_t *environment = json_object_get(result, "environment");
	const char *note = kb_fidelity_note(kb_text(environment, "fidelity"));

	print_kernel(result, out);
	print_machine(result, out);
	print_target(result, out);
	if (note)
		print_one(out, "note", note);
	print_each(out, "warning", json_object_get(environment, "warnings"));
	print_status(result, out);
	print_each(out, "error", json_object_get(result, "errors"));
}
