/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What facts mean for figures: everything that makes them wander, or costs them something that
 * another machine does not pay. Pure functions over the agent's facts; all texts are here.
 */
#ifndef KB_JUDGE_H
#define KB_JUDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/** enum kb_severity - how much it matters; the last two become warnings of a result */
enum kb_severity {
	KB_NOTE,	/* good to know: as it is on most machines */
	KB_NOISE,	/* figures wander more than they need to */
	KB_DISTORTS,	/* figures are not those of the thing measured */
};

/**
 * struct kb_facts - what is judged; any of the objects may be NULL
 * @fidelity:    of the result: "native", "virtual", "tcg", "icount"
 * @kernel, @environment: with the member names of the result file
 * @during:      what happened while cases ran: a boot's "during"
 */
struct kb_facts {
	const char	*fidelity;
	const json_t	*kernel;
	const json_t	*environment;
	const json_t	*during;
};

/**
 * struct kb_judgement - one finding
 * @name:   "governor"
 * @found:  "governor powersave on CPUs 0-7"
 * @effect: what that does to figures
 * @remedy: the command that mends it, or what else to do
 * @machine: it is about the machine and not its kernel: a guest on it feels it, too
 */
struct kb_judgement {
	const char		*name;
	enum kb_severity	severity;
	const char		*effect;
	const char		*remedy;
	bool			machine;
	char			found[160];
};

/** KB_MAX_JUDGEMENTS - more there are not */
#define KB_MAX_JUDGEMENTS	32

/**
 * kb_judge() - everything that is to be said of @facts, in the order of the table
 * What the machine does not tell is not judged, and of an emulated one only what costs
 * instructions: its times say nothing anyway. Return: how many, 0 for a quiet machine
 */
size_t kb_judge(const struct kb_facts *facts, struct kb_judgement list[KB_MAX_JUDGEMENTS]);

/** kb_judgement_line() - "FOUND: EFFECT (REMEDY)" as a new string, or NULL: no memory */
json_t *kb_judgement_line(const struct kb_judgement *judgement);

/** kb_severity_word() - "note", "noise", "distorts" */
const char *kb_severity_word(enum kb_severity severity);

/* The tests of the table: whether it is so; @judgement->found is filled, @remedy may be changed. */

/* judge_kernel.c */
int kb_judge_debug_kernel(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_slub_debug(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_page_debug(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_kmemleak(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_tracer(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_trace_events(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_clearing(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_list_debug(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_mitigations(const struct kb_facts *facts, struct kb_judgement *judgement);

/* judge_machine.c */
int kb_judge_governor(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_frequency_limit(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_turbo(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_smt(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_clock(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_clocksource(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_steal(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_load(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_throttling(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_firmware(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_voltage(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_heat(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_nmi_watchdog(const struct kb_facts *facts, struct kb_judgement *judgement);
int kb_judge_irqbalance(const struct kb_facts *facts, struct kb_judgement *judgement);

/** kb_found() - fill @judgement->found. Return: 1, for `return kb_found(...)` */
int kb_found(struct kb_judgement *judgement, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** kb_fact() - a member of @object as text; "" when there is none */
const char *kb_fact(const json_t *object, const char *name);

#endif
