// SPDX-License-Identifier: GPL-2.0
/* Anybody may have written a result file: everything that readers use is checked. */
#include "result_check.h"

#include <stdio.h>
#include <string.h>

#include "result.h"

#define SCHEMA_FAMILY	"kbench-result/"

enum kind { STRING, NUMBER, INTEGER, OBJECT, ARRAY };

/* One member of an object of the file, and whether it must be there. */
struct member {
	const char	*name;
	enum kind	kind;
	bool		required;
};

static const struct member result_members[] = {
	{ "id", STRING, true }, { "started", STRING, true }, { "finished", STRING, true },
	{ "command", ARRAY, true }, { "status", STRING, true }, { "errors", ARRAY, true },
	{ "kbench", OBJECT, true }, { "machine", OBJECT, true }, { "kernel", OBJECT, true },
	{ "environment", OBJECT, true }, { "boots", ARRAY, true }, { "cases", ARRAY, true },
	{ "samples", OBJECT, false },
};

static const struct member machine_members[] = {
	{ "arch", STRING, false }, { "model", STRING, false }, { "cpu_model", STRING, false },
	{ "cpus", INTEGER, false }, { "memory_bytes", INTEGER, false },
	{ "fingerprint", STRING, false },
};

static const struct member kernel_members[] = {
	{ "release", STRING, false }, { "arch", STRING, false }, { "flavour", STRING, false },
};

static const struct member environment_members[] = {
	{ "target", STRING, false }, { "backend", STRING, true }, { "fidelity", STRING, true },
	{ "warnings", ARRAY, true }, { "emulator", OBJECT, false },
};

static const struct member boot_members[] = {
	{ "index", INTEGER, true }, { "id", STRING, true }, { "started", STRING, false },
	{ "duration_s", NUMBER, false }, { "boot_to_agent_s", NUMBER, false },
};

static const struct member case_members[] = {
	{ "suite", STRING, true }, { "bench", STRING, true }, { "params", OBJECT, true },
	{ "phase", STRING, true }, { "cpus", INTEGER, true }, { "cpu_list", ARRAY, true },
	{ "context", STRING, true }, { "unit", STRING, true }, { "boot", INTEGER, true },
	{ "status", STRING, true }, { "reason", STRING, true }, { "flags", ARRAY, true },
	{ "per_op", OBJECT, false }, { "fixed", NUMBER, false },
	{ "overhead_per_op", NUMBER, false }, { "throughput_ops_s", NUMBER, false },
	{ "fairness", NUMBER, false }, { "worker_bytes", INTEGER, false },
	{ "per_cpu", ARRAY, false },
	{ "histogram", OBJECT, false },
	{ "counters", OBJECT, false },
	{ "perf", OBJECT, false },
};

static const struct member per_op_members[] = {
	{ "median", NUMBER, true }, { "mean", NUMBER, true }, { "min", NUMBER, true },
	{ "max", NUMBER, true }, { "p90", NUMBER, true }, { "p99", NUMBER, true },
	{ "p99_9", NUMBER, true }, { "stddev", NUMBER, true }, { "ci95", ARRAY, true },
	{ "n", INTEGER, true },
};

static const struct member histogram_members[] = {
	{ "count", INTEGER, true }, { "p50", NUMBER, true }, { "p90", NUMBER, true },
	{ "p99", NUMBER, true }, { "p99_9", NUMBER, true }, { "max", NUMBER, true },
	{ "max_cpu", INTEGER, true }, { "timer_cost", NUMBER, false },
};

static const struct member counter_members[] = {
	{ "status", STRING, true }, { "reason", STRING, false }, { "per_op", NUMBER, false },
	{ "mean", NUMBER, false }, { "fixed", NUMBER, false }, { "running", NUMBER, false },
	{ "n", INTEGER, false },
};

