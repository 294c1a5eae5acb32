/* SPDX-License-Identifier: GPL-2.0 */
/* What of a run in an emulated guest is timed natively instead, by BPF programs on this machine. */
#ifndef KB_SPLIT_H
#define KB_SPLIT_H

#include "job.h"

/**
 * kb_split() - move cases from a guest's plan to a job of BPF programs in the running kernel
 * @guest: prepared by kb_job_prepare() and not finished
 * @bpf:   out: a job like it with the cases that have BPF programs and fit this machine's CPUs, or
 *         all zeroes when there is none, or when no native figures can be had here
 *
 * Only what the user left open is changed: target, kernel, accelerator and backend.
 * Return: 0, or -1 with @err
 */
int kb_split(struct kb_job *guest, struct kb_job *bpf, const struct kb_run_options *options,
	     struct kb_error *err);

#endif
