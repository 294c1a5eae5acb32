/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pieces of a result, shared by the files that build, write and read it. The builders return a
 * new reference, or NULL when out of memory.
 */
#ifndef KB_RESULT_PARTS_H
#define KB_RESULT_PARTS_H

#include "result.h"

/** kb_result_nr_phases() - 1 for a bench that is timed as one */
unsigned int kb_result_nr_phases(const struct kb_case *kcase);

/** kb_result_case_key() - what names a case in a result: suite, bench, params, phase, cpus */
json_t *kb_result_case_key(const struct kb_case *kcase, unsigned int phase);

/** kb_result_cases() - cases[]: every case of the plan, phase, and boot that has its outcome */
json_t *kb_result_cases(const struct kb_plan *plan, const struct kb_boot *boots, size_t nr_boots,
			const struct kb_run_facts *facts);

/**
 * kb_result_set_histogram() - "histogram" of a case's entry, when single ops were timed
 * Return: 0, or -1 when out of memory
 */
int kb_result_set_histogram(json_t *entry, const struct kb_measured *measured, unsigned int phase);

/** kb_result_counters() - a case's "counters": what each counted in @phase, or why it did not */
json_t *kb_result_counters(const struct kb_counters *counters, const struct kb_measured *measured,
			   unsigned int phase);

/** kb_result_has_outcome() - did any boot say what became of case @id? */
bool kb_result_has_outcome(const struct kb_boot *boots, size_t nr_boots, size_t id);

/** kb_result_machine() - the agent's facts and their fingerprint */
json_t *kb_result_machine(const struct kb_boot *boots, size_t nr_boots);

/** kb_result_kernel() - the agent's facts and what the runner knows of the module's compiler */
json_t *kb_result_kernel(const struct kb_boot *boots, size_t nr_boots,
			 const struct kb_run_facts *facts);

/** kb_result_environment() - the target's facts, the agent's, and the warnings of all boots */
json_t *kb_result_environment(const struct kb_boot *boots, size_t nr_boots,
			      const struct kb_run_facts *facts);

/** kb_result_string() - @text as JSON; bytes that are no UTF-8 become '?' */
json_t *kb_result_string(const char *text);

/** kb_result_set_real() - a member that is left out when @value is not finite. 0, or -1: memory */
int kb_result_set_real(json_t *object, const char *name, double value);

#endif
