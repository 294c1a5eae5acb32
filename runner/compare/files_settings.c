// SPDX-License-Identifier: GPL-2.0
#include "files_settings.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "paths.h"
#include "table.h"

/* What may not differ, beside the unit, which is the bar behind these. */
static const char *const bars[] = { "fidelity", "backend" };

#define NR_BARS	(sizeof(bars) / sizeof(bars[0]))

struct setting {
	const char	*object;
	const char	*inner;
	const char	*member;
	const char	*name;
};

/* What may, and is said. */
static const struct setting settings[] = {
	{ "kernel", NULL, "release", "kernel" },
	{ "kernel", NULL, "tree", "kernel tree" },
	{ "kernel", NULL, "arch", "architecture" },
	{ "kernel", NULL, "cmdline", "kernel command line" },
	{ "kernel", NULL, "config_sha256", "kernel configuration" },
	{ "kernel", NULL, "mitigations", "mitigations" },
	{ "kernel", NULL, "module_compiler", "compiler of the modules" },
	{ "machine", NULL, "cpu_model", "CPU" },
	{ "machine", NULL, "cpus", "CPUs of the machine" },
	{ "machine", NULL, "fingerprint", "machine" },
	{ "environment", NULL, "target", "target" },
	{ "environment", NULL, "governor", "governor" },
	{ "environment", NULL, "smt", "SMT" },
	{ "environment", NULL, "clocksource", "clock source" },
	{ "environment", NULL, "perf", "perf beside the cases" },
	{ "environment", "emulator", "version", "emulator" },
	{ "environment", "emulator", "machine", "emulated machine" },
	{ "environment", "emulator", "cpu", "emulated CPU" },
	{ "kbench", NULL, "commit", "kbench" },
};

/* Of two kernels of one release, too. */
static const struct setting build_settings[] = {
	{ "kernel", NULL, "version", "kernel build" },
	{ "kernel", NULL, "image_sha256", "kernel image" },
};

const char *kb_files_unit(const json_t *result)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(result, "cases"), i, entry)
		if (json_object_get(entry, "per_op"))
			return kb_text(entry, "unit");
	return "";
}

char *kb_files_kernel(const json_t *result)
{
	const json_t *kernel = json_object_get(result, "kernel");
	const char *tree = kb_text(kernel, "tree");

	return kb_path("%s%s%s", kb_text(kernel, "release"), *tree ? " of " : "", tree);
}

/* Fingerprints alone say nothing to people. */
char *kb_files_machine(const json_t *result, const char *path)
{
	const json_t *machine = json_object_get(result, "machine");
	const char *fingerprint = kb_text(machine, "fingerprint");
	const char *name = kb_text(machine, "cpu_model");

	if (!*name)
		name = kb_text(machine, "model");
	if (!*fingerprint)
		return kb_path("unknown machine of %s", path);
	return kb_path("%s%s(%.8s)", name, *name ? " " : "", fingerprint);
}

/* "fidelity differs (tcg, native)", malloc()ed; NULL: the bar of that number does not */
static char *bar_text(size_t bar, const json_t *a, const json_t *b)
{
	const char *what = "the unit", *x = kb_files_unit(a), *y = kb_files_unit(b);

	if (bar < NR_BARS) {
		what = bars[bar];
		x = kb_text(json_object_get(a, "environment"), what);
		y = kb_text(json_object_get(b, "environment"), what);
	}
	return strcmp(x, y) != 0 ? kb_path("%s differs (%s, %s)", what, x, y) : NULL;
}

char *kb_files_bar(const json_t *a, const json_t *b)
{
	char *text = NULL;

	for (size_t bar = 0; bar <= NR_BARS && !text; bar++)
		text = bar_text(bar, a, b);
	return text;
}

static int warn_of(json_t *warnings, const char *bar)
{
	char *text = kb_path("%s: the figures may say nothing of each other", bar);
	int bad = json_array_append_new(warnings, json_string(text));

	free(text);
	return bad;
}

int kb_files_comparable(const json_t *a, const json_t *b, bool force, json_t *warnings,
			struct kb_error *err)
{
	int ret = 0;

	for (size_t bar = 0; bar <= NR_BARS && !ret; bar++) {
		char *text = bar_text(bar, a, b);

		if (text && !force)
			ret = kb_fail(err, KB_EXIT_USAGE, "%s: these figures say nothing of each "
				      "other; --force compares them all the same", text);
		else if (text && warn_of(warnings, text))
			ret = kb_fail(err, KB_EXIT_ENVIRONMENT, "out of memory");
		free(text);
	}
	return ret;
}

static const json_t *value_of(const json_t *result, const struct setting *setting)
{
	const json_t *object = json_object_get(result, setting->object);

	if (setting->inner)
		object = json_object_get(object, setting->inner);
	return json_object_get(object, setting->member);
}

/* "6.1.0-56-amd64", "8", or for what is too long or no word "differs"; malloc()ed */
static char *value_text(const json_t *value)
{
	if (json_is_integer(value))
		return kb_path("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_boolean(value))
		return kb_path("%s", json_is_true(value) ? "on" : "off");
	if (json_is_string(value) && json_string_length(value) <= 60)
		return kb_path("%s", json_string_value(value));
	return value ? NULL : kb_path("not told");
}

static int add_lines(json_t *lines, const json_t *a, const json_t *b,
		     const struct setting *table, size_t nr)
{
	int bad = 0;

	for (size_t i = 0; !bad && i < nr; i++) {
		const json_t *x = value_of(a, &table[i]), *y = value_of(b, &table[i]);
		char *old, *new, *line;

		if ((!x && !y) || (x && y && json_equal(x, y)))
			continue;
		old = value_text(x);
		new = value_text(y);
		line = old && new ? kb_path("%s: %s, %s", table[i].name, old, new) :
				    kb_path("%s differs", table[i].name);
		bad = json_array_append_new(lines, json_string(line));
		free(line);
		free(old);
		free(new);
	}
	return bad ? -1 : 0;
}

static bool is_same_release(const json_t *a, const json_t *b)
{
	return !strcmp(kb_text(json_object_get(a, "kernel"), "release"),
		       kb_text(json_object_get(b, "kernel"), "release"));
}

int kb_files_settings(const json_t *a, const json_t *b, json_t *lines)
{
	if (add_lines(lines, a, b, settings, sizeof(settings) / sizeof(settings[0])))
		return -1;
	if (!is_same_release(a, b))
		return 0;
	return add_lines(lines, a, b, build_settings,
			 sizeof(build_settings) / sizeof(build_settings[0]));
}
