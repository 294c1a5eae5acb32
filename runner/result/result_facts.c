// SPDX-License-Identifier: GPL-2.0
/* What a result says of machine, kernel and environment. */
#include "fidelity.h"
#include "judge.h"
#include "result_parts.h"

#include <sha2.h>
#include <stdlib.h>
#include <string.h>

/* The fingerprint is the begin of a SHA-256: this many hexadecimal digits. */
#define FINGERPRINT_LEN	16

static json_t *boot_machine(const struct kb_boot *boot) { return boot->machine; }
static json_t *boot_kernel(const struct kb_boot *boot) { return boot->kernel; }
static json_t *boot_environment(const struct kb_boot *boot) { return boot->environment; }

/* A copy of the first boot's facts of one kind; boots that ended early have none. */
static json_t *first_facts(const struct kb_boot *boots, size_t nr_boots,
			   json_t *(*facts_of)(const struct kb_boot *boot))
{
	for (size_t i = 0; i < nr_boots; i++)
		if (json_is_object(facts_of(&boots[i])))
			return json_deep_copy(facts_of(&boots[i]));
	return json_object();
}

/*
 * The facts that stay the same from boot to boot and kernel to kernel. Memory is left out: what a
 * kernel reports depends on what it has reserved.
 */
static json_t *fingerprint_facts(const json_t *machine)
{
	static const char *const names[] = {
		"arch", "model", "cpu_model", "cpus", "numa_nodes", "topology", "caches",
	};
	json_t *facts = json_object();

	for (size_t i = 0; facts && i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *value = json_object_get(machine, names[i]);

		if (value && json_object_set(facts, names[i], value)) {
			json_decref(facts);
			return NULL;
		}
	}
	return facts;
}

static json_t *fingerprint(const json_t *machine)
{
	char hex[SHA256_DIGEST_STRING_LENGTH];
	json_t *facts = fingerprint_facts(machine);
	char *text = facts ? json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	json_decref(facts);
	if (!text)
		return NULL;
	SHA256Data((const uint8_t *)text, strlen(text), hex);
	free(text);
	return json_stringn(hex, FINGERPRINT_LEN);
}

json_t *kb_result_machine(const struct kb_boot *boots, size_t nr_boots)
{
	json_t *machine = first_facts(boots, nr_boots, boot_machine);

	/* Nothing known has no fingerprint: two unknown machines are not the same one. */
	if (!machine || !json_object_size(machine))
		return machine;
	if (!json_object_set_new(machine, "fingerprint", fingerprint(machine)))
		return machine;
	json_decref(machine);
	return NULL;
}

/* Facts of the target that are about the kernel: how it was got and what built the modules. */
static const char *const kernel_members[] = {
	"flavour", "config_sha256", "module_compiler", "tree", "image_sha256",
};

#define NR_KERNEL_MEMBERS	(sizeof(kernel_members) / sizeof(kernel_members[0]))

json_t *kb_result_kernel(const struct kb_boot *boots, size_t nr_boots,
			 const struct kb_run_facts *facts)
{
	json_t *kernel = first_facts(boots, nr_boots, boot_kernel);

	for (size_t i = 0; kernel && i < NR_KERNEL_MEMBERS; i++) {
		json_t *value = json_object_get(facts->environment, kernel_members[i]);

		if (value && json_object_set(kernel, kernel_members[i], value)) {
			json_decref(kernel);
			return NULL;
		}
	}
	return kernel;
}

static int has_string(const json_t *array, const char *text)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(array, i, entry)
		if (!strcmp(json_string_value(entry), text))
			return 1;
	return 0;
}

static int add_warnings(json_t *warnings, const json_t *more)
{
	json_t *entry;
	size_t i;

	json_array_foreach(more, i, entry) {
		const char *text = json_string_value(entry);

		if (text && !has_string(warnings, text) && json_array_append(warnings, entry))
			return -1;
	}
	return 0;
}

/*
 * What is to be said of one boot, and was not said of another: @said has the names. Notes are for
 * kbench doctor; a result has them as facts.
 */
static int add_judgements(json_t *warnings, const struct kb_boot *boot, const char *fidelity,
			  json_t *said)
{
	const struct kb_facts facts = {
		.fidelity = fidelity, .kernel = boot->kernel,
		.environment = boot->environment, .during = boot->during,
	};
	struct kb_judgement list[KB_MAX_JUDGEMENTS];
	size_t nr = kb_judge(&facts, list);
	int bad = 0;

	for (size_t i = 0; i < nr; i++) {
		if (list[i].severity == KB_NOTE || json_object_get(said, list[i].name))
			continue;
		bad |= json_object_set_new(said, list[i].name, json_true());
		bad |= json_array_append_new(warnings, kb_judgement_line(&list[i]));
	}
	return bad;
}

/* The warnings of the target and of all boots, each once. */
static json_t *build_warnings(const struct kb_boot *boots, size_t nr_boots,
			      const struct kb_run_facts *facts, const char *fidelity)
{
	json_t *warnings = json_array(), *said = json_object();
	int bad;

	bad = add_warnings(warnings, json_object_get(facts->environment, "warnings"));
	for (size_t i = 0; i < nr_boots; i++) {
		bad |= add_judgements(warnings, &boots[i], fidelity, said);
		bad |= add_warnings(warnings, boots[i].warnings);
	}
	json_decref(said);
	if (!bad)
		return warnings;
	json_decref(warnings);
	return NULL;
}

/*
 * What the target believes, corrected by what its kernel found: "native" is only for kernels that
 * see no hypervisor, and an emulator that says so is one, whoever started it.
 */
static const char *fidelity(const json_t *environment)
{
	const char *claimed = json_string_value(json_object_get(environment, "fidelity"));
	const char *hypervisor = json_string_value(json_object_get(environment, "hypervisor"));

	if (claimed && strcmp(claimed, "native") && strcmp(claimed, "virtual"))
		return claimed;
	if (hypervisor && *hypervisor)
		return kb_hypervisor_fidelity(hypervisor);
	return claimed ? claimed : "native";
}

json_t *kb_result_environment(const struct kb_boot *boots, size_t nr_boots,
			      const struct kb_run_facts *facts)
{
	json_t *environment = first_facts(boots, nr_boots, boot_environment);
	const char *real;
	int bad = 0;

	if (!environment)
		return NULL;
	if (facts->environment)
		bad |= json_object_update(environment, facts->environment);
	for (size_t i = 0; i < NR_KERNEL_MEMBERS; i++)
		json_object_del(environment, kernel_members[i]);
	if (!json_object_get(environment, "backend"))
		bad |= json_object_set_new(environment, "backend", json_string("lkm"));
	real = fidelity(environment);
	bad |= json_object_set_new(environment, "warnings",
				   build_warnings(boots, nr_boots, facts, real));
	bad |= json_object_set_new(environment, "fidelity", json_string(real));
	if (!bad)
		return environment;
	json_decref(environment);
	return NULL;
}
