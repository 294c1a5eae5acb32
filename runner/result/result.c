// SPDX-License-Identifier: GPL-2.0
/* A result as a whole; its larger parts are made in result_case.c and result_facts.c. */
#include "result.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result_parts.h"

#ifndef KBENCH_COMMIT
#define KBENCH_COMMIT	"unknown"
#endif

json_t *kb_result_string(const char *text)
{
	json_t *string = json_string(text);
	char *plain;

	if (string)
		return string;
	plain = strdup(text);
	if (!plain)
		return NULL;
	for (char *c = plain; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	string = json_string(plain);
	free(plain);
	return string;
}

int kb_result_set_real(json_t *object, const char *name, double value)
{
	if (!isfinite(value))
		return 0;
	return json_object_set_new(object, name, json_real(value));
}

static json_t *build_command(const struct kb_run_facts *facts)
{
	json_t *command = json_array();

	for (int i = 0; command && i < facts->argc; i++) {
		if (json_array_append_new(command, kb_result_string(facts->argv[i]))) {
			json_decref(command);
			return NULL;
		}
	}
	return command;
}

static json_t *build_errors(const struct kb_run_facts *facts)
{
	if (!facts->error || !*facts->error)
		return json_array();
	return json_pack("[o]", kb_result_string(facts->error));
}

void kb_experiment_begin(struct kb_experiment *experiment, unsigned int seed)
{
	*experiment = (struct kb_experiment){ .seed = seed };
	kb_uuid(experiment->id);
}

/* NULL: the run is none. */
static json_t *build_experiment(const struct kb_run_facts *facts)
{
	if (!facts->experiment.id[0])
		return NULL;
	return json_pack("{s:s, s:I}", "id", facts->experiment.id, "seed",
			 (json_int_t)facts->experiment.seed);
}

static json_t *build_boot(const struct kb_boot *boot)
{
	json_t *object = json_pack("{s:i, s:s}", "index", (int)boot->index,
				   "id", boot->id);
	int bad = 0;

	if (!object)
		return NULL;
	if (boot->seeded)
		bad |= json_object_set_new(object, "seed", json_integer(boot->seed));
	if (boot->block)
		bad |= json_object_set_new(object, "block", json_integer(boot->block));
	if (boot->started[0])
		bad |= json_object_set_new(object, "started", kb_result_string(boot->started));
	bad |= kb_result_set_real(object, "duration_s", boot->duration_s);
	bad |= kb_result_set_real(object, "boot_to_agent_s", boot->boot_to_agent_s);
	if (boot->during)
		bad |= json_object_set(object, "during", boot->during);
	if (!bad)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *build_boots(const struct kb_boot *boots, size_t nr_boots)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < nr_boots; i++) {
		if (json_array_append_new(array, build_boot(&boots[i]))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* A case that no boot knows of makes a run partial, whatever the caller thinks. */
static bool is_partial(const struct kb_plan *plan, const struct kb_boot *boots, size_t nr_boots,
		       const struct kb_run_facts *facts)
{
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (!kb_result_has_outcome(boots, nr_boots, i))
			return true;
	return facts->partial;
}

json_t *kb_result_build(const struct kb_plan *plan, const struct kb_boot *boots, size_t nr_boots,
			const struct kb_run_facts *facts)
{
	const char *status = is_partial(plan, boots, nr_boots, facts) ? "partial" : "complete";
	char id[KB_UUID_LEN];

	kb_uuid(id);
	/* json_pack() takes over all objects even when it fails, and fails when one is NULL. */
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:{s:s, s:s}, s:o*, "
			 "s:o, s:o, s:o, s:o, s:o}",
			 "schema", KB_RESULT_SCHEMA,
			 "id", id,
			 "started", kb_result_string(facts->started),
			 "finished", kb_result_string(facts->finished),
			 "command", build_command(facts),
			 "status", status,
			 "errors", build_errors(facts),
			 "kbench", "version", KBENCH_VERSION, "commit", KBENCH_COMMIT,
			 "experiment", build_experiment(facts),
			 "machine", kb_result_machine(boots, nr_boots),
			 "kernel", kb_result_kernel(boots, nr_boots, facts),
			 "environment", kb_result_environment(boots, nr_boots, facts),
			 "boots", build_boots(boots, nr_boots),
			 "cases", kb_result_cases(plan, boots, nr_boots, facts));
}

size_t kb_result_count(const json_t *result, const char *status)
{
	const json_t *cases = json_object_get(result, "cases"), *entry;
	size_t nr = 0, i;

	json_array_foreach(cases, i, entry) {
		const char *have = json_string_value(json_object_get(entry, "status"));

		nr += have && !strcmp(have, status);
	}
	return nr;
}