static const struct member perf_members[] = {
	{ "kind", STRING, true }, { "file", STRING, false }, { "event", STRING, false },
	{ "functions", ARRAY, false }, { "events", ARRAY, false }, { "lines", ARRAY, false },
	{ "locks", ARRAY, false },
};

/* What is being checked: file name and error for the message; @seen: NULL, nothing is. */
struct check {
	const char		*path;
	struct kb_error		*err;
	const struct kb_seen	*seen;
};

static int bad(const struct check *check, const char *where, const char *name, const char *what)
{
	return kb_fail(check->err, KB_EXIT_USAGE,
		       "%s is no valid kbench result: %s%s%s; give a file written by kbench run",
		       check->path, where, name, what);
}

static bool is_type(json_type type, enum kind kind)
{
	switch (kind) {
	case STRING:
		return type == JSON_STRING;
	case NUMBER:
		return type == JSON_INTEGER || type == JSON_REAL;
	case INTEGER:
		return type == JSON_INTEGER;
	case OBJECT:
		return type == JSON_OBJECT;
	case ARRAY:
		return type == JSON_ARRAY;
	}
	return false;
}

static bool is_kind(const json_t *value, enum kind kind)
{
	return is_type(json_typeof(value), kind);
}

static const char *kind_complaint(enum kind kind)
{
	static const char *const complaints[] = {
		[STRING] = " is no string", [NUMBER] = " is no number",
		[INTEGER] = " is no whole number", [OBJECT] = " is no object",
		[ARRAY] = " is no array",
	};

	return complaints[kind];
}

/* @where: "" or "cases[3]."; @seen: bits of the members that were checked before. */
static int check_most_members(const struct check *check, const char *where, const json_t *object,
			      const struct member *members, size_t nr, unsigned int seen)
{
	if (!json_is_object(object))
		return bad(check, where, "", " is no object");
	for (size_t i = 0; i < nr; i++) {
		const json_t *value;

		if (seen & (1U << i))
			continue;
		value = json_object_get(object, members[i].name);
		if (!value && members[i].required)
			return bad(check, where, members[i].name, " is missing");
		if (value && !is_kind(value, members[i].kind))
			return bad(check, where, members[i].name, kind_complaint(members[i].kind));
	}
	return 0;
}

static int check_members(const struct check *check, const char *where, const json_t *object,
			 const struct member *members, size_t nr)
{
	return check_most_members(check, where, object, members, nr, 0);
}

#define CHECK_MEMBERS(check, where, object, members) \
	check_members(check, where, object, members, sizeof(members) / sizeof((members)[0]))

static const struct {
	const struct member	*members;
	size_t			nr;
} checked[KB_NR_CHECKED] = {
	[KB_CHECKED_ENTRY] = { case_members, sizeof(case_members) / sizeof(case_members[0]) },
	[KB_CHECKED_PER_OP] = { per_op_members,
				sizeof(per_op_members) / sizeof(per_op_members[0]) },
};

/* One of these objects, as far as it was not checked before. */
static int check_object(const struct check *check, const char *where, const json_t *object,
			enum kb_checked kind)
{
	return check_most_members(check, where, object, checked[kind].members, checked[kind].nr,
				  check->seen ? check->seen->members[kind] : 0);
}

int kb_result_member(enum kb_checked object, const char *name, int after)
{
	const struct member *members = checked[object].members;
	int nr = (int)checked[object].nr;

	for (int i = 0, place = after; i < nr; i++) {
		if (++place >= nr)
			place = 0;
		if (members[place].name[0] == name[0] && !strcmp(members[place].name, name))
			return place;
	}
	return -1;
}

bool kb_result_see(struct kb_seen *seen, enum kb_checked object, int place, json_type type)
{
	bool again = seen->members[object] & (1U << place);

	seen->members[object] |= 1U << place;
	return !again && is_type(type, checked[object].members[place].kind);
}

static int check_elements(const struct check *check, const char *where, const char *name,
			  const json_t *array, enum kind kind)
{
	const json_t *element;
	size_t i;

	json_array_foreach(array, i, element)
		if (!is_kind(element, kind))
			return bad(check, where, name, " has an element of the wrong type");
	return 0;
}

