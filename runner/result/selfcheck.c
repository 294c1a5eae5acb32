// SPDX-License-Identifier: GPL-2.0
#include "selfcheck.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "own_cases.h"
#include "table.h"

/* The loop's own cost, in instructions an op: the promise. */
#define OVERHEAD_INSNS	0.25

/* And that of a BPF program's loop, by instructions and by real time. */
#define BPF_INSNS	0.3
#define BPF_NS		0.5

/* Counts are whole numbers; this is for the division by a batch's ops. */
#define TOLERANCE	1e-6

/* How far a time may be from what it should be: a part of it, and as many no-ops. */
#define TIME_PART	0.1
#define TIME_NOPS	2

/* udelay() rounds its loops; clocks differ a little. */
#define DELAY_NS	1000
#define DELAY_PART	0.99

/* A bench that is broken on purpose, and how the reason of its failure has to read. */
static const struct {
	const char	*bench;
	const char	*reason;
} broken[] = {
	{ "sleeps_in_atomic", "slept" },
	{ "leaks", "leaks" },
	{ "never_ends", "did not end" },
};

/* The result at hand. */
struct judge {
	const json_t	*cases;
	const char	*fidelity;
	bool		rt;
	bool		bpf;
};

static double figure(const json_t *entry, const char *name)
{
	const json_t *value = json_object_get(json_object_get(entry, "per_op"), name);

	return value ? json_number_value(value) : NAN;
}

static bool is_case(const json_t *entry, const char *bench)
{
	return !strcmp(kb_text(entry, "suite"), "selfcheck") &&
	       !strcmp(kb_text(entry, "bench"), bench);
}

/* Another bench's case of the same boot, context and CPUs. */
static const json_t *beside(const struct judge *judge, const json_t *like, const char *bench)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(judge->cases, i, entry)
		if (is_case(entry, bench) && json_object_get(entry, "per_op") &&
		    !strcmp(kb_text(entry, "context"), kb_text(like, "context")) &&
		    json_equal(json_object_get(entry, "boot"), json_object_get(like, "boot")) &&
		    json_equal(json_object_get(entry, "cpu_list"),
			       json_object_get(like, "cpu_list")))
			return entry;
	return NULL;
}

static const struct kb_known *find_known(const char *bench)
{
	for (const struct kb_known *known = kb_known_sequences; known->bench; known++)
		if (!strcmp(known->bench, bench))
			return known;
	return NULL;
}

static void judge_count(struct kb_finding *finding, const struct judge *judge,
			const struct kb_known *known, const json_t *entry, const json_t *empty)
{
	double tolerance = judge->bpf ? KB_BPF_TOLERANCE * known->insns : TOLERANCE;
	double least = figure(entry, "min") - figure(empty, "min");
	double mean = figure(entry, "mean") - figure(empty, "mean");

	snprintf(finding->expected, sizeof(finding->expected), "%u insn", known->insns);
	if (least == mean)
		snprintf(finding->measured, sizeof(finding->measured), "%.9g insn", least);
	else
		snprintf(finding->measured, sizeof(finding->measured),
			 "%.9g insn, in the mean %.9g", least, mean);
	finding->ok = fabs(least - known->insns) <= tolerance &&
		      (judge->bpf || fabs(mean - known->insns) <= tolerance);
}

static void judge_time(struct kb_finding *finding, const struct judge *judge,
		       const struct kb_known *known, const json_t *entry, const json_t *empty)
{
	const struct kb_known *longest = kb_known_sequences;
	const json_t *other;
	double nop, nops;

	while (longest[1].bench)
		longest++;
	other = beside(judge, entry, longest->bench);
	nop = other ? (figure(other, "median") - figure(empty, "median")) / longest->insns : NAN;
	nops = (figure(entry, "median") - figure(empty, "median")) / nop;
	snprintf(finding->measured, sizeof(finding->measured), "%.4g no-ops of %.3g ns", nops, nop);
	if (strcmp(judge->fidelity, "tcg") != 0) {
		double off = TIME_PART * known->insns + TIME_NOPS;

		snprintf(finding->expected, sizeof(finding->expected), "%u no-ops, +-%.3g",
			 known->insns, off);
		finding->ok = fabs(nops - known->insns) <= off;
	} else if (known == longest) {
		snprintf(finding->expected, sizeof(finding->expected), "longer than empty");
		finding->ok = figure(entry, "median") > figure(empty, "median");
	} else {
		/* An emulator makes nothing of a few. */
		snprintf(finding->expected, sizeof(finding->expected), "-");
		finding->ok = true;
	}
}

