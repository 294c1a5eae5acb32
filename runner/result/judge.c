// SPDX-License-Identifier: GPL-2.0
/* The table of judgements, with all that is said of them. */
#include "judge.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "result_parts.h"

/* Where a judgement makes sense. */
#define REAL		(1U << 0)	/* hardware, also under a hypervisor */
#define EMULATED	(1U << 1)	/* its times mean nothing, but its instructions do */
#define EVERYWHERE	(REAL | EMULATED)

#define DEBUG_EFFECT	"figures do not tell what a production kernel costs"
#define COOL		"cool it better; kbench tune, which switches turbo off, helps, too"

static const struct rule {
	const char		*name;
	enum kb_severity	severity;
	unsigned int		where;
	int			(*test)(const struct kb_facts *facts,
					struct kb_judgement *judgement);
	const char		*effect;
	const char		*remedy;
} rules[] = {
	{ "clock", KB_DISTORTS, EVERYWHERE, kb_judge_clock,
	  "figures may be off", "see what dmesg says of the tsc; measure elsewhere" },
	{ "debug-kernel", KB_DISTORTS, EVERYWHERE, kb_judge_debug_kernel,
	  DEBUG_EFFECT, "measure a kernel without these options" },
	{ "slub-debug", KB_DISTORTS, EVERYWHERE, kb_judge_slub_debug,
	  "each allocation is checked and filled, which costs many times itself",
	  "boot with slub_debug=-" },
	{ "page-debug", KB_DISTORTS, EVERYWHERE, kb_judge_page_debug,
	  "each page that is allocated or freed is filled or unmapped", "boot without it" },
	{ "kmemleak", KB_DISTORTS, EVERYWHERE, kb_judge_kmemleak,
	  "each allocation is recorded", "boot with kmemleak=off" },
	{ "tracer", KB_DISTORTS, EVERYWHERE, kb_judge_tracer,
	  "every function that is traced pays for it",
	  "echo nop | sudo tee /sys/kernel/tracing/current_tracer" },
	/* Programs that log hardware errors leave some of them on for ever. */
	{ "trace-events", KB_NOTE, EVERYWHERE, kb_judge_trace_events,
	  "what has a tracepoint that is on pays for it",
	  "echo 0 | sudo tee /sys/kernel/tracing/events/enable" },
	{ "throttling", KB_DISTORTS, REAL, kb_judge_throttling,
	  "for a while the CPUs were slower than they are", COOL },
	{ "firmware", KB_DISTORTS, REAL, kb_judge_firmware,
	  "the firmware makes the CPUs slower than they are", "add a heat sink or a fan" },
	{ "voltage", KB_DISTORTS, REAL, kb_judge_voltage,
	  "the firmware lowers the frequency meanwhile",
	  "use the board's own power supply and a short cable" },
	{ "heat", KB_NOISE, REAL, kb_judge_heat,
	  "the CPUs are about to be slowed down", COOL },
	{ "steal", KB_NOISE, REAL, kb_judge_steal,
	  "samples are longer by what was taken from them", "give the guest CPUs of its own" },
	{ "load", KB_NOISE, REAL, kb_judge_load,
	  "workers share CPUs, caches and power with them",
	  "end them, or choose other CPUs with --cpu-list" },
	{ "governor", KB_NOISE, REAL, kb_judge_governor,
	  "the CPU frequency follows the load, so figures wander", "kbench tune" },
	{ "turbo", KB_NOISE, REAL, kb_judge_turbo,
	  "the frequency depends on how many CPUs work and how warm they are", "kbench tune" },
	{ "clocksource", KB_NOISE, REAL, kb_judge_clocksource,
	  "reading the time is slow, which benches of clocks and timers pay for",
	  "see why dmesg says that the tsc is not used" },
	{ "frequency-limit", KB_NOTE, REAL, kb_judge_frequency_limit,
	  "figures are those of a slower machine",
	  "write cpuinfo_max_freq to scaling_max_freq, unless that is meant" },
	{ "smt", KB_NOTE, REAL, kb_judge_smt,
	  "a worker's figures depend on what the other CPU of its core does",
	  "kbench tune --smt-off, or --cpu-list with one CPU of each core" },
	{ "nmi-watchdog", KB_NOTE, REAL, kb_judge_nmi_watchdog,
	  "it takes a hardware counter and interrupts each CPU now and then", "kbench tune" },
	{ "irqbalance", KB_NOTE, REAL, kb_judge_irqbalance,
	  "it moves interrupts to other CPUs while workers run",
	  "sudo systemctl stop irqbalance" },
	{ "mitigations", KB_NOTE, REAL, kb_judge_mitigations,
	  "indirect calls and returns cost more; compare kernels with equal ones only",
	  "boot with mitigations=off to see what they cost, where that is safe" },
	{ "clearing", KB_NOTE, EVERYWHERE, kb_judge_clearing,
	  "clearing memory is part of what an allocation costs",
	  "boot with init_on_alloc=0 init_on_free=0 to see it without" },
	{ "list-debug", KB_NOTE, EVERYWHERE, kb_judge_list_debug,
	  "adding to a list and removing from it check its pointers",
	  "measure a kernel without it where lists matter" },
};

#define NR_RULES	(sizeof(rules) / sizeof(rules[0]))

_Static_assert(NR_RULES <= KB_MAX_JUDGEMENTS, "room for all judgements");

const char *kb_fact(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

int kb_found(struct kb_judgement *judgement, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(judgement->found, sizeof(judgement->found), format, args);
	va_end(args);
	return 1;
}

static unsigned int place(const char *fidelity)
{
	bool emulated = fidelity && (!strcmp(fidelity, "tcg") || !strcmp(fidelity, "icount"));

	return emulated ? EMULATED : REAL;
}

size_t kb_judge(const struct kb_facts *facts, struct kb_judgement list[KB_MAX_JUDGEMENTS])
{
	size_t nr = 0;

	for (size_t i = 0; i < NR_RULES; i++) {
		struct kb_judgement *judgement = &list[nr];

		if (!(rules[i].where & place(facts->fidelity)))
			continue;
		*judgement = (struct kb_judgement){
			.name = rules[i].name, .severity = rules[i].severity,
			.effect = rules[i].effect, .remedy = rules[i].remedy,
			.machine = rules[i].where == REAL,
		};
		if (rules[i].test(facts, judgement))
			nr++;
	}
	return nr;
}

json_t *kb_judgement_line(const struct kb_judgement *judgement)
{
	char text[sizeof(judgement->found) + 400];

	snprintf(text, sizeof(text), "%s: %s (%s)", judgement->found, judgement->effect,
		 judgement->remedy);
	return kb_result_string(text);
}

const char *kb_severity_word(enum kb_severity severity)
{
	static const char *const words[] = { "note", "noise", "distorts" };

	return words[severity];
}
