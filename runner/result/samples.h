/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The raw samples of a run, NAME.samples.jsonl.zst beside NAME.json: JSON lines in a zstd frame.
 *
 * One line for each case, phase and boot that has samples, whatever became of the case:
 *
 *	{"suite":"locks","bench":"mutex","params":{"cs":0},"phase":"","cpus":2,"case":7,"boot":0,
 *	 "unit":"ns","worker":[0,0,1],"cpu_start":[0,0,1],"cpu_end":[0,0,1],"ops":[800,1600,800],
 *	 "value":[40112.5,80001.0,40877.25],"flags":[0,16,0]}
 *
 * Where perf counters counted, a member "counters" has two more columns for each:
 * {"cycles":{"value":[...],"running":[...]}}, events from before to after the batch, and in which
 * part of that time, 0 to 1, they were counted.
 *
 * The columns have equal length. value is the whole batch in the unit, nothing subtracted; flags
 * are KBENCH_SAMPLE_* of kbench/uapi/kbench.h, and KB_SAMPLE_WARMUP. Samples that the statistics
 * leave out are there.
 */
#ifndef KB_SAMPLES_H
#define KB_SAMPLES_H

#include "boot.h"
#include "outfile.h"
#include "plan.h"

/** What the runner adds to a sample's flags: it comes before its worker's steady part. */
#define KB_SAMPLE_WARMUP	(1U << 16)

#define KB_SHA256_HEX	65	/* with the 0 */

/** kb_samples_path() - the name of the samples beside the result @path, malloc()ed; or NULL */
char *kb_samples_path(const char *path);

/**
 * kb_samples_write() - all samples of a run, compressed, to @file
 * @sha256: out: of the compressed file, in hexadecimal
 * The caller syncs and renames. Return: 0 or -1.
 */
int kb_samples_write(struct kb_outfile *file, const struct kb_plan *plan,
		     const struct kb_boot *boots, size_t nr_boots, char sha256[KB_SHA256_HEX],
		     struct kb_error *err);

#endif