static void judge_known(struct kb_finding *finding, const struct judge *judge,
			const struct kb_known *known, const json_t *entry)
{
	const json_t *empty = beside(judge, entry, "empty");

	if (!empty)
		snprintf(finding->measured, sizeof(finding->measured),
			 "no empty op to hold it against");
	else if (!strcmp(kb_text(entry, "unit"), "insn"))
		judge_count(finding, judge, known, entry, empty);
	else
		judge_time(finding, judge, known, entry, empty);
}

static void judge_empty(struct kb_finding *finding, const struct judge *judge,
			const json_t *entry)
{
	double median = figure(entry, "median");
	double insns = judge->bpf ? BPF_INSNS : OVERHEAD_INSNS;

	if (!strcmp(kb_text(entry, "unit"), "insn")) {
		snprintf(finding->expected, sizeof(finding->expected), "at most %.2f insn", insns);
		finding->ok = median > 0 && median <= insns;
	} else if (judge->bpf && strcmp(judge->fidelity, "tcg") != 0) {
		snprintf(finding->expected, sizeof(finding->expected), "at most %.1f ns", BPF_NS);
		finding->ok = median > 0 && median <= BPF_NS;
	} else {
		snprintf(finding->expected, sizeof(finding->expected), "above 0");
		finding->ok = median > 0;
	}
	kb_format_figure(finding->measured, median, kb_text(entry, "unit"));
}

static void judge_delay(struct kb_finding *finding, const json_t *entry)
{
	double median = figure(entry, "median");

	snprintf(finding->expected, sizeof(finding->expected), "at least %d %s", DELAY_NS,
		 kb_text(entry, "unit"));
	kb_format_figure(finding->measured, median, kb_text(entry, "unit"));
	finding->ok = median >= DELAY_PART * DELAY_NS;
}

static bool judge_broken(struct kb_finding *finding, const struct judge *judge,
			 const json_t *entry)
{
	const char *bench = kb_text(entry, "bench"), *reason = kb_text(entry, "reason");
	bool failed = !strcmp(kb_text(entry, "status"), "failed");

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		bool allowed = judge->rt && !strcmp(bench, "sleeps_in_atomic");

		if (strcmp(bench, broken[i].bench))
			continue;
		snprintf(finding->expected, sizeof(finding->expected), "%s",
			 allowed ? "allowed on PREEMPT_RT" : "found out");
		snprintf(finding->measured, sizeof(finding->measured), "%s",
			 failed ? reason : kb_text(entry, "status"));
		finding->ok = allowed ? !failed : failed && strstr(reason, broken[i].reason);
		return true;
	}
	return false;
}

static void judge_case(struct kb_finding *finding, const struct judge *judge,
		       const json_t *entry)
{
	const char *bench = kb_text(entry, "bench");
	const struct kb_known *known = find_known(bench);

	snprintf(finding->name, sizeof(finding->name), "%s", bench);
	snprintf(finding->context, sizeof(finding->context), "%s", kb_text(entry, "context"));
	finding->cpus = (long)json_integer_value(json_object_get(entry, "cpus"));
	if (judge_broken(finding, judge, entry))
		return;
	if (!json_object_get(entry, "per_op")) {
		snprintf(finding->expected, sizeof(finding->expected), "figures");
		snprintf(finding->measured, sizeof(finding->measured), "%s: %s",
			 kb_text(entry, "status"), kb_text(entry, "reason"));
	} else if (known) {
		judge_known(finding, judge, known, entry);
	} else if (is_case(entry, "empty")) {
		judge_empty(finding, judge, entry);
	} else if (is_case(entry, "delay_1us")) {
		judge_delay(finding, entry);
	} else {
		/* A figure that nobody knows beforehand. */
		snprintf(finding->expected, sizeof(finding->expected), "-");
		kb_format_figure(finding->measured, figure(entry, "median"),
				 kb_text(entry, "unit"));
		finding->ok = true;
	}
}

size_t kb_selfcheck_judge(const json_t *result, struct kb_finding **findings)
{
	const struct judge judge = {
		.cases = json_object_get(result, "cases"),
		.fidelity = kb_text(json_object_get(result, "environment"), "fidelity"),
		.bpf = !strcmp(kb_text(json_object_get(result, "environment"), "backend"), "bpf"),
		.rt = !strcmp(kb_text(json_object_get(result, "kernel"), "flavour"), "rt"),
	};
	size_t i, nr = 0;
	json_t *entry;

	*findings = calloc(json_array_size(judge.cases) + 1, sizeof(**findings));
	json_array_foreach(judge.cases, i, entry)
		if (*findings && !strcmp(kb_text(entry, "suite"), "selfcheck"))
			judge_case(&(*findings)[nr++], &judge, entry);
	return nr;
}