static int check_string_in(const struct check *check, const char *where, const json_t *object,
			   const char *name, const char *const *allowed)
{
	const char *value = json_string_value(json_object_get(object, name));

	for (; *allowed; allowed++)
		if (!strcmp(value, *allowed))
			return 0;
	return bad(check, where, name, " has a value that this kbench does not know");
}

/* Names as the module gives them: they are printed, and looked for in file and command line. */
static bool is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";
	size_t length = strlen(text);

	return length && length < KBENCH_NAME_LEN && strspn(text, letters) == length;
}

static int check_names(const struct check *check, const char *where, const json_t *entry)
{
	static const char *const names[] = { "suite", "bench", "phase" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = json_string_value(json_object_get(entry, names[i]));

		/* A bench that is timed as one has no phase. */
		if (!is_name(text) && (i < 2 || *text))
			return bad(check, where, names[i], " is no name");
	}
	return 0;
}

static int check_params(const struct check *check, const char *where, const json_t *entry)
{
	json_t *params = json_object_get(entry, "params"), *value;
	const char *name;

	json_object_foreach(params, name, value) {
		if (!is_name(name))
			return bad(check, where, "params", " has something that is no name");
		if (!json_is_integer(value))
			return bad(check, where, "params", " has a value that is no whole number");
	}
	return 0;
}

static int check_counters(const struct check *check, const char *where, const json_t *entry)
{
	static const char *const statuses[] = { "counted", "not available here", NULL };
	json_t *counters = json_object_get(entry, "counters"), *counter;
	const char *name;
	char inner[96];

	json_object_foreach(counters, name, counter) {
		if (!is_name(name))
			return bad(check, where, "counters", " has something that is no name");
		snprintf(inner, sizeof(inner), "%scounters.%s.", where, name);
		if (CHECK_MEMBERS(check, inner, counter, counter_members) ||
		    check_string_in(check, inner, counter, "status", statuses))
			return -1;
		if (!strcmp(json_string_value(json_object_get(counter, "status")), "counted") &&
		    !json_object_get(counter, "per_op"))
			return bad(check, inner, "per_op", " is missing");
	}
	return 0;
}

static int check_per_op(const struct check *check, const char *where, const json_t *entry)
{
	const json_t *per_op = json_object_get(entry, "per_op"), *ci95;
	char inner[64];

	if (!per_op)
		return bad(check, where, "per_op", " is missing in a case with status ok");
	snprintf(inner, sizeof(inner), "%sper_op.", where);
	if (check_object(check, inner, per_op, KB_CHECKED_PER_OP))
		return -1;
	ci95 = json_object_get(per_op, "ci95");
	if (json_array_size(ci95) != 2)
		return bad(check, inner, "ci95", " has not two elements");
	return check_elements(check, inner, "ci95", ci95, NUMBER);
}

/* A member whose own members are all that is looked at. */
static int check_part(const struct check *check, const char *where, const json_t *entry,
		      const char *name, const struct member *members, size_t nr)
{
	const json_t *part = json_object_get(entry, name);
	char inner[64];

	if (!part)
		return 0;
	snprintf(inner, sizeof(inner), "%s%s.", where, name);
	return check_members(check, inner, part, members, nr);
}

#define CHECK_PART(check, where, entry, name, members) \
	check_part(check, where, entry, name, members, sizeof(members) / sizeof((members)[0]))

