// SPDX-License-Identifier: GPL-2.0
/* Judgements of the kernel: what it was built with, booted with, and is told to trace. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "judge.h"

/* Options that make every kernel slower that has them, and that no production kernel has. */
static const char *const debug_options[] = {
	"DEBUG_ATOMIC_SLEEP", "DEBUG_LOCK_ALLOC", "DEBUG_MUTEXES", "DEBUG_OBJECTS",
	"DEBUG_PREEMPT", "DEBUG_RT_MUTEXES", "DEBUG_RWSEMS", "DEBUG_SPINLOCK", "DEBUG_VM",
	"DEBUG_WW_MUTEX_SLOWPATH", "GCOV_KERNEL", "IRQSOFF_TRACER", "KASAN", "KCOV", "KCSAN",
	"KMSAN", "LOCKDEP", "LOCK_STAT", "PREEMPT_TRACER", "PROVE_LOCKING", "PROVE_RCU",
};

static bool configured(const struct kb_facts *facts, const char *option)
{
	return !strcmp(kb_fact(json_object_get(facts->kernel, "config"), option), "y");
}

/*
 * The last word of the command line that is @name or begins with "@name=": the kernel listens to
 * the last one. Return: its value, NULL when there is none, "" when it has none.
 */
static const char *boot_option(const struct kb_facts *facts, const char *name, char *value,
			       size_t size)
{
	const char *at = kb_fact(facts->kernel, "cmdline"), *found = NULL;
	size_t length = strlen(name);

	while (*at) {
		size_t word = strcspn(at, " ");

		if (word >= length && !strncmp(at, name, length) &&
		    (word == length || at[length] == '=')) {
			size_t begin = word == length ? length : length + 1;

			snprintf(value, size, "%.*s", (int)(word - begin), at + begin);
			found = value;
		}
		at += word;
		at += strspn(at, " ");
	}
	return found;
}

/* What a switch of the command line says, @fallback when it says nothing. */
static bool boot_switch(const struct kb_facts *facts, const char *name, bool fallback)
{
	char room[32];
	const char *value = boot_option(facts, name, room, sizeof(room));

	if (!value)
		return fallback;
	return !*value || !strcmp(value, "on") || *value == '1' || *value == 'y' || *value == 'Y';
}

int kb_judge_debug_kernel(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	char names[sizeof(judgement->found) - 32] = "";
	size_t length = 0;

	for (size_t i = 0; i < sizeof(debug_options) / sizeof(debug_options[0]); i++) {
		size_t more = strlen(debug_options[i]) + 2;

		if (!configured(facts, debug_options[i]) || length + more >= sizeof(names))
			continue;
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
					   length ? ", " : "", debug_options[i]);
	}
	if (length)
		return kb_found(judgement, "a debug kernel (%s)", names);
	if (!json_is_true(json_object_get(facts->environment, "debug_kernel")))
		return 0;
	return kb_found(judgement, "a debug kernel");
}

int kb_judge_slub_debug(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	const json_t *letters = json_object_get(facts->environment, "slub_debug");
	char room[64];
	const char *value = boot_option(facts, "slab_debug", room, sizeof(room));

	if (json_is_string(letters)) {
		/* As it is, whatever was asked for. */
		value = json_string_value(letters);
		return *value ? kb_found(judgement, "slub_debug is on (%s)", value) : 0;
	}
	if (!value)
		value = boot_option(facts, "slub_debug", room, sizeof(room));
	/* Of some caches only, after a comma, is not of all. */
	if (value && (*value == '-' || *value == 'O' || *value == ','))
		return 0;
	if (value || configured(facts, "SLUB_DEBUG_ON"))
		return kb_found(judgement, "slub_debug is on");
	return 0;
}

int kb_judge_page_debug(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	if (boot_switch(facts, "debug_pagealloc",
			configured(facts, "DEBUG_PAGEALLOC_ENABLE_DEFAULT")))
		return kb_found(judgement, "debug_pagealloc is on");
	if (configured(facts, "PAGE_POISONING") && boot_switch(facts, "page_poison", false))
		return kb_found(judgement, "page_poison is on");
	return 0;
}

int kb_judge_kmemleak(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	if (!configured(facts, "DEBUG_KMEMLEAK") ||
	    !boot_switch(facts, "kmemleak", !configured(facts, "DEBUG_KMEMLEAK_DEFAULT_OFF")))
		return 0;
	return kb_found(judgement, "kmemleak is on");
}

int kb_judge_tracer(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	const char *tracer = kb_fact(facts->environment, "tracer");

	if (!*tracer || !strcmp(tracer, "nop"))
		return 0;
	return kb_found(judgement, "the %s tracer is on", tracer);
}

int kb_judge_trace_events(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	const char *events = kb_fact(facts->environment, "trace_events");

	/* X: some. */
	if (strcmp(events, "1") && strcmp(events, "X"))
		return 0;
	return kb_found(judgement, "trace events are on");
}

int kb_judge_clearing(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	bool alloc = boot_switch(facts, "init_on_alloc",
				 configured(facts, "INIT_ON_ALLOC_DEFAULT_ON"));
	bool freed = boot_switch(facts, "init_on_free",
				 configured(facts, "INIT_ON_FREE_DEFAULT_ON"));

	if (!alloc && !freed)
		return 0;
	return kb_found(judgement, "%s%s%s", alloc ? "init_on_alloc" : "",
			alloc && freed ? " and " : "", freed ? "init_on_free" : "");
}

int kb_judge_list_debug(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	if (!configured(facts, "DEBUG_LIST"))
		return 0;
	return kb_found(judgement, "CONFIG_DEBUG_LIST");
}

int kb_judge_mitigations(const struct kb_facts *facts, struct kb_judgement *judgement)
{
	json_t *mitigations = json_object_get(facts->kernel, "mitigations"), *value;
	const char *name;
	size_t nr = 0;

	json_object_foreach(mitigations, name, value) {
		const char *text = json_string_value(value);

		nr += text && !strncmp(text, "Mitigation", strlen("Mitigation"));
	}
	if (!nr)
		return 0;
	return kb_found(judgement, "mitigations of %zu CPU vulnerabilit%s", nr,
			nr == 1 ? "y" : "ies");
}
