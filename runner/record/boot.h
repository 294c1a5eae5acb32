/* SPDX-License-Identifier: GPL-2.0 */
/* What one boot (or one agent session on a host) measured: raw, before statistics. */
#ifndef KB_BOOT_H
#define KB_BOOT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan.h"
#include "uuid.h"

/**
 * struct kb_counts - what one perf counter counted, columns as long as those of its series
 * @value:   events of the whole batch and of reading the counters before and after it
 * @enabled: ns between the readings, and
 * @running: ns of these in which it counted; both NULL: all of them
 */
struct kb_counts {
	uint64_t	*value;
	uint64_t	*enabled;
	uint64_t	*running;
};

/** struct kb_series - samples of one worker in one phase, columns of equal length @nr */
struct kb_series {
	unsigned int	worker;
	unsigned int	cpu;
	unsigned int	phase;
	uint64_t	total_ops;	/* ops in the common window, sampled or not */
	size_t		nr;
	uint64_t	*ops;
	uint64_t	*value;		/* ticks of the whole batch */
	uint32_t	*flags;		/* KBENCH_SAMPLE_* */
	uint32_t	*cpu_start;
	uint32_t	*cpu_end;
	uint32_t	excluded;	/* samples with one of these flags do not count */
	struct kb_counts counts[KBENCH_MAX_COUNTERS];	/* in the plan's order, or empty */
};

/**
 * struct kb_histogram - how long one worker's single ops took in one phase
 * @clock:    no ops: readings of the clock, what timing an op costs
 * @beyond:   ops too long for any bucket
 * @backward: ops during which the clock went backwards, which are in no bucket
 * @max:      ticks of the slowest op
 * @max_at:   ticks from the round's begin to that op's
 * @index:    buckets that are not empty, ascending: see struct kbench_histogram
 * @count:    ops in each
 */
struct kb_histogram {
	unsigned int	worker;
	unsigned int	cpu;
	unsigned int	phase;
	bool		clock;
	uint64_t	beyond;
	uint64_t	backward;
	uint64_t	max;
	uint64_t	max_at;
	size_t		nr;
	uint32_t	*index;
	uint64_t	*count;
};

enum kb_case_status {
	KB_CASE_MISSING = 0,	/* no complete record came */
	KB_CASE_OK,
	KB_CASE_SKIPPED,
	KB_CASE_FAILED,
};

/** struct kb_measured - what a boot says of one case of the plan */
struct kb_measured {
	enum kb_case_status	status;
	char			reason[KBENCH_REASON_LEN];
	uint32_t		run_flags;	/* KBENCH_RUN_* */
	uint64_t		batch_ops;
	double			unit_per_tick;	/* ns, or instructions where they are counted */
	double			window_ns;	/* length of the common window */
	uint64_t		worker_bytes;	/* of memory, for each worker; 0 when unknown */
	struct kb_series	*series;
	size_t			nr_series;
	struct kb_histogram	*histograms;	/* none: single ops were not timed */
	size_t			nr_histograms;
	char			*missing[KBENCH_MAX_COUNTERS];	/* why it is not there, or NULL */
	char			*perf_file;	/* name of perf's data; NULL: there are none */
	char			*perf_text;	/* its report; NULL: there is none */
};

/**
 * struct kb_boot - one boot; measured[] has an entry for each case of the plan, by id
 * @machine, @kernel, @environment: the agent's facts, with the member names of the result file
 * @id: a UUID of its own
 * @seeded, @seed: what was random in it came from that
 * @block:   of an experiment, from 1; 0: none
 * @unit:    of the measured cases: "ns", or "insn" after kb_exact_scale()
 * @started: empty until kb_collect() starts the target
 * @during:  what happened while its cases ran: "during" of the result file; NULL if it did not say
 * @warnings: what the runner noticed of it: array of strings
 * @symbols: the records that name its kernel's functions, where the plan asks for them: array
 * @log:     the last kernel messages that the agent forwarded, newest last: array of strings
 */
struct kb_boot {
	unsigned int		index;
	char			id[KB_UUID_LEN];
	bool			seeded;
	unsigned int		seed;
	unsigned int		block;
	const char		*unit;
	char			started[32];	/* ISO 8601, UTC */
	double			duration_s;
	double			boot_to_agent_s;
	json_t			*machine;
	json_t			*kernel;
	json_t			*environment;
	json_t			*during;
	json_t			*warnings;
	json_t			*symbols;
	json_t			*log;
	struct kb_measured	*measured;
	size_t			nr_measured;
};

/** kb_boot_init() - an empty boot; 0, or -1 when out of memory */
int kb_boot_init(struct kb_boot *boot, size_t nr_cases);
void kb_boot_free(struct kb_boot *boot);
/** kb_measured_clear() - forget what is known of a case, before it is run once more */
void kb_measured_clear(struct kb_measured *measured);

#endif
