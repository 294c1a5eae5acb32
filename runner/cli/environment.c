// SPDX-License-Identifier: GPL-2.0
#include "environment.h"

#include <stdio.h>
#include <string.h>

#include "fidelity.h"
#include "local.h"

void kb_environment_judge(struct kb_environment *environment, const char *root)
{
	struct kb_error err = { 0 };
	json_t *facts = kb_local_facts(root, &err);
	const struct kb_facts judged = {
		.fidelity = kb_host_fidelity(),
		.kernel = json_object_get(facts, "kernel"),
		.environment = json_object_get(facts, "environment"),
	};

	memset(environment, 0, sizeof(*environment));
	if (facts)
		environment->nr = kb_judge(&judged, environment->list);
	else
		snprintf(environment->unknown, sizeof(environment->unknown), "%.250s", err.text);
	json_decref(facts);
}

void kb_environment_print(const struct kb_environment *environment)
{
	if (environment->unknown[0]) {
		printf("How this machine is set is not known: %s\n", environment->unknown);
		return;
	}
	if (!environment->nr) {
		puts("Nothing in the way this machine is set distorts figures.");
		return;
	}
	puts("For figures measured on this machine:");
	for (size_t i = 0; i < environment->nr; i++) {
		const struct kb_judgement *judgement = &environment->list[i];

		printf("  %-9s %s: %s\n  %-9s -> %s\n", kb_severity_word(judgement->severity),
		       judgement->found, judgement->effect, "", judgement->remedy);
	}
}

int kb_environment_warn(const struct kb_environment *environment, json_t *warnings)
{
	int bad = 0;

	for (size_t i = 0; i < environment->nr; i++) {
		json_t *line;

		if (environment->list[i].severity == KB_NOTE || !environment->list[i].machine)
			continue;
		line = kb_judgement_line(&environment->list[i]);
		bad |= json_array_append_new(warnings, json_sprintf("on the host, %s",
								    json_string_value(line)));
		json_decref(line);
	}
	return bad;
}

json_t *kb_environment_json(const struct kb_environment *environment)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < environment->nr; i++) {
		const struct kb_judgement *judgement = &environment->list[i];

		json_array_append_new(array,
			json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", judgement->name,
				  "severity", kb_severity_word(judgement->severity),
				  "found", judgement->found, "effect", judgement->effect,
				  "remedy", judgement->remedy));
	}
	return array;
}
