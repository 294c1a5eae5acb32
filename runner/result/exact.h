/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counted instructions: what the emulator's counter advanced by, as instructions. The known
 * sequences set the scale and prove it, boot for boot.
 */
#ifndef KB_EXACT_H
#define KB_EXACT_H

#include <jansson.h>
#include <stdbool.h>

#include "boot.h"
#include "error.h"
#include "plan.h"

/** Part of a count by which one of BPF programs is off: they read whole ns of a scaled clock. */
#define KB_BPF_TOLERANCE	1e-3

/** kb_is_exact() - does an environment of these facts count instructions? */
bool kb_is_exact(const json_t *environment);

/**
 * kb_exact_scale() - make @boot's samples instructions
 *
 * The scale is that of the longest known sequence of no-ops (kb_plan_add_known()): what it took
 * beyond the empty op, over its length. The others have to come out exactly, in minimum and mean.
 * Samples that met an interrupt or lost the CPU do not count, where a worker has others: what an
 * interrupt costs is not the op's.
 * Return: 0, or -1 with @err (KB_EXIT_TARGET): a sequence is missing or came out differently, so
 * that nothing of this boot can be reported.
 */
int kb_exact_scale(struct kb_boot *boot, const struct kb_plan *plan, struct kb_error *err);

/**
 * kb_exact_agrees() - are two boots' counts the same, in minimum and mean?
 * @a, @b: per_op of entries of cases[]; @bpf: of BPF programs, as far as their clock tells
 */
bool kb_exact_agrees(const json_t *a, const json_t *b, bool bpf);

/**
 * kb_exact_mark_state() - flag "state-dependent" on the entries of cases[] that differ, in minimum
 * or mean, from another boot's of the same case
 * @bpf: of BPF programs, whose means are not exact, and whose minima are rounded
 * Return: 0, or -1 when out of memory.
 */
int kb_exact_mark_state(json_t *cases, bool bpf);

#endif