static int check_case(const struct check *check, const json_t *entry, size_t index)
{
	static const char *const statuses[] = { "ok", "skipped", "failed", NULL };
	static const char *const units[] = { "ns", "insn", NULL };
	char where[32];

	snprintf(where, sizeof(where), "cases[%zu].", index);
	if (check_object(check, where, entry, KB_CHECKED_ENTRY) ||
	    check_string_in(check, where, entry, "status", statuses) ||
	    check_string_in(check, where, entry, "unit", units) ||
	    check_names(check, where, entry) || check_params(check, where, entry) ||
	    CHECK_PART(check, where, entry, "histogram", histogram_members) ||
	    CHECK_PART(check, where, entry, "perf", perf_members) ||
	    check_counters(check, where, entry) ||
	    check_elements(check, where, "cpu_list", json_object_get(entry, "cpu_list"),
			   INTEGER) ||
	    check_elements(check, where, "flags", json_object_get(entry, "flags"), STRING))
		return -1;
	if (json_integer_value(json_object_get(entry, "cpus")) < 1)
		return bad(check, where, "cpus", " is below 1");
	if (strcmp(json_string_value(json_object_get(entry, "status")), "ok"))
		return 0;
	return check_per_op(check, where, entry);
}

static int check_boots(const struct check *check, const json_t *boots)
{
	const json_t *boot;
	char where[32];
	size_t i;

	json_array_foreach(boots, i, boot) {
		snprintf(where, sizeof(where), "boots[%zu].", i);
		if (CHECK_MEMBERS(check, where, boot, boot_members))
			return -1;
	}
	return 0;
}

static int check_facts(const struct check *check, const json_t *result)
{
	static const char *const fidelities[] = { "native", "virtual", "tcg", "icount", NULL };
	const json_t *environment = json_object_get(result, "environment");

	if (CHECK_MEMBERS(check, "machine.", json_object_get(result, "machine"),
			  machine_members) ||
	    CHECK_MEMBERS(check, "kernel.", json_object_get(result, "kernel"), kernel_members) ||
	    CHECK_MEMBERS(check, "environment.", environment, environment_members) ||
	    check_string_in(check, "environment.", environment, "fidelity", fidelities))
		return -1;
	return check_elements(check, "environment.", "warnings",
			      json_object_get(environment, "warnings"), STRING);
}

/* Is it one of ours at all, and of a kind that this release reads? */
static int check_schema(const struct check *check, const json_t *result)
{
	const char *schema = json_string_value(json_object_get(result, "schema"));

	if (!schema || strncmp(schema, SCHEMA_FAMILY, strlen(SCHEMA_FAMILY)))
		return kb_fail(check->err, KB_EXIT_USAGE,
			       "%s is JSON but no kbench result (it has no \"schema\": \"%s\"); "
			       "give a file written by kbench run", check->path, KB_RESULT_SCHEMA);
	if (strcmp(schema, KB_RESULT_SCHEMA))
		return kb_fail(check->err, KB_EXIT_USAGE,
			       "%s has the schema \"%.40s\", and kbench %s reads \"%s\": use the "
			       "kbench that wrote it, or a later one", check->path, schema,
			       KBENCH_VERSION, KB_RESULT_SCHEMA);
	return 0;
}

int kb_result_check_case(const json_t *entry, size_t index, const struct kb_seen *seen,
			 const char *path, struct kb_error *err)
{
	return check_case(&(struct check){ path, err, seen }, entry, index);
}

int kb_result_check_head(const json_t *result, const char *path, struct kb_error *err)
{
	static const char *const statuses[] = { "complete", "partial", NULL };
	const struct check whole = { path, err, NULL }, *check = &whole;

	if (check_schema(check, result) || CHECK_MEMBERS(check, "", result, result_members) ||
	    check_string_in(check, "", result, "status", statuses) ||
	    check_elements(check, "", "errors", json_object_get(result, "errors"), STRING) ||
	    check_facts(check, result))
		return -1;
	return check_boots(check, json_object_get(result, "boots"));
}

int kb_result_check(const json_t *result, const char *path, struct kb_error *err)
{
	const json_t *entry;
	size_t i;

	if (kb_result_check_head(result, path, err))
		return -1;
	json_array_foreach(json_object_get(result, "cases"), i, entry)
		if (kb_result_check_case(entry, i, NULL, path, err))
			return -1;
	return 0;
}
